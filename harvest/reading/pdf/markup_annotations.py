"""Annotations that somebody put on a page: text tools, typewriters, sticky notes, stamps, ink (ISO 32000-1, 12.5.6).

iOS, Firefox and many others write with FreeText annotations on top of the fields (docs/findings/readers.md, 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.model import confidence_levels, limits
from harvest.reading.model.raw_fields import RawField, RawNote, Rect, rect_of
from harvest.reading.pdf.optional_content import Layers
from harvest.text.pdf_strings import decode

if TYPE_CHECKING:
    import pikepdf

#: Kinds whose text is written onto the page itself; the text of others hangs on them.
WRITTEN = "/FreeText"
#: Kinds that are drawings: what they mean only a person sees.
DRAWN = frozenset({"/Stamp", "/Ink", "/Line", "/PolyLine", "/Polygon", "/Square", "/Circle"})
#: Kinds that mark something: what that means only a person sees, unless the mark itself says so.
_MARKS = frozenset({
    "/StrikeOut", "/Highlight", "/Underline", "/Squiggly", "/Caret", "/Redact", "/Sound", "/Movie", "/Screen", "/RichMedia",
    "/Watermark",
})  # fmt: skip
#: Kinds that lie over what they are about; what they hide or strike out shows on the page.
OVER = DRAWN | {"/StrikeOut", "/Underline", "/Squiggly"}
#: Stands for a text whose words are only drawn.
_SHOWN = "/Stamp"
_WATERMARK = "/Watermark"
#: Kinds that say nothing at all. A popup only shows the text of the note that it belongs to.
_SILENT = frozenset({"/Link", "/Popup", "/PrinterMark", "/TrapNet"})
_HIDDEN = 2 | 32  # bits of /F: hidden, and not for the screen (12.5.3)
_BLOCKS = frozenset({"p", "br", "div", "li", "tr"})


def note_of(page: int, annotation: pikepdf.Object, layers: Layers) -> RawNote | None:
    """What an annotation says; None where it says nothing. Broken ones say what of them is sound."""
    kind = str(annotation.get("/Subtype", ""))
    if kind in _SILENT or not kind:
        return None
    text = _string(annotation, "/Contents")
    text = text if text.strip() else plain(_string(annotation, "/RC"))
    if not text.strip():
        if kind == WRITTEN and "/AP" in annotation:
            kind = _SHOWN
        elif kind not in DRAWN | _MARKS:
            return None
    return RawNote(
        page, kind, text[: limits.CHARACTERS], _box(annotation, kind), is_hidden(annotation, layers)
    )


def is_hidden(annotation: pikepdf.Object, layers: Layers) -> bool:
    """Whether nobody who opens the file sees it: by its flags, or by a layer that is off (12.5.2, 8.11)."""
    try:
        if int(annotation.get("/F", 0)) & _HIDDEN:
            return True
    except (TypeError, ValueError):  # flags that are no number hide nothing
        pass
    return layers.hide(annotation.get("/OC"))


def _string(annotation: pikepdf.Object, key: str) -> str:
    import pikepdf  # noqa: PLC0415

    try:
        value = annotation.get(key)
        if isinstance(value, pikepdf.Stream):
            return decode(value.read_bytes())
        return decode(bytes(value)) if isinstance(value, pikepdf.String) else ""
    except Exception:  # noqa: BLE001 - a broken text is no text
        return ""


def _numbers(annotation: pikepdf.Object, key: str) -> list[float]:
    try:
        return [float(number) for number in annotation.get(key, ())]
    except Exception:  # noqa: BLE001 - without a place it belongs to no field, and is reported
        return []


def _box(annotation: pikepdf.Object, kind: str) -> Rect | None:
    """Where the note's text stands. The rectangle of a call-out holds its arrow, too (12.5.6.6)."""
    whole = rect_of(_numbers(annotation, "/Rect"))
    if whole is None or kind != WRITTEN:
        return whole
    inset, arrow = _numbers(annotation, "/RD"), _numbers(annotation, "/CL")
    inner = [box for box in _inner(whole, inset) if box is not None]
    if not inner:
        # an arrow whose tip lies within the rectangle: where in it the text stands is not known
        return None if arrow and _distance(whole, arrow[0], arrow[1]) < 0 else whole
    # the arrow ends at the text's edge: that tells which of both orders the writer meant
    return min(inner, key=lambda box: abs(_distance(box, arrow[-2], arrow[-1]))) if arrow else inner[0]


def _inner(whole: Rect, inset: Sequence[float]) -> Iterator[Rect | None]:
    """The rectangle less /RD: as programs write it (left, bottom, right, top), then as Table 174 words it (left, top, ...)."""
    if len(inset) != 4 or min(inset) < 0 or not any(inset):
        return
    (x0, y0, x1, y1), (left, second, right, fourth) = whole, inset
    for bottom, top in ((second, fourth), (fourth, second)):
        box = (x0 + left, y0 + bottom, x1 - right, y1 - top)
        yield box if box[0] < box[2] and box[1] < box[3] else None


