"""Where a person or partner is mentioned in a workspace's files. Reads only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from spec.errors import WrongInputError
from spec.workspace import Workspace

_SHORTEST = 3
_LARGEST = 200 * 1024 * 1024
_TAGS = re.compile(r"<[^>]*>")
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
        words = text.split()
        if len("".join(words)) < _SHORTEST:
            raise WrongInputError(
                text, "This is too short: it would be found everywhere.", "Name the whole name or address."
            )
        edges = (r"(?<!\w)" if words[0][0].isalnum() else "", r"(?!\w)" if words[-1][-1].isalnum() else "")
        inside = r"\s+".join(map(re.escape, words))
        return cls(" ".join(words), re.compile(f"{edges[0]}{inside}{edges[1]}", re.IGNORECASE))

    def named(self, text: str) -> bool:
        """Whether `text` is this name and nothing else."""
        return self.pattern.fullmatch(" ".join(text.split())) is not None

    def mentioned(self, text: str) -> bool:
        """Whether it stands somewhere in `text`."""
        return self.pattern.search(text) is not None


def copies(workspace: Workspace) -> Iterator[Path]:
    """Files that repeat what stands in the register or ledger: backups, side files, damaged ledgers."""
    if workspace.backups.is_dir():
        yield from (path for path in sorted(workspace.backups.iterdir()) if path.is_file())
    for path in sorted(workspace.root.iterdir()):
        if path.is_file() and any(pattern.fullmatch(path.name) for pattern in _COPIES):
            yield path


def mentions(workspace: Workspace, who: Who, without: frozenset[Path]) -> Iterator[Path]:
    """Other files that name them: lists, mails, what people wrote into the register themselves."""
    skipped = {workspace.ledger, *without}
    for path in sorted(workspace.root.rglob("*")):
        if path.is_file() and path not in skipped and who.mentioned(_text(path)):
            yield path


def _text(path: Path) -> str:
    """The text of a file, as far as it is one; a workbook's is that of its parts."""
    try:
        if path.stat().st_size > _LARGEST or path.suffix == ".pdf":
            return ""
        if path.suffix in {".xlsx", ".xlsm"}:
            with zipfile.ZipFile(path) as package:
                parts = (
                    package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))
                )
                return "\n".join(unescape(_TAGS.sub("", part.decode("utf-8", "replace"))) for part in parts)
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return ""
