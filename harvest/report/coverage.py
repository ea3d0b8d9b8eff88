"""What there is and who said so: the sections of the report that count."""

from __future__ import annotations

from harvest.model import Answer
from harvest.register.view.labels import Speech
from harvest.register.view.mailing_columns import partner_told
from harvest.report.facts import Facts, Known, Offer, Part, Partner
from harvest.report.html import Markup, breakable, h
from harvest.report.picture import bar, sign, tiles

_SHAPES = {Known.COVERED: "full", Known.NIL: "ring", Known.UNKNOWN: "dash"}
_ANSWER_SHAPES = {
    Answer.ANSWERED: "full",
    Answer.NIL: "ring",
    Answer.BLANK: "dot",
    Answer.NOT_RETURNED: "dash",
}
_MOST_LANGUAGES = 24


def coverage(facts: Facts, speech: Speech) -> Markup:
    """What the region offers, section by section: a strip of tiles, then every offer with its count."""
    words = speech.words
    most = max((offer.entries for part in facts.parts for offer in part.offers), default=0)
    legend = h(
        "ul",
        [
            h("li", sign(shape, "c0"), words.templates[f"report.coverage.{key}"])
            for key, shape in _SHAPES.items()
        ],
        class_="legend",
    )
    return h(
        "div",
        h("p", words("report.coverage.intro"), class_="soft"),
        legend,
        [_part(part, place, most, speech) for place, part in enumerate(facts.parts)],
    )


def _part(part: Part, place: int, most: int, speech: Speech) -> Markup:
    words = speech.words
    title = part.title or words("report.no-longer-asked")
    summary = words(
        "report.coverage.summary",
        all=len(part.offers),
        covered=part.count(Known.COVERED),
        nil=part.count(Known.NIL),
        unknown=part.count(Known.UNKNOWN),
    )
    picture = tiles(
        [[(_SHAPES[offer.known], "", _tile(offer, speech)) for offer in part.offers]],
        words("report.coverage.picture", section=title, summary=summary),
    )
    table = h(
        "table",
        h("caption", title, class_="hidden"),
        h(
            "thead",
            h(
                "tr",
                h("th", words("report.coverage.offer"), scope="col"),
                h("th", words("report.coverage.facilities"), scope="col"),
            ),
        ),
        h("tbody", [_offer(offer, most, speech) for offer in part.offers]),
        class_="offers",
    )
    return h("div", h("h3", title), h("p", summary), picture, table, class_=f"part c{place}")


def _tile(offer: Offer, speech: Speech) -> str:
    if offer.entries:
        return speech.words("report.coverage.tile-count", offer=offer.name, count=offer.entries)
    state = speech.words.templates[f"report.coverage.{offer.known}"]
    return speech.words("report.coverage.tile", offer=offer.name, state=state)


def _offer(offer: Offer, most: int, speech: Speech) -> Markup:
    words = speech.words
    told: list[Markup] = []
    if offer.entries:
        told.append(h("div", bar(offer.entries / most), h("b", str(offer.entries)), class_="count"))
    if offer.nil_by:
        nil = words("report.coverage.nil-by", reporters=", ".join(offer.nil_by))
        told.append(h("div", sign("ring"), h("span", nil, dir="auto"), class_="count soft"))
    if not told:
        told.append(h("div", sign("dash"), words("report.coverage.unknown"), class_="count soft"))
    return h("tr", h("th", breakable(offer.name), scope="row"), h("td", told))


def languages(facts: Facts, speech: Speech) -> Markup:
    """How many entries name a language."""
    words = speech.words
    if not facts.languages:
        return h("p", words("report.languages.none"))
    names = words.under("language")
    most = facts.languages[0][1]
    rows = [
        h(
            "tr",
            h("th", names[key], scope="row"),
            h("td", h("div", bar(count / most), h("b", str(count)), class_="count")),
        )
        for key, count in facts.languages[:_MOST_LANGUAGES]
    ]
    left = ", ".join(f"{names[key]} ({count})" for key, count in facts.languages[_MOST_LANGUAGES:])
    table = h(
        "table",
        h("caption", words("report.heading.languages"), class_="hidden"),
        h(
            "thead",
            h(
                "tr",
                h("th", words("report.languages.language"), scope="col"),
                h("th", words("report.languages.entries"), scope="col"),
            ),
        ),
        h("tbody", rows),
        class_="offers languages",
    )
    rest = h("p", left, class_="soft") if left else None
    return h(
        "div",
        h("p", words("report.languages.intro"), class_="soft"),
        h("div", table, rest, class_="part c0"),
    )


def answers(facts: Facts, speech: Speech) -> Markup:
    """Partner by offer: a strip of tiles each, and the counts in words."""
    words = speech.words
    said = [partner for partner in facts.partners if not partner.silent]
    silent = [partner for partner in facts.partners if partner.silent]
    if not facts.partners:
        return h("p", words("report.answers.none"))
    signs = [
        h("li", sign(shape, "c0"), speech.known("answer", answer.value))
        for answer, shape in _ANSWER_SHAPES.items()
    ]
    # The roles are spelt out: on a telephone the cells become blocks, and some browsers then forget the table.
    table = h(
        "table",
        h("caption", words("report.heading.answers"), class_="hidden"),
        h(
            "thead",
            h(
                "tr",
                h("th", words("report.answers.reporter"), scope="col", role="columnheader"),
                h("th", words("report.answers.by-offer"), scope="col", role="columnheader"),
                role="row",
            ),
            role="rowgroup",
        ),
        h("tbody", [_partner(partner, facts, speech) for partner in said], role="rowgroup"),
        class_="partners",
        role="table",
    )
    return h(
        "div",
        h("p", words("report.answers.intro"), class_="soft"),
        h("ul", signs, class_="legend"),
        table if said else h("p", words("report.answers.none")),
        _silent(silent, speech),
    )


def _silent(partners: list[Partner], speech: Speech) -> Markup | None:
    if not partners:
        return None
    return h(
        "div",
        h("h3", speech.words("report.answers.silent")),
        h("ul", [h("li", one.label, _round(one, speech), dir="auto") for one in partners], class_="plain"),
    )


def _round(partner: Partner, speech: Speech) -> Markup | None:
    return h("div", partner_told(partner.mailed, speech), class_="small") if partner.mailed else None


def _partner(partner: Partner, facts: Facts, speech: Speech) -> Markup:
    summary = speech.words(
        "report.answers.summary",
        answered=partner.count(Answer.ANSWERED),
        nil=partner.count(Answer.NIL),
        blank=partner.count(Answer.BLANK),
        missing=partner.count(Answer.NOT_RETURNED),
    )
    drawn = [
        [
            (
                _ANSWER_SHAPES[answer],
                f"c{place}",
                speech.words(
                    "report.coverage.tile",
                    offer=offer.name,
                    state=speech.known("answer", answer.value),
                ),
            )
            for offer, answer in zip(part.offers, given, strict=True)
        ]
        for place, (part, given) in enumerate(zip(facts.parts, partner.answers, strict=False))
    ]
    name = partner.label.strip() or speech.words("report.unnamed")
    return h(
        "tr",
        h("th", name, scope="row", role="rowheader", dir="auto"),
        h(
            "td",
            tiles(drawn, summary),
            h("div", summary, class_="small"),
            _round(partner, speech),
            role="cell",
        ),
        role="row",
    )
