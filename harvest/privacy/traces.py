"""Where a person or partner is mentioned in a workspace's files. Reads only."""

from __future__ import annotations

import email
import email.policy
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from harvest import formats
from harvest.privacy.who import Who
from harvest.register.text import encoding_of
from spec.workspace import Workspace

#: Strangers' files, which only a worker opens.
_STRANGE = frozenset({formats.PDF, *formats.MIME})
_LARGEST = 200 * 1024 * 1024
_TAGS = re.compile(r"<[^>]*>")
_VALUES = re.compile(r'="([^"]*)"')
#: files of ours that are copies of what stands elsewhere, and go as a whole
_COPIES = (re.compile(r"register \(.*\)\.xlsx"), re.compile(r"ledger \d{4}-.*\.sqlite(-journal)?"))


# ---------------------------------------------------------------- files


def copies(workspace: Workspace) -> Iterator[Path]:
    """Files that repeat what stands in the register or ledger: backups, side files, damaged ledgers, what was read again."""
    for folder in (workspace.backups, workspace.reread):
        if folder.is_dir():
            yield from (path for path in sorted(folder.iterdir()) if path.is_file())
    for path in sorted(workspace.root.iterdir()):
        if path.is_file() and any(pattern.fullmatch(path.name) for pattern in _COPIES):
            yield path


def mentions(workspace: Workspace, who: Who, without: frozenset[Path]) -> Iterator[Path]:
    """Other files that name them: lists, mails, what people wrote into the register themselves."""
    skipped = {workspace.ledger, *without}
    # strangers' files are opened by a worker only, and what they hold stands in the ledger
    strange = (workspace.returns, workspace.originals)
    for path in sorted(workspace.root.rglob("*")):
        if path in skipped or not path.is_file():
            continue
        if path.suffix in _STRANGE and any(folder in path.parents for folder in strange):
            continue
        if who.mentioned(path.stem) or who.mentioned(text_of(path)):
            yield path


def text_of(path: Path) -> str:
    """The text of a file, as far as it is one; what is packed in it is unpacked. For files of ours, not strangers'."""
    try:
        if path.stat().st_size > _LARGEST:
            return ""
        data = path.read_bytes()
        return "\n".join(_texts(data, path.suffix.lower()))
    except OSError:
        return ""


def _texts(data: bytes, suffix: str) -> Iterator[str]:
    if data.startswith(b"%PDF"):
        yield from _pdf(data)
    elif data.startswith(b"PK\x03\x04"):
        yield from _package(data)
    elif suffix == ".eml":
        yield from _mail(data)
    else:
        text = data.decode("utf-8", "replace")
        yield from _untagged(text) if suffix == ".html" else (text,)


def _package(data: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for item in package.infolist():
                if item.file_size <= _LARGEST:
                    part = package.read(item)
                    text = part.decode(encoding_of(part), "replace")
                    yield from _untagged(text)
                    # links, names of sheets, authors of comments; a sheet's cells have none that people write
                    for value in _VALUES.findall(text) if "/worksheets/sheet" not in item.filename else ():
                        yield unquote(unescape(value))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return


def _untagged(text: str) -> Iterator[str]:
    """A tag may part two cells, or stand in the middle of a word that is half bold."""
    yield unescape(_TAGS.sub(" ", text))
    yield unescape(_TAGS.sub("", text))


def _mail(data: bytes) -> Iterator[str]:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    for part in mail.walk():
        yield "\n".join(map(str, part.values()))
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield from _texts(content, ".html" if part.get_content_subtype() == "html" else "")


def _pdf(data: bytes) -> Iterator[str]:
    """Strings, streams and what stands on the pages: fonts of ours number their signs."""
    import pikepdf  # noqa: PLC0415 - heavy libraries, loaded when the first PDF is opened

    with warnings.catch_warnings():
        # pypdfium2 reads its own version file in the computer's encoding
        warnings.simplefilter("ignore", EncodingWarning)
        import pypdfium2  # noqa: PLC0415

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for one in pdf.objects:
                yield from _strings(one)
        document = pypdfium2.PdfDocument(data)
        try:
            for page in document:
                text = page.get_textpage()
                yield text.get_text_bounded()
                text.close()
                page.close()
        finally:
            document.close()
    except (pikepdf.PdfError, pypdfium2.PdfiumError, OSError):
        yield data.decode("latin-1")


def _strings(one: Any) -> Iterator[str]:
    import pikepdf  # noqa: PLC0415 - see _pdf()

    if isinstance(one, pikepdf.String):
        yield str(one)
    elif isinstance(one, pikepdf.Array):
        for part in one.as_list():
            if not getattr(part, "is_indirect", False):
                yield from _strings(part)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        for part in (
            one.as_dict().values() if isinstance(one, pikepdf.Dictionary) else dict(one.items()).values()
        ):
            if not getattr(part, "is_indirect", False):
                yield from _strings(part)
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image":
            yield bytes(one.read_bytes()).decode("utf-8", "replace")
