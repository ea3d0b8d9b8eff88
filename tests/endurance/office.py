"""An office that is worked in from outside: each command is a process of its own, as a person starts it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.harvest.offices import COLUMNS, ENTRIES, Office, filled, sheet_rows

ROOT = Path(__file__).parents[2]
#: A command that takes longer hangs, on a busy computer too.
HANGS_AFTER = 300.0
FACILITIES = (
    "Haus Nord, Weg 1, 52062 Aachen", "Haus Nord", "Haus Süd", "Haus Sued e.V.", "Wohngruppe 1", "Wohngruppe 2", "Дім",
)  # fmt: skip
HEADINGS = dict(zip(COLUMNS, ("Einrichtung (Formular)", "Kontakt"), strict=True))


class LostError(AssertionError):
    """What must not happen has happened."""


def command(program: str, *words: str) -> list[str]:
    """The command line that starts `harvest` or `formgen` of this checkout."""
    start = f"from {program}.cli import main; main()"
    return [sys.executable, "-c", start, *words]


def environment() -> dict[str, str]:
    """That of this process, in English, with this checkout before all others."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "FORMGEN_LANG": "en"}


def call(workspace: Path, *words: str, codes: frozenset[int] = frozenset({0, 1})) -> str:
    """Run `harvest` on a workspace; what it printed.

    Raises:
        LostError: it ended with another code than these, or did not end.
    """
    line = command("harvest", *words, "--workspace", str(workspace))
    try:
        done = subprocess.run(
            line, capture_output=True, text=True, check=False, timeout=HANGS_AFTER, env=environment()
        )
    except subprocess.TimeoutExpired:
        raise LostError(f"{' '.join(words)} hangs") from None
    if done.returncode not in codes:
        raise LostError(f"{' '.join(words)}: exit {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def exported(workspace: Path) -> list[dict[str, Any]]:
    """The entries, as the command exports them."""
    found: list[dict[str, Any]] = json.loads(call(workspace, "export", "--format", "json"))
    return found


def changed(workspace: Path) -> bool:
    """Run once more; whether there was anything left to do."""
    return bool(json.loads(call(workspace, "run", "--json"))["changed"])


def a_return(chance: random.Random, number: int) -> tuple[str, bytes, int, list[str]]:
    """A return: its file's name, bytes and day, and the texts that stand in it."""
    rows = {
        category: [
            (chance.choice(FACILITIES), f"Kontakt {number}.{row}") for row in range(chance.randint(1, 4))
        ]
        for category in chance.sample(("wohnheim", "praxis"), chance.randint(1, 2))
    }
    day = chance.randint(1, 20)
    texts = [contact for listed in rows.values() for _, contact in listed]
    return f"{number}.pdf", filled(chance.choice("ABC"), rows, day), day, texts


def write_cell(office: Office, identity: str, column: str, text: str) -> None:
    """Somebody types into the register."""
    book = office.book()
    columns, rows = sheet_rows(book[ENTRIES])
    book[ENTRIES].cell(rows[identity], columns[HEADINGS[column]]).value = text
    book.save(office.workspace.register)


def prepared(root: Path, chance: random.Random) -> Office:
    """A register that somebody corrected, and new returns that wait."""
    office = Office.at(root)
    for number in range(3):
        office.drop(*a_return(chance, number)[:3])
    call(root, "run")
    first = next(entry for entry in exported(root) if not entry["nil"])
    write_cell(office, first["id"], "kontakt", "von Hand")
    for number in range(3, 8):
        office.drop(*a_return(chance, number)[:3])
    return office
