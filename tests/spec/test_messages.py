"""The screen in German: every text that the program can say is in the catalogue, and none that it does not say."""

from __future__ import annotations

import re
from string import Formatter

from spec.console.said import catalogue
from spec.words import prepare
from tests.spec import texts_in_code

GERMAN = catalogue("de")
KNOWN = {**GERMAN["message"], **GERMAN["help"]}


def placeholders(template: str) -> set[tuple[str, str]]:
    """Name and conversion: `{path!r}` escapes what a hostile name could do to a terminal, in German, too."""
    return {
        (name, conversion or "") for _, name, _, conversion in Formatter().parse(template) if name is not None
    }


def says_something(text: str) -> bool:
    """Whether any letter stands outside of the braces."""
    return re.search(r"[^\W\d_]", re.sub(r"\{[^{}]*\}", "", text)) is not None


def test_every_text_that_is_said_has_a_german_one() -> None:
    missing = [
        f"{one.place}: {one.text}"
        for one in texts_in_code.texts()
        if one.whole and says_something(one.text) and one.text not in KNOWN
    ]
    assert missing == []


def test_no_text_is_put_together_by_hand() -> None:
    """An f-string can't be looked up: say it with `said("... {name} ...", name=name)`."""
    assert [f"{one.place}: {one.text}" for one in texts_in_code.texts() if not one.whole] == []


def test_every_help_text_has_a_german_one() -> None:
    missing = [
        f"{one.place}: {one.text}"
        for one in texts_in_code.helps()
        if one.text and one.text not in GERMAN["help"]
    ]
    assert missing == []


def test_every_word_in_capitals_has_a_german_one() -> None:
    assert texts_in_code.metavars() == set(GERMAN["metavar"])


def test_nothing_in_the_catalogue_is_said_nowhere() -> None:
    assert sorted(set(GERMAN["message"]) - texts_in_code.constants()) == []
    assert sorted(set(GERMAN["help"]) - {one.text for one in texts_in_code.helps()}) == []


def test_german_texts_have_the_placeholders_of_the_english_ones() -> None:
    wrong = [
        english
        for table in ("message", "click")
        for english, german in GERMAN[table].items()
        if not placeholders(german) <= placeholders(english)
        or (table == "message" and placeholders(german) != placeholders(english))
    ]
    assert wrong == []


def test_german_texts_end_as_the_english_ones_do() -> None:
    """A sentence stays a sentence: what follows it on the line starts a new one."""
    assert [
        english
        for english, german in KNOWN.items()
        if (english[-1] in ".?:") != (german[-1] in ".?:“") or german != german.strip()
    ] == []


def test_clicks_own_words_are_prepared() -> None:
    """After a change: python -m spec.words.prepare."""
    assert prepare.FILE.read_bytes() == prepare.made()
