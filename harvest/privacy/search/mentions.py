"""Where a person or partner is mentioned in a workspace's files. Reads only, through a worker: the files may be anybody's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from harvest.privacy.search.persons import Who
from harvest.privacy.search.search_pool import Search
from harvest.workspace.originals import hash_of
from spec.workspace import Workspace

#: files of ours that are copies of what stands elsewhere, and go as a whole
_COPIES = (re.compile(r"register \(.*\)\.xlsx"), re.compile(r"ledger \d{4}-.*\.sqlite(-journal)?"))


@dataclass(frozen=True, slots=True)
class Traces:
    """What the files of a workspace hold.

    Attributes:
        naming: those that name them, by content or name.
        closed: those in which something could not be looked into.
        held: those that can't be opened: a program has them.
        similar: what is only alike.
    """

    naming: tuple[Path, ...]
    closed: tuple[Path, ...]
    held: tuple[Path, ...]
    similar: tuple[str, ...]


def copies(workspace: Workspace) -> Iterator[Path]:
    """Files that repeat what stands in the register or ledger: backups, side files, damaged ledgers, what is derived."""
    for folder in (workspace.backups, workspace.cache):
        if folder.is_dir():
            yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
    for path in sorted(workspace.root.iterdir()):
        if path.is_file() and any(pattern.fullmatch(path.name) for pattern in _COPIES):
            yield path


def traces(
    workspace: Workspace, search: Search, who: Who, without: frozenset[Path], recognised: Collection[str] = ()
) -> Traces:
    """What all other files hold: what came in, read or not, lists, mails, what people wrote into the register themselves.

    Args:
        workspace: where they lie.
        search: looks into them.
        who: whom to look for.
        without: files that are not looked into.
        recognised: hashes of returns whose pictures were read: what they say stands in the ledger.
    """
    naming, closed, held, similar = list[Path](), list[Path](), list[Path](), dict[str, None]()
    ours = (workspace.forms, workspace.mail, workspace.rounds)
    made = {
        workspace.register,
        workspace.register_json,
        workspace.answers,
        workspace.report,
        workspace.summary,
    }
    skipped = {workspace.lock, *without}
    paths = [path for path in sorted(workspace.root.rglob("*")) if path not in skipped and path.is_file()]
    for path, looked in search.look(paths, who).items():
        similar.update(dict.fromkeys((*who.similar(path.stem), *looked.similar)))
        if looked.mentioned or who.mentioned(path.stem):
            naming.append(path)
        if looked.held:
            held.append(path)
            continue
        strange = path not in made and not any(folder in path.parents for folder in ours)
        if strange and looked.closed and not (looked.scan and _is_recognised(path, recognised)):
            closed.append(path)
    return Traces(tuple(naming), tuple(closed), tuple(held), tuple(similar))


def _is_recognised(path: Path, recognised: Collection[str]) -> bool:
    return path.stem in recognised or hash_of(path) in recognised
