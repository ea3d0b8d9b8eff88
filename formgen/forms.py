"""The form that a command is about."""

from __future__ import annotations

from pathlib import Path

from spec.form.load import default_form, load_form
from spec.form.model import Form


def chosen_form(spec: Path | None) -> Form:
    """The form in `spec`, a workbook or TOML, as its name says; None: the built-in checklists.

    Raises:
        SpecError: the file can't be read or has faults; all of them are listed.
    """
    if spec is None:
        return default_form()
    if spec.suffix.lower() == ".xlsx":
        from formgen.spec_xlsx import load_xlsx  # noqa: PLC0415  a TOML file does not wait for openpyxl

        return load_xlsx(spec)
    return load_form(spec)
