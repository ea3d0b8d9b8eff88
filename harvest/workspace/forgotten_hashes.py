"""Hashes of documents that were forgotten, beside the ledger: a new one obeys them, too.

One line for each: the SHA-256 of the document's bytes; behind it `name` where the document is kept, and only what it was
called is not to be stored. Nothing else stands there.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from harvest.ledger import Ledger
from harvest.model import Provenance
from harvest.sources import Found, Refused
from spec.console.said import refusal, said
from spec.errors import NothingDoneError
from spec.storage.atomic_files import write_text
from spec.workspace import Workspace

_LINE = re.compile(r"([0-9a-f]{64})( name)?")
#: Details of problems that say what a file was called.
_NAMES = frozenset({"name", "path"})


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What may not come back.

    Attributes:
        documents: hashes of those that are not taken in.
        names: hashes of those that are, without what they were called and who sent them.
    """

    documents: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __or__(self, other: Forgotten) -> Forgotten:
        return Forgotten(self.documents | other.documents, self.names | other.names)


def known(workspace: Workspace, ledger: Ledger) -> Forgotten:
    """What the ledger or the file beside it says.

    Raises:
        NothingDoneError: the file can't be read.
    """
    return _read(workspace) | Forgotten(ledger.forgotten(), ledger.withheld())


def write(
    workspace: Workspace, ledger: Ledger, further: Collection[str] = (), names: Collection[str] = ()
) -> None:
    """Write what the ledger says, and these, into the file beside it.

    Raises:
        NothingDoneError: the file can't be read or written.
    """
    before = _read(workspace)
    after = known(workspace, ledger) | Forgotten(frozenset(further), frozenset(names))
    if after != before:
        lines = [*sorted(after.documents), *(f"{one} name" for one in sorted(after.names))]
        write_text(workspace.forgotten, "".join(f"{line}\n" for line in lines))


def _read(workspace: Workspace) -> Forgotten:
    path = workspace.forgotten
    try:
        lines = path.read_text(encoding="ascii").split("\n")
    except FileNotFoundError:
        return Forgotten()
    except (OSError, ValueError) as error:
        reason = refusal(error) if isinstance(error, OSError) else "ASCII"
        raise _damaged(workspace, reason) from error
    found = [_LINE.fullmatch(line.strip()) for line in lines if line.strip()]
    if None in found:
        raise _damaged(workspace, "SHA-256")
    marks = [(one[1], bool(one[2])) for one in found if one is not None]
    return Forgotten(
        frozenset(sha256 for sha256, name in marks if not name),
        frozenset(sha256 for sha256, name in marks if name),
    )


def _damaged(workspace: Workspace, reason: object) -> NothingDoneError:
    return NothingDoneError(
        str(workspace.forgotten),
        said("This file can't be read, so nobody knows what was forgotten ({reason}).", reason=reason),
        "Restore it from a backup; it holds hashes of documents only.",
    )


# ---------------------------------------------------------------- names


def nameless(way: Provenance, sha256: str) -> Provenance:
    """The way without what anything on it was called, and without who sent it; when it came stays."""
    name = sha256[:12]
    return Provenance(name, name, file_time=way.file_time, mail_time=way.mail_time, carrier=way.carrier)


def without_name(found: Found, sha256: str) -> Found:
    """The same, as it is told and stored where its name is not to be."""
    own = nameless(found.provenance, sha256)
    if isinstance(found, Refused):
        details = tuple((key, own.name if key in _NAMES else value) for key, value in found.problem.details)
        return Refused(own, replace(found.problem, place="", details=details), found.sha256)
    return replace(found, provenance=own)
