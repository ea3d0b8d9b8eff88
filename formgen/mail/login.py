"""Where passwords come from: the environment, or the system's keyring; never a file or a command line of ours."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from spec.config import KEYRING_SERVICE, PASSWORDS
from spec.console.said import said
from spec.errors import WrongInputError

#: (service, user) -> password, None where there is none
Keyring = Callable[[str, str], str | None]


def password_for(
    table: str, user: str, server: str, environ: Mapping[str, str], keyring: Keyring | None
) -> str:
    """The password of `user` at `server`; `table` is `smtp` or `mailbox`.

    Raises:
        WrongInputError: there is none; says where to put it.
    """
    variable = PASSWORDS[table]
    found = environ.get(variable) or (keyring or system_keyring)(KEYRING_SERVICE, f"{user}@{server}")
    if not found:
        raise WrongInputError(
            variable,
            said(
                "There is no password for {user} at {server}, neither here nor in the keyring.",
                user=user,
                server=server,
            ),
            said(
                "Set the variable, or run: keyring set {service} {user}@{server}",
                service=KEYRING_SERVICE,
                user=user,
                server=server,
            ),
        )
    return found


def system_keyring(service: str, user: str) -> str | None:
    """What the system's keyring holds; None also where the package `keyring` is not installed."""
    try:
        found = importlib.import_module("keyring").get_password(service, user)
    except Exception:  # noqa: BLE001 - not installed, locked, or without a backend: each raises something of its own
        return None
    return found if isinstance(found, str) else None
