"""Which mailing an answer is to, where the form itself does not say: what had been sent to that partner by then. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Sending:
    """A round's form went to a partner; answers may be to it from this day on."""

    since: date
    round: str


def round_by_then(sendings: Iterable[Sending], day: date) -> str:
    """The newest round that had been sent by this day; empty where none had."""
    return max((one for one in sendings if one.since <= day), default=Sending(date.min, "")).round
