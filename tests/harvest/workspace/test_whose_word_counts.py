"""Which files are answers, of a few that partners and programs sent: whatever their order, whatever came twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.ledger import StoredDocument, StoredReturn
from harvest.model import Carrier, Moment, Provenance, Reading, TimeSource
from harvest.state.own_forms import OWN, SILENT, Judged, MadeForm, OwnForms, judged
from tests.harvest.merge.build import day, sent, sheet


@dataclass(frozen=True)
class Came:
    """A file: whose copy, for which round, filled in or not, and all ways on which it came."""

    name: str
    own: bool
    partner: str
    round: str
    loud: bool
    ways: frozenset[Carrier]
    on: int
    decided: bool | None

    @property
    def topic(self) -> tuple[str, str]:
        return self.partner, self.round

    @property
    def filled(self) -> bool:
        """Whether somebody typed into it and sent it, or its program left a date."""
        return self.loud and not self.own and self.ways != {Carrier.BOUNCE}


def files(names: Sequence[str]) -> st.SearchStrategy[tuple[Came, ...]]:
    ways = st.frozensets(st.sampled_from(list(Carrier)), min_size=1, max_size=3)
    kinds = [
        st.builds(
            Came, st.just(name), st.booleans(), st.sampled_from("ab"), st.sampled_from("12"), st.booleans(),
            ways, st.integers(1, 4), st.sampled_from([None, True, False]),
        )
        for name in names
    ]  # fmt: skip
    return st.tuples(*kinds)


def judge(came: Sequence[Came], *, turned: bool = False) -> Judged:
    returns, said = [], []
    for one in came:
        ways = sorted(one.ways, reverse=turned)
        sightings = tuple(Provenance(f"{way}.pdf", "x", carrier=way) for way in ways)
        document = StoredDocument(one.name, 1, 1, "", True, "x", sightings, ())
        changed = None if one.own else day(one.on)
        moment = Moment(day(one.on), TimeSource.MADE if one.own else TimeSource.MOD_DATE)
        returns.append(StoredReturn(document, Reading(1, (), (), mod_date=changed), moment))
        answer = sent(one.partner, one.on, sheet(*["Haus"] * one.loud), name=one.name)
        said.append(replace(answer, round=one.round))
    made = {
        one.name: (MadeForm(date(2026, 1, 1) + timedelta(one.on), one.partner, one.round),)
        for one in came
        if one.own
    }
    decided = {one.name: one.decided for one in came if one.decided is not None}
    return judged(returns, said, OwnForms(made), decided)


def counting(found: Judged) -> set[str]:
    return {one.return_id for one in found.submissions}


def told(found: Judged) -> dict[str, set[str]]:
    return {
        one.document.sha256: {problem.code for problem in one.reading.problems} & OWN for one in found.returns
    }


@settings(max_examples=150)
@given(came=files("vwxyz"), order=st.permutations(range(5)))
def test_the_order_in_which_files_came_changes_nothing(came: Sequence[Came], order: Sequence[int]) -> None:
    one, two = judge(came), judge([came[place] for place in order], turned=True)
    assert counting(one) == counting(two)
    assert told(one) == told(two)


@settings(max_examples=150)
@given(came=files("vwxyz"))
def test_a_form_as_it_was_sent_never_overrules_and_confirms_once_at_most(came: Sequence[Came]) -> None:
    found = judge(came)
    counts, words = counting(found), told(found)
    for topic in {one.topic for one in came}:
        those = [one for one in came if one.topic == topic]
        own = {one.name for one in those if one.own and one.loud and one.name in counts}
        assert len(own) <= (0 if any(one.filled for one in those) else 1)
    for one in came:
        assert bool(words[one.name]) == (one.name not in counts), (
            "what is no answer is told, what is one is not"
        )
        if one.filled:
            assert one.name in counts
        if one.own and one.ways <= SILENT:
            assert one.name not in counts
        if one.own and one.loud and one.name in counts:
            assert Carrier.MAIL in one.ways or one.decided


@settings(max_examples=100)
@given(came=files("xyz"), more=st.sampled_from([Carrier.BOUNCE, Carrier.SENT, Carrier.AUTOMATIC]))
def test_what_programs_bring_back_besides_changes_nothing(came: Sequence[Came], more: Carrier) -> None:
    """Once a person has sent or saved a file, a bounce with it adds no word and takes none away."""
    wider = [replace(one, ways=one.ways | {more}) if one.ways - SILENT else one for one in came]
    assert counting(judge(came)) == counting(judge(wider))
