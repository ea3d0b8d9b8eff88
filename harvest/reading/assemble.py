"""Raw fields to a Reading: which page is whose, what contradicts what, what nobody knows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from harvest.model import CellPicture, FieldReading, Method, PageFound, Place, Problem, Reading, Severity
from harvest.problems import problem
from harvest.reading.fields.name_tails import Tails
from harvest.reading.identity.repeated_pages import parted
from harvest.reading.identity.respondents import Owner, Owners
from harvest.reading.model.raw_fields import Raw, RawField, parsed_name
from harvest.reading.pdf.markup_annotations import short
from harvest.reading.pdf.pdf_dates import parse_date
from harvest.text.clean_text import clean
from harvest.text.double_encoding import is_doubtful
from spec.geometry import Box
from spec.names import (
    COVER,
    FEEDBACK,
    CoverField,
    EntryField,
    FieldName,
    IdField,
    NilField,
    RowField,
    parse_identity,
)
from spec.wire import EditionFile

Parsed = tuple[FieldName, RawField]
#: The pages of blanks that are nobody's say the same in every return.
_identity = lru_cache(maxsize=4096)(parse_identity)
#: Methods whose text a program encoded; what was recognised or drawn was not.
_STORED = frozenset({Method.WIDGET, Method.FIELD_TREE, Method.FORM_DATA, Method.ANNOTATION})
#: Longer values are shortened where a problem quotes them.
_QUOTED = 60


def assemble(raw: Raw, editions: Mapping[str, EditionFile]) -> Reading:
    """The reading that `raw` amounts to, given the editions that are known."""
    tails = Tails(editions)
    parsed = [
        (tails.without(name), field) for field in raw.fields if (name := parsed_name(field.name)) is not None
    ]
    found = _found(raw, parsed, editions)
    said = tuple(_reading(name, field) for name, field in parsed if not isinstance(name, IdField))
    shown = tuple(
        CellPicture(name, one.page, one.picture)
        for one in raw.pictures
        if (name := parsed_name(one.name)) is not None
    )
    fields, pictures, repeated = parted(found, said, shown, editions)
    problems = [
        *_of_ours(raw),
        *_strangers(raw),
        *_unknown(found, parsed, editions),
        *repeated,
        *_conflicts(found, fields),
        *_otherwise(fields),
        *_doubtful(fields),
    ]
    modified, created = (parse_date(date) for date in raw.dates)
    return Reading(
        pages=raw.pages,
        found=found,
        fields=fields,
        problems=tuple(dict.fromkeys(problems)),
        mod_date=modified or created,
        producer=raw.producer,
        pictures=pictures,
    )


def _reading(name: FieldName, field: RawField) -> FieldReading:
    box = None if field.box is None else Box(*field.box)
    return FieldReading(name, field.text, field.method, Place(field.page, box), field.confidence)


# ---------------------------------------------------------------- whose page


def _found(raw: Raw, parsed: Sequence[Parsed], editions: Mapping[str, EditionFile]) -> tuple[PageFound, ...]:
    """The identified pages in order: by the hidden field, else by print or QR code, else by the names of the fields."""
    by_id: dict[int, PageFound] = {}
    by_name: dict[int, tuple[str, str, int]] = {}
    for name, field in parsed:
        if field.page < 1:
            continue
        if isinstance(name, IdField):
            by_id.setdefault(field.page, _identified(name, field))
        elif field.page not in by_name:
            by_name[field.page] = (name.edition, *_page_of(name, editions))
    beside = list(_by_print(raw, by_id))
    found = dict(by_id)
    for number, (edition, category, page) in sorted(by_name.items()):
        if number not in found:
            token = _token_near(number, edition, by_id)
            found[number] = PageFound(number, edition, token, category, page)
    return tuple(sorted((*found.values(), *beside), key=lambda one: one.number))


def _by_print(raw: Raw, found: dict[int, PageFound]) -> Iterator[PageFound]:
    """Take in the pages that only their print or QR code identifies; gives those that share a page with another."""
    for number, said in raw.seen:
        identity = _identity(said)
        if identity is None:
            continue
        one = PageFound(number, identity.edition, identity.token, identity.category, identity.page)
        known = found.setdefault(number, one)
        if (known.category, known.page) != (one.category, one.page):  # printed two to a sheet
            yield one


def _identified(name: IdField, field: RawField) -> PageFound:
    """What the hidden field says. Its name tells the page even where its value was spoilt; the token only the value."""
    identity = _identity(field.text)
    same = identity is not None and (identity.edition, identity.category) == (name.edition, name.category)
    token = identity.token if identity is not None and same else None
    return PageFound(field.page, name.edition, token, name.category, name.page)


def _page_of(name: FieldName, editions: Mapping[str, EditionFile]) -> tuple[str, int]:
    if isinstance(name, CoverField):
        return name.page, 1
    if isinstance(name, RowField | EntryField) and name.edition in editions:
        rows = editions[name.edition].rows_per_page.get(name.category, 0)
        if rows > 0:
            return name.category, 1 + (name.row - 1) // rows
    return name.category, name.page if isinstance(name, IdField) else 1


def _token_near(number: int, edition: str, by_id: Mapping[int, PageFound]) -> str | None:
    """The token of a page that lost its hidden field: that of its edition's pages, if they agree, else of the nearest before."""
    own = [page for _, page in sorted(by_id.items()) if page.edition == edition]
    if len({page.token for page in own}) == 1:
        return own[0].token
    before = [page for page in own if page.number < number]
    return before[-1].token if before else None


