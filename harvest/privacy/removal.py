"""Returns taken out of the ledger within a run, and everything that others reported or people did kept as it was.

Ids of entries are made from what an entry said first, and what people did is recorded under them. Where the first words
go, an entry that others reported, too, gets another id, and what people did to it follows it there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harvest.ledger import Run, StoredReturn
from harvest.merge import cell_id
from harvest.merge.facilities.equality import plain
from harvest.model import CellPlace, Entry, Register, Submission
from harvest.privacy.withheld_names import Withheld
from harvest.state.state import INSIDE, all_said_in, merged, state_of
from harvest.workspace.originals import hash_of, path_of
from harvest.workspace.session import Session
from spec.console.said import refusal, said
from spec.errors import NothingDoneError
from spec.workspace import Workspace


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes.

    Attributes:
        whole: hashes of returns that go with all that was read in them.
        parts: hash -> names of the fields that stay, of returns that go but for these.
        entries: ids, of any time, of the entries that go.
        originals: hashes of further returns whose originals and pictures go; `redact` takes words out of the rest.
        withheld: documents whose names are not stored again.
    """

    whole: Collection[str]
    parts: Mapping[str, frozenset[str]]
    entries: frozenset[str]
    originals: Collection[str] = ()
    redact: Callable[[str], str] = field(default=_as_it_is)
    withheld: Withheld = field(default_factory=Withheld)

    @property
    def touched(self) -> frozenset[str]:
        """Returns of which anything is taken out as a whole."""
        return frozenset((*self.whole, *self.parts))


def everything(session: Session) -> tuple[tuple[StoredReturn, ...], tuple[Submission, ...]]:
    """Every return ever, also of undone runs."""
    ledger = session.ledger
    returns = ledger.why((), tuple(ledger.known())).returns
    return returns, tuple(all_said_in(returns, session.editions))


def all_entries(session: Session) -> Register:
    """All entries, also deleted ones and those of undone runs."""
    _, said = everything(session)
    return merged_with_deleted(session, said)


def merged_with_deleted(session: Session, said: Iterable[Submission]) -> Register:
    """The register that follows from these, with what people deleted in it."""
    events = replace(session.ledger.hand_events(), deletions=())
    return merged(said, events, session.editions)


def take_out(session: Session, run: Run, removal: Removal) -> None:
    """Take it out of the ledger; everything happens within `run`, call `Ledger.vacuum` once it is committed."""
    ledger = session.ledger
    returns, said = everything(session)
    before, said_before = merged_with_deleted(session, said), _texts(returns)
    kept = _kept_cells(returns, removal.parts)
    with ledger.forgetting(run) as forgetting:
        forgetting.documents(removal.whole)
        for sha256 in sorted(removal.whole):
            forgetting.typed(sha256)
        for sha256, names in sorted(removal.parts.items()):
            forgetting.typed(sha256, kept.get(sha256, ()))
            forgetting.all_but(sha256, names)
        forgetting.keep_out(removal.originals)
        forgetting.pictures(removal.originals)
        forgetting.events(removal.entries)
        forgetting.withhold(removal.withheld.hashes)
        forgetting.refused(removal.withheld.keys)
        forgetting.words(removal.redact)
        returns, said = everything(session)
        gone = said_before - _texts(returns) if removal.touched else frozenset()
        forgetting.quoted(lambda text: plain(text) in gone)
        renamed = _renamed(before, merged_with_deleted(session, said))
        forgetting.rename(renamed)
        shown = {
            entry.id: dict(entry.values) for entry in state_of(ledger, session.editions).register.entries
        }
        mixed = {
            entry.id
            for entry in before.entries
            if any(source.return_id in removal.touched for source in entry.sources)
        } - removal.entries
        forgetting.snapshots(Without(removal, mixed, shown, renamed))


