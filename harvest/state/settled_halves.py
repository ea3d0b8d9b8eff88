"""Damaged files that nobody has to ask about any more, because the whole file has come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from harvest.ledger import StoredReturn
from harvest.merge import Part, wholes
from harvest.model import ReporterKind, Submission
from harvest.normalise import is_damaged


def settled(returns: Iterable[StoredReturn], said: Iterable[Submission]) -> frozenset[str]:
    """Hashes of damaged returns that have come whole.

    All that they say is said by an undamaged one, which is known to be the same partner's or came on the same way; one
    of which nothing could be read is settled by an undamaged file in its very place.
    """
    by_id = {one.document.sha256: one for one in returns}
    damaged = {identity for identity, one in by_id.items() if is_damaged(one.reading.problems)}
    if not damaged:
        return frozenset()
    said = tuple(said)
    given_way = wholes(said)
    parts = {identity: {Part.of(one) for one in said if one.return_id == identity} for identity in damaged}
    speaks = {one.return_id for one in said if not all(sheet.blank for sheet in one.sheets)}
    places = {
        way.path
        for identity, one in by_id.items()
        if identity not in damaged and one.reading.found
        for way in one.document.sightings
    }
    return frozenset(
        identity
        for identity in damaged
        if (
            all(_has_come(part, given_way, by_id, damaged) for part in parts[identity])
            if identity in speaks
            else any(way.path in places for way in by_id[identity].document.sightings)
        )
    )


def _has_come(
    part: Part, given_way: Mapping[Part, Part], by_id: Mapping[str, StoredReturn], damaged: Iterable[str]
) -> bool:
    whole = given_way.get(part)
    if whole is None or whole.return_id in damaged:
        return False
    ways = (set(_ways(by_id[one.return_id])) for one in (part, whole))
    return part.kind is not ReporterKind.RETURN or bool(set.intersection(*ways))


def _ways(one: StoredReturn) -> Iterator[tuple[str, str]]:
    """Where it lay, and who sent it."""
    return chain.from_iterable(
        [("path", way.path), *([("sender", way.mail_from)] if way.mail_from else [])]
        for way in one.document.sightings
    )
