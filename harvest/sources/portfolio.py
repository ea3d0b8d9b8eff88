"""PDFs within PDFs: portfolios, and files attached to a PDF (ISO 32000-1, 7.11.4 and 12.3.5).

What else is attached is left where it is; the PDF's reader reports it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from harvest.model import Document
from harvest.sources.found import MIB, Limits, Part, Piece, megabytes, refused
from harvest.sources.kinds import HEAD, Kind, kind_of
from harvest.sources.names import inside

#: a file without any of these holds nothing attached. The stream's dictionary never stands in an object
#: stream (ISO 32000-1, 7.5.7), so its /Type is in the clear even where the rest is packed.
_SIGNS = (b"/EmbeddedFile", b"/EF", b"/Embedded#", b"/Collection")
_CONTAINERS = {Kind.PDF, Kind.ZIP, Kind.MAIL, Kind.OLE, Kind.TNEF}
_FLATE = {"/FlateDecode", "/Fl"}


def parts(document: Document, limits: Limits, passwords: Sequence[str] = ()) -> Iterator[Part]:
    """PDFs, mails and archives attached to `document`, each read no further than it may grow.

    Runs qpdf on hostile bytes in this process; a caller that isolates readers calls it there.
    Raises nothing for bad input: a PDF that can't be opened has nothing attached, its reader tells why.
    """
    if not any(sign in document.data for sign in _SIGNS):
        return
    pdf = _opened(document.data, ("", *passwords))
    if pdf is None:
        return
    with pdf:
        for number, (name, stream) in enumerate(_streams(pdf)):
            if number >= limits.entries:
                yield refused(document.provenance, "too-many-entries", limit=limits.entries)
                return
            yield from _part(document, name, stream, limits)


def _opened(data: bytes, passwords: Sequence[str]) -> Any:
    import pikepdf  # noqa: PLC0415 - most returns have nothing attached

    for password in passwords:
        try:
            return pikepdf.open(io.BytesIO(data), password=password, suppress_warnings=True)
        except pikepdf.PasswordError:
            continue
        # qpdf and pybind raise one thing or another on damage
        except Exception:  # noqa: BLE001
            return None
    return None


def _streams(pdf: Any) -> Iterator[tuple[str, Any]]:
    """Names and streams of the attached files, also of those that are attached to a page only."""
    seen: set[tuple[int, int]] = set()
    for source in (_listed, _annotated):
        try:
            for name, stream in source(pdf):
                if stream.objgen not in seen:
                    seen.add(stream.objgen)
                    yield name, stream
        except Exception:  # noqa: BLE001, S112 - damage in one tree leaves the other
            continue


def _listed(pdf: Any) -> Iterator[tuple[str, Any]]:
    for name, spec in pdf.attachments.items():
        for stream in spec.obj.get("/EF", {}).values():
            yield spec.filename or name, stream
            break


def _annotated(pdf: Any) -> Iterator[tuple[str, Any]]:
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == "/FileAttachment" and "/FS" in annotation:
                spec = annotation["/FS"]
                for stream in spec.get("/EF", {}).values():
                    yield str(spec.get("/UF", spec.get("/F", ""))), stream
                    break


def _part(document: Document, name: str, stream: Any, limits: Limits) -> Iterator[Part]:
    own = inside(document.provenance, name or "unnamed")
    try:
        mime = str(stream.get("/Subtype", "")).removeprefix("/").lower()
        raw = bytes(stream.get_raw_stream_buffer())
        head = _inflated(raw, _filters(stream), HEAD, limits.ratio, whole=False)
        if head is None or kind_of(head, own.name, mime) not in _CONTAINERS:
            return
        cap = max(limits.document, limits.container)
        data = _inflated(raw, _filters(stream), cap, limits.ratio, whole=True)
    # damaged stream or a filter that no attachment has
    except Exception:  # noqa: BLE001
        yield refused(own, "attachment-damaged")
        return
    if data is None:
        yield refused(own, "unpacks-too-large", limit=megabytes(limits.container))
    else:
        yield Piece(data, own, mime)


def _filters(stream: Any) -> list[str]:
    from pikepdf import Name  # noqa: PLC0415 - see _opened()

    found = stream.get("/Filter", [])
    return [str(found)] if isinstance(found, Name) else [str(name) for name in found]


def _inflated(raw: bytes, filters: Sequence[str], cap: int, ratio: int, *, whole: bool) -> bytes | None:
    """The stream's bytes, unpacked here rather than by qpdf, which knows no limit. None: there are more.

    Raises:
        ValueError: a filter other than Flate.
        zlib.error: damaged.
    """
    for name in filters:
        if name not in _FLATE:
            raise ValueError(name)
        most = min(cap, max(MIB, len(raw) * ratio))
        inflate = zlib.decompressobj()
        raw = inflate.decompress(raw, most)
        if whole and inflate.unconsumed_tail:
            return None
    return raw if whole else raw[:cap]
