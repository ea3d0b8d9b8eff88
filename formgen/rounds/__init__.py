"""Rounds: one mailing of forms, such as `2026`. One file each under `rounds/`; due dates are days, not moments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from formgen.filenames import safe_name
from spec.console.said import said
from spec.errors import NothingDoneError, WrongInputError
from spec.storage.atomic_files import write_text
from spec.storage.json_files import read_json
from spec.wire import ROUND_SHAPE, WireRound
from spec.workspace import Workspace

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
Round = WireRound


def check_name(name: str) -> str:
    """A round's name, which is also a folder's.

    Raises:
        WrongInputError: it is none.
    """
    if not _NAME.fullmatch(name) or safe_name(name) != name:
        raise WrongInputError(
            said("round {name!r}", name=name),
            "This is no name for a round.",
            "Use small letters, digits, hyphens, such as 2026.",
        )
    return name


def new_round(workspace: Workspace, wanted: Round) -> Round:
    """Write a new round's file.

    Raises:
        WrongInputError: the name is taken or none, or it is due before it opens.
        NothingDoneError: the workspace can't be written to.
    """
    check_name(wanted.name)
    if wanted.due is not None and wanted.due < wanted.opened:
        fault = said(
            "It would be due on {due}, before it opens on {opened}.", due=wanted.due, opened=wanted.opened
        )
        raise WrongInputError(said("round {name!r}", name=wanted.name), fault, "Name a later day with --due.")
    path = workspace.rounds / f"{wanted.name}.json"
    if path.exists():
        raise WrongInputError(
            said("round {name!r}", name=wanted.name), "There is such a round already.", "Choose another name."
        )
    write_round(workspace, wanted)
    return wanted


def write_round(workspace: Workspace, wanted: Round) -> None:
    """Write a round's file, or replace it whole.

    Raises:
        NothingDoneError: the workspace can't be written to.
    """
    path = workspace.rounds / f"{wanted.name}.json"
    write_text(path, wanted.to_json())


def all_rounds(workspace: Workspace) -> tuple[Round, ...]:
    """Every round, oldest first.

    Raises:
        NothingDoneError: a round's file can't be read.
    """
    found = [_read(path) for path in sorted(workspace.rounds.glob("*.json"))]
    return tuple(sorted(found, key=lambda one: (one.opened, one.name)))


def pick(rounds: Sequence[Round], name: str | None) -> Round:
    """The round called `name`, or the newest one.

    Raises:
        WrongInputError: there is none.
    """
    if not rounds:
        raise WrongInputError(
            "rounds", "There is no round yet.", "Open one: formgen round new 2026 --due DATE."
        )
    if name is None:
        return rounds[-1]
    for one in rounds:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in rounds)
    raise WrongInputError(
        said("round {name!r}", name=name), "There is no such round.", said("Known are: {names}.", names=names)
    )


def kept_path(path: Path | None, workspace: Workspace) -> str:
    """A path as a round's file keeps it: relative to the workspace where it lies in it, so that the folder can move."""
    if path is None:
        return ""
    whole, root = path.resolve(), workspace.root.resolve()
    return (whole.relative_to(root) if whole.is_relative_to(root) else whole).as_posix()


def found_path(kept: str, workspace: Workspace) -> Path | None:
    """The path that `kept_path` kept."""
    return workspace.root / kept if kept else None


def _read(path: Path) -> Round:
    found = read_json(
        path,
        Round.model_validate_json,
        NothingDoneError,
        "This round's file can't be read ({reason}).",
        "Restore it from a backup; if a newer version of the program wrote it, update formgen.",
    )
    if found.shape > ROUND_SHAPE or found.name != path.stem:
        raise NothingDoneError(
            str(path), "This is not the round's file that formgen wrote.", "Restore it from a backup."
        )
    return found
