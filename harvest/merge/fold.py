"""From submissions to chains: every reporter's returns, folded from the oldest to the newest.

The order of the fold is (age, return, reporter): a function of the set of submissions, not of their arrival.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, TypeAlias

from harvest.merge.chains import Chain, Statement, Version
from harvest.merge.facilities.equality import Content, content_of, id_content, id_text, key_of, plain
from harvest.merge.facilities.union_find import Unions
from harvest.merge.halves import Part
from harvest.merge.ids import entry_id, is_entry_id, row_id
from harvest.merge.layout import Layout
from harvest.merge.row_matching import Matcher
from harvest.model import TRUST, Age, HandRow, Method, Reporter, Row, Sheet, Status, Submission, Value

#: Whose word, and on which category.
Topic: TypeAlias = tuple[Reporter, str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two chains (by birth) that are one facility by what the returns themselves say, since `at`."""

    at: datetime
    one: int
    two: int


@dataclass(slots=True)
class Folded:
    """All chains, and every statement by reporter and category, oldest first."""

    chains: list[Chain] = field(default_factory=list)
    owner: dict[str, Chain] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    statements: dict[Topic, list[Statement]] = field(default_factory=lambda: defaultdict(list))


def statements_of(submissions: Iterable[Submission]) -> Iterator[Statement]:
    """What each return says on each category, in the order of the fold; repeats are one.

    A return may hold several submissions of one reporter (forms joined into one file): what they say on a category is one statement.
    """
    grouped: dict[tuple[Age, str, Reporter], list[Submission]] = defaultdict(list)
    for submission in submissions:
        grouped[submission.age, submission.return_id, submission.reporter].append(submission)
    for key in sorted(grouped):
        said = sorted(grouped[key], key=lambda one: (one.edition, one.file, one.reporter.label))
        for category in sorted({sheet.category for one in said for sheet in one.sheets}):
            sheets = [sheet for one in said for sheet in one.sheets if sheet.category == category]
            telling = [sheet for sheet in sheets if sheet.nil] or sheets
            yield Statement(
                said[0],
                category,
                tuple(_rows_of(sheets)),
                nil=any(sheet.nil for sheet in sheets),
                page=min((sheet.page for sheet in telling if sheet.page), default=0),
                # a row that nobody has read yet, or that was lost with half of the file, may be any that seems to be missing
                complete=not said[0].half
                and all(sheet.complete and not any(row.waits for row in sheet.rows) for sheet in sheets),
                unread=tuple(sorted({cell for sheet in sheets for cell in sheet.unread})),
            )


def _rows_of(sheets: Iterable[Sheet]) -> Iterator[Row]:
    """Every row once. Of copies that say the same the best reading rules; what they have beside it goes along."""
    copies: dict[tuple[int, Content, str], list[Row]] = defaultdict(list)
    for sheet in sheets:
        for row in sheet.rows:
            whole = filled(row)
            copies[row.number, content_of(whole.values), row.entry_id or ""].append(whole)
    for place in sorted(copies):
        first, *others = sorted(copies[place], key=_reading)
        if others:
            unread = tuple(sorted({cell for copy in copies[place] for cell in copy.unread}))
            first = replace(first, values=_together(first, others), unread=unread)
        yield first


def _together(first: Row, others: Iterable[Row]) -> dict[str, Value]:
    values = dict(first.values)
    for other in others:
        for column, value in other.values.items():
            known = values.setdefault(column, value)
            said = {plain(one.text) for one in (known, *known.alternatives)}
            more = (
                one
                for one in (replace(value, alternatives=()), *value.alternatives)
                if plain(one.text) not in said
            )
            values[column] = replace(known, alternatives=(*known.alternatives, *more))
    return values


def filled(row: Row) -> Row:
    """The row with words wherever one of its readings has any: where two copies of a field differ, empty is no word."""
    values = {column: _worded(value) for column, value in row.values.items()}
    return (
        row
        if all(values[column] is value for column, value in row.values.items())
        else replace(row, values=values)
    )


def _worded(value: Value) -> Value:
    word = next((other for other in value.alternatives if other.text.strip()), None)
    if value.text.strip() or word is None:
        return value
    others = tuple(other for other in value.alternatives if other is not word)
    return replace(word, alternatives=(*others, replace(value, alternatives=())))


def _reading(row: Row) -> tuple[tuple[object, ...], ...]:
    """Best reading first; the whole reading takes part, so that the order is one."""
    return tuple(
        (column, *_rank(value), *map(_rank, value.alternatives))
        for column, value in sorted(row.values.items(), key=lambda cell: cell[0])
    )


def _rank(value: Value) -> tuple[int, float, int, str]:
    return TRUST[value.method], -value.confidence, value.page, value.text


class Spoken(NamedTuple):
    """What a person set in a cell of an entry."""

    entry_id: str
    column: str
    text: str
    at: datetime


