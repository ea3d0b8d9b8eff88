"""Register -> what stands on its leaves, in words. Pure; how it looks is the template's business."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from harvest.model import Entry, NilReturn, Register
from harvest.register.view.labels import Speech
from spec.form.model import Category, Form, Section
from spec.words import Words

_NO_SECTION = "#4a5660"


@dataclass(frozen=True, slots=True)
class LeafRow:
    """One entry: its cells in the form's order of columns, and where it comes from in small print."""

    entry_id: str
    cells: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One category.

    Attributes:
        section, colour, place: of its section; `place` counts sections from 0.
        under: other names and legal bases, a line each.
        nil: who states that it does not exist here, a line each.
        nothing: the sentence that stands here instead of a table; empty where there are entries.
    """

    key: str
    name: str
    section: str
    colour: str
    place: int
    under: tuple[str, ...]
    rows: tuple[LeafRow, ...]
    nil: tuple[str, ...]
    nothing: str


def leaves_of(register: Register, form: Form, words: Words, zone: tzinfo = UTC) -> tuple[Leaf, ...]:
    """A leaf for every category of the form, in its order; then for those that only the register still knows."""
    speech = Speech(form, words, zone)
    entries: dict[str, list[Entry]] = defaultdict(list)
    nils: dict[str, list[NilReturn]] = defaultdict(list)
    for entry in register.entries:
        entries[entry.category].append(entry)
    for nil in register.nils:
        if not nil.withdrawn:
            nils[nil.category].append(nil)
    made = [
        _leaf(category, section, place, entries[category.key], nils[category.key], speech=speech)
        for place, section in enumerate(form.sections)
        for category in section.categories
    ]
    asked = {category.key for category in form.categories}
    known = [key for key in (*entries, *nils) if (entries[key] or nils[key]) and key not in asked]
    for key in sorted(set(known)):
        gone = Category(key=key, name=key)
        made.append(_leaf(gone, None, len(form.sections), entries[key], nils[key], speech=speech))
    return tuple(made)


def _leaf(
    category: Category,
    section: Section | None,
    place: int,
    entries: Sequence[Entry],
    nils: Sequence[NilReturn],
    *,
    speech: Speech,
) -> Leaf:
    words = speech.words
    under = []
    if category.other_names:
        under.append(f"{words('form.other-names')}: {'; '.join(category.other_names)}")
    if category.legal_bases:
        under.append(f"{words('form.legal-bases')}: {'; '.join(category.legal_bases)}")
    nothing = ""
    if not entries:
        nothing = words("leaves.no-entries" if nils else "leaves.nothing")
    return Leaf(
        key=category.key,
        name=category.name,
        section=section.title if section else words("leaves.no-longer-asked"),
        colour=section.colour if section else _NO_SECTION,
        place=place,
        under=tuple(under),
        rows=tuple(_row(entry, speech) for entry in entries),
        nil=tuple(_nil(nil, speech) for nil in nils),
        nothing=nothing,
    )


def _row(entry: Entry, speech: Speech) -> LeafRow:
    words = speech.words
    day = _day(entry.confirmed, speech)
    who = ", ".join(entry.reporters) or words("leaves.by-hand")
    source = words("leaves.source", reporters=who, day=day) if day else who
    return LeafRow(
        entry.id,
        tuple(entry.values.get(column.key, "") for column in speech.form.columns),
        (source, words("leaves.entry", entry=entry.id)),
    )


def _nil(nil: NilReturn, speech: Speech) -> str:
    told = speech.words("leaves.nil", reporter=nil.reporter, day=_day(nil.confirmed, speech))
    return f"{told}. {speech.words('leaves.contradicted')}" if nil.contradicted else told


def _day(moment: object, speech: Speech) -> str:
    day = speech.day(moment)  # type: ignore[arg-type]
    return day.strftime(speech.words.templates["date.day"]) if day else ""
