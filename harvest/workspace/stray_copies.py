"""Copies of the register beside it in which somebody seems to work: they are not read, and that is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from harvest.model import Problem, Severity

_WORKBOOKS = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".ods", ".fods", ".ots", ".numbers"}
)
#: As browsers, Explorer, OneDrive (`register-LAPTOP-7`), Dropbox, Nextcloud and Drive call a second copy.
_COPY = r"(?:(?i:kopie von |copy of ))?{stem}(?:\s?\(.*\)|[ _-]+(?i:kopie|copy|konflikt|conflict).*|-[A-Z0-9][A-Z0-9-]{{2,}})?"
_OWN = re.compile(r"\(neu \d{4}-\d\d-\d\d \d{6}\)")
_LATER = 2.0  # seconds: some file systems count no finer


def beside(register: Path) -> Iterator[Problem]:
    """A problem for each copy, or file of another format, that was changed after the register itself."""
    written = register.stat().st_mtime if register.exists() else 0.0
    name = re.compile(_COPY.format(stem=f"(?i:{re.escape(register.stem)})"))
    with suppress(OSError):
        for path in sorted(register.parent.iterdir()):
            if path.suffix.lower() not in _WORKBOOKS or path.name == register.name:
                continue
            if (
                name.fullmatch(path.stem)
                and not _OWN.search(path.stem)
                and path.stat().st_mtime > written + _LATER
            ):
                details = (("register", register.name),)
                yield Problem("register-beside", Severity.CHECK, path.name, details)