def _shown_then(
    chain: Chain, content: Content, at: datetime, rulings: Iterable[Spoken], layout: Layout
) -> bool:
    """Whether these words stood in the entry when somebody added a row with them, or were reported later."""
    before = [version for version in chain.versions if version.statement.at <= at]
    later = [version for version in chain.versions if version.statement.at > at]
    if chain.versions and not any(version.content == content for version in (*before[-1:], *later)):
        return False
    ruled = {
        one.column: one.text for one in sorted(rulings, key=lambda one: (one.at, one.text)) if one.at <= at
    }
    said = dict(content)
    return all(
        key_of(column, text, layout.identifying) == said.get(column, "") for column, text in ruled.items()
    )


def _place(row: Row) -> tuple[int, int]:
    """Page and number of a row in its return."""
    pages = [*(value.page for value in row.values.values()), *(cell.page for cell in row.unread)]
    return min(pages, default=0), row.number


def _versions(statement: Statement, layout: Layout) -> tuple[Version, ...]:
    return tuple(
        Version(statement, row, content_of(row.values, layout.identifying))
        for row in statement.rows
        if not row.blank or not row.unread or row.entry_id
    )


class Fold:
    """Folds statements into chains; `result` holds what came of it."""

    def __init__(self, layout: Layout, same: Mapping[str, Iterable[str]]) -> None:
        """`same`: entry id -> ids that people decided to be the same facility."""
        self._layout = layout
        self._same = same
        self.result = Folded()
        self._own: dict[Topic, list[Chain]] = defaultdict(list)
        self._whose: dict[int, Topic] = {}
        # Links that returns make; and these with the decisions, for finding the row that a prefilled id means.
        self._linked, self._kin = Unions(), Unions()
        self._said_by: dict[tuple[str, Content], list[Chain]] = {}
        self._also: dict[tuple[Part, str, int], list[str]] = defaultdict(list)
        self._late: list[tuple[Chain, str]] = []

    def add_names(self, part: Statement, whole: Part) -> None:
        """Let the rows of `whole` have the ids, too, that those of a damaged file had before it gave way.

        Before any statement is added: what people did under these ids goes on to be about the same row.
        """
        versions = _versions(part, self._layout)
        for version, names in zip(versions, self._all_names(versions), strict=True):
            self._also[whole, part.category, version.row.number] += names

    def finish(self) -> None:
        """After all statements: ids that may be another row's, too, go to whoever has none of that name before."""
        for chain, identity in self._late:
            self._own_id(chain, identity)

    def add_hand_rows(self, rows: Iterable[HandRow], rulings: Iterable[Spoken] = ()) -> None:
        """Take in the rows added by hand, after all statements; several with one id are one row, the newest word rules.

        An id that a return made is that entry, put back by hand; so is one that came back on a prefilled form. A row
        that says what an entry showed is that entry. One that says what it showed no longer is a row of its own: it
        was added beside the other words.

        Args:
            rows: added by hand.
            rulings: what people set in single cells, which shows instead of what the returns say.
        """
        spoken: dict[int, list[Spoken]] = defaultdict(list)
        for ruling in rulings:
            if owner := self.result.owner.get(ruling.entry_id):
                spoken[owner.born].append(ruling)
        by_id: dict[str, list[HandRow]] = defaultdict(list)
        for row in rows:
            by_id[row.entry_id].append(row)
        for identity, same in sorted(by_id.items()):
            same.sort(key=lambda row: (row.at, row.category, sorted(row.values.items())))
            chain = self.result.owner.get(identity)
            if chain is None:
                chain = self._birth(same[0].category, [identity], same[0].at)
                chain.status = Status.HAND
            chain.hand = tuple(same)
            values = {column: Value(text, Method.HAND) for column, text in same[-1].values.items()}
            if self._layout.facility_cell(values):
                key = chain.category, content_of(values, self._layout.identifying)
                for known in self._said_by.setdefault(key, [chain]):
                    if known is chain or _shown_then(
                        known, key[1], same[-1].at, spoken[known.born], self._layout
                    ):
                        self._link(same[-1].at, known, chain)
                        break
                if chain not in self._said_by[key]:
                    self._said_by[key].append(chain)

    def add(self, statement: Statement) -> None:
        """Take in one statement. One that says nothing changes nothing."""
        topic = (statement.submission.reporter, statement.category)
        self.result.statements[topic].append(statement)
        if not self._says_something(statement):
            return
        versions = _versions(statement, self._layout)
        matcher = Matcher(statement, versions, self._own[topic], self._layout)
        found = matcher.run(lambda identity: self._resolve(identity, topic))
        names = self._all_names(versions)
        if former := self._former_names(statement):
            names = [
                list(dict.fromkeys((*former[_place(version.row)], *own)))
                for version, own in zip(versions, names, strict=True)
            ]
        missing = {chain.born: chain for chain in self._own[topic]}
        for index, version in enumerate(versions):
            chain = found.get(index)
            if chain is None:
                if version.row.blank:
                    continue
                chain = self._begin(topic, version, names[index])
            missing.pop(chain.born, None)
            if version.row.values:
                self._state(chain, version, names[index])
            elif version.row.unread:
                self._own_id(chain, row_id(statement.submission.return_id, topic[1], version.row))
            self._late += (
                (chain, identity)
                for identity in self._also.get(
                    (Part.of(statement.submission), topic[1], version.row.number), ()
                )
            )
        if statement.complete:
            for chain in missing.values():
                chain.miss(statement)

    def _says_something(self, statement: Statement) -> bool:
        known = self.result.owner
        # An emptied prefilled row is a statement; an untouched or emptied row of a blank form is none.
        return statement.nil or any(not row.blank or (row.entry_id in known) for row in statement.rows)

    def _resolve(self, identity: str, topic: Topic) -> Chain | None:
        """The reporter's own chain that a prefilled id means; also through an equal row of another reporter."""
        chain = self.result.owner.get(identity)
        if chain is None or self._whose.get(chain.born) == topic:
            return chain
        own = [mine for mine in self._own[topic] if self._kin.joined(mine.born, chain.born)]
        return own[0] if len(own) == 1 else None

    def _state(self, chain: Chain, version: Version, names: Iterable[str]) -> None:
        chain.state(version)
        for identity in names:
            # All of them: each would have been this row's id, had other returns not come before.
            self._own_id(chain, identity)
        if not self._layout.facility_cell(version.row.values):
            return  # "no experience" said by two reporters is not one facility
        if version.row.waits:
            return  # what it says in all columns nobody knows yet
        said_by = self._said_by.setdefault((chain.category, version.content), [chain])
        if chain not in said_by:
            said_by.append(chain)
        self._link(version.statement.at, said_by[0], chain)

    def _begin(self, topic: Topic, version: Version, names: list[str]) -> Chain:
        chain = self._birth(topic[1], names, version.statement.at)
        self._own[topic].append(chain)
        self._whose[chain.born] = topic
        foreign = {
            owner.born: owner
            for identity in names
            if (owner := self.result.owner.get(identity))
            and owner is not chain
            and self._whose.get(owner.born) != topic
        }
        for owner in foreign.values():
            if owner.category == chain.category:
                self._link(version.statement.at, owner, chain)
        return chain

    def _link(self, at: datetime, one: Chain, two: Chain) -> None:
        if not self._linked.joined(one.born, two.born):
            self.result.links.append(Link(max(at, one.since, two.since), one.born, two.born))
            self._linked.join(one.born, two.born)
        self._kin.join(one.born, two.born)

    def _all_names(self, versions: Iterable[Version]) -> list[list[str]]:
        """The ids of each row. What people type for unread cells changes no id of a row that was read."""
        facilities = [
            (version, id_text(self._layout.facility_cell(version.row.values))) for version in versions
        ]
        named = Counter(facility for _, facility in facilities)
        read = Counter(facility for version, facility in facilities if not version.row.unread)
        return [
            self._names(version, facility if (named if version.row.unread else read)[facility] == 1 else "")
            for version, facility in facilities
        ]

    def _former_names(self, statement: Statement) -> Mapping[tuple[int, int], list[str]]:
        """Place of a row -> the ids that it had by what older versions of the reader had found there, the oldest first."""
        found: dict[tuple[int, int], list[str]] = defaultdict(list)
        for said in statement.submission.former:
            for older in statements_of((said,)):
                if older.category == statement.category:
                    versions = _versions(older, self._layout)
                    for version, names in zip(versions, self._all_names(versions), strict=True):
                        found[_place(version.row)] += names
        return found

    def _names(self, version: Version, unique: str) -> list[str]:
        """The ids that a row may have, the best first; `unique`: its facility, where no other row names it.

        The facility's name is what a person would call the row by and outlives corrections in other columns; a
        name that stands twice on the sheet needs the whole row; the place in the return is the last resort.
        """
        said, row = version.statement.submission, version.row
        who = (version.statement.category, said.reporter.kind, said.reporter.key)
        facility = id_text(self._layout.facility_cell(row.values))
        names = [row.entry_id] if row.entry_id and is_entry_id(row.entry_id) else []
        if row.unread:
            names.append(row_id(said.return_id, version.statement.category, row))
        if row.blank:
            return names
        if unique:
            names.append(entry_id("facility", *who, unique))
        names.append(entry_id("row", *who, *(text for cell in id_content(row.values) for text in cell)))
        names.append(entry_id("place", *who, said.return_id, said.edition, str(row.number), facility))
        return names

    def _birth(self, category: str, names: list[str], at: datetime) -> Chain:
        free = [name for name in names if name not in self.result.owner]
        while not free:
            # Two different rows hashed alike: rare beyond measure, but no row may be lost to it.
            names = [entry_id("again", *names)]
            free = [name for name in names if name not in self.result.owner]
        chain = Chain(len(self.result.chains), category, free[0], at)
        self.result.chains.append(chain)
        self._own_id(chain, free[0])
        return chain

    def _own_id(self, chain: Chain, identity: str) -> None:
        if self.result.owner.setdefault(identity, chain) is not chain or identity in chain.ids:
            return
        chain.ids.append(identity)
        for other in self._same.get(identity, ()):
            if other in self.result.owner:
                self._kin.join(chain.born, self.result.owner[other].born)