def _distance(box: Rect, x: float, y: float) -> float:
    """How far outside the box a point lies; within it, less than 0."""
    return max(box[0] - x, x - box[2], box[1] - y, y - box[3])


class _Text(HTMLParser):
    """The text of rich text (12.7.3.4) without its markup; it resolves no reference and opens nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._mute = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Paragraphs are lines."""
        if tag in {"style", "script"}:
            self._mute += 1
        elif tag in _BLOCKS and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """What is no text ends."""
        if tag in {"style", "script"}:
            self._mute = max(self._mute - 1, 0)

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._mute:
            self.parts.append(data)


def plain(rich: str) -> str:
    """Rich text as plain text."""
    if not rich:
        return ""
    parser = _Text()
    parser.feed(rich)
    parser.close()
    return "\n".join(line.strip() for line in "".join(parser.parts).strip().splitlines())


def placed(
    notes: Iterable[RawNote], boxes: Mapping[int, Mapping[str, Rect]]
) -> tuple[list[RawField], list[Problem]]:
    """Notes over fields as readings, and the problems that the other notes are.

    Several over one field are one person's lines: they are joined from top to bottom, a newline between.

    Args:
        notes: of the whole file.
        boxes: page -> field name -> its place, in the same coordinates as the notes'.
    """
    over: dict[tuple[int, str], list[tuple[RawNote, float]]] = {}
    problems: list[Problem] = []
    for note in _once(notes):
        if note.hidden:
            problems.append(not_shown(note.page, note.text))
            continue
        hit = field_under(note.box, boxes.get(note.page, {})) if note.kind == WRITTEN else None
        if hit is not None:
            over.setdefault((note.page, hit[0]), []).append((note, hit[1]))
        elif note.text.strip():
            problems.append(problem("note-outside", Severity.CHECK, page=note.page, text=short(note.text)))
        if note.kind in DRAWN or (note.kind in _MARKS and not note.text.strip()):
            problems.append(problem("drawing-on-page", Severity.CHECK, page=note.page))
    return list(_readings(over)), list(dict.fromkeys(problems))


def not_shown(page: int, text: str) -> Problem:
    """Something that nobody sees who opens the file. Words are for a person to judge; lines hardly say anything."""
    if text.strip():
        return problem("hidden-note", Severity.CHECK, page=page, text=short(text))
    return problem("hidden-drawing", Severity.NOTE, page=page)


def _once(notes: Iterable[RawNote]) -> Iterator[RawNote]:
    """Watermarks, which stand on every page, once."""
    met: set[str] = set()
    for note in notes:
        if note.kind != _WATERMARK or note.text not in met:
            yield note
        if note.kind == _WATERMARK:
            met.add(note.text)


def field_under(box: Rect | None, fields: Mapping[str, Rect]) -> tuple[str, float] | None:
    """The field that holds the note's centre, else the one that it covers most, and how sure that is."""
    if box is None:
        return None
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    shares = {name: _share(box, field) for name, field in fields.items()}
    for name, (x0, y0, x1, y1) in fields.items():
        if x0 <= x < x1 and y0 <= y < y1:
            within = shares[name] >= confidence_levels.MOSTLY
            return name, confidence_levels.NOTE_WITHIN if within else confidence_levels.NOTE_REACHES_BEYOND
    best = max(shares, key=lambda name: shares[name], default="")
    return (
        (best, confidence_levels.NOTE_BY_OVERLAP)
        if best and shares[best] >= confidence_levels.LEAST_OVERLAP
        else None
    )


def _share(box: Rect, field: Rect) -> float:
    """The part of `box` that lies in `field`."""
    width = min(box[2], field[2]) - max(box[0], field[0])
    height = min(box[3], field[3]) - max(box[1], field[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return max(width, 0.0) * max(height, 0.0) / area


def _readings(over: Mapping[tuple[int, str], list[tuple[RawNote, float]]]) -> Iterator[RawField]:
    for (page, name), found in over.items():
        lines = sorted(found, key=lambda one: _reading_order(one[0]))
        sure = min(confidence for _, confidence in found)
        if len(lines) > 1:
            sure = min(sure, confidence_levels.NOTES_JOINED)
        text = "\n".join(note.text for note, _ in lines)
        yield RawField(name, text, Method.ANNOTATION, page, lines[0][0].box, sure)


def _reading_order(note: RawNote) -> tuple[float, float]:
    # half a line's height of play: two notes side by side are seldom on one height to the point
    x0, _, _, y1 = note.box or (0, 0, 0, 0)
    return -round(y1 / 6), x0


def short(text: str) -> str:
    """The text on one line, cut to what a problem quotes."""
    line = " ".join(text.split())
    return line if len(line) <= limits.QUOTED else f"{line[: limits.QUOTED - 1]}…"
