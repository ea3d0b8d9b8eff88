"""TOML -> Form. Every fault of a file is told at once, with place and remedy.

Places count tables and items from 1, as people do: `sections[1].categories[3].key`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path as FilePath

from spec.console.said import refusal, said
from spec.errors import Fault, SpecError
from spec.form.findings import Finding, findings_of
from spec.form.model import Form
from spec.form.positions import positions
from spec.form.rules import Path
from spec.form.tables import line_of, place_of, read_tables

DEFAULT_FORM = "migration_psychiatrie.toml"
#: A questionnaire of a hundred categories has some 100 kB; more is another file that was named by mistake.
LARGEST = 1_000_000


def default_form() -> Form:
    """The seed's checklists, as they come with the product."""
    return form_of(default_text(), DEFAULT_FORM)


def default_text() -> str:
    """The TOML of the default form, comments included: what somebody copies to make a form of their own."""
    return resources.files("spec.forms").joinpath(DEFAULT_FORM).read_text(encoding="utf-8")


def load_form(path: FilePath) -> Form:
    """The form in the TOML file `path`.

    Raises:
        SpecError: the file can't be read or has faults; all of them are listed.
    """
    return form_of(_text(path), path.name)


def check(path: FilePath) -> list[Fault]:
    """Every fault of the TOML file `path`; an empty list means that `load_form` will succeed."""
    try:
        load_form(path)
    except SpecError as error:
        return list(error.faults)
    return []


def form_of(text: str, name: str) -> Form:
    """The form that the TOML `text` spells; `name` is what faults call the file.

    Raises:
        SpecError: with every fault.
    """
    read = read_tables(text.removeprefix("\ufeff"), name)
    faults = list(read.faults)
    if read.tables is None:
        raise SpecError.of(faults)
    form, found = findings_of(read.tables)
    lines = positions(read.text)
    faults += [_fault(finding, name, lines) for finding in found if finding.lacks not in read.left_out]
    if form is None or faults:
        raise SpecError.of(sorted(faults, key=line_of))
    return form


def _text(path: FilePath) -> str:
    if path.is_dir():
        raise SpecError(str(path), "This is a folder, not a file.", "Name the form's TOML file.")
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"}:
        raise SpecError(str(path), "This is a workbook, not TOML.", "Name a TOML file here.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise SpecError(str(path), "There is no such file.", "Check the path.") from None
    except OSError as error:
        reason = refusal(error)
        raise SpecError(
            str(path), said("The file can't be read ({reason}).", reason=reason), "Check its permissions."
        ) from error
    if len(data) > LARGEST:
        size = said("The file is larger than {limit} kB.", limit=LARGEST // 1000)
        raise SpecError(str(path), size, "Name a form's TOML file; a form takes a tenth of that.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = said("{path}, line {line}", path=path.name, line=line)
        raise SpecError(place, "The file is not UTF-8.", "Save it with the encoding UTF-8.") from None


def _fault(finding: Finding, name: str, lines: Mapping[Path, int]) -> Fault:
    first = place_of("", finding.first, lines) if finding.first else None
    return Fault(place_of(name, finding.path, lines), finding.told(first), finding.remedy)
