"""Which offers a list means: by key, name, an unmistakable part of a name, or a number. Never a silent guess.

What is not written out is told with what it was taken for; what can mean two offers is a fault that names both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spec.console.said import listed, said
from spec.form.model import Category, Form
from spec.matching import equal_key
from spec.naming import like, meant

_APART = re.compile(r"[;\n\r]+")
_PAGE = re.compile(r"(?:seite|page|s\.|p\.)\s*(\d{1,4})", re.IGNORECASE)
#: What is so much like a name is that name but for a slip.
_VERY_LIKE = 0.8
_REMEDY = "Write the keys or names of categories, parted by semicolons; leave the cell empty for all."
_WHOLE = "Write the whole name."


@dataclass(frozen=True, slots=True)
class Offer:
    """A part of a cell and the category that it means; `said_whole`: it is the category's key or name."""

    text: str
    category: Category
    said_whole: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """A part of a cell that means no category, or several: what is wrong, and what to do."""

    fault: str
    remedy: str


@dataclass(frozen=True)
class Offers:
    """The offers of a form, to be found by what people call them."""

    form: Form
    _known: dict[str, Offer | Unclear] = field(default_factory=dict)

    def of(self, cell: str) -> Iterator[Offer | Unclear]:
        """What a cell means, part by part; parts stand between semicolons or line ends, or commas."""
        for part in filter(None, (each.strip() for each in _APART.split(cell))):
            whole = self._one(part)
            pieces = [self._one(piece.strip()) for piece in part.split(",") if piece.strip()]
            # names have commas, too: it is parted there only where the whole is none
            if isinstance(whole, Offer) or len(pieces) < 2:
                yield whole
            elif (
                all(isinstance(one, Offer) for one in pieces)
                or like(part, self._all_names, _VERY_LIKE) is None
            ):
                yield from pieces
            else:
                yield whole

    def _one(self, text: str) -> Offer | Unclear:
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> Offer | Unclear:
        for one in self.form.categories:
            if one.key == text.casefold():
                # who writes a key in capitals may know nothing of keys
                whole = one.key == text or equal_key(text) in map(equal_key, _names(one))
                return Offer(text, one, said_whole=whole)
        if named := [one for one in self.form.categories if equal_key(text) in map(equal_key, _names(one))]:
            return Offer(text, named[0], said_whole=True) if len(named) == 1 else _several_keys(named)
        if text.isdecimal() or _PAGE.fullmatch(text):
            return self._numbered(text)
        return self._only(text, meant(text, {one: _names(one) for one in self.form.categories}))

    def _numbered(self, text: str) -> Offer | Unclear:
        """A number counts the offers, or is the one at the foot of a page; `Seite 6` is the latter alone."""
        page = _PAGE.fullmatch(text)
        number = int(page[1] if page else text)
        found = [] if page else list(self.form.categories[number - 1 : number] if number else ())
        found += [one for one in self._on_page(number) if one not in found]
        return self._only(text, found)

    def _on_page(self, number: int) -> Iterator[Category]:
        """The first page is the cover."""
        first = 2
        for one in self.form.categories:
            if first <= number < first + one.pages:
                yield one
            first += one.pages

    def _only(self, text: str, found: Sequence[Category]) -> Offer | Unclear:
        if len(found) == 1:
            return Offer(text, found[0], said_whole=False)
        if found:
            names = listed([repr(one.name) for one in found])
            return Unclear(said("{part!r} can mean {names}.", part=text, names=names), _WHOLE)
        near = like(text, self._all_names)
        remedy = said("Did you mean {name!r}?", name=near.name) if near else _REMEDY
        return Unclear(said("The form has no category {part!r}.", part=text), remedy)

    @cached_property
    def _all_names(self) -> Mapping[Category, tuple[str, ...]]:
        return {one: (one.key, *_names(one)) for one in self.form.categories}


def _names(category: Category) -> tuple[str, ...]:
    return (category.name, *category.other_names)


def _several_keys(found: Sequence[Category]) -> Unclear:
    names = ", ".join(one.key for one in found)
    return Unclear(said("Several are called so: write the key ({names}).", names=names), _WHOLE)


def told(taken: Mapping[tuple[str, str], Sequence[int]], place: str) -> Iterator[str]:
    """What was taken for what, in sentences: (what the list says, the category's name) -> rows of the list."""
    for (text, name), rows in taken.items():
        shown = ", ".join(map(str, rows[:5])) + (", …" if len(rows) > 5 else "")
        yield said(
            "{place}: {text!r} is taken for {name!r} ({count:row|rows} {rows}).",
            place=place,
            text=text,
            name=name,
            count=len(rows),
            rows=shown,
        )
