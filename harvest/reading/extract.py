"""Bytes to raw fields, whatever the bytes are. Loads little: a worker process starts with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from harvest import formats
from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.fields import fast_reader
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.errors import PasswordNeededError, UnreadableError, UnusualError
from harvest.reading.model.raw_fields import Raw
from harvest.reading.page.sent_drawings import sent_of
from harvest.reading.pdf.protection import handler_of
from harvest.reading.removed import with_removed
from harvest.reading.sniff import header_at, looks_like

if TYPE_CHECKING:
    from harvest.reading.model.known_pages import KnownPages

#: Programs that reserve a file and then fail leave zeros.
_SOMETHING = re.compile(rb"[^\0\s]")


def extract(
    data: bytes,
    passwords: Sequence[str] = (),
    blanks: Blanks | None = None,
    pause: Callable[[Raw], None] = lambda _: None,
) -> Raw:
    """What the document holds, before anybody asks whose it is. Never raises for what it is.

    Args:
        data: its bytes.
        passwords: tried on a protected file.
        blanks: the known editions' geometry; without it only fields are read.
        pause: called before each page that takes long, with what was found since it was called last.
    """
    suffix = formats.suffix_of(data[: formats.HEAD])
    if suffix and len(data) <= limits.BYTES and b"%PDF-" not in data[:1024]:
        return _other(data, suffix, blanks or Blanks("{}"), pause)
    if refused := _refused(data):
        return Raw(pages=0, fields=(), problems=(refused,))
    start = max(header_at(data), 0)
    try:
        body = data[start:] if start else data
        sent = None if blanks is None else sent_of(blanks)
        raw = _by_any_reader(body, passwords, sent)
        if raw.besides and blanks is not None:
            raw = _with_besides(raw, body, passwords, blanks, pause)
        if blanks is not None and sent is not None:
            raw = with_removed(raw, sent.prefilled)
            raw = replace(raw, problems=(*raw.problems, *_without_blank(raw, blanks, sent)))
    except MemoryError:
        raise  # what else is in the process would not fit either; the isolation names it
    except Exception as error:  # noqa: BLE001 - one bad file never stops a run (design)
        named = problem("reader-crashed", Severity.LOST, error=type(error).__name__)
        return Raw(pages=0, fields=(), problems=(named,))
    if start:
        raw = replace(
            raw, problems=(*raw.problems, problem("junk-before-header", Severity.NOTE, bytes=start))
        )
    return raw


def _other(data: bytes, suffix: str, blanks: Blanks, pause: Callable[[Raw], None]) -> Raw:
    """What an answer says that is no PDF."""
    if formats.is_picture(suffix):
        from harvest.reading.page import image_files  # noqa: PLC0415 - loads what reads pictures

        return image_files.extract(data, suffix, blanks, pause)
    from harvest.reading.printed import form_data  # noqa: PLC0415 - hardly anybody sends this

    return form_data.extract(data, suffix, blanks)


def _without_blank(raw: Raw, blanks: Blanks, sent: KnownPages) -> Iterator[Problem]:
    """Editions that are known, but of which no drawing is there any more to compare with."""
    met = {one.name.partition("_")[0] for one in raw.fields if one.method is not Method.OCR}
    for edition in sorted(met & blanks.maps.keys()):
        if not sent.knows(edition):
            yield problem("blank-missing", Severity.NOTE, edition=edition)


def _with_besides(
    raw: Raw, data: bytes, passwords: Sequence[str], blanks: Blanks, pause: Callable[[Raw], None]
) -> Raw:
    """`raw` and what stands beside its fields; what the fields say is kept, whatever happens here."""
    from harvest.reading.page.recovery import recover  # noqa: PLC0415 - most returns have nothing of it

    try:
        return recover(raw, data, passwords, blanks, pause)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad page never costs the others (design)
        named = problem("reader-crashed", Severity.LOST, error=type(error).__name__)
        return replace(raw, problems=(*raw.problems, named))


def _refused(data: bytes) -> Problem | None:
    """Why the bytes are not even opened."""
    if _SOMETHING.search(data) is None:
        return problem("empty-file", Severity.LOST)
    if len(data) > limits.BYTES:
        size, limit = (f"{count / 1024 / 1024:.0f}" for count in (len(data), limits.BYTES))
        return problem("too-large", Severity.LOST, what="megabytes", size=size, limit=limit)
    # a file that lost its first bytes is still worth a try: its objects are there
    if header_at(data) < 0 and not (b" obj" in data and b"endobj" in data):
        return problem("not-a-pdf", Severity.LOST, looks_like=looks_like(data))
    return None


def _by_any_reader(data: bytes, passwords: Sequence[str], sent: KnownPages | None) -> Raw:
    """The quick way for what is plain; else pikepdf: it mends damage. pypdf fails on other files than qpdf does."""
    known = () if sent is None else (sent,)
    # whatever the quick way stumbles over, the general way knows what to say of it
    with suppress(UnusualError, *fast_reader.STUMBLES):
        return fast_reader.extract(data, *known)
    from harvest.reading.fields import carve, pikepdf_reader, pypdf_reader  # noqa: PLC0415 - they load heavy libraries

    raw = Raw(pages=0, fields=())
    try:
        raw = pikepdf_reader.extract(data, passwords, *known)
        if raw.ours or (raw.pages and not _is_damaged(raw)):
            return raw
    except PasswordNeededError:
        maker = handler_of(data)
        named = problem("encrypted", Severity.LOST)
        if maker:
            named = problem("rights-protected", Severity.LOST, by=maker)
        return replace(raw, problems=(named,))
    except UnreadableError:
        pass
    for by in (pypdf_reader.extract, carve.extract):
        with suppress(PasswordNeededError, UnreadableError):
            other = by(data, passwords)
            if other.ours:
                return _damaged(other)
    return _damaged(raw)


def _is_damaged(raw: Raw) -> bool:
    return any(found.code == "damaged" for found in raw.problems)


def _damaged(raw: Raw) -> Raw:
    """`raw`, saved out of a file that has no sound structure: no PDF is without pages."""
    others = [found for found in raw.problems if found.code != "damaged"]
    severity = Severity.CHECK if raw.fields else Severity.LOST
    return replace(
        raw, problems=(*others, problem("damaged", severity, pages=raw.pages, fields=len(raw.fields)))
    )
