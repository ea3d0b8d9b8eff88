"""What is wrong with the raw tables of a form, in words for the person who wrote them. Knows no file type."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from spec.console.said import Message, listed, said
from spec.form.model import Form
from spec.form.rules import Path, broken_rules

_Model: TypeAlias = type[BaseModel]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at `path`.

    Attributes:
        first: where a doubled value stands already.
        lacks: the entry that is missing, where the fault is that one is missing.
    """

    path: Path
    fault: str
    remedy: str
    first: Path | None = None
    lacks: str = ""

    def told(self, first: str | None) -> str:
        """The fault, and where a doubled value stands already, as the file's kind calls it."""
        if first is None:
            return self.fault
        return said("{fault} It stands first in {place}.", fault=said(self.fault), place=first)


def findings_of(tables: Mapping[str, Any]) -> tuple[Form | None, list[Finding]]:
    """The form that `tables` make, or None and every fault."""
    found = [
        Finding(rule.path, rule.fault, rule.remedy, rule.first, rule.lacks) for rule in broken_rules(tables)
    ]
    try:
        return Form.model_validate(tables), found
    except ValidationError as error:
        details = error.errors(include_url=False)
    # The form's own rules are the ones above, unless only composing letters made two headings alike.
    told = [
        detail for detail in details if (detail["type"] != "form_rules" or not found) and not _echo(detail)
    ]
    return None, [*found, *(finding_of(detail) for detail in told)]


def _echo(detail: ErrorDetails) -> bool:
    """Pydantic also calls a list empty when none of its items is valid; the items are told already."""
    return detail["type"] == "too_short" and bool(detail["input"])


#: Type of pydantic's error -> fault and remedy; filled with what `_filling` tells.
_SAYINGS: Mapping[str, tuple[str, str]] = {
    "missing": ("The entry `{key}` is missing.", "Add it."),
    "extra_forbidden": ("The form knows no entry `{key}` here.", "{known}"),
    "string_type": ("`{key}` must be text, but is {kind}.", "Write text in quotes."),
    "int_type": (
        "`{key}` must be a whole number, but is {kind}.",
        "Write digits without quotes or fraction.",
    ),
    "float_type": ("`{key}` must be a number, but is {kind}.", "Write digits without quotes."),
    "bool_type": ("`{key}` must be true or false, but is {kind}.", "Write true or false without quotes."),
    "tuple_type": ("`{key}` must be a list, but is {kind}.", "{as_list}"),
    "model_type": ("`{key}` must be a table, but is {kind}.", "Write a table with named entries."),
    "string_too_short": ("`{key}` is empty.", "Write something, or take the item out."),
    "string_too_long": ("`{key}` is longer than {max_length} characters.", "Shorten it."),
    "greater_than_equal": ("`{key}` must be at least {ge}, but is {value}.", "Write a larger number."),
    "less_than_equal": ("`{key}` must be at most {le}, but is {value}.", "Write a smaller number."),
    "too_short": ("`{key}` is an empty list.", "Give it at least one item."),
    "too_long": ("`{key}` has {actual_length} items; there is room for {max_length}.", "Take some out."),
    "literal_error": ("`{key}` is {value}, which the program does not know.", "Write {expected}."),
    "colour": ("{value} is no colour.", 'Write # and six digits, for example "#1f5673".'),
    "key": ("{value} is no key.", "Use small letters, digits and hyphens{slug}."),
}


def finding_of(detail: ErrorDetails, model: _Model = Form) -> Finding:
    """What one error of pydantic's, found in the tables of a `model`, means to the person who wrote them."""
    path: Path = tuple(detail["loc"])
    kind = detail["type"]
    if kind == "string_pattern_mismatch":
        kind = "colour" if path[-1] == "colour" else "key"
    if kind in {"value_error", "form_rules"} or kind not in _SAYINGS:
        return _verbatim(path, detail)
    fault, remedy = _SAYINGS[kind]
    filling = _filling(path, detail, model)
    lacks = str(path[-1]) if kind == "missing" else ""
    return Finding(path, said(fault, **filling), said(remedy, **filling), lacks=lacks)


def _verbatim(path: Path, detail: ErrorDetails) -> Finding:
    """A validator's own words, `ValueError(fault, remedy)`, or what pydantic says."""
    error = detail.get("ctx", {}).get("error")
    fault, remedy = error.args if isinstance(error, ValueError) else (f"{detail['msg']}.", "Mend it.")
    return Finding(
        path, said("`{key}` {fault}", key=_name(path), fault=said(fault)) if path else fault, remedy
    )


def _filling(path: Path, detail: ErrorDetails, model: _Model) -> dict[str, object]:
    value = detail["input"]
    context = detail.get("ctx", {})
    return {
        **context,
        "expected": listed(context.get("expected", "").replace(" or ", ", ").split(", ")),
        "key": _name(path),
        "value": _shortened(value),
        "kind": _kind(value),
        "known": _known(path, model),
        "as_list": _as_list(path),
        "slug": _slug(value),
    }


def _name(path: Path) -> str:
    """The entry's name; an item of a list goes by the list's name: `intro[2]`."""
    names = [part for part in path if isinstance(part, str)]
    last = names[-1] if names else "form"
    return f"{last}[{path[-1] + 1}]" if path and isinstance(path[-1], int) else last


def _shortened(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


_KINDS: tuple[tuple[type | tuple[type, ...], Message], ...] = (
    (bool, said("true or false")),
    (int, said("a number")),
    (float, said("a number with a fraction")),
    (str, said("text")),
    ((list, tuple), said("a list")),
    (dict, said("a table")),
    ((date, time), said("a date or time")),
)


def _kind(value: object) -> Message:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), Message(type(value).__name__))


def _slug(value: object) -> str:
    """What the key could be: `Ambulante Ärzte` -> `, for example 'ambulante-aerzte'`."""
    text = str(value).lower().translate({0xE4: "ae", 0xF6: "oe", 0xFC: "ue", 0xDF: "ss"})
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", plain)).rstrip("-")[:40]
    return said(", for example {slug!r}", slug=slug) if slug else ""


def _as_list(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    if names and names[-1] in {"sections", "categories", "columns", "fields"}:
        return said("Write one [[{names}]] table for each.", names=".".join(names))
    return said("Write it in brackets, with commas between the items.")


def _known(path: Path, model: _Model) -> str:
    """What may stand where an unknown entry stands, the likeliest first."""
    for part in path[:-1]:
        if isinstance(part, str) and (inner := _model_of(model, part)):
            model = inner
    names = list(model.model_fields)
    near = difflib.get_close_matches(str(path[-1]), names, n=1)
    return (
        said("Did you mean `{name}`?", name=near[0])
        if near
        else said("Known here: {names}.", names=", ".join(names))
    )


def _model_of(model: _Model, entry: str) -> _Model | None:
    annotation = model.model_fields[entry].annotation
    kinds = (annotation, *get_args(annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
