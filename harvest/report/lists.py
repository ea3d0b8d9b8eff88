"""What moved, what is old, what waits for a decision, what was lost: the sections of the report that list."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from harvest.model import Change, Check, Claim, Conflict, Duplicate, Entry, Picture, Status
from harvest.parse import Freshness
from harvest.parse.age import AGEING_AFTER, STALE_AFTER
from harvest.register.view.labels import Speech
from harvest.register.view.register_view import ReturnNote
from harvest.report.facts import Aged, Facts
from harvest.report.html import Child, Markup, h
from harvest.report.picture import sign, stacked

#: things in a list; more are no longer read out in a meeting, and stand in the register; it also bounds the bytes of
#: the pictures in the page
MOST = 40
_Item = TypeVar("_Item")


def _listed(
    items: Sequence[_Item], card: Callable[[_Item], Markup], sheet: str, speech: Speech
) -> tuple[Markup, Markup | None]:
    """The first cards, and how many more there are on which sheet."""
    more = None
    if len(items) > MOST:
        name = speech.words(f"register.sheet.{sheet}")
        more = h("p", speech.words("report.more", count=len(items) - MOST, sheet=name), class_="soft")
    return h("ul", [card(item) for item in items[:MOST]], class_="cards"), more


def _name(entry: Entry, speech: Speech) -> Markup:
    """The facility: its first line large, the others small."""
    first, _, rest = speech.facility(entry).strip().partition("\n")
    return h(
        "div",
        h("b", first or speech.words("report.unnamed")),
        h("div", rest, class_="small lines") if rest.strip() else None,
        dir="auto",
        class_="facility",
    )


def _day(moment: datetime | date | None, speech: Speech) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(speech.zone).date()
    return moment.strftime(speech.words.templates["date.day"]) if moment else "–"


def _id(entry_id: str) -> Markup:
    return h("code", entry_id)


def _quote(text: str, speech: Speech, element: str = "div") -> Markup:
    if not text.strip():
        return h(element, speech.words("report.movement.empty"), class_="quote soft")
    return h(element, text, class_="quote lines", dir="auto")


# ---------------------------------------------------------------- what moved


def movement(facts: Facts, speech: Speech) -> Markup:
    """New, changed, emptied, missing. In the first round everything is new: then only the number is told."""
    blocks = []
    for status, entries in facts.moved.items():
        title = speech.words.templates[f"report.movement.{status.value}"]
        heading = h("h3", title, " ", h("span", str(len(entries)), class_="badge"))
        if status is Status.NEW and facts.first_round:
            names = "; ".join(speech.facility(entry).strip().partition("\n")[0] for entry in entries[:MOST])
            tail = " …" if len(entries) > MOST else ""
            blocks.append(h("div", heading, h("p", names + tail, class_="soft", dir="auto")))
            continue
        cards, more = _listed(entries, lambda entry: _moved(entry, speech), "entries", speech)
        blocks.append(h("div", heading, cards, more))
    return h("div", blocks) if blocks else h("p", speech.words("report.movement.none"))


def _moved(entry: Entry, speech: Speech) -> Markup:
    newest = max((change.at for change in entry.history), default=None)
    steps = [change for change in entry.history if change.column and change.at == newest]
    return h(
        "li",
        _name(entry, speech),
        _meta(entry, speech),
        [_step(change, speech) for change in steps] if entry.status is not Status.NEW else None,
    )


def _meta(entry: Entry, speech: Speech) -> Markup:
    by = speech.words(
        "report.movement.by",
        reporter=", ".join(entry.reporters) or speech.known("method", "hand"),
        day=_day(entry.confirmed, speech),
    )
    return h(
        "p",
        h("span", speech.category(entry.category)),
        h("span", by, dir="auto"),
        _id(entry.id),
        class_="meta",
    )


def _step(change: Change, speech: Speech) -> Markup:
    words = speech.words
    return h(
        "dl",
        h("dt", speech.form_column(change.column), class_="of"),
        h("dt", words("report.movement.before")),
        h("dd", _quote(change.old, speech, "del")),
        h("dt", words("report.movement.now")),
        h("dd", _quote(change.new, speech, "ins")),
        class_="step",
    )


# ---------------------------------------------------------------- what is old


def age(facts: Facts, speech: Speech) -> Markup:
    """How old the entries are, and which should be asked for again."""
    words = speech.words
    counts = {kind: sum(one.freshness is kind for one in facts.aged) for kind in Freshness}
    total = sum(counts.values())
    intro = h("p", words("report.age.intro"), class_="soft")
    if not total:
        return h("div", intro, h("p", words("report.age.none", months=STALE_AFTER)))
    picture = stacked(
        [(kind.value, count / total) for kind, count in counts.items()],
        words(
            "report.age.picture",
            fresh=counts[Freshness.FRESH],
            middle=counts[Freshness.AGEING],
            old=counts[Freshness.STALE],
            ageing=AGEING_AFTER,
            stale=STALE_AFTER,
        ),
    )
    told = {
        Freshness.FRESH: words("report.age.fresh", months=AGEING_AFTER),
        Freshness.AGEING: words("report.age.ageing", low=AGEING_AFTER, high=STALE_AFTER),
        Freshness.STALE: words("report.age.stale", months=STALE_AFTER),
    }
    legend = h(
        "ul",
        [
            h("li", sign("full", kind.value), text, " ", h("b", str(counts[kind])))
            for kind, text in told.items()
        ],
        class_="legend",
    )
    cards, more = _listed(facts.stale, lambda one: _aged(one, speech), "entries", speech)
    none = h("p", words("report.age.none", months=STALE_AFTER))
    return h("div", intro, picture, legend, cards if facts.stale else none, more)


def _aged(one: Aged, speech: Speech) -> Markup:
    words = speech.words
    dated = one.said.confirmed is not None and one.since == one.said.confirmed.last
    since = words("report.age.since" if dated else "report.age.received", day=_day(one.since, speech))
    return h(
        "li",
        _name(one.entry, speech),
        h(
            "p",
            h("b", words("report.age.months", months=one.months), class_="stale-text"),
            h("span", since),
            h("span", speech.category(one.entry.category)),
            h("span", ", ".join(one.entry.reporters), dir="auto") if one.entry.reporters else None,
            _id(one.entry.id),
            class_="meta",
        ),
        _reach(one),
    )


def _reach(one: Aged) -> Markup | None:
    """Whom to call or write: only what was read for certain becomes a link."""
    links: list[Child] = [h("a", phone.text, href=f"tel:{phone.dial}") for phone in one.said.phones]
    links += [h("a", address, href=f"mailto:{address}") for address in one.said.emails if _plain(address)]
    return h("p", links, class_="meta reach") if links else None


def _plain(address: str) -> bool:
    """Whether an address stands in a `mailto:` as it is (RFC 6068): no sign that could add a header or a recipient."""
    return address.isascii() and all(one.isalnum() or one in "@._+-" for one in address)


# ---------------------------------------------------------------- what waits for a decision


def decide(facts: Facts, speech: Speech) -> Markup:
    """Duplicates, conflicts and doubtful cells, with what to write where."""
    words = speech.words
    blocks = []
    sheet, column = words.under("register.sheet"), words.under("register.column")
    if facts.duplicates:
        how = words(
            "report.decide.duplicates-how",
            sheet=sheet["duplicates"],
            column=column["same-as"],
            yes=speech.say("yes"),
            no=speech.say("no"),
        )
        cards, more = _listed(facts.duplicates, lambda pair: _pair(pair, speech), "duplicates", speech)
        blocks.append(_block(words("report.decide.duplicates"), len(facts.duplicates), how, cards, more))
    if facts.conflicts:
        how = words(
            "report.decide.conflicts-how",
            sheet=sheet["conflicts"],
            column=column["decision"],
            keep=speech.say("keep"),
            take=speech.say("take"),
        )
        cards, more = _listed(facts.conflicts, lambda pair: _conflict(*pair, speech), "conflicts", speech)
        blocks.append(_block(words("report.decide.conflicts"), len(facts.conflicts), how, cards, more))
    if facts.checks:
        how = words(
            "report.decide.checks-how",
            sheet=sheet["check"],
            column=column["checked"],
            right=speech.say("right"),
        )
        cards, more = _listed(facts.checks, lambda pair: _check(*pair, facts, speech), "check", speech)
        blocks.append(_block(words("report.decide.checks"), len(facts.checks), how, cards, more))
    return h("div", blocks) if blocks else h("p", words("report.decide.none"))


def _block(title: str, count: int, how: str, *inside: Child) -> Markup:
    return h(
        "div", h("h3", title, " ", h("span", str(count), class_="badge")), h("p", how, class_="soft"), *inside
    )


def _pair(pair: tuple[Entry, Entry | None, Duplicate], speech: Speech) -> Markup:
    entry, other, duplicate = pair
    likeness = speech.words(
        "report.decide.similar", reason=speech.reason(duplicate.reason), score=round(duplicate.score)
    )
    second = h("div", _name(other, speech), _meta(other, speech)) if other else h("p", _id(duplicate.other))
    return h(
        "li",
        h("div", h("div", _name(entry, speech), _meta(entry, speech)), second, class_="pair"),
        h("p", likeness, class_="small"),
        class_="wide",
    )


def _conflict(entry: Entry, conflict: Conflict, speech: Speech) -> Markup:
    words = speech.words
    claims = [(words("report.decide.shown"), conflict.shown)]
    claims += [(words("report.decide.other"), claim) for claim in conflict.others]
    return h(
        "li",
        _name(entry, speech),
        h("p", h("span", speech.category(entry.category)), _id(entry.id), class_="meta"),
        h("p", h("b", speech.form_column(conflict.column))),
        h("div", [_claim(label, claim, speech) for label, claim in claims], class_="pair"),
        class_="wide",
    )


def _claim(label: str, claim: Claim, speech: Speech) -> Markup:
    says = speech.words("report.decide.says", who=speech.who(claim.source), day=_day(claim.at, speech))
    return h(
        "div",
        h("p", label, class_="small"),
        _quote(claim.text, speech),
        h("p", says, class_="small", dir="auto"),
    )


def _scanned(picture: Picture, alt: str) -> Markup:
    """A cell as it looked, within the page itself: nothing is fetched from anywhere."""
    source = f"data:image/{picture.kind};base64,{base64.b64encode(picture.data).decode('ascii')}"
    return h("img", src=source, alt=alt, width=picture.width, height=picture.height, class_="scanned")


def _check(entry: Entry, check: Check, facts: Facts, speech: Speech) -> Markup:
    picture = facts.pictures.get(check.cell(entry.category))
    return h(
        "li",
        _name(entry, speech),
        h(
            "p",
            h("span", speech.form_column(check.column)),
            h("span", speech.known("method", "unread") if check.unread else speech.method(check.method)),
            None if check.unread else h("span", f"{round(check.confidence * 100)} %"),
            h("span", check.source.file, dir="auto"),
            _id(entry.id),
            class_="meta",
        ),
        None if check.unread else _quote(check.text, speech),
        _scanned(picture, speech.pictured(check)) if picture else None,
        h("p", " · ".join(check.alternatives), class_="small", dir="auto") if check.alternatives else None,
    )


# ---------------------------------------------------------------- what was lost


def unread(facts: Facts, speech: Speech) -> Markup:
    """Files that could not be read, why, and what to do."""
    if not facts.unread:
        return h("p", speech.words("report.unread.none"))
    cards, more = _listed(facts.unread, lambda note: _lost(note, speech), "returns", speech)
    return h("div", cards, more)


def _lost(note: ReturnNote, speech: Speech) -> Markup:
    original = speech.original(note.return_id) if note.kept else None
    told = [speech.problem(problem) for problem in note.problems]
    return h(
        "li",
        h("div", h("b", note.file), dir="auto", class_="facility"),
        h(
            "p",
            h("span", _day(note.at, speech)) if note.at else None,
            h("span", note.reporter, dir="auto") if note.reporter else None,
            h("a", speech.words("report.open-original"), href=original.target) if original else None,
            class_="meta",
        ),
        [h("p", h("span", fault, dir="auto"), " ", h("b", remedy)) for fault, remedy in told],
    )
