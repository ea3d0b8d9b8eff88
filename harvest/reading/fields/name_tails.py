"""Names to which a tool added a tail without a separator: which field of the edition was it? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from spec.names import COVER, CoverField, EntryField, FieldName, RowField
from spec.wire import EditionFile

#: What tools add: a counter, digits and letters with at least one digit, a word for a copy.
_TAIL = re.compile(
    r"-?(?:copy|copia|copie|kopie|kopia|dup|duplicate)[a-z0-9-]*|-[0-9]+|[0-9][a-z0-9-]*|(?=[a-z-]*[0-9])[a-z0-9-]{6,}"
)
_ID = "id"


class Tails:
    """Finds the edition's own field where a name goes on with a tail.

    Args:
        editions: the known ones; names of others stay as they are.
    """

    def __init__(self, editions: Mapping[str, EditionFile]) -> None:
        self._editions = editions
        self._keys: dict[tuple[str, str], frozenset[str]] = {}

    def without(self, name: FieldName) -> FieldName:
        """The field whose name begins as this one's; `name` itself where it is the edition's, or nothing fits."""
        if isinstance(name, RowField):
            key = self._key(name.edition, "", name.column)
            if key == _ID:
                return EntryField(name.edition, name.category, name.row)
            return name if key == name.column else replace(name, column=key)
        if isinstance(name, CoverField):
            key = self._key(name.edition, name.page, name.key)
            return name if key == name.key else replace(name, key=key)
        return name

    def _key(self, edition: str, page: str, key: str) -> str:
        kind = edition, page
        if kind not in self._keys:
            self._keys[kind] = frozenset(self._known(edition, page))
        keys = self._keys[kind]
        if key in keys:
            return key
        longest_first = sorted(keys, key=len, reverse=True)
        return next(
            (one for one in longest_first if key.startswith(one) and _TAIL.fullmatch(key, len(one))), key
        )

    def _known(self, edition: str, page: str) -> Iterator[str]:
        form = self._editions[edition].form if edition in self._editions else None
        if form is None:
            return
        if page:
            yield from (field.key for field in (form.cover if page == COVER else form.feedback).fields)
        else:
            yield from (*(column.key for column in form.columns), _ID)
