"""Said texts: English for everybody who reads code and logs, the reader's language on the screen."""

from __future__ import annotations

import copy
import ctypes
import pickle
from collections.abc import Mapping
from types import SimpleNamespace
from typing import get_args

import click
import pytest
from pydantic import BaseModel

from spec.console import screen
from spec.console.cli import agreed
from spec.console.said import Message, catalogue, in_language, listed, refusal, said
from spec.errors import Fault
from spec.form.model import Language
from spec.words import words

TEXT = said("run {number}", number=7)


def test_it_is_english_text() -> None:
    assert TEXT == "run 7"
    assert f"{TEXT}." == "run 7."
    assert isinstance(TEXT, str)


def test_it_can_be_said_in_german() -> None:
    assert in_language(TEXT, "de") == "Lauf 7"
    assert in_language("There is no such run.", "de") == "Diesen Lauf gibt es nicht."


def test_english_and_no_language_leave_it_as_it_is() -> None:
    assert [in_language(TEXT, language) for language in ("en", None)] == ["run 7", "run 7"]
    assert catalogue("en") == {}


def test_what_the_catalogue_lacks_stays_english_with_its_values_translated() -> None:
    assert in_language("Nobody wrote this down.", "de") == "Nobody wrote this down."
    assert in_language(said("{a}: {b}", a=said("section"), b="section"), "de") == "Bereich: section"


@pytest.mark.parametrize(
    ("count", "english", "german"),
    [
        (
            1,
            "1 copy would be made; nothing was written.",
            "1 Exemplar würde entstehen; geschrieben wurde nichts.",
        ),
        (
            3,
            "3 copies would be made; nothing was written.",
            "3 Exemplare würden entstehen; geschrieben wurde nichts.",
        ),
    ],
)
def test_words_fit_their_number(count: int, english: str, german: str) -> None:
    told = said("{count} {count:copy|copies} would be made; nothing was written.", count=count)
    assert told == english
    assert in_language(told, "de") == german


def test_values_are_not_templates() -> None:
    assert in_language(said("run {number}", number="{number} {0} {}"), "de") == "Lauf {number} {0} {}"
    assert in_language("{number} {0}", "de") == "{number} {0}"


def test_hostile_values_stay_escaped() -> None:
    assert in_language(said("round {name!r}", name="\x1b[2J"), "de") == r"Runde '\x1b[2J'"


def test_a_list_has_its_last_word() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert in_language(listed(["a", "b", "c"]), "de") == "a, b oder c"


def test_refusals_are_told_in_plain_words() -> None:
    full = refusal(OSError(28, "No space left on device"))
    assert full == "No space left on device"
    assert in_language(full, "de") == "kein Platz auf dem Datenträger"
    assert refusal(KeyError("x")) == "KeyError"


def test_a_fault_is_told_as_a_whole() -> None:
    fault = Fault(said("run {number}", number=7), "There is no such run.", "`harvest runs` lists them.")
    assert str(fault) == "run 7: There is no such run. `harvest runs` lists them."
    assert (
        in_language(fault.told, "de")
        == "Lauf 7: Diesen Lauf gibt es nicht. `harvest runs` zählt die Läufe auf."
    )


def test_it_travels() -> None:
    for one in (pickle.loads(pickle.dumps(TEXT)), copy.copy(TEXT), copy.deepcopy(TEXT)):
        assert one == TEXT
        assert in_language(one, "de") == "Lauf 7"


def test_models_keep_it_and_write_it_as_text() -> None:
    class Model(BaseModel):
        notes: tuple[Message | str, ...]

    model = Model(notes=(TEXT, "plain"))
    assert in_language(model.notes[0], "de") == "Lauf 7"
    assert model.model_dump_json() == '{"notes":["run 7","plain"]}'


# ---------------------------------------------------------------- the language of the screen


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_GB"}, "en"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({}, None),
        ({"LC_ALL": "C", "LANG": "de_DE"}, None),
        ({"LC_ALL": "", "LC_MESSAGES": "de_DE", "LANG": "en_US"}, "de"),
        ({"FORMGEN_LANG": "en", "LC_ALL": "de_DE"}, "en"),
        ({"FORMGEN_LANG": "de-DE", "LC_ALL": "C"}, "de"),
        ({"FORMGEN_LANG": "", "LANG": "de_DE"}, "de"),
    ],
)
def test_the_language_of_a_computer(
    environment: Mapping[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("FORMGEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert screen.screen_language() == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0x0407, "de"), (0x0C07, "de"), (0x0409, "en"), (0xFFFF, None)]
)
def test_windows_is_asked_for_the_language_of_its_own_windows(
    number: int, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for Windows: what its function answers for German in Germany, in Austria, English, and none known."""
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.delenv("FORMGEN_LANG")
    monkeypatch.setenv("LANG", "fr_FR")
    assert screen.screen_language() == expected


def test_a_windows_that_does_not_answer_has_no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(ctypes, "windll", None, raising=False)
    monkeypatch.delenv("FORMGEN_LANG")
    assert screen.screen_language() is None


def test_the_screen_knows_the_languages_of_the_words() -> None:
    assert get_args(Language) == screen.LANGUAGES


def test_the_forms_words_are_shown_where_the_computer_has_no_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert screen.on_screen(words("de")).language == "de"
    monkeypatch.setenv("FORMGEN_LANG", "en")
    assert screen.on_screen(words("de")).language == "en"


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["ja"], True),
        (["J "], True),
        (["nein"], False),
        (["n"], False),
        ([""], False),
        (["was?", "y", "j"], True),
    ],
)
def test_a_question_takes_the_words_of_its_language(
    typed: list[str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(typed)
    monkeypatch.setattr(click, "prompt", lambda *_args, **_more: next(answers))
    assert agreed("Jetzt senden?", "ja", "nein") is expected
