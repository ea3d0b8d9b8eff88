"""What can be wrong with a register that somebody hands us. Nothing is changed when one of these is raised."""

from __future__ import annotations

from spec.errors import NothingDoneError


class RegisterError(NothingDoneError):
    """Root of what is wrong with a register's file."""


class NotAWorkbookError(RegisterError):
    """The file is no xlsx package, or a damaged one."""


class ProtectedRegisterError(RegisterError):
    """The file is encrypted with a password (or in the format of before 2007)."""


class MacroRegisterError(RegisterError):
    """The file holds macros."""


class OversizedRegisterError(RegisterError):
    """The file would unpack to more than any register needs: a zip bomb, or a sheet filled to its end."""


class ForeignRegisterError(RegisterError):
    """The file is the register of another form, or no register at all."""


class NewerRegisterError(RegisterError):
    """A newer version of the program wrote the file."""


class BrokenLayoutError(RegisterError):
    """A sheet or column without which nothing can be told apart is gone."""


class BlockedRegisterError(RegisterError):
    """The file is open in another program, read-only, changed meanwhile, or the disk is full."""
