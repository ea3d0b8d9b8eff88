"""Form -> PDF -> e-mail.

What is named here is the public interface; everything below is the program's own and may change.

    form = formgen.load("checklists.toml")
    formgen.build(form, "output").files
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formgen.results import BuildResult
    from spec.form.model import Form

__all__ = ["build", "load"]


def load(path: str | Path | None = None) -> Form:
    """The form that a spec describes.

    Args:
        path: a spec as TOML or as a workbook; without one, the checklists that come with the program.

    Raises:
        SpecError: the spec has faults; each is told with its place.
        WrongInputError: the file can't be read.
    """
    from formgen.forms import chosen_form  # noqa: PLC0415 - `import formgen` alone loads nothing

    return chosen_form(None if path is None else Path(path))


def build(form: Form, workspace: str | Path) -> BuildResult:
    """Write the blank PDF of a form and its `edition.json` into a workspace, as `formgen build` does.

    Args:
        form: from `load`.
        workspace: the folder of the project; it is made where there is none.

    Raises:
        SpecError: a text does not fit its place; nothing was written.
        NothingDoneError: the workspace can't be written to.
    """
    from formgen.blank import build as build_blank  # noqa: PLC0415 - `import formgen` alone loads nothing
    from spec.workspace import Workspace  # noqa: PLC0415

    return build_blank(form, Workspace(Path(workspace)))
