"""One value per cell out of what several methods found. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.model import TRUST, Method, Value

#: Methods that read the form's own fields; the others read marks that somebody put on the page besides.
_FIELDS = frozenset({Method.WIDGET, Method.FIELD_TREE, Method.FORM_DATA})
#: Methods that read what a field says exactly; the others reconstruct it, line ends included.
_EXACT = _FIELDS | {Method.ANNOTATION}


def choose(values: Sequence[Value]) -> Value:
    """The most trusted of `values` (at least one), the others that disagree in its `alternatives`.

    Nothing is ever joined together. Of equally trusted values one that says something goes before an
    empty one, then the earlier page before the later. An emptied field rules over an old copy of it in
    the field tree, but not over text that stands on the page above it: whoever types with a text tool
    leaves the field itself empty.
    """
    ranked = sorted(values, key=_rank)
    best = ranked[0]
    if not best.text.strip():
        best = next((value for value in ranked if value.text.strip() and value.method not in _FIELDS), best)
    others: list[Value] = []
    for value in ranked:
        if value is not best and not any(_agree(value, known) for known in (best, *others)):
            others.append(value)
    return Value(best.text, best.method, best.confidence, best.page, tuple(others))


def _rank(value: Value) -> tuple[int, bool, float, int]:
    return TRUST[value.method], not value.text.strip(), -value.confidence, value.page


def _agree(one: Value, other: Value) -> bool:
    if one.method in _EXACT and other.method in _EXACT:
        return one.text == other.text
    return one.text.split() == other.text.split()
