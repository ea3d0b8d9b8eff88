"""What the commands of formgen hand back, and the JSON that `--json` prints of it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class BuildResult(BaseModel):
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

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    form: str
    title: str
    pages: int
    fields: int
    files: tuple[str, ...]
    unchanged: bool


class CheckResult(BaseModel):
    """What `formgen check` found: a sound form, since a faulty one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str
    title: str
    categories: int
    pages: int
    fields: int