def _kept_cells(
    returns: Iterable[StoredReturn], parts: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    """Return -> ids of its cells that stay."""
    return {
        one.document.sha256: frozenset(
            cell_id(place)
            for field in one.reading.fields
            if (place := CellPlace.of(one.document.sha256, field.place.page, field.name))
            and str(field.name) in parts[one.document.sha256]
        )
        for one in returns
        if one.document.sha256 in parts
    }


def _texts(returns: Iterable[StoredReturn]) -> frozenset[str]:
    return frozenset(plain(one.text) for stored in returns for one in stored.reading.fields) - {""}


def _renamed(before: Register, after: Register) -> dict[str, str]:
    """Id that is gone -> the id under which what is left of its entry is known, by its places in the returns."""
    known = {identity for entry in after.entries for identity in (entry.id, *entry.aliases)}
    by_place = {place: entry.id for entry in after.entries for place in _places(entry)}
    found = {}
    for entry in before.entries:
        left = Counter(by_place[place] for place in sorted(_places(entry)) if place in by_place)
        if left:
            now = max(sorted(left), key=lambda identity: left[identity])
            found.update({one: now for one in (entry.id, *entry.aliases) if one not in known})
    return found


def _places(entry: Entry) -> frozenset[tuple[str, int, int]]:
    return frozenset((source.return_id, source.page, source.row) for source in entry.sources)


@dataclass(frozen=True, slots=True)
class Without:
    """What an earlier run wrote into the register, without what is forgotten.

    Attributes:
        mixed: entries that others reported, too: they are as they stand now, which `shown` tells.
        renamed: id that is gone -> the id under which its entry is known now.
    """

    removal: Removal
    mixed: Collection[str] = ()
    shown: Mapping[str, dict[str, str]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, snapshot: Any) -> Any:
        """The snapshot (`Written.as_json`) as it is kept; what it stood for as a whole can't be told any more."""
        id_of, redact = self._id, self.removal.redact
        kept = self.removal.entries.isdisjoint
        return {
            **snapshot,
            "entries": {
                id_of(one): self._values(one, values)
                for one, values in snapshot["entries"].items()
                if kept({one})
            },
            "categories": {id_of(one): key for one, key in snapshot["categories"].items() if kept({one})},
            "proposed": {
                id_of(one): [id_of(other) for other in others if kept({other})]
                for one, others in snapshot["proposed"].items()
                if kept({one})
            },
            "aliases": {alias: id_of(one) for alias, one in snapshot["aliases"].items() if kept({one})},
            "deleted": [id_of(one) for one in snapshot.get("deleted", ()) if kept({one})],
            "ahead": {id_of(one): at for one, at in snapshot.get("ahead", {}).items() if kept({one})},
            "answered": {
                id_of(one): [[redact(text), word] for text, word in said if redact(word) == word]
                for one, said in snapshot.get("answered", {}).items()
                if kept({one})
            },
            "otherwise": {
                id_of(one): {column: redact(text) for column, text in texts.items()}
                for one, texts in snapshot.get("otherwise", {}).items()
                if kept({one}) and one not in self.mixed
            },
            "unread": {
                cell: [return_id, id_of(one), column]
                for cell, (return_id, one, column) in snapshot.get("unread", {}).items()
                if kept({one}) and return_id not in self.removal.whole
            },
            "fingerprint": "",
        }

    def _id(self, entry: str) -> str:
        return self.renamed.get(entry, entry)

    def _values(self, entry: str, values: Mapping[str, str]) -> dict[str, str]:
        if entry in self.mixed:
            return self.shown.get(entry, {})
        return {column: self.removal.redact(text) for column, text in values.items()}


# ---------------------------------------------------------------- files


def files_of(workspace: Workspace, hashes: Collection[str]) -> Iterator[Path]:
    """Originals of these returns, and copies in the folder of returns, whatever their names."""
    if not hashes:
        return
    for folder in (workspace.originals, workspace.returns):
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and (path.stem in hashes or hash_of(path) in hashes):
                    yield path


def named_after(workspace: Workspace, mentioned: Callable[[str], bool]) -> Iterator[Path]:
    """Copies in the folder of returns whose names mention somebody, of returns whose originals are kept."""
    if workspace.returns.is_dir():
        for path in sorted(workspace.returns.rglob("*")):
            named = path.is_file() and mentioned(path.relative_to(workspace.returns).as_posix())
            if named and path_of(workspace.originals, hash_of(path)) is not None:
                yield path


@dataclass(frozen=True, slots=True)
class Packed:
    """Archives and saved mails in the folder of returns that hold what goes.

    Attributes:
        alone: they hold nothing else.
        mixed: they hold other things, too; a person has to look.
    """

    alone: tuple[Path, ...]
    mixed: tuple[Path, ...]


def packed_with(session: Session, returns: Iterable[StoredReturn], hashes: Collection[str]) -> Packed:
    """Which archives and saved mails hold returns with these hashes."""
    held: dict[str, set[str]] = defaultdict(set)
    for one in returns:
        for way in one.document.sightings:
            outer, inside, _ = way.path.partition(INSIDE)
            held[outer].update((one.document.sha256,) if inside else ())
    for refused in session.ledger.refusals(active_only=False):
        held[refused.provenance.path.partition(INSIDE)[0]].add(refused.key)
    folder = session.workspace.returns
    found: dict[bool, list[Path]] = {True: [], False: []}
    for outer, inner in sorted(held.items()):
        path = folder / outer
        if not inner.isdisjoint(hashes) and path.is_file() and folder.resolve() in path.resolve().parents:
            found[inner <= set(hashes)].append(path)
    return Packed(tuple(found[True]), tuple(found[False]))


def require_free(paths: Iterable[Path]) -> None:
    """Make sure, before anything is changed, that no program holds what is going to be deleted or written anew.

    Raises:
        NothingDoneError: one is held, or lies where nobody may delete.
    """
    for path in paths:
        try:
            # Windows moves no file that is open, not even to where it is
            path.replace(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise NothingDoneError(
                str(path),
                said("This file has to go and can't be deleted ({reason}).", reason=refusal(error)),
                "Close it if a program has it open, or allow deleting in this folder; then run again.",
            ) from error


def delete(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Delete these files; what is told are those that a program holds, or that nobody may delete."""
    held = []
    for path in dict.fromkeys(paths):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            held.append(path)
    return tuple(held)