# ---------------------------------------------------------------- what is wrong


def _of_ours(raw: Raw) -> Iterator[Problem]:
    """A file that has nothing of ours is named as such; its pages are not told one by one."""
    ours = raw.ours > 0 or bool(raw.seen)
    yield from (found for found in raw.problems if ours or found.code != "page-not-ours")


def _strangers(raw: Raw) -> Iterator[Problem]:
    if raw.ours == 0 and not raw.seen and not any(found.severity is Severity.LOST for found in raw.problems):
        yield problem("xfa-only" if raw.xfa else "no-fields-of-ours", Severity.LOST)


def _unknown(
    found: Sequence[PageFound], parsed: Sequence[Parsed], editions: Mapping[str, EditionFile]
) -> Iterator[Problem]:
    met = {name.edition for name, _ in parsed} | {page.edition for page in found}
    for edition in sorted(met - editions.keys()):
        yield problem("unknown-edition", Severity.LOST, edition=edition)
    known = {edition: _fields_of(editions[edition]) for edition in met & editions.keys()}
    for name, field in parsed:
        if name.edition in known and _generic(name) not in known[name.edition] and field.text.strip():
            yield problem(
                "unknown-field", Severity.LOST, str(name), edition=name.edition, text=short(field.text)
            )


def _generic(name: FieldName) -> tuple[str, str]:
    """The field without its row and page number: a personalised form has more of both than the blank."""
    if isinstance(name, CoverField):
        return name.page, name.key
    if isinstance(name, RowField):
        return name.category, name.column
    return name.category, "" if isinstance(name, EntryField | NilField) else "id"


def _fields_of(edition: EditionFile) -> frozenset[tuple[str, str]]:
    """All fields that the edition's form can have, as `_generic` names them."""
    form = edition.form
    columns = ["", "id", *(column.key for column in form.columns)]
    return frozenset(
        {
            *((category.key, column) for category in form.categories for column in columns),
            *((COVER, field.key) for field in form.cover.fields),
            *((FEEDBACK, field.key) for field in form.feedback.fields),
            (COVER, "id"),
            (FEEDBACK, "id"),
        }
    )


def _conflicts(found: Sequence[PageFound], fields: Sequence[FieldReading]) -> Iterator[Problem]:
    """Different values for one field of one owner, in fields and in what was put over them; never is one of them dropped."""
    if len({field.name for field in fields}) == len(fields):
        return
    owners = Owners(found, fields)
    texts: dict[tuple[Owner, FieldName], list[str]] = defaultdict(list)
    over: dict[tuple[Owner, FieldName], list[str]] = defaultdict(list)
    for field in fields:
        if field.method in {Method.WIDGET, Method.FIELD_TREE, Method.FORM_DATA}:
            texts[owners.of(field), field.name].append(field.text)
        elif field.method is Method.ANNOTATION and not isinstance(field.name, NilField):
            over[owners.of(field), field.name].append(field.text)
    for key, said in texts.items():
        name = key[1]
        words = {tuple(text.split()) for text in said}
        if any(words):  # who writes over an empty field contradicts nobody
            said += [text for text in over.get(key, ()) if text.strip() and tuple(text.split()) not in words]
        if len(said) > 1 and len(different := dict.fromkeys(map(clean, said))) > 1:
            quoted = " | ".join(f"„{_short(text)}“" for text in different)
            yield problem("conflicting-widgets", Severity.CHECK, str(name), values=quoted)


def _otherwise(fields: Sequence[FieldReading]) -> Iterator[Problem]:
    """Fields that show other words than they store."""
    for field in fields:
        if field.method is Method.APPEARANCE:
            stored = next(
                (
                    one.text
                    for one in fields
                    if one.method is Method.WIDGET and (one.name, one.place) == (field.name, field.place)
                ),
                "",
            )
            shown, stored = _short(field.text), _short(stored)
            yield problem("shown-otherwise", Severity.CHECK, str(field.name), shown=shown, stored=stored)


def _doubtful(fields: Sequence[FieldReading]) -> Iterator[Problem]:
    """Values that look as if they had been encoded twice, and cannot be mended for certain."""
    for field in fields:
        if field.method in _STORED and is_doubtful(field.text):
            yield problem("encoded-twice", Severity.CHECK, str(field.name), text=_short(field.text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"
