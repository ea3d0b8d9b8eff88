"""What the office's guide (docs/anleitung.md) says is so."""

from __future__ import annotations

import re

import pytest

from spec.words import words
from tests.contract.readme import README, all_commands

GUIDE = README.parent / "docs" / "anleitung.md"
TEXT = GUIDE.read_text(encoding="utf-8")
DE = words("de")


def calls() -> list[str]:
    return sorted(set(re.findall(r"`((?:formgen|harvest) [^`]+)`", TEXT)))


@pytest.mark.parametrize("call", calls())
def test_every_call_in_the_guide_is_a_command_with_options_that_exist(call: str) -> None:
    commands = all_commands()
    said = call.split()
    name = next((" ".join(said[:n]) for n in (3, 2) if " ".join(said[:n]) in commands), None)
    assert name is not None, f"there is no command {call!r}"
    known = {option for param in commands[name].params for option in (*param.opts, *param.secondary_opts)}
    assert {word for word in said if word.startswith("--")} <= known


def test_the_guide_lists_the_sheets_of_the_register() -> None:
    told = set(re.findall(r"^\| \*\*(.+?)\*\* \|", TEXT, re.MULTILINE))
    # Two sheets are there only when they hold something, or hold what the drop-downs offer.
    assert told == set(DE.under("register.sheet").values()) - {
        DE("register.sheet.long-texts"),
        DE("register.sheet.lists"),
    }


@pytest.mark.parametrize("column", ["id", "same-as", "decision", "checked", "right-value"])
def test_the_guide_calls_the_columns_to_decide_by_their_headings(column: str) -> None:
    assert f"*{DE(f'register.column.{column}')}*" in TEXT


@pytest.mark.parametrize("answer", ["yes", "no", "keep", "take", "right", "open"])
def test_the_guide_names_the_answers_that_the_cells_offer(answer: str) -> None:
    assert f"„{DE(f'register.say.{answer}')}“" in TEXT


def test_the_readme_leads_to_the_guide() -> None:
    assert "(docs/anleitung.md)" in README.read_text(encoding="utf-8")
