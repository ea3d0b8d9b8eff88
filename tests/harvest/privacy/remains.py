"""What is left in a workspace."""

from __future__ import annotations

import zipfile

from tests.harvest.offices import Office


def everything(office: Office) -> str:
    """All bytes of the workspace but the forms, zip files unpacked."""
    texts = []
    for path in office.workspace.root.rglob("*"):
        if path.is_file() and office.workspace.forms not in path.parents and path.suffix != ".pdf":
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as package:
                    texts += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
            else:
                texts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(texts)
