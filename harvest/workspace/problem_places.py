"""Where something is wrong in the register, as people call it: titles of sheets and headings, no keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from harvest.model import Problem
from harvest.register.readback.register_reader import empty_view
from harvest.register.sheet_model import ENTRIES, SECTION_PREFIX
from spec.form.model import Form
from spec.words import Words


def named(problems: Sequence[Problem], form: Form, words: Words) -> tuple[Problem, ...]:
    """Faults of the register with `Alle Einträge, Zeile 12` for `entries, 12`, and the heading for a column's key."""
    if not problems:
        return ()
    titles, headings = _called(form, words)
    return tuple(_named(problem, titles, headings, words) for problem in problems)


def _named(problem: Problem, titles: Mapping[str, str], headings: Mapping[str, str], words: Words) -> Problem:
    sheet, _, row = problem.place.partition(", ")
    place = problem.place
    if sheet in titles:
        place = f"{titles[sheet]}, {words('register.say.row-number', row=row)}" if row else titles[sheet]
    details = tuple(
        (key, headings.get(value, value) if key == "column" else value) for key, value in problem.details
    )
    return replace(problem, place=place, details=details)


def _called(form: Form, words: Words) -> tuple[dict[str, str], dict[str, str]]:
    """Key -> title of the sheets, key -> heading of the columns."""
    sheets = empty_view(form, words).sheets
    titles = {sheet.key.removeprefix(SECTION_PREFIX): sheet.title for sheet in sheets}
    entries = next(sheet for sheet in sheets if sheet.key == ENTRIES)
    return titles, {column.key: column.heading for column in entries.columns}
