"""When two texts say the same. Two degrees: as written but for white space, and as meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from harvest.model import Value

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
def loose(text: str) -> str:
    """The text without white space, case and typography that carry no meaning.

    Entry ids are hashes of this: changing it would orphan the ids on forms that partners still hold.
    """
    return plain(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)).casefold()


def content_of(values: Mapping[str, Value]) -> Content:
    """What a row says: equal for rows that say the same in all columns."""
    return tuple(sorted((column, key) for column, value in values.items() if (key := loose(value.text))))
