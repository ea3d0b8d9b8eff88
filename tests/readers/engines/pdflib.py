"""pdf-lib, with which many web services fill forms."""

from collections.abc import Collection, Mapping
from pathlib import Path

from tests.readers.engines.base import Engine, order
from tests.readers.engines.node import package_version, script


class PdfLib(Engine):
    """Draws with Helvetica of its own; where that lacks a character, the values are saved undrawn."""

    name = "pdf-lib"
    label = "web services (pdf-lib)"

    def version(self) -> str:
        return package_version(self.name, "pdf-lib")

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        script(self.name, "pdflib.mjs", order(source, values, target, checks))
