"""Rows of a list that nobody sees: a filter was left on, or somebody hid them. Whether they are meant, a person says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from formgen.recipients import RecipientList
from spec.console.said import said
from spec.errors import Fault, WrongInputError

#: Gives the list with or without its hidden rows, or raises WrongInputError.
Judge: TypeAlias = Callable[[RecipientList], RecipientList]
#: What a person may have said beforehand.
Choice: TypeAlias = Literal["with", "without"]


def refuse_hidden(given: RecipientList) -> RecipientList:
    """The list, if all of its rows can be seen.

    Raises:
        WrongInputError: rows are hidden, and nobody said what is to become of them; each is named.
    """
    remedy = said(
        "Show all rows (Data, Clear filter), or say {option} with, or {option} without.",
        option="--hidden-rows",
    )
    faults = [
        Fault(
            said("{name}, row {row}", name=given.name, row=one.row),
            said(
                "The row of {organisation} is hidden, most often by a filter.", organisation=one.organisation
            ),
            remedy,
        )
        for one in given.hidden
    ]
    if faults:
        raise WrongInputError.of(faults)
    return given


def chosen(given: RecipientList, choice: Choice) -> RecipientList:
    """The list as somebody chose it."""
    if choice == "with":
        return given
    return replace(given, recipients=tuple(one for one in given.recipients if not one.hidden))
