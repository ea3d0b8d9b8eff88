"""What stands in a return beyond its own fields: notes, Fill & Sign, print, scans. Loaded only where there is any.

Each page is first identified (its fields, its small print, its QR code), then its boxes are looked into. A page
that no way identifies is named; nothing of it is guessed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from harvest.model import Problem, Severity
from harvest.problems import problem
from harvest.reading.fields import foreign_fields
from harvest.reading.fields.without_hidden_layers import without_hidden
from harvest.reading.identity.page_identity import Seen, printed_identities
from harvest.reading.model import confidence_levels, limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.errors import PasswordNeededError, UnreadableError
from harvest.reading.model.raw_fields import Raw, RawField, Rect, ranges
from harvest.reading.page import drawings, overlays, picture_pages
from harvest.reading.page.recovered_values import Known, Recovered, on_page
from harvest.reading.pdf import markup_annotations
from harvest.reading.pdf.pdfium_adapter import Document
from harvest.reading.printed import flattened
from harvest.reading.printed.picture_layers import Stack
from harvest.reading.scan import tesseract
from spec.names import parse_identity

#: Told before each page that takes long, with what was found since it was told last: whoever waits may grant more
#: time, and keep that should the page be the end of it.
Pause = Callable[[Raw], None]


def recover(
    raw: Raw, data: bytes, passwords: Sequence[str], blanks: Blanks, pause: Pause = lambda _: None
) -> Raw:
    """`raw` and what its file holds besides. Never raises for what the file is."""
    found = Recovered(boxes=_known_boxes(raw, blanks))
    if look := _asked(raw):
        if b"/Encrypt" in data:
            data, passwords = _unlocked(data, passwords), ()
        shown = without_hidden(data, passwords, look) if raw.besides.layered else data
        if shown is not data:
            found.problems += _hidden(data, shown, passwords, look)
        try:
            document = Document(shown, passwords)
        except UnreadableError:
            found.problems += [_unknown(number) for number in look if raw.ours]
        else:
            try:
                _look(document, raw, blanks, found, pause)
            finally:
                document.close()
    if found.passed_over:
        limit, pages = picture_pages.most(blanks), ranges(found.passed_over)
        found.problems.append(problem("too-many-pictures", Severity.LOST, limit=limit, pages=pages))
    return _with_notes(raw, found)


def _unlocked(data: bytes, passwords: Sequence[str]) -> bytes:
    from harvest.reading.fields.pikepdf_reader import unlocked  # noqa: PLC0415 - hardly any return is protected

    try:
        return unlocked(data, passwords)
    except (PasswordNeededError, UnreadableError):
        return data


def _hidden(data: bytes, shown: bytes, passwords: Sequence[str], look: Iterable[int]) -> Iterator[Problem]:
    """What pages hold in layers that are switched off: it is told, and is no answer."""
    try:
        with closing(Document(data, passwords)) as whole, closing(Document(shown)) as part:
            for number in look:
                both = [one.content(number) for one in (whole, part)]
                said = [Counter((piece.text, piece.start) for piece in content.pieces) for content in both]
                words = " ".join(text for text, _ in said[0] - said[1])
                if words.strip() or len(both[0].shapes) > len(both[1].shapes):
                    yield markup_annotations.not_shown(number, words)
    except UnreadableError:
        return


def _asked(raw: Raw) -> Sequence[int]:
    """The numbers of the pages that have to be looked at."""
    besides = raw.besides
    signed = range(1, raw.pages + 1) if besides.signed else ()
    drawn_on = (
        note.page for note in besides.notes if note.kind in markup_annotations.OVER and not note.hidden
    )
    foreign_on = (one.page for one in besides.foreign)
    return sorted({*besides.bare, *besides.written, *signed, *drawn_on, *foreign_on})


def _known_boxes(raw: Raw, blanks: Blanks) -> dict[int, Mapping[str, Rect]]:
    """Where fields of ours stand, and on pages with fields of other names where they should, by what the hidden field says."""
    boxes = dict(raw.besides.boxes)
    pages = {one.page for one in raw.besides.foreign}
    for one in raw.fields:
        identity = parse_identity(one.text) if one.page in pages and one.name.endswith("_id") else None
        if identity is not None:
            should = {name: box.as_tuple() for name, box in blanks.boxes(identity).items()}
            boxes[one.page] = {**should, **boxes.get(one.page, {})}
    return boxes


def _look(document: Document, raw: Raw, blanks: Blanks, found: Recovered, pause: Pause) -> None:
    """Look at the pages one by one, as long as there is time."""
    began, look = time.monotonic(), _asked(raw)
    so_far = _with_notes(raw, found)
    for index, number in enumerate(look):
        strange = not raw.ours and not found.seen
        if strange and len(found.problems) >= limits.STRANGE:
            return
        if time.monotonic() - began > (limits.STRANGE_SECONDS if strange else limits.SECONDS):
            found.problems.append(problem("pages-unread", Severity.LOST, pages=ranges(look[index:])))
            return
        pause(replace(so_far, left=tuple(look[index:])))
        known = Known.of(found)
        _page(document, number, raw, blanks, found)
        so_far = known.since(found)


def _with_notes(raw: Raw, found: Recovered) -> Raw:
    """`raw` with what was found, the notes in the fields over which they lie."""
    ours = raw.ours or found.seen
    placed, said, left = foreign_fields.placed(raw.besides.foreign if ours else (), found.boxes)
    written, others = markup_annotations.placed((*raw.besides.notes, *said), found.boxes)
    fields = (*raw.fields, *placed, *written, *found.fields)
    return replace(
        raw,
        fields=tuple(_doubted(one, found) for one in fields) if found.doubted else fields,
        seen=tuple(found.seen),
        pictures=tuple(found.pictures),
        problems=(*raw.problems, *found.problems, *others, *left),
    )


def _doubted(one: RawField, found: Recovered) -> RawField:
    """What is drawn over is less sure than it was."""
    drawn_over = one.text.strip() and (one.page, one.name) in found.doubted
    return replace(one, confidence=min(one.confidence, confidence_levels.DRAWN_OVER)) if drawn_over else one


def _page(document: Document, number: int, raw: Raw, blanks: Blanks, found: Recovered) -> None:
    places = raw.besides.boxes.get(number, {})
    written = number in raw.besides.written
    # a page with somebody's signature on it, and no field of ours any more
    bare = number in raw.besides.bare or (written and not places)
    try:
        content = document.content(number)
        all_seen = list(printed_identities(content.pieces))
        made = Stack.of(content) if bare else Stack(picture=False)
        if bare and (made.picture or not all_seen):
            before = found.pictured
            with tesseract.within(limits.PAGE_SECONDS) as is_over:
                picture_pages.look(document, picture_pages.Page(number, content, made), blanks, found)
            if is_over():
                found.pictured = max(found.pictured, before + limits.FAILED)
            return
    except UnreadableError:
        # others are known by their fields, and nothing was written on them
        found.problems += [_unknown(number)] if bare or written else []
        return
    if not bare:
        found.seen += _nameless(number, raw, all_seen)
        should = {**_fixed(all_seen, blanks), **places}
        if all_seen:  # fields of other names are compared with all that the page should have
            found.boxes[number] = should
        first = next(iter(all_seen), None)
        paper = blanks.size(first.identity) if first else None
        page = overlays.page_of(content, number, should, first, paper)
        overlays.read(document, page, raw, found, overlays.Whose(first, blanks) if written else None)
    for seen in all_seen:
        boxes, paper = blanks.boxes(seen.identity), blanks.size(seen.identity)
        if bare:
            found.take(number, seen, boxes)
            found.print(number, flattened.cells(content, seen.lies, boxes, number, paper=paper))
            if paper is not None:
                page = drawings.Page(number, content, seen.lies, boxes, paper)
                overlays.drawn_on(document, page, raw, found, overlays.Whose(seen, blanks))
        if raw.besides.signed:
            found.print(number, flattened.cells(content, seen.lies, boxes, number, paper=paper, signed=True))


def _nameless(number: int, raw: Raw, all_seen: Iterable[Seen]) -> Iterable[tuple[int, str]]:
    """What the print of a page says that has fields, but none that says whose it is."""
    named = any(one.page == number and one.name.endswith("_id") for one in raw.fields)
    return () if named else [(number, str(seen.identity)) for seen in all_seen]


def _fixed(all_seen: Iterable[Seen], blanks: Blanks) -> Mapping[str, Rect]:
    """Where fields of the page were that are print now: some programs fix only those that are filled."""
    return {
        name: place for seen in all_seen for name, place in on_page(seen, blanks.boxes(seen.identity)).items()
    }


def _unknown(number: int) -> Problem:
    return problem("page-not-ours", Severity.CHECK, page=number)
