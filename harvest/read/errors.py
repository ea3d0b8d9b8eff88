"""Why an adapter gives up. Nobody outside `harvest.read` sees these: `read` turns them into problems."""


class UnreadableError(Exception):
    """This library cannot open the file; another one may."""


class PasswordNeededError(Exception):
    """The file wants a user password, and none of those known opens it (ISO 32000-1, 7.6.3)."""


class TooManyFieldsError(Exception):
    """More fields than any form has; what was found until here stands."""
