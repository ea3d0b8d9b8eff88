"""What the commands of formgen hand back, and the JSON that `--json` prints of it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from spec.console.said import Message


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BuildResult(_Result):
    """What `formgen build` did.

    Attributes:
        edition: the edition's id, the first part of every field's name.
        form: the form's key.
        title: the form's title.
        pages: pages of the blank.
        fields: fields that a partner can fill in.
        files: what was written, with forward slashes on every system: the blank, then the edition file.
        unchanged: the files were there already, byte for byte.
    """

    edition: str
    form: str
    title: str
    pages: int
    fields: int
    files: tuple[str, ...]
    unchanged: bool


class CopyResult(_Result):
    """One recipient's copy.

    Attributes:
        token: the recipient's token; null where it is new and nothing was written.
        file: its path, with forward slashes on every system.
        prefilled: entries that it shows.
        notes: what a person should know of it.
    """

    organisation: str
    token: str | None
    file: str
    pages: int
    prefilled: int
    notes: tuple[Message | str, ...]


class CopiesResult(BuildResult):
    """What `formgen build --recipients` did: the blank, and a copy for each recipient.

    Attributes:
        written: copies that were written; the others were there already, byte for byte.
        notes: what a person should know of the list and the register.
    """

    recipients: tuple[CopyResult, ...]
    written: int
    notes: tuple[Message | str, ...]


class CheckResult(_Result):
    """What `formgen check` found: a sound form, since a faulty one is an error."""

    form: str
    title: str
    categories: int
    pages: int
    fields: int
