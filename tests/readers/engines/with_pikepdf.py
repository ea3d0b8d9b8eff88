"""pikepdf (qpdf), a library that repairs as it opens."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pikepdf
from pikepdf.form import CheckboxField, Form, TextField

from tests.readers.engines.base import Engine, FillError


class PikePdf(Engine):
    """Writes values without appearances and asks the next reader to draw them (NeedAppearances)."""

    name = "pikepdf"
    label = "services in Python (pikepdf, qpdf)"

    def version(self) -> str:
        return f"pikepdf {pikepdf.__version__} (qpdf {pikepdf.__libqpdf_version__})"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        with pikepdf.Pdf.open(source) as pdf:
            form = Form(pdf)
            for name, value in values.items():
                field = self._field(form, name)
                if not isinstance(field, TextField):
                    raise FillError(f"{self.name}: {name} takes no text")
                field.value = value
            for name in checks:
                field = self._field(form, name)
                if not isinstance(field, CheckboxField):
                    raise FillError(f"{self.name}: {name} is no checkbox")
                field.checked = True
            pdf.save(target)

    def _field(self, form: Form, name: str) -> object:
        try:
            return form[name]
        except KeyError:
            raise FillError(f"{self.name}: no such field: {name}") from None
