"""Where a mailbox's login comes from: the environment, or the system's keyring; never a file of ours."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from harvest.sources.mailbox.imap import Account
from spec.console.said import said
from spec.errors import WrongInputError

KEYRING_SERVICE = "formgen-harvest"

#: (service, user) -> password, None where there is none
Keyring = Callable[[str, str], str | None]


def account(environ: Mapping[str, str], keyring: Keyring | None = None) -> Account:
    """The mailbox named by HARVEST_IMAP_HOST and HARVEST_IMAP_USER.

    Also read: HARVEST_IMAP_PORT, _PASSWORD, _TOKEN, _FOLDERS (comma-separated), _CA_FILE. Without a password or
    token the keyring is asked for `user@host` under `formgen-harvest`; default: the `keyring` package, if installed.

    Raises:
        WrongInputError: something is missing or wrong; says which variable.
    """
    host, user = _needed(environ, "HOST"), _needed(environ, "USER")
    password, token = environ.get("HARVEST_IMAP_PASSWORD", ""), environ.get("HARVEST_IMAP_TOKEN", "")
    if not password and not token:
        password = (keyring or _system_keyring)(KEYRING_SERVICE, f"{user}@{host}") or ""
    if not password and not token:
        raise WrongInputError(
            "HARVEST_IMAP_PASSWORD",
            "There is no password for the mailbox, neither here nor in the keyring.",
            said(
                "Set it, or run: keyring set {service} {user}@{host}",
                service=KEYRING_SERVICE,
                user=user,
                host=host,
            ),
        )
    folders = tuple(
        part.strip() for part in environ.get("HARVEST_IMAP_FOLDERS", "").split(",") if part.strip()
    )
    return Account(
        host,
        user,
        password,
        token,
        port=_port(environ.get("HARVEST_IMAP_PORT", "") or "993"),
        folders=folders or ("INBOX",),
        ca_file=environ.get("HARVEST_IMAP_CA_FILE") or None,
    )


def _needed(environ: Mapping[str, str], key: str) -> str:
    value = environ.get(f"HARVEST_IMAP_{key}", "").strip()
    if not value:
        raise WrongInputError(f"HARVEST_IMAP_{key}", "It is not set.", "Set it to the mailbox's own.")
    return value


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise WrongInputError(
            "HARVEST_IMAP_PORT", said("{text!r} is no port.", text=text), "IMAP over TLS has 993."
        )
    return int(text)


def _system_keyring(service: str, user: str) -> str | None:
    try:
        found = importlib.import_module("keyring").get_password(service, user)
    # not installed, locked, or without a backend: each raises something of its own
    except Exception:  # noqa: BLE001
        return None
    return found if isinstance(found, str) else None
