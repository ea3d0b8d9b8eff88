"""TOML -> raw tables, with every fault of spelling told by line. Knows neither forms nor settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spec.console.said import said
from spec.errors import Fault
from spec.form.positions import line_at
from spec.form.rules import Path

_MOST_SPELLING_FAULTS = 20
_ENTRY = re.compile(r"""\s*([A-Za-z0-9_.-]+|"[^"]*")[ \t]*=[ \t]*""")
_LEADS_ON = re.compile(r"\"\"\"|'''|[\[{,]\s*$")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Tables:
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


def read_tables(text: str, name: str) -> Tables:
    """Read the tables and tell every fault of spelling.

    A line whose value can't be read is told and then left out, so that the rest is looked at, too.
    After anything else (a bracket that never closes, a table twice) nothing can be relied on.
    """
    faults: list[Fault] = []
    left_out: set[str] = set()
    while True:
        try:
            return Tables(tomllib.loads(text), text, tuple(faults), frozenset(left_out))
        except RecursionError:
            fault = Fault(name, "Brackets are nested too deeply.", "Compare with the form that comes along.")
            return Tables(None, text, (*faults, fault), frozenset())
        except tomllib.TOMLDecodeError as error:
            line, column, reason = _where(str(error), text)
        content = text.split("\n")
        entry = _ENTRY.match(content[line - 1])
        if entry and column <= entry.end():
            entry = None  # what is wrong stands before the value, or in the lines above
        faults.append(_spelling(name, line, column, reason, entry[1] if entry else ""))
        leads_on = _LEADS_ON.search(content[line - 1])
        if entry is None or leads_on or len(faults) >= _MOST_SPELLING_FAULTS:
            return Tables(None, text, tuple(faults), frozenset())
        left_out.add(entry[1].split(".")[-1])
        content[line - 1] = ""
        text = "\n".join(content)


def _where(message: str, text: str) -> tuple[int, int, str]:
    if at := _AT.search(message):
        return int(at[1]), int(at[2]), message[: at.start()]
    return text.count("\n") + 1, 1, message.removesuffix(" (at end of document)")


def _spelling(name: str, line: int, column: int, reason: str, key: str) -> Fault:
    place = said("{name}, line {line}, column {column}", name=name, line=line, column=column)
    if reason.startswith("Cannot overwrite"):
        fault = (
            said("The entry `{key}` stands here a second time.", key=key)
            if key
            else "This stands here a second time."
        )
        return Fault(place, fault, "Keep one of the two.")
    if reason.startswith("Cannot declare"):
        return Fault(place, "This table stands here a second time.", "Keep one, or write [[...]] for a list.")
    if key and reason.startswith(("Invalid value", "Illegal character", "Unescaped", "Expected newline")):
        remedy = 'Put text in quotes, like "this"; inside it, write \\" for a quote.'
        return Fault(place, said("The value of `{key}` can't be read.", key=key), remedy)
    fault = said("This is not valid TOML: {reason}.", reason=reason)
    return Fault(place, fault, "Check quotes, brackets and commas here and just above.")


def place_of(name: str, path: Path, lines: Mapping[Path, int]) -> str:
    """File, line and entry: `forms.toml, line 7, sections[1].title`."""
    line = line_at(lines, path)
    spelt = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    parts = {"name": name, "line": said("line {line}", line=line) if line else "", "entry": spelt}
    given = {key: part for key, part in parts.items() if part}
    return said(", ".join(f"{{{key}}}" for key in given), **given)


def line_of(fault: Fault) -> int:
    """The line that a fault's place names, 0 without one; for sorting."""
    match = re.search(r", line (\d+)", fault.place)
    return int(match[1]) if match else 0
