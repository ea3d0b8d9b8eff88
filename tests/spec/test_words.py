"""The words: both languages say the same things, and nothing is ever silently missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from spec.words import LANGUAGES, words

ROOT = Path(__file__).parents[2]


def test_all_languages_have_the_same_words_in_the_same_order() -> None:
    keys = {language: list(words(language).templates) for language in LANGUAGES}
    assert keys["en"] == keys["de"]


def test_all_languages_have_the_same_placeholders() -> None:
    german, english = words("de"), words("en")
    assert german.placeholders == english.placeholders


def test_keys_can_be_written_bare() -> None:
    assert [key for key in words("de").templates if not re.fullmatch(r"[a-z0-9_.-]+", key)] == []


def test_words_are_said_with_their_values() -> None:
    assert words("de")("form.page", page=2, pages=25) == "Seite 2 von 25"
    assert words("en").word("register.status.new") == "new"
    assert words("de").language == "de"
    assert words("de") is words("de")


@pytest.mark.parametrize(
    ("count", "german", "english"),
    [
        (0, "0 Entwürfe geschrieben: x", "0 drafts written: x"),
        (1, "1 Entwurf geschrieben: x", "1 draft written: x"),
        (2, "2 Entwürfe geschrieben: x", "2 drafts written: x"),
        (21, "21 Entwürfe geschrieben: x", "21 drafts written: x"),
    ],
)
def test_words_fit_their_number(count: int, german: str, english: str) -> None:
    assert words("de")("mail.say.drafted", count=count, folder="x") == german
    assert words("en")("mail.say.drafted", count=count, folder="x") == english


def test_each_number_in_a_sentence_has_its_own_words() -> None:
    say = words("de")
    assert say("say.status.register", total=1, nils=1, reporters=2) == (
        "Register: 1 Eintrag, 1 Fehlanzeige, von 2 Stellen."
    )


#: Words for several that may stand right after a number: there the number is never one, or the word fits any number.
_ANY = {
    "weitere",
    "neue",
    "ergänzte",
    "gelöschte",
    "fremde",
    "gedruckte",
    "unsichere",
    "mögliche",
    "neu",
    "new",
    "more",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_stands_before_a_word_that_fits_others_only(language: str) -> None:
    """`{count} E-Mails` says "1 E-Mails" one day; German words in -en, -e, -s and English ones in -s are looked at."""
    ending = r"(?:en|e|s|er)" if language == "de" else r"s"
    counted = re.compile(rf"\{{(count|total|nils|fields|files|alone|added)\}} ([A-Za-zÄÖÜäöü-]*{ending})\b")
    wrong = [
        (key, found[0])
        for key, template in words(language).templates.items()
        for found in counted.finditer(template)
        if found[2] not in _ANY
    ]
    assert wrong == []


def test_values_are_not_templates() -> None:
    assert words("de")("form.section", title="{page} {0} {}") == "Bereich {page} {0} {}"


def test_a_table_of_words_keeps_its_order() -> None:
    status = words("de").under("register.status")
    assert list(status) == ["new", "unchanged", "changed", "emptied", "missing", "hand"]
    assert status["missing"] == "fehlt im neuen Bogen"


@pytest.mark.parametrize(
    ("key", "values", "told"),
    [
        ("register.status.nwe", {}, "no word 'register.status.nwe'; did you mean 'register.status.new'"),
        ("register.status", {}, "no word 'register.status'"),
        ("form.page", {"page": 1}, r"takes the values \['page', 'pages'\], but was given \['page'\]"),
        ("form.row", {"row": 1}, r"takes the values \[\], but was given \['row'\]"),
    ],
)
def test_silence_is_an_error(key: str, values: dict[str, object], told: str) -> None:
    with pytest.raises(KeyError, match=told):
        words("de").word(key, **values)


def test_unknown_tables_and_languages_are_errors() -> None:
    with pytest.raises(KeyError, match=r"no table 'register\.colour'"):
        words("de").under("register.colour")
    with pytest.raises(KeyError, match="no words in 'fr', only in de, en"):
        words("fr")


def test_words_are_frozen() -> None:
    with pytest.raises(TypeError):
        words("de").templates["form.row"] = "x"  # type: ignore[index]


def test_the_product_asks_for_words_that_exist() -> None:
    """A key spelt out in a call must be there: `say("form.row")`, `words(...).under("register.status")`."""
    tables = {key.split(".")[0] for key in words("de").templates}
    known = set(words("de").templates)
    known |= {key.rsplit(".", depth)[0] for key in known for depth in range(1, key.count(".") + 1)}
    asked = re.compile(rf"({'|'.join(tables)})(\.[a-z][a-z0-9-]*)+")
    missing = [
        (path.relative_to(ROOT).as_posix(), node.lineno, node.args[0].value)
        for package in ("spec", "formgen", "harvest")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and asked.fullmatch(node.args[0].value)
        and node.args[0].value not in known
        and not node.args[0].value.endswith((".json", ".xlsx", ".html", ".toml"))
    ]
    assert missing == []
