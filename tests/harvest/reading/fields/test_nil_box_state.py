"""The box for "nothing here": what everybody saw and what was stored need not be the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf, String

from harvest.model import Moment, TimeSource
from harvest.normalise import submissions
from harvest.reading import read
from harvest.reading.extract import extract
from harvest.reading.fields import fast_reader
from harvest.reading.fields.carve import extract as last
from harvest.reading.fields.nil_box_state import OFF, State, state_of
from harvest.reading.fields.pikepdf_reader import extract as general
from harvest.reading.fields.pypdf_reader import extract as second
from tests.harvest.reading.forms import EDITIONS, blank, field, fill, saved, widget
from tests.readers.engines.base import run

BOX = "kontaktstelle_nil"
MOMENT = Moment(datetime(2026, 3, 1, tzinfo=UTC), TimeSource.MOD_DATE)


@pytest.mark.parametrize(
    ("shown", "stored", "sure"),
    [
        ("/Ja", "/Ja", True),
        ("/Ja", "Ja", True),  # a string where a name should be
        ("/Ja", None, True),
        (None, "/Ja", True),
        ("/Off", "/Nein", False),
        ("/Off", "/Ja", False),
        ("/Ja", "/Off", False),
        ("/Ja", "", False),
        ("/On", "/On", False),  # no appearance for it: nobody saw a tick
        (None, "/Nein", False),
        ("/Ja", "/On", False),
    ],
)
def test_a_tick_is_sure_where_it_was_seen_and_stored(
    shown: str | None, stored: str | None, sure: bool
) -> None:
    state = state_of(shown, stored, lambda: ["/Ja", "/Off"])
    assert state is not None
    assert (state.text.lstrip("/") not in {"", "Off"}, state.confidence == 1) == (True, sure)


@pytest.mark.parametrize(("shown", "stored"), [("/Off", "/Off"), (None, ""), ("/Off", None), ("Off", "/Off")])
def test_a_box_that_says_off_in_every_place_is_off(shown: str | None, stored: str | None) -> None:
    assert state_of(shown, stored, lambda: pytest.fail("not asked")) == State(OFF, 1.0)


def test_a_box_that_shows_all_states_alike_is_believed() -> None:
    assert state_of("/1", "/1", lambda: None) == State("/1", 1.0)


def with_looks(shown: Any, stored: Any) -> Pdf:
    pdf = fill(blank(), {"kontaktstelle_r01_einrichtung": "Haus Nord"})
    box = widget(pdf, BOX)
    looks = {state: pdf.make_stream(b"", BBox=[0, 0, 12, 12]) for state in ("/Ja", "/Off")}
    box.AP = Dictionary(N=Dictionary(looks))
    box.AS, box.V = shown, stored
    return pdf


def sheet_of(data: bytes) -> tuple[bool, bool]:
    """Whether the sheet says nil, and whether a person is asked."""
    [found] = submissions(read(data, EDITIONS), "r", "r.pdf", MOMENT, EDITIONS)
    [sheet] = [sheet for sheet in found.sheets if sheet.category == "kontaktstelle"]
    return sheet.nil, sheet.waits


@pytest.mark.parametrize(
    ("shown", "stored", "nil", "asked"),
    [
        (Name.Ja, Name.Ja, True, False),
        (Name.Off, Name.Off, False, False),
        (Name.Off, Name.Nein, False, True),
        (Name.Off, Name.No, False, True),
        (Name.Off, Name("/0"), False, True),
        (Name.Off, String("false"), False, True),
        (Name.On, Name.On, False, True),
        (Name.Ja, Name.Off, False, True),
    ],
)
def test_what_contradicts_itself_is_asked_by_every_reader(
    shown: Any, stored: Any, nil: bool, asked: bool
) -> None:
    data = saved(with_looks(shown, stored))
    assert sheet_of(data) == (nil, asked)
    name = field(BOX)
    found = {
        by: next((one.text, one.confidence) for one in by(data).fields if one.name == name)
        for by in (extract, general, second, last)
    }
    assert len(set(found.values())) == 1


def test_the_quick_way_tells_the_same() -> None:
    for shown, stored in ((Name.Off, Name.Nein), (Name.Ja, Name.Ja), (Name.On, Name.On)):
        data = saved(with_looks(shown, stored), object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert fast_reader.extract(data) == general(data)


@pytest.mark.parametrize("word", ["Nein", "No", "0", "false", "On"])
def test_pdftk_stores_a_word_that_is_no_state(word: str, tmp_path: Path) -> None:
    source, values, target = tmp_path / "blank.pdf", tmp_path / "values.fdf", tmp_path / "returned.pdf"
    source.write_bytes(saved(with_looks(Name.Off, Name.Off)))
    values.write_text(
        f"%FDF-1.2\n1 0 obj\n<</FDF<</Fields[<</T({field(BOX)})/V({word})>>]>>>>\nendobj\n"
        "trailer\n<</Root 1 0 R>>\n%%EOF\n",
        encoding="ascii",
    )
    run("pdftk", ["pdftk", source, "fill_form", values, "output", target])
    assert sheet_of(target.read_bytes()) == (False, True)
