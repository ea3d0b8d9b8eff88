"""Takes out what is attached to a PDF; run as a program of its own, for qpdf is native code on hostile bytes.

Standard input: a line of JSON (limits, passwords), then the PDF. Standard output, per attachment: a line of
JSON (name, MIME type, size, or the code of a refusal), then its bytes.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harvest.memory_limit import limit_memory
from harvest.sources.found import MIB, Limits
from harvest.sources.kinds import HEAD, Kind, kind_of
from harvest.text.passwords import spelled

_CONTAINERS = {Kind.PDF, Kind.ZIP, Kind.MAIL, Kind.OLE, Kind.TNEF}
_FLATE = {"/FlateDecode", "/Fl"}
_MEGABYTES = 2048


@dataclass(frozen=True, slots=True)
class Attached:
    """A file attached to a PDF: its bytes, or the code of why they can't be had."""

    name: str
    mime: str = ""
    data: bytes = b""
    code: str = ""


def attached(data: bytes, limits: Limits, passwords: Sequence[str]) -> Iterator[Attached]:
    """PDFs, mails and archives attached to the PDF, each unpacked no further than it may grow.

    Raises nothing for bad input: a PDF that can't be opened has nothing attached, its reader tells why.
    """
    pdf = _opened(data, (b"", *spelled(passwords)))
    if pdf is None:
        return
    with pdf:
        for number, (name, stream) in enumerate(_streams(pdf)):
            if number >= limits.entries:
                yield Attached(name, code="too-many-entries")
                return
            found = _read(name, stream, limits)
            if found is not None:
                yield found


def _opened(data: bytes, passwords: Sequence[bytes]) -> Any:
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


def _read(name: str, stream: Any, limits: Limits) -> Attached | None:
    try:
        mime = str(stream.get("/Subtype", "")).removeprefix("/").lower()
        raw = bytes(stream.get_raw_stream_buffer())
        head = _inflated(raw, _filters(stream), HEAD, limits.ratio, whole=False)
        if head is None or kind_of(head, name, mime) not in _CONTAINERS:
            return None
        cap = max(limits.document, limits.container)
        data = _inflated(raw, _filters(stream), cap, limits.ratio, whole=True)
    # damaged stream or a filter that no attachment has
    except Exception:  # noqa: BLE001
        return Attached(name, code="attachment-damaged")
    return Attached(name, code="unpacks-too-large") if data is None else Attached(name, mime, data)


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


def main() -> None:
    """Serves one PDF from standard input to standard output."""
    limit_memory(_MEGABYTES)
    asked = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**asked["limits"])
    left = 2 * max(limits.document, limits.container)
    for found in attached(sys.stdin.buffer.read(), limits, asked["passwords"]):
        left -= len(found.data)
        one = found if left >= 0 else Attached(found.name, code="unpacks-too-large")
        told = {"name": one.name, "mime": one.mime, "code": one.code, "size": len(one.data)}
        sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + one.data)
        if left < 0:
            break
    sys.stdout.buffer.flush()
