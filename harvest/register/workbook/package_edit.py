"""What an update puts over a workbook's package: parts written anew, parts that go; all others stay as they are."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from harvest.register.errors import NotAWorkbookError
from harvest.register.view.overflow_texts import stamp
from harvest.register.xlsx.normalize_xml import plain
from harvest.register.xlsx.package import Package
from harvest.register.xlsx.part_names import in_strict
from harvest.register.xlsx.sheet_layout import DECLARATION
from harvest.register.xlsx.zip_writer import ZipWriter

_DECLARED = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>\s*")


class Overlay:
    """Parts by their names in the package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self._plain: dict[str, str] = {}

    def text(self, name: str) -> str:
        """A part as it is now, in the usual spelling of XML."""
        if name in self.parts:
            return self.parts[name].decode()
        if name not in self._plain:
            self._plain[name] = self._in_plain(name)
        return self._plain[name]

    def _in_plain(self, name: str) -> str:
        text = self.package.text(name)
        with suppress(NotAWorkbookError):  # legacy drawings need not be well-formed
            return plain(text, name)
        return text

    def change(self, name: str, text: str) -> None:
        """Put `text` in a part's place, if it says anything else."""
        if text != self.text(name):
            self.parts[name] = redeclared(text).encode()

    def free_sheet(self) -> str:
        """A name for a new sheet's part."""
        parts = (f"xl/worksheets/sheet{number}.xml" for number in count(1))
        return next(part for part in parts if part not in self.package.infos and part not in self.parts)

    def write(self, out: Path, made_at: datetime) -> None:
        """Write the whole package; parts that it did not have bear the time `made_at`.

        Raises:
            OSError: a file can't be read or written.
        """
        with out.open("wb") as stream:
            writer = ZipWriter(stream)
            for name, info in self.package.infos.items():
                if name in self.dropped:
                    continue
                if name in self.parts:
                    writer.add(name, self.parts[name], info.date_time)
                else:
                    writer.copy(info, self.package.raw(info))
            for name, data in self.parts.items():
                if name not in self.package.infos:
                    writer.add(name, in_strict(data) if self.package.strict else data, stamp(made_at))
            writer.close()


def redeclared(xml: str) -> str:
    """The text under the XML declaration that all parts of ours have."""
    return _DECLARED.sub(lambda _: DECLARATION, xml, count=1)
