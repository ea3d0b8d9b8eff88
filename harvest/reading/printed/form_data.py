"""What a form's fields were exported to: FDF (ISO 32000-1, 12.7.7) and XFDF (ISO 19444-1). It holds names and values.

Nothing that such a file refers to is followed, and nothing in it is carried out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from harvest import formats
from harvest.model import Method, Severity
from harvest.problems import problem
from harvest.reading.fields.nil_box_state import OFF, state_of
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.errors import UnreadableError
from harvest.reading.model.raw_fields import Raw, RawField, name_of, parsed_name
from harvest.reading.pdf.markup_annotations import plain
from harvest.reading.printed.flattened import NIL
from harvest.text.pdf_strings import decode

_OBJECT = re.compile(rb"(?<!\d)([0-9]{1,7}) 0 obj")
_ROOT = re.compile(rb"/Root\s+([0-9]{1,7}) 0 R")
#: Where XFDF elements may come from; some programs leave the name space out.
_SPACE = "http://ns.adobe.com/xfdf/"
#: States of our box for "nothing here", in the languages of the form.
_TICKED = frozenset({"Ja", "Yes"})
#: Elements of rich text that begin a line.
_LINES = frozenset({"p", "br"})
Pair = tuple[tuple[str, ...], str]


class FormDataError(UnreadableError):
    """The file is no sound FDF or XFDF, or asks for more than any form has."""


def extract(data: bytes, suffix: str, blanks: Blanks) -> Raw:
    """The fields of ours that an exported file holds. Never raises for what it is.

    Args:
        data: the file.
        suffix: `.fdf` or `.xfdf`.
        blanks: the known editions' geometry, which tells on which page a field stands.
    """
    empty = Raw(pages=0, fields=(), producer=formats.MIME[suffix])
    try:
        pairs = list(_of_fdf(data) if suffix == ".fdf" else _of_xfdf(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - qpdf and expat fail in any way on damaged files
        return _with(empty, (), 0, problem("form-data-damaged", Severity.LOST))
    named = [(name, text) for parts, text in pairs if (name := name_of(parts)) is not None]
    fields = tuple(_field(name, text, blanks) for name, text in named)
    if not fields:
        return _with(empty, (), len(pairs), problem("form-data-not-ours", Severity.LOST))
    return _with(empty, fields, len(pairs) - len(fields))


def _with(raw: Raw, fields: tuple[RawField, ...], foreign: int, *problems: Any) -> Raw:
    pages = max((one.page for one in fields), default=0)
    return Raw(
        pages=pages,
        fields=fields,
        ours=len(fields),
        foreign=foreign,
        producer=raw.producer,
        problems=problems,
    )


def _field(name: str, text: str, blanks: Blanks) -> RawField:
    parsed = parsed_name(name)
    known = blanks.maps.get(parsed.edition) if parsed is not None else None
    place = known.fields.get(name.partition("_")[2]) if known is not None else None
    page = 0 if place is None else place.page + 1
    box = None if place is None else place.box.as_tuple()
    if not name.endswith(NIL):
        return RawField(name, text, Method.FORM_DATA, page, box)
    state = state_of(None, f"/{text.lstrip('/')}" if text.strip() else OFF, lambda: _TICKED)
    assert state is not None
    return RawField(name, state.text, Method.FORM_DATA, page, box, state.confidence)


# ---------------------------------------------------------------- FDF


def _of_fdf(data: bytes) -> Iterator[Pair]:
    import pikepdf  # noqa: PLC0415 - a heavy library

    with pikepdf.Pdf.open(io.BytesIO(_as_pdf(data)), suppress_warnings=True) as pdf:
        fields = pdf.Root.Exported.FDF.get("/Fields")
        pending: list[tuple[Any, tuple[str, ...]]] = [(one, ()) for one in reversed(_kids(fields, pikepdf))]
        count = 0
        while pending:
            node, above = pending.pop()
            count += 1
            if count > limits.FIELDS or len(above) > limits.DEPTH:
                raise FormDataError("too many fields")
            name = node.get("/T")
            parts = (*above, decode(bytes(name))) if isinstance(name, pikepdf.String) else above
            pending += [(one, parts) for one in reversed(_kids(node.get("/Kids"), pikepdf))]
            value = _text(node.get("/V"), pikepdf) if "/V" in node else None
            if parts and value is not None:
                yield parts, value
            rich = plain(_text(node.get("/RV"), pikepdf))
            if parts and rich.strip() and (value is None or rich.split() != value.split()):
                yield parts, rich  # where both are there, both are told


def _as_pdf(data: bytes) -> bytes:
    """The same objects as a PDF with an empty page, which is all that qpdf lacks in an FDF.

    Raises:
        FormDataError: nothing says where it begins.
    """
    at = data.rfind(b"trailer")
    root = _ROOT.search(data, max(at, 0))
    if at < 0 or root is None:
        raise FormDataError("no trailer")
    first = max((int(found[1]) for found in _OBJECT.finditer(data)), default=0) + 1
    body = data[:at].replace(b"%FDF-", b"%PDF-", 1)
    more = (
        b"\n%d 0 obj\n<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
        b"%d 0 obj\n<</Type/Pages/Kids[%d 0 R]/Count 1>>\nendobj\n"
        b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R/Exported %s 0 R>>\nendobj\n"
        b"trailer\n<</Root %d 0 R/Size %d>>\nstartxref\n0\n%%%%EOF\n"
    )
    page, pages, catalog = range(first, first + 3)
    return body + more % (page, pages, pages, page, catalog, pages, root[1], catalog, catalog + 1)


def _kids(array: Any, pike: Any) -> list[Any]:
    if not isinstance(array, pike.Array):
        return []
    return [one for one in array if isinstance(one, pike.Dictionary) and not isinstance(one, pike.Stream)]


def _text(value: Any, pike: Any) -> str:
    if isinstance(value, pike.String):
        text = decode(bytes(value))
    elif isinstance(value, pike.Stream):
        text = decode(value.read_bytes())
    elif isinstance(value, pike.Name):
        text = str(value)[1:]
    elif isinstance(value, pike.Array):
        text = "\n".join(_text(one, pike) for one in value)
    else:
        text = "" if isinstance(value, pike.Object) or value is None else str(value)
    return text[: limits.CHARACTERS]


# ---------------------------------------------------------------- XFDF


@dataclass
class _Reader:
    """Takes the values out of an XFDF as the parser goes through it."""

    pairs: list[Pair] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    values: list[str | None] = field(default_factory=list)
    said: list[str] | None = None
    rich: list[str | None] = field(default_factory=list)
    tags: int = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        self.tags += 1
        if self.tags > 4 * limits.FIELDS or len(self.names) > limits.DEPTH:
            raise FormDataError("too many fields")
        kind = _local(tag)
        if kind == "field":
            self.names.append(attributes.get("name", ""))
            self.values.append(None)
            self.rich.append(None)
        elif kind in {"value", "value-richtext"} and self.names:
            self.said = []
        elif self.said and tag.rpartition(" ")[2] in _LINES and not self.said[-1].endswith("\n"):
            self.said.append("\n")

    def data(self, text: str) -> None:
        if self.said is not None:
            self.said.append(text)

    def end(self, tag: str) -> None:
        kind = _local(tag)
        if kind == "value" and self.said is not None:
            before = self.values[-1]
            text = "".join(self.said)[: limits.CHARACTERS]
            self.values[-1] = text if before is None else f"{before}\n{text}"
            self.said = None
        elif kind == "value-richtext" and self.said is not None:
            self.rich[-1] = "".join(self.said).strip()[: limits.CHARACTERS]
            self.said = None
        elif kind == "field":
            value, rich = self.values.pop(), self.rich.pop()
            if value is not None:
                self.pairs.append((tuple(self.names), value))
            if rich and (value is None or rich.split() != value.split()):  # both are told
                self.pairs.append((tuple(self.names), rich))
            self.names.pop()


def _local(tag: str) -> str:
    space, _, name = tag.rpartition(" ")
    return name if space in {"", _SPACE} else ""


def _of_xfdf(data: bytes) -> Iterator[Pair]:
    """The values, without a document type and entities, which alone make XML dangerous.

    Raises:
        FormDataError, expat.ExpatError: it is no sound XFDF.
    """

    def refuse(*_: Any) -> None:
        raise FormDataError("a document type")

    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.data
    parser.Parse(data, True)
    yield from reader.pairs
