"""What stands in a return beyond its own fields: notes, Fill & Sign, print, scans. Loaded only where there is any.

Each page is first identified (its fields, its small print, its QR code), then its boxes are looked into. A page
that no way identifies is named; nothing of it is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harvest.model import Problem, Severity
from harvest.problems import problem
from harvest.read import notes, printed
from harvest.read.blanks import Blanks
from harvest.read.errors import UnreadableError
from harvest.read.pdfium import Document
from harvest.read.raw import Raw, RawField, Rect
from harvest.read.whose import Seen, printed_identities
from spec.geometry import Box

#: Told before each page that takes long: whoever waits may grant more time.
Pause = Callable[[], None]


@dataclass
class _Recovered:
    """What was found so far."""

    fields: list[RawField] = field(default_factory=list)
    seen: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    boxes: dict[int, Mapping[str, Rect]] = field(default_factory=dict)


def recover(
    raw: Raw, data: bytes, passwords: Sequence[str], blanks: Blanks, pause: Pause = lambda: None
) -> Raw:
    """`raw` and what its file holds besides. Never raises for what the file is."""
    found = _Recovered(boxes=dict(raw.besides.boxes))
    look = set(raw.besides.bare) | ({*range(1, raw.pages + 1)} if raw.besides.signed else set())
    if look:
        try:
            document = Document(data, passwords)
        except UnreadableError:
            found.problems += [_unknown(number) for number in raw.besides.bare if raw.ours]
        else:
            try:
                for number in sorted(look):
                    pause()
                    _page(document, number, raw, blanks, found)
            finally:
                document.close()
    written, others = notes.placed(raw.besides.notes, found.boxes)
    return replace(
        raw,
        fields=(*raw.fields, *written, *found.fields),
        seen=tuple(found.seen),
        problems=(*raw.problems, *found.problems, *others),
    )


def _page(document: Document, number: int, raw: Raw, blanks: Blanks, found: _Recovered) -> None:
    try:
        content = document.content(number)
    except UnreadableError:
        found.problems.append(_unknown(number))
        return
    bare = number in raw.besides.bare
    all_seen = list(printed_identities(content.pieces))
    for seen in all_seen:
        boxes = blanks.boxes(seen.identity)
        if bare:
            found.seen.append((number, str(seen.identity)))
            found.fields += printed.cells(content, seen, boxes, number)
            found.boxes[number] = {**found.boxes.get(number, {}), **_on_page(seen, boxes)}
        if raw.besides.signed:
            found.fields += printed.cells(content, seen, boxes, number, signed=True)
    if bare and not all_seen:
        found.problems.append(_unknown(number))


def _on_page(seen: Seen, boxes: Mapping[str, Box]) -> Mapping[str, Rect]:
    """The boxes where they lie on the page that came back."""
    back = seen.lies.inverse
    return {name: back.rect(box.as_tuple()) for name, box in boxes.items()}


def _unknown(number: int) -> Problem:
    return problem("page-not-ours", Severity.CHECK, page=number)
