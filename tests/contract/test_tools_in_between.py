"""Returns that a tool joined, renamed, flattened, stamped, protected or drew on: what each says, read alone and through a run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

import harvest
from harvest.commands.run import Request, harvest_returns
from spec.workspace import Workspace
from tests.specimens.form import HERE

CASES = HERE / "cases"
PASSWORD = "Straße2026"


class Right(NamedTuple):
    """What a return says: texts by cell, nil returns, what is told of it; how many cells a person is to look at.

    `second`: the texts of the second answer in the same file; `shown`: what a cell shows beside what it stores.
    """

    texts: dict[str, str]
    told: tuple[str, ...] = ()
    checks: int = 0
    nil: tuple[str, ...] = ()
    reporters: frozenset[str] = frozenset({"Träger Nord"})
    second: Mapping[str, str] = MappingProxyType({})
    shown: frozenset[str] = frozenset()

    @property
    def columns(self) -> dict[str, set[str]]:
        """Category and column -> texts."""
        found: dict[str, set[str]] = {}
        for cell, text in (*self.texts.items(), *self.second.items()):
            category, _, column = cell.split("_")
            found.setdefault(f"{category}_{column}", set()).add(text)
        return found


SOUTH = {"kontaktstelle_r01_einrichtung": "Haus Süd"}
WEST = {"kontaktstelle_r01_einrichtung": "Haus West"}
OST, NORD = frozenset({"Verein Ost"}), frozenset({"Träger Nord"})
#: A page with two rows, as it was printed.
PRINTED = {
    "kontaktstelle_r01_einrichtung": "Haus Süd, Weg 1",
    "kontaktstelle_r01_kontakt": "Frau Öztürk, 030 123",
    "kontaktstelle_r02_einrichtung": "Haus Nord",
}
TYPED = {
    f"{category}_r01_{column}": text
    for category in ("kontaktstelle", "betreutes-wohnen")
    for column, text in {
        "einrichtung": "Haus Morgenrot\nAm Markt 5, 52062 Aachen",
        "erfahrung": "Türkisch und Arabisch im Team",
        "kontakt": "Frau Yıldız, 0241 555012",
        "verabredung": "Treffen im Mai",
        "datum": "12.11.2026 YZ",
    }.items()
}
UNREAD = Right(PRINTED, ("ocr-nothing",), 4)

RIGHT: dict[str, Right] = {
    "appearance-newer-than-value": Right(
        {"kontaktstelle_r01_kontakt": "Herr Alt, 040 9"},
        ("shown-otherwise",),
        1,
        reporters=frozenset(),
        shown=frozenset({"Frau Neu, 030 123"}),
    ),
    "callout-note": Right({**SOUTH, "kontaktstelle_r01_kontakt": "Frau Öztürk, 030 123"}, checks=1),
    "flat-ink-cairo": UNREAD,
    "flat-ink-ghostscript": UNREAD,
    "flat-ink-strokes": UNREAD,
    "flat-picture-in-cell": UNREAD,
    "flat-values-as-outlines": Right(
        {
            "kontaktstelle_r01_einrichtung": "Haus Süd, Weg 1",
            "kontaktstelle_r01_kontakt": "Frau Alt 030 1",
        },
        checks=2,
        reporters=frozenset(),
    ),
    "ink-across-two-cells": Right(SOUTH, ("ocr-nothing",), 2),
    "joined-by-pdfbox": Right(SOUTH, second=WEST, reporters=NORD | OST),
    "joined-renamed-by-sejda": Right({**SOUTH, "betreutes-wohnen_r01_einrichtung": "WG Mitte"}),
    "nil-cross-beyond-box": Right(SOUTH, nil=("kontaktstelle",)),
    "nil-ink-over-flat": Right({}, nil=("kontaktstelle",)),
    "nil-says-nein-pdftk": Right({}, checks=1),
    "note-in-hidden-layer": Right(PRINTED, ("hidden-note",)),
    "own-field-beside": Right(SOUTH, ("note-outside",)),
    "own-field-over-cell": Right({**SOUTH, "kontaktstelle_r01_kontakt": "Frau Öztürk, 030 123"}),
    "password-latin1": Right(SOUTH),
    "renamed-by-sejda": Right({**WEST, "kontaktstelle_r01_kontakt": "Frau B"}, reporters=OST),
    "renamed-copy": Right(WEST, reporters=OST),
    "renamed-kopie-von": Right(WEST, reporters=OST),
    "scan-with-stamp": Right(PRINTED, ("note-outside",), 3, reporters=frozenset()),
    "typed-over-by-xournalpp": Right(TYPED, checks=10, reporters=frozenset()),
    "watermark": Right(PRINTED, ("watermark",), 3),
}


def return_of(name: str) -> Path:
    return CASES / "pdf" / f"{name}.pdf"


def workspace(root: Path, *names: str) -> Workspace:
    shutil.copytree(CASES / "forms", root / "forms")
    made = Workspace(root)
    made.returns.mkdir()
    for name in names:
        shutil.copy(return_of(name), made.returns)
    return made


def run(made: Workspace) -> Any:
    return harvest_returns(Request(made, passwords=(PASSWORD,)))[0]


def entries_of(made: Workspace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.register_json.read_text(encoding="utf-8"))
    return found


def texts_of(entries: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Category and column -> texts."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        for column, text in entry["values"].items():
            found.setdefault(f"{entry['category']}_{column}", set()).add(text)
    return found


def test_every_specimen_has_its_right_values() -> None:
    assert {path.stem for path in (CASES / "pdf").glob("*.pdf")} == set(RIGHT)


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_read_alone(name: str) -> None:
    editions = list((CASES / "forms").glob("*/edition.json"))
    reading = harvest.read(return_of(name), editions=editions, passwords=(PASSWORD,))
    right = RIGHT[name]

    texts: dict[str, set[str]] = {}
    for field in reading.fields:
        cell = str(field.name).partition("_")[2]
        if field.text.strip() and cell.split("_")[1].startswith("r"):
            texts.setdefault(cell, set()).add(field.text)
    for answer in (right.texts, right.second):
        for cell, text in answer.items():
            assert text in texts[cell], cell
            texts[cell].remove(text)
    assert set().union(*texts.values()) == right.shown, "and nothing else"
    assert {problem.code for problem in reading.problems} == set(right.told)


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_through_a_run(name: str, tmp_path: Path) -> None:
    made = workspace(tmp_path / "office", name)
    result = run(made)
    right = RIGHT[name]
    entries = entries_of(made)

    assert texts_of(entries) == right.columns
    assert tuple(one["category"] for one in entries if one["nil"]) == right.nil
    said = {reporter for one in entries for reporter in one["reporters"]}
    assert said == (right.reporters or {f"{name}.pdf"}) if entries else not said
    assert result.to_do["checks"] == right.checks
    waits = bool(right.checks) or any(code != "ocr-nothing" for code in right.told)
    assert result.exit_code == int(waits), (
        "a person is asked where, and only where, there is something to look at"
    )
    assert run(made).exit_code == result.exit_code


def test_all_at_once(tmp_path: Path) -> None:
    made = workspace(tmp_path / "office", *RIGHT)
    result = run(made)
    assert len(result.outcomes) == len(RIGHT)
    entries = harvest.open(made.root).entries()
    texts = {text for entry in entries for text in entry.values.values()}
    texts |= {text for entry in entries for change in entry.history for text in (change.old, change.new)}
    assert {text for right in RIGHT.values() for column in right.columns.values() for text in column} <= texts
    assert not run(made).changed
