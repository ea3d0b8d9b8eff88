"""When two texts say the same: as written but for white space, and as meant. And what ids are hashes of, for ever."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TypeAlias

from harvest.model import Value
from harvest.parse.plain import visible
from spec.matching import equal_key

#: What a row says, comparable: the filled columns with their loose texts, in the order of the columns.
Content: TypeAlias = tuple[tuple[str, str], ...]

# Dashes and quotes that keyboards, Word and phones put in place of the plain ones.
_TYPOGRAPHY = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("„“”«»‟", '"'), **dict.fromkeys("‚‘’‛´`", "'")}
)


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """The text with white space evened out: readers and flattened pages change only that."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1 << 16)
def id_text(text: str) -> str:
    """The text as it goes into entry ids.

    Never to be changed: the ids of all entries are hashes of this, and stand on forms that partners still hold.
    """
    return plain(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)).casefold()


@lru_cache(maxsize=1 << 16)
def loose(text: str) -> str:
    """The text without white space, case, typography and signs that nobody sees, which carry no meaning."""
    return id_text(visible(text))


def id_content(values: Mapping[str, Value]) -> Content:
    """What a row says, as it goes into entry ids."""
    return tuple(sorted((column, key) for column, value in values.items() if (key := id_text(value.text))))


def content_of(values: Mapping[str, Value], identifying: Collection[str] = ()) -> Content:
    """What a row says: equal for rows that say the same in all columns; the columns `identifying` hold a name."""
    said = ((column, key_of(column, value.text, identifying)) for column, value in values.items())
    return tuple(sorted((column, key) for column, key in said if key))


def key_of(column: str, text: str, identifying: Collection[str]) -> str:
    """What a cell says, comparable: names as names are compared (`spec.matching`, equal), everything else by its words."""
    return facility_key(text) if column in identifying else loose(text)


def facility_key(name: str) -> str:
    """Two facilities with the same key bear the same name; one without letters and figures is what else stands there."""
    return equal_key(name) or loose(name)
