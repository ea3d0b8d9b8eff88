"""Documents that stay, and whose names go: what they were called, and who sent them, is not stored again by the next run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harvest.ledger import StoredRefusal, StoredReturn
from harvest.model import Provenance
from harvest.privacy.search.persons import Who
from harvest.sources import Refused
from harvest.state.state import INSIDE
from harvest.workspace.forgotten_hashes import without_name
from harvest.workspace.intake import refusal_key
from harvest.workspace.originals import hash_of
from harvest.workspace.session import Session


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is marked.

    Attributes:
        hashes: of documents, of files that were refused, and of containers in which something could not be read.
        keys: key of a refusal, which is a hash of names, too -> its key without them.
    """

    hashes: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=dict)


def withheld(session: Session, returns: Iterable[StoredReturn], who: Who) -> Withheld:
    """Whose ways or senders name them."""
    hashes = {one.document.sha256 for one in returns if any(ways_say(who, one.document.sightings))}
    keys = {}
    for refusal in session.ledger.refusals(active_only=False):
        sha256 = refusal.sha256 or _container(session, refusal)
        if sha256 and any(ways_say(who, (refusal.provenance,))):
            hashes.add(sha256)
            told = without_name(Refused(refusal.provenance, refusal.problem, refusal.sha256), sha256)
            keys[refusal.key] = refusal_key(told) if isinstance(told, Refused) else refusal.key
    return Withheld(frozenset(hashes), keys)


def ways_say(who: Who, ways: Iterable[Provenance]) -> Iterable[bool]:
    """For each text about these ways, whether it names them."""
    return (who.mentioned(text) for way in ways for text in texts_of(way))


def texts_of(way: Provenance) -> tuple[str, ...]:
    """All that is told about a way."""
    return (way.path, way.name, way.mail_from, way.mail_subject)


def _container(session: Session, refusal: StoredRefusal) -> str:
    path = session.workspace.returns / refusal.provenance.path.partition(INSIDE)[0]
    return hash_of(path) if path.is_file() else ""
