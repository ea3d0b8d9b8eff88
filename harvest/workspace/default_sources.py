"""Where a run looks if nobody says: the folder of returns, what `formgen.toml` names besides, the office's mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harvest.sources.mailbox.imap import Account
from harvest.sources.mailbox.imap_login import account
from spec.config import Mailbox, load_config
from spec.errors import WrongInputError
from spec.workspace import Workspace

_PREFIX = "HARVEST_IMAP_"


@dataclass(frozen=True, slots=True)
class MailboxOptions:
    """What the command line says of the mailbox; empty: what `formgen.toml` or the environment says."""

    server: str = ""
    user: str = ""
    folder: str = ""


def usual_sources(workspace: Workspace) -> tuple[Path, ...]:
    """The workspace's folder of returns and the further ones of `formgen.toml`.

    Raises:
        WrongInputError: `formgen.toml` has faults.
    """
    further = tuple(workspace.root / path for path in load_config(workspace).paths.returns)
    return (workspace.returns, *further) if workspace.returns.exists() else further


def mailbox(workspace: Workspace, options: MailboxOptions, environ: Mapping[str, str]) -> Account:
    """The mailbox to read: options before the environment (see `imap_login`) before `formgen.toml`.

    Raises:
        WrongInputError: nobody said which one, or there is no password for it.
    """
    said = _settings(load_config(workspace).mailbox)
    said |= {key: text for key, text in environ.items() if key.startswith(_PREFIX) and text.strip()}
    said |= _given({"HOST": options.server, "USER": options.user, "FOLDERS": options.folder})
    if f"{_PREFIX}HOST" not in said or f"{_PREFIX}USER" not in said:
        raise WrongInputError(
            "--mailbox",
            "Nobody said which mailbox to read.",
            "Fill in [mailbox] in formgen.toml, or add --mailbox-server and --mailbox-user.",
        )
    return account(said)


def _settings(box: Mailbox) -> dict[str, str]:
    if not box.server:
        return {}
    return _given(
        {
            "HOST": box.server,
            "PORT": str(box.port),
            "USER": box.user,
            "FOLDERS": box.folder,
            "CA_FILE": box.ca_file,
        }
    )


def _given(texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{_PREFIX}{key}": text for key, text in texts.items() if text.strip()}
