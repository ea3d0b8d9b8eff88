"""pypdf, the library of many Python services."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pypdf

from tests.readers.engines.base import Engine, refuse_unknown
from tests.readers.read_back import on_states


class PyPdf(Engine):
    """Writes values and appearances, and saves anew."""

    name = "pypdf"
    label = "services in Python (pypdf)"

    def version(self) -> str:
        return f"pypdf {pypdf.__version__}"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        writer = pypdf.PdfWriter(clone_from=source)
        refuse_unknown(self.name, {*values, *checks}, list(writer.get_fields() or ()))
        states = on_states(source)
        entries: dict[str, str | list[str] | tuple[str, str, float]] = {
            **values,
            **{name: f"/{states[name]}" for name in checks},
        }
        for page in writer.pages:
            writer.update_page_form_field_values(page, entries, auto_regenerate=False)
        writer.write(target)
