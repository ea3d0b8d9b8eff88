"""The register for machines: the JSON of the contract, and CSV that no spreadsheet program misunderstands."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model import Register
from harvest.register.export import BOM, export_csv, export_json, guarded
from harvest.register.sheet_model import RegisterView
from tests.harvest.register.samples import checklist, entry, sample_register, sample_view

KEYS = [
    "id", "section", "category", "values", "nil", "reporters", "sources", "status", "confirmed", "duplicates", "conflicts",
]  # fmt: skip


@pytest.fixture(scope="module")
def exported() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(export_json(sample_register(), checklist()))
    return entries


def test_an_entry_has_exactly_the_contract_s_keys(exported: list[dict[str, Any]]) -> None:
    assert {tuple(one) for one in exported} == {tuple(KEYS)}
    first = exported[0]
    assert set(first["sources"][0]) == {"return", "file", "page", "row", "method", "read_at"}
    assert first["sources"][0]["read_at"] == "2026-05-01T08:30:00+00:00"
    assert (first["id"], first["section"], first["category"]) == (
        "e00001",
        "sozialpsychiatrie",
        "kontaktstelle",
    )
    assert set(first["values"]) == {"einrichtung", "erfahrung", "kontakt", "verabredung", "datum"}


def test_conflicts_and_duplicates_tell_their_parts(exported: list[dict[str, Any]]) -> None:
    conflict = next(one["conflicts"][0] for one in exported if one["conflicts"])
    assert set(conflict) == {"column", "shown", "others"}
    assert set(conflict["others"][0]) == {"text", "at", "reporter", "source"}
    duplicate = next(one["duplicates"][0] for one in exported if one["duplicates"])
    assert duplicate == {"other": "e00007", "score": 91.4, "reason": "same-phone"}


def test_nil_returns_are_entries_too(exported: list[dict[str, Any]]) -> None:
    nil = [one for one in exported if one["nil"]]
    assert len(nil) == 4
    assert all(one["values"] == {} and one["status"] == "nil" for one in nil)
    assert exported[-4:] == nil


def test_the_same_register_gives_the_same_text() -> None:
    text = export_json(sample_register(), checklist())
    assert text == export_json(sample_register(), checklist())
    assert "Öztürk" in text
    assert export_json(Register(()), checklist()) == "[]\n"


def rows(view: RegisterView) -> list[list[str]]:
    text = export_csv(view)
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def test_csv_holds_all_entries_under_their_headings() -> None:
    head, *body = rows(sample_view())
    assert head[:3] == ["Kennung", "Angebot", "Einrichtung mit Adresse"]
    assert len(body) == 75
    assert {len(row) for row in body} == {len(head)}
    assert body[0][head.index("Bestätigt am")] == "2026-05-01"


@pytest.mark.parametrize("text", ["=1+1", "+49", "-", "@x", "\tx", "\rx", "\n=1", "  =1", "＝1"])
def test_a_dangerous_start_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Haus", "0221", "a=1", "'x", "ä"])
def test_everything_else_stays(text: str) -> None:
    assert guarded(text) == text


@given(st.text(alphabet=st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_but_for_its_guard(text: str) -> None:
    register = Register((entry(1, "wfbm", values={"einrichtung": "x", "kontakt": text}),))
    head, row = rows(sample_view(register))
    said = row[head.index("Kooperations- oder Gesprächspartner/in")]
    shown = next(iter(sample_view(register).sheets[0].rows)).cells[4]
    assert said in {shown, f"'{shown}"}
    assert not said.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))
