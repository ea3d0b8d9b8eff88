"""`formgen.toml` for commands that only look: its faults are told, and what they don't touch is answered all the same."""

from __future__ import annotations

import re

from spec.config import Config, load_config
from spec.errors import WrongInputError
from spec.workspace import Workspace

#: The lines that name the office's own addresses; of one user name's line a file with faults does not say the table.
_ADDRESS_LINE = re.compile(
    r"""^\s*["']?(?:sender|reply_to|user)["']?\s*=\s*["']([^"'\s]+@[^"'\s]+)["']""", re.MULTILINE
)
_LARGEST = 100_000


def own_addresses(workspace: Workspace, *, lenient: bool = False) -> tuple[str, ...]:
    """The addresses that the office mails from; some may be empty.

    Raises:
        WrongInputError: `formgen.toml` has faults, and `lenient` is not set.
    """
    try:
        config = load_config(workspace)
    except WrongInputError:
        if not lenient:
            raise
        return tuple(_ADDRESS_LINE.findall(_text(workspace)))
    return config.office.sender, config.office.reply_to, config.smtp.user, config.mailbox.user


def faults(workspace: Workspace) -> WrongInputError | None:
    """What is wrong with the settings; None where nothing is."""
    try:
        load_config(workspace)
    except WrongInputError as error:
        return error
    return None


def settings(workspace: Workspace) -> Config:
    """The settings; those that have a default alone, where the file has faults."""
    return Config() if faults(workspace) else load_config(workspace)


def _text(workspace: Workspace) -> str:
    try:
        with workspace.config.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""
