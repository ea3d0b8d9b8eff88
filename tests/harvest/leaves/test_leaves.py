"""The register as loose leaves: what stands on them, which have changed, and that the PDF loses nothing."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest

from harvest.edits.written_state import WrittenState
from harvest.leaves import changed_since, leaves_of, parse_since, print_leaves, then
from harvest.leaves.changed import Then
from harvest.ledger import HandEvents, Ledger, StoredDocument, StoredReturn
from harvest.model import Entry, Moment, Reading, Register, TimeSource
from harvest.state.state import State
from spec.errors import NothingDoneError, WrongInputError
from spec.words import words
from tests.formgen.verapdf import failures
from tests.harvest.report.made import HOSTILE, NOW, PARTNER, entry, form, full

MM = 72 / 25.4
KEYS = [category.key for category in form().categories]


def printed(register: Register, language: str = "de") -> bytes:
    asked = form().model_copy(update={"language": language})
    spoken = words(language)
    return print_leaves(
        leaves_of(register, asked, spoken), asked, spoken, at=NOW.replace(microsecond=123), zone=UTC, run="7"
    )


def test_without_typst_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(NothingDoneError, match="pip install") as told:
        printed(full())
    assert told.value.exit_code == 3


def told(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


# ---------------------------------------------------------------- what stands on them


def test_every_offer_has_a_leaf_in_the_order_of_the_form() -> None:
    leaves = leaves_of(full(), form(), words("de"))

    assert [leaf.key for leaf in leaves] == [*KEYS, "gone"]
    first = leaves[0]
    assert first.section == "Sozialpsychiatrie"
    assert len(first.rows) == 6
    assert first.rows[0].cells[0].startswith("Haus 1\n")
    assert first.rows[0].notes == (f"{PARTNER}, 03.04.2024", "Kennung e0001")
    assert first.nothing == ""


def test_an_offer_without_entries_says_why() -> None:
    leaves = {leaf.key: leaf for leaf in leaves_of(full(), form(), words("de"))}

    assert leaves["wfbm"].nil == (f"Fehlanzeige: {PARTNER}, 19.11.2026",)
    assert leaves["wfbm"].nothing == "Zu diesem Angebot steht keine Einrichtung im Register."
    assert leaves["betreutes-wohnen"].nothing == "Zu diesem Angebot ist noch nichts bekannt."
    assert leaves["gone"].section == "Nicht mehr im Formular"


def test_a_withdrawn_nil_return_is_not_shown() -> None:
    register = full()
    withdrawn = replace(register, nils=tuple(replace(nil, withdrawn=True) for nil in register.nils))
    leaves = {leaf.key: leaf for leaf in leaves_of(withdrawn, form(), words("de"))}

    assert leaves["wfbm"].nil == ()
    assert "gone" not in leaves


# ---------------------------------------------------------------- which have changed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("12", 12), ("2026-11-01", date(2026, 11, 1)), (" 1.11.2026 ", date(2026, 11, 1))],
)
def test_since_when(typed: str, meant: int | date) -> None:
    assert parse_since(typed) == meant


@pytest.mark.parametrize("typed", ["", "gestern", "2026-13-01", "1.11.26", "-3", "٣"])
def test_since_never(typed: str) -> None:
    with pytest.raises(WrongInputError, match="neither a day nor the number of a run"):
        parse_since(typed)


def state(register: Register, *, run: int = 1) -> State:
    document = StoredDocument("a" * 64, 1, run, "new", True, "x.pdf", (), ())
    back = StoredReturn(document, Reading(0, (), ()), Moment(NOW, TimeSource.FILE))
    return State((back,), (), HandEvents(), register)


def written(*entries: Entry) -> Then:
    return Then(1, WrittenState.of(1, Register(entries)))


def test_only_leaves_that_differ_have_changed() -> None:
    one = entry(1)
    other = entry(2, category="spdi")

    assert changed_since(state(Register((one, other))), written(one, other)) == frozenset()
    assert changed_since(state(Register((one, other))), written(one)) == {"spdi"}
    assert changed_since(state(Register((one,))), written(one, other)) == {"spdi"}
    moved = replace(other, category="kontaktstelle")
    assert changed_since(state(Register((one, moved))), written(one, other)) == {"spdi", "kontaktstelle"}
    edited = replace(one, values={**one.values, "kontakt": "neu"})
    assert changed_since(state(Register((edited, other))), written(one, other)) == {"kontaktstelle"}
    emptied = replace(one, values={**one.values, "verabredung": ""})
    assert changed_since(state(Register((emptied,))), written(one)) == frozenset()


def test_a_nil_return_that_came_later_changes_its_leaf() -> None:
    nils = Register((), nils=full().nils)

    assert changed_since(state(nils, run=2), Then(1)) == {"wfbm", "gone"}
    assert changed_since(state(nils, run=1), Then(1)) == frozenset()


def test_then_is_what_was_written_last_before() -> None:
    first, second = NOW - timedelta(days=10), NOW - timedelta(days=2)
    with Ledger(None, "0") as ledger:
        for at, identity in ((first, "e1"), (second, "e2")):
            with ledger.run("harvest", at) as run:
                run.add_snapshot({"run": run.id, "entries": {identity: {}}, "categories": {identity: "spdi"}})
        assert then(ledger, 1).written.entries == {"e1": {}}
        assert then(ledger, 2).written.entries == {"e2": {}}
        assert then(ledger, (NOW - timedelta(days=5)).date(), UTC).written.entries == {"e1": {}}
        assert then(ledger, second.date(), UTC).run == 1
        assert then(ledger, first.date(), UTC) == Then(0)
        with pytest.raises(WrongInputError, match="no run 9"):
            then(ledger, 9)


# ---------------------------------------------------------------- the PDF


def test_it_is_accessible(tmp_path: Path) -> None:
    path = tmp_path / "leaves.pdf"
    path.write_bytes(printed(full()))

    assert failures(path, "ua1") == []
    with pikepdf.open(path) as opened:
        assert opened.Root.Lang == "de"
        assert opened.Root.MarkInfo.Marked
        with opened.open_outline() as outline:
            assert [item.title for item in outline.root][:2] == [
                "Kontakt- und Beratungsstelle",
                "Betreutes Wohnen",
            ]


def test_each_leaf_is_a_landscape_page_that_can_stand_alone() -> None:
    with pdfplumber.open(io.BytesIO(printed(full()))) as opened:
        assert len(opened.pages) == len(KEYS) + 1
        for page in opened.pages:
            assert (round(page.width), round(page.height)) == (842, 595)
            text = page.extract_text()
            assert "Stand 22.11.2026 · Lauf 7" in text
            assert "Seite 1 von 1" in text


def test_it_speaks_the_language_of_the_form() -> None:
    text = told(printed(full(), "en"))

    assert "Nothing is known about this service yet." in text
    assert "Page 1 of 1" in text


def test_the_same_register_gives_the_same_leaves() -> None:
    assert printed(full()) == printed(full())


def numbered(count: int) -> str:
    return " ".join(f"w{number}x" for number in range(count))


def test_long_texts_flow_on_and_no_word_is_lost() -> None:
    long = entry(1, values={"einrichtung": "Haus", "erfahrung": numbered(2500), "kontakt": numbered(60)})
    pdf = printed(Register((long,)))

    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        pages = [
            page
            for page in opened.pages
            if "w0x" in page.extract_text() or "Fortsetzung" in page.extract_text()
        ]
        found = [word["text"] for page in opened.pages for word in page.extract_words()]
        assert len(pages) > 3
        assert all("Erfahrungen/Ressourcen" in page.extract_text() for page in pages)
        assert f"Seite 2 von {len(pages)}" in pages[1].extract_text()
    for number in range(2500):
        assert f"w{number}x" in found, number


@pytest.mark.parametrize(
    "word", ["W" * 200, "https://example.org/" + "pfad/" * 60, "a" * 49, "-" * 300, "Ä_" * 90]
)
def test_words_that_fit_no_line_are_parted_within_their_cell(word: str) -> None:
    values = dict.fromkeys(("einrichtung", "erfahrung", "kontakt", "verabredung", "datum"), word)
    with pdfplumber.open(io.BytesIO(printed(Register((entry(1, values=values),))))) as opened:
        page = opened.pages[0]
        head = max(one["bottom"] for one in page.extract_words() if one["text"] == "Handzeichen")
        bars = [one for one in (*page.lines, *page.rects) if one["bottom"] > head + 20 and one["width"] < 5]
        body = [one for one in page.chars if head < one["top"] < page.height - 50]
        # the places where a word may be parted are read with the letters
        count = sum(one["text"].strip("\u200b") == word[0] for one in body)
        assert count >= 5 * word.count(word[0])
        assert max(one["x1"] for one in body) <= page.width - 13 * MM
        for edge in {round(one["x0"]) for one in bars}:
            assert not [one for one in body if one["x0"] < edge - 0.5 and one["x1"] > edge + 0.5]


def test_nothing_that_a_partner_wrote_is_a_command() -> None:
    markup = '#panic("x") *fett* _kursiv_ $x^2$ \\ @ref <label> // /* */ = Titel\n- Liste `roh` #read("/etc/passwd")'
    text = told(printed(Register((entry(1, markup), entry(2, HOSTILE)))))

    assert '#panic("x")' in text
    assert "*fett* _kursiv_" in text
    assert "$x^2$" in text
    assert "root:" not in text
    assert "{{7*7}} ${7*7}" in text


def test_a_letter_without_a_font_stops_nothing() -> None:
    text = told(printed(Register((entry(1, values={"einrichtung": "Haus \U0010fffd Nord"}),))))

    assert "Haus" in text
    assert "Nord" in text


def test_scripts_of_partners_are_printed() -> None:
    names = ("Türkçe İğdır", "Łódź", "Ελληνικά", "Українська", "Tiếng Việt", "Kurmancî Soranî")
    entries = (entry(number, values={"einrichtung": name}) for number, name in enumerate(names))
    text = told(printed(Register(tuple(entries))))
    assert [name for name in names if name not in text] == []


def test_without_the_forms_face_the_machine_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_name: str) -> Any:
        return None

    monkeypatch.setattr("harvest.leaves.printing.find_spec", nowhere)
    assert "Haus 1" in told(printed(Register((entry(1),))))


def test_the_date_of_the_file_is_the_runs() -> None:
    with pikepdf.open(io.BytesIO(printed(Register(())))) as opened:
        assert str(opened.docinfo["/CreationDate"]).startswith(
            datetime(2026, 11, 22, 9, 30, tzinfo=UTC).strftime("D:%Y%m%d%H%M")
        )
