"""Readings to submissions: one value per cell, cleaned; the pages grouped by who answers. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harvest.model import (
    NIL_BOX,
    FieldReading,
    Method,
    Moment,
    PageFound,
    Problem,
    Reading,
    Reporter,
    ReporterKind,
    Row,
    Sheet,
    Submission,
    Unread,
    Value,
)
from harvest.reading.choose import choose
from harvest.reading.identity.respondents import Owner, Owners, organisation_key
from harvest.text.clean_text import clean
from spec.names import COVER, CoverField, EntryField, NilField, RowField
from spec.wire import EditionFile

#: States of a checkbox that mean "not ticked"; any other means "ticked" (docs/findings/readers.md, 7).
_NOT_TICKED = frozenset({"", "/Off", "Off"})


@dataclass(frozen=True, slots=True)
class _Said:
    """What all submissions of one return have in common."""

    return_id: str
    file: str
    moment: Moment
    damaged: bool


def submissions(
    reading: Reading, return_id: str, file: str, moment: Moment, editions: Mapping[str, EditionFile]
) -> tuple[Submission, ...]:
    """What each reporter says in one return, in the order of its pages.

    Args:
        reading: what was found in it.
        return_id: the return's hash.
        file: its name, for people.
        moment: its time (merge rule 2).
        editions: the known ones; pages of others give no submission, `read` has named them.
    """
    said = _Said(return_id, file, moment, is_damaged(reading.problems))
    owners = Owners(reading.found, reading.fields)
    pages: dict[Owner, list[PageFound]] = defaultdict(list)
    fields: dict[Owner, list[FieldReading]] = defaultdict(list)
    for page in reading.found:
        pages[owners.of_page(page)].append(page)
    for field in reading.fields:
        fields[owners.of(field)].append(field)
    return tuple(
        _submission(owner, edition, pages[owner], fields[owner], said)
        for owner in dict.fromkeys((*pages, *fields))
        if (edition := editions.get(owner.edition)) is not None
    )


def _submission(
    owner: Owner, edition: EditionFile, pages: list[PageFound], fields: list[FieldReading], said: _Said
) -> Submission:
    cover = _free_fields(fields, edition, COVER)
    return Submission(
        return_id=said.return_id,
        edition=owner.edition,
        reporter=_reporter(owner, cover, said),
        moment=said.moment,
        file=said.file,
        sheets=tuple(_sheets(pages, fields, edition)),
        cover=cover,
        feedback=_free_fields(fields, edition, "feedback"),
        damaged=said.damaged,
        code=owner.token or "",
    )


def is_damaged(problems: Iterable[Problem]) -> bool:
    """Whether the file was cut off or spoilt on its way."""
    return any(problem.code == "damaged" for problem in problems)


def _reporter(owner: Owner, cover: Mapping[str, Value], said: _Said) -> Reporter:
    """Merge rule 3: the token (or a round's code, in whose place `state.named` puts the token), else the organisation typed on the cover, else the return itself, called as its file."""
    typed = cover["organisation"].text.strip() if "organisation" in cover else ""
    if owner.token is not None:
        return Reporter(ReporterKind.TOKEN, owner.token, typed or owner.token)
    if key := organisation_key(typed):
        return Reporter(ReporterKind.ORGANISATION, key, " ".join(typed.split()))
    name = re.split(r"[/\\\\]| > ", said.file)[-1].strip()
    return Reporter(ReporterKind.RETURN, said.return_id, name or said.return_id[:12])


def _free_fields(fields: Iterable[FieldReading], edition: EditionFile, page: str) -> Mapping[str, Value]:
    form_page = edition.form.cover if page == COVER else edition.form.feedback
    values: dict[str, list[Value]] = defaultdict(list)
    for field in fields:
        if isinstance(field.name, CoverField) and field.name.page == page:
            values[field.name.key].append(_value(field))
    return {field.key: choose(values[field.key]) for field in form_page.fields if field.key in values}


def _value(field: FieldReading) -> Value:
    return Value(clean(field.text), field.method, field.confidence, field.place.page)


def _sheets(
    pages: Iterable[PageFound], fields: Iterable[FieldReading], edition: EditionFile
) -> Iterable[Sheet]:
    """A sheet for each category whose page arrived or that holds something, in the form's order."""
    by_category: dict[str, list[FieldReading]] = defaultdict(list)
    for field in fields:
        if not isinstance(field.name, CoverField):
            by_category[field.name.category].append(field)
    arrived: dict[str, list[int]] = defaultdict(list)
    came: dict[str, set[int]] = defaultdict(set)
    for page in pages:
        arrived[page.category].append(page.number)
        came[page.category].add(page.page)
    for category in edition.form.categories:
        own, numbers = by_category[category.key], arrived[category.key]
        if not own and not numbers:
            continue
        numbers = numbers or [field.place.page for field in own if field.place.page]
        # rows on pages that did not come back are not missing: nobody has said anything about them
        complete = category.pages == 1 or came[category.key] >= set(range(1, category.pages + 1))
        nil = _is_nil(own)
        unread = () if nil else tuple(sorted(_boxes(own)))
        yield Sheet(category.key, tuple(_rows(own, edition)), nil, min(numbers, default=0), complete, unread)


def _is_nil(fields: Iterable[FieldReading]) -> bool:
    states = [_value(field) for field in fields if isinstance(field.name, NilField) and not field.undecided]
    # where two copies of the box disagree, the tick is the statement; the reading names the conflict
    return any(state.text.strip() not in _NOT_TICKED for state in states)


def _boxes(fields: Iterable[FieldReading]) -> Iterable[Unread]:
    """Boxes for "nothing here" of which no program could tell whether they are ticked."""
    for field in fields:
        if isinstance(field.name, NilField) and field.undecided:
            yield Unread(NIL_BOX, field.place.page, said=clean(field.text).strip().lstrip("/"))


def _rows(fields: Iterable[FieldReading], edition: EditionFile) -> Iterable[Row]:
    """The rows that were touched: filled, also illegibly, emptied, or prefilled with an entry."""
    cells: dict[int, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    inked: dict[int, list[Unread]] = defaultdict(list)
    entries: dict[int, str] = {}
    for field in fields:
        if isinstance(field.name, RowField):
            value = _value(field)
            if value.method is Method.OCR and not value.text.strip():
                inked[field.name.row].append(Unread(field.name.column, value.page))
            else:
                cells[field.name.row][field.name.column].append(value)
        elif isinstance(field.name, EntryField) and (entry := clean(field.text).strip()):
            entries.setdefault(field.name.row, entry)
    columns = [column.key for column in edition.form.columns]
    for number in sorted({*cells, *inked, *entries}):
        found = cells.get(number, {})
        values = {key: choose(found[key]) for key in columns if key in found}
        # what stands beside words that were read has its picture beside them
        worded = {key for key, value in values.items() if value.text.strip()}
        unread = [one for one in inked.get(number, ()) if one.column not in worded and one.column in columns]
        unread.sort(key=lambda one: columns.index(one.column))
        if values or unread or number in entries:
            yield Row(number, values, entries.get(number), tuple(unread))
