"""What stands in a return beyond its own fields: notes, Fill & Sign, print, scans. Loaded only where there is any.

Each page is first identified (its fields, its small print, its QR code), then its boxes are looked into. A page
that no way identifies is named; nothing of it is guessed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harvest.model import Problem, Severity
from harvest.problems import problem
from harvest.read import limits, notes, pictured, printed, tesseract
from harvest.read.blanks import Blanks
from harvest.read.cutting import cut_out
from harvest.read.errors import PasswordNeededError, UnreadableError
from harvest.read.hidden import without_hidden
from harvest.read.pdfium import Content, Document, Shape
from harvest.read.raw import Raw, RawField, RawPicture, Rect, parsed_name, ranges
from harvest.read.similarity import Similarity
from harvest.read.stack import Stack
from harvest.read.whose import Seen, printed_identities
from spec.geometry import Box
from spec.names import NilField, RowField

if TYPE_CHECKING:
    from PIL.Image import Image

#: Told before each page that takes long, with what was found since it was told last: whoever waits may grant more
#: time, and keep that should the page be the end of it.
Pause = Callable[[Raw], None]


@dataclass
class _Recovered:
    """What was found so far."""

    fields: list[RawField] = field(default_factory=list)
    seen: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    boxes: dict[int, Mapping[str, Rect]] = field(default_factory=dict)
    pictures: list[RawPicture] = field(default_factory=list)
    room: int = limits.PICTURES_BYTES
    pictured: int = 0
    passed_over: list[int] = field(default_factory=list)

    def take(self, number: int, seen: Seen, boxes: Mapping[str, Box]) -> None:
        """A page was identified; its boxes stand there for the notes on it."""
        self.seen.append((number, str(seen.identity)))
        self.boxes[number] = {**self.boxes.get(number, {}), **_on_page(seen, boxes)}

    def keep(self, fields: Iterable[RawField]) -> None:
        """Fields that were read off a page; those that are only signs without a meaning are named."""
        for one in fields:
            if printed.readable(one.text):
                self.fields.append(one)
            else:
                self.problems.append(problem("unreadable-value", Severity.LOST, one.name))

    def print(self, number: int, read: printed.Printed) -> None:
        """What was read off a page's text."""
        self.keep(read.fields)
        if read.outside:
            said = notes.short(read.outside)
            self.problems.append(problem("note-outside", Severity.CHECK, page=number, text=said))

    def cut(
        self,
        page: Image,
        names: Iterable[str],
        boxes: Mapping[str, Box],
        size: tuple[float, float],
        number: int,
    ) -> None:
        """Keep how these cells of a facility look on a straightened page, as long as there is room for more."""
        for name in names:
            if not isinstance(parsed_name(name), RowField | NilField):
                continue
            picture = cut_out(page, boxes[name], size)
            if picture is not None and len(picture.data) <= self.room:
                self.room -= len(picture.data)
                self.pictures.append(RawPicture(name, number, picture))


def recover(
    raw: Raw, data: bytes, passwords: Sequence[str], blanks: Blanks, pause: Pause = lambda _: None
) -> Raw:
    """`raw` and what its file holds besides. Never raises for what the file is."""
    found = _Recovered(boxes=dict(raw.besides.boxes))
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
        limit, pages = pictured.most(blanks), ranges(found.passed_over)
        found.problems.append(problem("too-many-pictures", Severity.LOST, limit=limit, pages=pages))
    return _with_notes(raw, found)


def _unlocked(data: bytes, passwords: Sequence[str]) -> bytes:
    from harvest.read.pdf import unlocked  # noqa: PLC0415 - hardly any return is protected

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
                    yield notes.not_shown(number, words)
    except UnreadableError:
        return


def _asked(raw: Raw) -> Sequence[int]:
    """The numbers of the pages that have to be looked at."""
    besides = raw.besides
    signed = range(1, raw.pages + 1) if besides.signed else ()
    return sorted({*besides.bare, *besides.written, *signed})


def _look(document: Document, raw: Raw, blanks: Blanks, found: _Recovered, pause: Pause) -> None:
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
        known = _Known.of(found)
        _page(document, number, raw, blanks, found)
        so_far = known.since(found)


@dataclass(frozen=True, slots=True)
class _Known:
    """How much of each was found before a page was looked at."""

    fields: int
    seen: int
    problems: int
    pictures: int

    @classmethod
    def of(cls, found: _Recovered) -> _Known:
        return cls(len(found.fields), len(found.seen), len(found.problems), len(found.pictures))

    def since(self, found: _Recovered) -> Raw:
        """What was found since then."""
        return Raw(
            pages=0,
            fields=tuple(found.fields[self.fields :]),
            seen=tuple(found.seen[self.seen :]),
            problems=tuple(found.problems[self.problems :]),
            pictures=tuple(found.pictures[self.pictures :]),
        )


def _with_notes(raw: Raw, found: _Recovered) -> Raw:
    """`raw` with what was found, the notes in the fields over which they lie."""
    written, others = notes.placed(raw.besides.notes, found.boxes)
    return replace(
        raw,
        fields=(*raw.fields, *written, *found.fields),
        seen=tuple(found.seen),
        pictures=tuple(found.pictures),
        problems=(*raw.problems, *found.problems, *others),
    )


def _page(document: Document, number: int, raw: Raw, blanks: Blanks, found: _Recovered) -> None:
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
                pictured.look(document, pictured.Page(number, content, made), blanks, found)
            if is_over():
                found.pictured = max(found.pictured, before + limits.FAILED)
            return
    except UnreadableError:
        found.problems.append(_unknown(number))
        return
    if written and not bare:
        _written_on(content, number, {**_fixed(all_seen, blanks), **places}, found)
    for seen in all_seen:
        boxes, paper = blanks.boxes(seen.identity), blanks.size(seen.identity)
        if bare:
            found.take(number, seen, boxes)
            found.print(number, printed.cells(content, seen.lies, boxes, number, paper=paper))
        if raw.besides.signed:
            found.print(number, printed.cells(content, seen.lies, boxes, number, paper=paper, signed=True))


def _written_on(content: Content, number: int, places: Mapping[str, Rect], found: _Recovered) -> None:
    """What an editor put onto a page that has its fields: text in or beside them, pictures, strokes."""
    boxes = {name: Box(*place) for name, place in places.items()}
    read = printed.cells(content, Similarity(), boxes, number)
    found.print(number, read)
    if any(shape.picture or _drawn_in(shape, boxes.values()) for shape in content.shapes):
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=number))


def _fixed(all_seen: Iterable[Seen], blanks: Blanks) -> Mapping[str, Rect]:
    """Where fields of the page were that are print now: some programs fix only those that are filled."""
    return {
        name: place
        for seen in all_seen
        for name, place in _on_page(seen, blanks.boxes(seen.identity)).items()
    }


def _drawn_in(shape: Shape, boxes: Iterable[Box]) -> bool:
    """Whether something is drawn within a field, where the form has nothing."""
    x0, y0, x1, y1 = shape.bounds
    return any(box.holds(x0, y0) and box.holds(x1, y1) for box in boxes)


def _on_page(seen: Seen, boxes: Mapping[str, Box]) -> Mapping[str, Rect]:
    """The boxes where they lie on the page that came back."""
    back = seen.lies.inverse
    return {name: back.rect(box.as_tuple()) for name, box in boxes.items()}


def _unknown(number: int) -> Problem:
    return problem("page-not-ours", Severity.CHECK, page=number)
