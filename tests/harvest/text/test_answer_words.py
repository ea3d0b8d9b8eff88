"""Which words answer a question, and which are text that may stand in a register."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.answer_words import is_answer_word, is_short_for, quoted

ANSWERS = (
    "ja", "Ja!", " JA ", "nein", "stimmt", "stimmt.", "?", "???", "x", "X", "1", "2.", "(1)", "links", "Rechts", "beide", "unklar",
    "siehe Mail", "Siehe E-Mail vom Montag", "laut Mail", "lt. Telefonat", "wie letztes Jahr", "s. Mail", "vgl. Liste", "ok", "O.K.", "passt", "passt so", "weiß nicht", "weiss nicht",
    "keine Ahnung", "k.A.", "k. A.", "-", "–", "...", "✓", "✗", "☒", "👍", "bitte prüfen", "später", "dito", "s.o.", "s. o.", "behalten",
    "übernehmen", "uebernehmen", "ÜBERNEHMEN", "left", "yes", "neu", "alter Wert", "der rechte", "noch klären", "anrufen", "!",
)  # fmt: skip
TEXTS = (
    "Frau Öztürk", "Öz", "MK", "030 123", "116117", "12.03.2026", "12.3. MK", "ja, seit 2019", "Ja, zwei Dolmetscherinnen", "keine Sprachkurse",
    "Haus Süd, Weg 1", "siehe www.haus-sued.de/1", "Neu-Ulm", "Neue Arbeit gGmbH", "Rechtsberatung", "112", "laut Vertrag vom 3.4.2026", "laut Anna Große",
    "info@haus.de", "Haus X", "Lebenshilfe e. V.", "nein, aber ab Mai", "Links der Isar e. V.", "О. Коваль", "محمد", "Đặng Bình",
)  # fmt: skip


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_no_text(text: str) -> None:
    assert is_answer_word(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_no_answer(text: str) -> None:
    assert not is_answer_word(text)
    assert not is_short_for(text, ["Frau Alt"])


@pytest.mark.parametrize("mark", ["„ja“", '"ja"', "'ja'", "“ja”", "»ja«", "«ja»", " „ja“ ", "‚ja‘", "„ ja “"])
def test_in_quotation_marks_an_answer_is_text(mark: str) -> None:
    assert not is_answer_word(mark)
    assert quoted(mark) == "ja"


@pytest.mark.parametrize("text", ["ja", "„ja", "ja“", "„“", '"', "„Haus“ und „Hof“", '"A" oder "B"'])
def test_what_is_not_quoted_as_a_whole_stays_as_it_is(text: str) -> None:
    assert quoted(text) is None


def test_one_short_word_is_asked_about_where_a_long_text_stood() -> None:
    long = "Frau Öztürk, 030 123, montags bis freitags 9 bis 12 Uhr"
    assert is_short_for("entfällt", [long])
    assert is_short_for("Schrott!", ["Frau Alt", long])
    assert not is_short_for("Öztürk", [long]), "a part of it"
    assert not is_short_for("Frau Neu", [long]), "two words"
    assert not is_short_for("0301234", [long]), "a number"
    assert not is_short_for("entfällt", ["Frau Alt"]), "not long"
    assert not is_short_for("", [long])


@given(st.text(max_size=80))
def test_an_empty_text_or_a_quoted_one_is_no_answer(text: str) -> None:
    assert not is_answer_word(" " * len(text))
    if quoted(text) is not None:
        assert not is_answer_word(text)


@given(st.sampled_from(ANSWERS), st.sampled_from(["", " ", "\n", "!", "."]))
def test_blanks_and_marks_around_it_change_nothing(word: str, tail: str) -> None:
    assert is_answer_word(tail + word + tail)
