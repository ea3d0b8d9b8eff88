"""Prefilled rows: whose entries, which row is which entry, and what the register's file may look like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formgen.blank import build_blank
from formgen.copies.prefill import Prefill, Reported, load_prefill
from spec.errors import EXIT_WRONG_CALL, WrongInputError
from spec.form.load import default_form
from tests.formgen.copies.personalised import (
    ANY_SCRIPT,
    GERMAN,
    TOKEN,
    fields,
    made,
    opened,
    recipient,
    reported,
    sample,
    wire_entry,
)
from tests.formgen.samples import small_form

FORM = default_form()
COLUMNS = [column.key for column in FORM.columns]


def register(tmp_path: Path, entries: Any) -> Path:
    path = tmp_path / "register.json"
    path.write_text(entries if isinstance(entries, str) else json.dumps(entries), encoding="utf-8")
    return path


def dumped(category: str, number: int, **changes: Any) -> dict[str, Any]:
    return wire_entry(FORM, category, number, **changes).model_dump(mode="json", by_alias=True)


# ---------------------------------------------------------------- on the page


def test_each_prefilled_row_says_which_entry_it_is_out_of_sight() -> None:
    with opened(sample("filled")) as pdf:
        found = fields(pdf)
        known = {
            name: str(widget.V) for name, widget in found.items() if "_r" in name and name.endswith("_id")
        }
        assert known == {
            f"{category}_r{row:02d}_id": f"e-{category}-{row}"
            for category, rows in (("kontaktstelle", 4), ("spdi", 3), ("wohnheim", 5))
            for row in range(1, rows + 1)
        }
        for name in known:
            left, bottom, right, top = map(float, found[name].Rect)
            assert int(found[name].Ff) == 1
            assert int(found[name].F) == 4
            assert 0 < right - left <= 2
            assert 0 < top - bottom <= 2


def test_values_stand_in_their_row_as_they_were_reported() -> None:
    with opened(sample("filled")) as pdf:
        found = fields(pdf)
        for column, text in zip(COLUMNS, GERMAN, strict=True):
            widget = found[f"wohnheim_r05_{column}"]
            if text:
                assert str(widget.V) == text
            else:
                assert "/V" not in widget
                assert widget.AP.N.read_bytes() == b""
        assert "/V" not in found[f"kontaktstelle_r05_{COLUMNS[0]}"]


def test_rows_count_on_over_further_pages() -> None:
    with opened(sample("further")) as pdf:
        found = fields(pdf)
        assert str(found["kontaktstelle_r14_id"].V) == "e-kontaktstelle-14"
        assert str(found[f"kontaktstelle_r14_{COLUMNS[1]}"].V) == ANY_SCRIPT[1]
        assert "kontaktstelle_r14_id" in {str(w.T).partition("_")[2] for w in pdf.pages[3].obj.Annots}
        assert f"kontaktstelle_r15_{COLUMNS[0]}" in found
        assert f"kontaktstelle_r16_{COLUMNS[0]}" not in found


def test_values_in_any_script_are_stored_whole_and_drawn_with_the_embedded_font() -> None:
    with opened(sample("further")) as pdf:
        found = fields(pdf)
        for column, text in zip(COLUMNS, ANY_SCRIPT, strict=True):
            widget = found[f"spdi_r02_{column}"]
            assert str(widget.V) == text
            drawn = widget.AP.N
            assert b"/Wingdings 8 Tf" in drawn.read_bytes()
            assert drawn.Resources.Font["/Wingdings"].objgen == pdf.Root.AcroForm.DR.Font["/Wingdings"].objgen
            assert [float(edge) for edge in drawn.BBox] == pytest.approx(
                [0, 0, float(widget.Rect[2] - widget.Rect[0]), float(widget.Rect[3] - widget.Rect[1])],
                abs=0.01,
            )


def test_hostile_values_are_values() -> None:
    form = small_form()
    hostile = ["=SUMME(A1)\n(((\\)", "/../\"'<x>\x01\u202e\ufffe"]
    blank = build_blank(form)
    data, _ = made(blank, form, recipient("beratung"), reported(form, {"beratung": 1}, hostile))
    with opened(data) as pdf:
        assert [str(fields(pdf)[f"beratung_r01_{key}"].V) for key in ("ort", "datum")] == hostile


def test_characters_that_the_font_lacks_are_said() -> None:
    form = small_form()
    _, copy = made(build_blank(form), form, recipient(), reported(form, {"beratung": 1}, ["漢字", "gut"]))
    assert len(copy.notes) == 1
    assert "漢 (U+6F22), 字 (U+5B57)" in copy.notes[0]
    assert "beratung_r01_ort" in copy.notes[0]


def test_what_does_not_fit_its_box_is_said_and_stored_whole() -> None:
    form = small_form()
    text = "Wort " * 400
    data, copy = made(build_blank(form), form, recipient(), reported(form, {"beratung": 1}, [text, "gut"]))
    assert "lines longer than its box" in copy.notes[0]
    with opened(data) as pdf:
        assert str(fields(pdf)["beratung_r01_ort"].V) == text.strip()


# ---------------------------------------------------------------- whose


def test_only_what_this_recipient_reported(tmp_path: Path) -> None:
    entries = [
        dumped("spdi", 1),
        dumped("spdi", 2, reporters=["Jemand anders"]),
        dumped("wohnheim", 3, reporters=["Jemand anders", TOKEN]),
        dumped("fachklinik", 4, nil=True, values={}, status="nil"),
        dumped("wohnheim", 5, values=dict.fromkeys(COLUMNS, " ")),
    ]
    whom, other = recipient(), recipient(email="x@y.example", organisation="Jemand anders")
    found = Reported(load_prefill(register(tmp_path, entries), FORM), [whom, other], FORM)
    own = found.by(whom, TOKEN)
    assert {category: [entry.id for entry in each] for category, each in own.entries.items()} == {
        "spdi": ["e-spdi-1"],
        "wohnheim": ["e-wohnheim-3"],
    }
    assert own.nils == {"fachklinik"}
    assert found.by(other, "kmnpqrsth").count == 2


def test_answers_on_a_blank_are_known_by_the_organisations_name_if_only_one_bears_it() -> None:
    entries = Prefill((wire_entry(FORM, "spdi", 1, reporters=["  die  BRÜCKE "]),), ())
    sole = recipient(organisation="Die Brücke")
    assert Reported(entries, [sole], FORM).by(sole, TOKEN).count == 1
    twin = recipient(organisation="die brücke", email="x@y.example")
    assert Reported(entries, [sole, twin], FORM).by(sole, TOKEN).count == 0


def test_who_lists_facilities_is_not_ticked_as_having_none() -> None:
    entries = Prefill((wire_entry(FORM, "spdi", 1), wire_entry(FORM, "spdi", 2, nil=True, values={})), ())
    own = Reported(entries, [recipient()], FORM).by(recipient(), TOKEN)
    assert own.nils == frozenset()


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ("[{", "line 1, column"),
        ("[" * 300, "nested too deeply"),
        ('{"shape": 2}', "a list of entries is missing"),
        ([{"id": "1"}], "entry 1, section"),
        ([dumped("spdi", 1) | {"nil": "vielleicht"}], "entry 1, nil"),
        ([dumped("spdi", 1) | {"mood": "good"}], "A newer version of harvest wrote it"),
        ([dumped("spdi", 1), dumped("spdi", 1)], "stands in it twice"),
        (
            [dumped("spdi", 1) | {"category": "fahrradladen"}],
            "None of its categories (fahrradladen) is in the form",
        ),
    ],
)
def test_a_file_that_can_not_be_used(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(WrongInputError) as caught:
        load_prefill(register(tmp_path, content), FORM)
    assert said in str(caught.value)
    assert caught.value.exit_code == EXIT_WRONG_CALL


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(WrongInputError, match="no such file"):
        load_prefill(tmp_path / "none.json", FORM)
    (tmp_path / "register.json").write_bytes(b"\xff\xfe[]")
    with pytest.raises(WrongInputError, match="not UTF-8"):
        load_prefill(tmp_path / "register.json", FORM)


def test_what_the_form_no_longer_has_is_said(tmp_path: Path) -> None:
    old = dumped("spdi", 1) | {"values": {COLUMNS[0]: "A", "farbe": "rot"}}
    gone = dumped("spdi", 2) | {"category": "abgeschafft"}
    prefill = load_prefill(register(tmp_path, [old, gone]), FORM)
    assert [entry.id for entry in prefill.entries] == ["e-spdi-1"]
    assert "'abgeschafft', which the form no longer has" in prefill.notes[0]
    assert "column 'farbe'" in prefill.notes[1]


def test_more_entries_than_a_form_can_hold(tmp_path: Path) -> None:
    form = small_form()
    with pytest.raises(WrongInputError, match="would take 100 pages"):
        made(build_blank(form), form, recipient(), reported(form, {"beratung": 496}))
