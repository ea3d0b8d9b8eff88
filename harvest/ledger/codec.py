"""Between Python values and what SQLite holds. Whatever goes in comes out the same."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def text_in(text: str) -> str | bytes:
    """Text as SQLite takes it. A lone surrogate has no UTF-8 form, so such text goes in as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text_out(stored: str | bytes) -> str:
    """The text that `text_in` was given."""
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")


def time_in(at: datetime) -> str:
    """UTC, ISO 8601.

    Raises:
        ValueError: the time does not say which zone it is in.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; times in the ledger are UTC")
    try:
        return at.astimezone(UTC).isoformat()
    except OverflowError:  # the first and last day of the calendar, written by a broken clock
        return at.isoformat()


def time_out(stored: str) -> datetime:
    """The time that `time_in` was given."""
    return datetime.fromisoformat(stored)


def maybe_time_in(at: datetime | None) -> str | None:
    """The same for a time that may be unknown."""
    return None if at is None else time_in(at)


def maybe_time_out(stored: str | None) -> datetime | None:
    """The time that `maybe_time_in` was given."""
    return None if stored is None else time_out(stored)


def confidence_in(confidence: float) -> float:
    """SQLite knows no NaN; what is not even a number deserves no confidence."""
    return 0.0 if math.isnan(confidence) else confidence


def _json(data: Any) -> str:
    # Not escaped: JSON's escapes would join two lone surrogates that stand side by side into one character.
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pairs_in(pairs: tuple[tuple[str, str], ...]) -> str | bytes:
    """Pairs of texts as JSON."""
    return text_in(_json(pairs))


def pairs_out(stored: str | bytes) -> tuple[tuple[str, str], ...]:
    """The pairs that `pairs_in` was given."""
    return tuple((key, value) for key, value in json.loads(text_out(stored)))


def values_in(values: Mapping[str, str]) -> str | bytes:
    """Column -> text as JSON; the same values always give the same text."""
    return text_in(_json(dict(values)))


def values_out(stored: str | bytes) -> dict[str, str]:
    """The values that `values_in` was given."""
    loaded: dict[str, str] = json.loads(text_out(stored))
    return loaded


def packed(data: Any) -> bytes:
    """JSON-able data, compressed."""
    return zlib.compress(_json(data).encode("utf-8", "surrogatepass"), 6)


def unpacked(stored: bytes) -> Any:
    """The data that `packed` was given."""
    return json.loads(zlib.decompress(stored).decode("utf-8", "surrogatepass"))
