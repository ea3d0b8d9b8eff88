"""Whose page is it: pages identified by their hidden fields, and the answers that they belong to. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harvest.model import TRUST, FieldReading, PageFound
from spec.names import COVER, CoverField


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """One answer within a return: its edition, whom the form was made out to, and who says it answers.

    `organisation` is the key of what was typed on the cover page; it parts answers only where there is no token.
    """

    edition: str
    token: str | None
    organisation: str


def organisation_key(text: str) -> str:
    """What makes two spellings of an organisation one: compatibility forms, case and white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Owners:
    """Tells the owner of each field of a return.

    Pages without a token belong to the cover page before them, so that two answers on blank forms,
    joined into one file, stay two where their cover pages name different organisations.
    """

    def __init__(self, found: Sequence[PageFound], fields: Iterable[FieldReading]) -> None:
        typed = _organisations(fields)
        self._pages: dict[int, Owner] = {}
        self._by_edition: dict[str, list[Owner]] = {}
        # pages before the first cover page belong to it
        covers = {
            page.edition: typed.get((page.edition, page.number), "")
            for page in reversed(found)
            if _bare_cover(page)
        }
        for page in found:
            if _bare_cover(page):
                covers[page.edition] = typed.get((page.edition, page.number), "")
            organisation = "" if page.token else covers.get(page.edition, "")
            owner = Owner(page.edition, page.token, organisation)
            self._pages[page.number] = owner
            known = self._by_edition.setdefault(page.edition, [])
            if owner not in known:
                known.append(owner)

    def of(self, field: FieldReading) -> Owner:
        """The owner of a field: its page's, if that is of its edition, else the edition's first."""
        own = self._pages.get(field.place.page)
        if own is not None and own.edition == field.name.edition:
            return own
        known = self._by_edition.get(field.name.edition)
        return known[0] if known else Owner(field.name.edition, None, "")

    def of_page(self, page: PageFound) -> Owner:
        """The owner of an identified page."""
        return self._pages[page.number]


def _bare_cover(page: PageFound) -> bool:
    return page.category == COVER and page.token is None


def _organisations(fields: Iterable[FieldReading]) -> Mapping[tuple[str, int], str]:
    return {
        (field.name.edition, field.place.page): organisation_key(field.text)
        for field in sorted(
            fields, key=lambda field: -TRUST[field.method]
        )  # the most trusted comes last and stays
        if isinstance(field.name, CoverField)
        and field.name.page == COVER
        and field.name.key == "organisation"
    }
