"""Where a person or partner is mentioned in a workspace's files. Reads only."""

from __future__ import annotations

import email
import email.policy
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from harvest import formats
from harvest.register.text import encoding_of
from spec.errors import WrongInputError
from spec.workspace import Workspace

#: Strangers' files, which only a worker opens.
_STRANGE = frozenset({formats.PDF, *formats.MIME})
_SHORTEST = 3
_LARGEST = 200 * 1024 * 1024
_TAGS = re.compile(r"<[^>]*>")
_VALUES = re.compile(r'="([^"]*)"')
#: files of ours that are copies of what stands elsewhere, and go as a whole
_COPIES = (re.compile(r"register \(.*\)\.xlsx"), re.compile(r"ledger \d{4}-.*\.sqlite(-journal)?"))


@dataclass(frozen=True, slots=True)
class Who:
    """A name, address or number to be forgotten, however it is spaced and whatever its case."""

    text: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> Who:
        """Whom a text names.

        Raises:
            WrongInputError: the text is so short that it would be found everywhere.
        """
        words = unicodedata.normalize("NFC", text).split()
        if not long_enough(text):
            raise WrongInputError(
                text, "This is too short: it would be found everywhere.", "Name the whole name or address."
            )
        return cls(" ".join(words), re.compile(_spellings(" ".join(words)), re.IGNORECASE))

    def also(self, texts: Iterable[str]) -> Who:
        """The same, and these; those that are too short to be anybody's are left out."""
        more = [
            _spellings(unicodedata.normalize("NFC", " ".join(text.split())))
            for text in texts
            if long_enough(text)
        ]
        # the longest first: an address is not cut in two by a name that it holds
        patterns = sorted({self.pattern.pattern, *more}, key=lambda one: (-len(one), one))
        return Who(self.text, re.compile("|".join(patterns), re.IGNORECASE))

    def named(self, text: str) -> bool:
        """Whether `text` is this name and nothing else."""
        return self.pattern.fullmatch(" ".join(text.split())) is not None

    def mentioned(self, text: str) -> bool:
        """Whether it stands somewhere in `text`."""
        return self.pattern.search(text) is not None


def long_enough(text: str) -> bool:
    """Whether it can be somebody's: what is shorter is found everywhere."""
    return len("".join(unicodedata.normalize("NFC", text).split())) >= _SHORTEST


# ---------------------------------------------------------------- spellings

#: What people, files and keyboards put between the words of a name.
_BETWEEN = r"(?:[\s_.+·-]|%20)+"
#: What breaks a word without being seen: soft hyphens, zero-width signs, a hyphen at the end of a line.
_UNSEEN = "[\u00ad\u200b-\u200d\u2060\ufeff]*"
_BREAK = rf"{_UNSEEN}(?:[-\u2010]\s*\n\s*)?"
_START, _END = r"(?<![^\W_])", r"(?![^\W_]|[\u0300-\u036f])"
#: Spellings of one sound, the longer ones first.
_ALIKE = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
_NUMBER = re.compile(r"\+?[\d\s()/.\u2010-\u2015-]+")
_FEWEST_DIGITS = 6
_NUMBERS_SIGNS = r"[\s()/.\u00a0\u2010-\u2015-]*"


def _spellings(text: str) -> str:
    """A pattern for a name, address or number however it is spaced, and however its umlauts are written."""
    if _NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS:
        return _number(text)
    words = text.split()
    edges = (_START if _spaced(text[0]) else "", _END if _spaced(text[-1]) else "")
    pattern = f"{edges[0]}{_BETWEEN.join(map(_word, words))}{edges[1]}"
    if len(words) == 2 and all(map(str.isalnum, "".join(words))):
        # "Wegmann, Ida" is in every list
        last_first = rf"{_word(words[1])}\s*,\s*{_word(words[0])}"
        pattern = f"(?:{pattern}|{_START}{last_first}{_END})"
    return pattern


def _spaced(sign: str) -> bool:
    """Whether words that begin or end with this sign stand apart from others; Chinese ones do not."""
    return sign.isalnum() and unicodedata.east_asian_width(sign) != "W"


def _word(word: str) -> str:
    """Letter by letter; an umlaut may be one sign, two signs or two letters."""
    parts, rest = [], word
    while rest:
        for alike in _ALIKE:
            found = next((one for one in alike if rest.casefold().startswith(one)), None)
            if found:
                spelt = dict.fromkeys(
                    form for one in alike for form in (one, unicodedata.normalize("NFD", one))
                )
                parts.append(f"(?:{'|'.join(spelt)})")
                rest = rest[len(found) :]
                break
        else:
            forms = dict.fromkeys((rest[0], unicodedata.normalize("NFD", rest[0])))
            one = "|".join(map(re.escape, forms))
            parts.append(f"(?:{one})" if len(forms) > 1 else one)
            rest = rest[1:]
    return _BREAK.join(parts)


def _number(text: str) -> str:
    """A telephone number with or without Germany's code, however it is grouped."""
    digits = "".join(filter(str.isdigit, text))
    national = next(
        (
            digits[len(code) :]
            for code in ("0049", "49" if text.lstrip().startswith("+") else "0049", "0")
            if digits.startswith(code)
        ),
        None,
    )
    if national is None:
        return rf"(?<!\d)\+?{_NUMBERS_SIGNS.join(digits)}(?!\d)"
    national = national.removeprefix("0") if digits.startswith(("0049", "49")) else national
    code = rf"(?:(?:\+|(?<!\d)00){_NUMBERS_SIGNS}4{_NUMBERS_SIGNS}9{_NUMBERS_SIGNS}(?:0{_NUMBERS_SIGNS})?|(?<!\d)0{_NUMBERS_SIGNS})"
    return rf"{code}{_NUMBERS_SIGNS.join(national)}(?!\d)"


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
