"""TOML -> Form. Every fault of a file is told at once, with place and remedy.

Places count tables and items from 1, as people do: `sections[1].categories[3].key`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from spec.errors import Fault, SpecError
from spec.findings import Finding, findings_of
from spec.model import Form
from spec.positions import line_at, positions
from spec.rules import Path

DEFAULT_FORM = "migration_psychiatrie.toml"
#: A questionnaire of a hundred categories has some 100 kB; more is another file that was named by mistake.
LARGEST = 1_000_000
_MOST_SPELLING_FAULTS = 20
_ENTRY = re.compile(r"""\s*([A-Za-z0-9_.-]+|"[^"]*")[ \t]*=[ \t]*""")
_LEADS_ON = re.compile(r"\"\"\"|'''|[\[{,]\s*$")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


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
    read = _read(text.removeprefix("\ufeff"), name)
    faults = list(read.faults)
    if read.tables is None:
        raise SpecError.of(faults)
    form, found = findings_of(read.tables)
    lines = positions(read.text)
    faults += [_fault(finding, name, lines) for finding in found if finding.lacks not in read.left_out]
    if form is None or faults:
        raise SpecError.of(sorted(faults, key=_line_of))
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
        reason = error.strerror or type(error).__name__
        raise SpecError(str(path), f"The file can't be read ({reason}).", "Check its permissions.") from error
    if len(data) > LARGEST:
        size = f"The file is larger than {LARGEST // 1000} kB."
        raise SpecError(str(path), size, "Name a form's TOML file; a form takes a tenth of that.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"{path.name}, line {line}"
        raise SpecError(place, "The file is not UTF-8.", "Save it with the encoding UTF-8.") from None


@dataclass(frozen=True, slots=True)
class _Read:
    """What `tomllib` made of a text.

    Attributes:
        tables: None where nothing can be relied on.
        text: what the tables were read from.
        left_out: names of entries whose value could not be read; they are not missing as well.
    """

    tables: dict[str, Any] | None
    text: str
    faults: tuple[Fault, ...]
    left_out: frozenset[str]


def _read(text: str, name: str) -> _Read:
    """Read the tables and tell every fault of spelling.

    A line whose value can't be read is told and then left out, so that the rest is looked at, too.
    After anything else (a bracket that never closes, a table twice) nothing can be relied on.
    """
    faults: list[Fault] = []
    left_out: set[str] = set()
    while True:
        try:
            return _Read(tomllib.loads(text), text, tuple(faults), frozenset(left_out))
        except RecursionError:
            fault = Fault(name, "Brackets are nested too deeply.", "Compare with the form that comes along.")
            return _Read(None, text, (*faults, fault), frozenset())
        except tomllib.TOMLDecodeError as error:
            line, column, reason = _where(str(error), text)
        content = text.split("\n")
        entry = _ENTRY.match(content[line - 1])
        if entry and column <= entry.end():
            entry = None  # what is wrong stands before the value, or in the lines above
        faults.append(_spelling(name, line, column, reason, entry[1] if entry else ""))
        leads_on = _LEADS_ON.search(content[line - 1])
        if entry is None or leads_on or len(faults) >= _MOST_SPELLING_FAULTS:
            return _Read(None, text, tuple(faults), frozenset())
        left_out.add(entry[1].split(".")[-1])
        content[line - 1] = ""
        text = "\n".join(content)


def _where(message: str, text: str) -> tuple[int, int, str]:
    if at := _AT.search(message):
        return int(at[1]), int(at[2]), message[: at.start()]
    return text.count("\n") + 1, 1, message.removesuffix(" (at end of document)")


def _spelling(name: str, line: int, column: int, reason: str, key: str) -> Fault:
    place = f"{name}, line {line}, column {column}"
    if reason.startswith("Cannot overwrite"):
        fault = f"The entry `{key}` stands here a second time." if key else "This stands here a second time."
        return Fault(place, fault, "Keep one of the two.")
    if reason.startswith("Cannot declare"):
        return Fault(place, "This table stands here a second time.", "Keep one, or write [[...]] for a list.")
    if key and reason.startswith(("Invalid value", "Illegal character", "Unescaped", "Expected newline")):
        remedy = 'Put text in quotes, like "this"; inside it, write \\" for a quote.'
        return Fault(place, f"The value of `{key}` can't be read.", remedy)
    fault = f"This is not valid TOML: {reason}."
    return Fault(place, fault, "Check quotes, brackets and commas here and just above.")


def _fault(finding: Finding, name: str, lines: Mapping[Path, int]) -> Fault:
    fault = finding.fault
    if finding.first is not None:
        fault += f" It stands first in {_place('', finding.first, lines)}."
    return Fault(_place(name, finding.path, lines), fault, finding.remedy)


def _place(name: str, path: Path, lines: Mapping[Path, int]) -> str:
    line = line_at(lines, path)
    spelt = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    return ", ".join(part for part in (name, f"line {line}" if line else "", spelt) if part)


def _line_of(fault: Fault) -> int:
    match = re.search(r", line (\d+)", fault.place)
    return int(match[1]) if match else 0
