"""Why an adapter gives up. Nobody outside `harvest.reading` sees these: `read` turns them into problems."""

from __future__ import annotations

from spec.errors import FormgenHarvestError


class AdapterError(FormgenHarvestError):
    """One way of reading did not lead to the end; `reason` is for whoever debugs it."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(place="", fault=reason, remedy="")


class UnreadableError(AdapterError):
    """This library cannot open the file; another one may."""


class PasswordNeededError(AdapterError):
    """The file wants a user password, and none of those known opens it (ISO 32000-1, 7.6.3)."""


class TooManyFieldsError(AdapterError):
    """More fields than any form has; what was found until here stands."""


class UnusualError(AdapterError):
    """The file is not as plain as the quick way needs it; it may be sound all the same."""
