"""The facts as one page of HTML: the frame around the sections. Pure: the same facts, the same page."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from importlib import resources

from harvest.model import CellPlace, Mailing, Picture, Register
from harvest.parse import STALE_AFTER
from harvest.register.view.labels import Speech
from harvest.register.view.register_view import ReturnNote, RunNote, suffixes_of
from harvest.report import coverage, lists
from harvest.report.facts import Facts, Known, Part, facts_of
from harvest.report.html import Markup, h, joined
from spec.form.model import Form
from spec.words import Words

#: nothing may be fetched from anywhere, whatever stands in the page
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_LIGHTNESS, _SATURATION = 0.7, 0.5


def render(
    register: Register,
    form: Form,
    words: Words,
    *,
    run: RunNote,
    returns: Sequence[ReturnNote] = (),
    zone: tzinfo = UTC,
    mailing: Mailing | None = None,
    pictures: Mapping[CellPlace, Picture] | None = None,
) -> str:
    """The report as a whole HTML file; `pictures` are those of cells that are to be checked."""
    speech = Speech(form, words, zone, suffixes_of(returns))
    today = run.at.astimezone(zone).date()
    facts = facts_of(
        register, form, words, today=today, returns=returns, zone=zone, mailing=mailing, pictures=pictures
    )
    sections = _sections(facts, speech)
    body = h(
        "body",
        h("a", words("report.skip"), class_="skip", href="#main"),
        h(
            "header",
            h("p", form.title, class_="form"),
            h("h1", words("report.title")),
            h("p", _as_of(run, speech), class_="soft"),
        ),
        h(
            "main",
            _glance(facts, speech),
            _contents(sections, words),
            [one for _, _, one in sections],
            id="main",
        ),
    )
    head = _head(f"{words('report.title')}: {form.title}", facts.parts)
    return f"<!DOCTYPE html>\n{h('html', head, body, lang=form.language)}\n"


def _head(title: str, parts: Sequence[Part]) -> Markup:
    return h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        h("meta", name="referrer", content="no-referrer"),
        h("meta", name="color-scheme", content="light dark"),
        h("link", rel="icon", href="data:,"),
        h("title", title),
        h("style", Markup(f"\n{style(parts)}")),
    )


def style(parts: Sequence[Part]) -> str:
    """The style sheet, with the colours of the form's sections for light and dark grounds."""
    base = resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    light = "".join(f".c{place}{{--tone:{part.colour.lower()}}}\n" for place, part in enumerate(parts))
    dark = "".join(f".c{place}{{--tone:{lighter(part.colour)}}}\n" for place, part in enumerate(parts))
    return f"{base}\n{light}@media screen and (prefers-color-scheme:dark){{\n{dark}}}\n"


def lighter(colour: str) -> str:
    """A section's colour (dark enough for white text) made light enough for a dark ground; its hue stays."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    channels = colorsys.hls_to_rgb(hue, _LIGHTNESS, min(saturation, _SATURATION))
    return "#" + "".join(f"{round(one * 255):02x}" for one in channels)


def _as_of(run: RunNote, speech: Speech) -> str:
    moment = run.at.astimezone(speech.zone).strftime(speech.words.templates["date.minute"])
    told = speech.words("report.created-at", time=moment)
    return f"{told} · {speech.words('report.run', run=run.id)}" if run.id else told


def _sections(facts: Facts, speech: Speech) -> list[tuple[str, str, Markup]]:
    """(anchor, heading, section): in the order in which a meeting goes through them."""
    made = {
        "coverage": coverage.coverage(facts, speech),
        "languages": coverage.languages(facts, speech),
        "answers": coverage.answers(facts, speech),
        "movement": lists.movement(facts, speech),
        "age": lists.age(facts, speech),
        "decide": lists.decide(facts, speech),
        "unread": lists.unread(facts, speech),
    }
    headings = speech.words.under("report.heading")
    return [
        (
            key,
            headings[key],
            h("section", h("h2", headings[key], id=f"h-{key}"), inside, id=key, aria_labelledby=f"h-{key}"),
        )
        for key, inside in made.items()
    ]


def _contents(sections: Sequence[tuple[str, str, Markup]], words: Words) -> Markup:
    links = [h("li", h("a", heading, href=f"#{key}")) for key, heading, _ in sections]
    return h("nav", h("h2", words("report.contents")), h("ul", links), class_="contents")


def _glance(facts: Facts, speech: Speech) -> Markup:
    words = speech.words
    answered = sum(partner.answering for partner in facts.partners)
    offers = sum(len(part.offers) for part in facts.parts if part.key)

    def counted(key: str, count: int) -> tuple[int, str, bool]:
        return count, words(f"report.glance.{key}", count=count), False

    def told() -> Iterator[tuple[int, str, bool]]:
        yield counted("entries", facts.entries)
        yield facts.count(Known.COVERED), words("report.glance.covered", all=offers), False
        yield counted("nil", facts.count(Known.NIL))
        yield counted("unknown", facts.count(Known.UNKNOWN))
        yield counted("reporters", answered)
        for number, text in (
            (facts.to_decide, words("report.glance.decide")),
            (len(facts.stale), words("report.glance.stale", months=STALE_AFTER)),
            (len(facts.unread), words("report.glance.unread")),
        ):
            yield number, text, number > 0

    items = [
        h("li", h("strong", str(number)), " ", h("span", text), class_="todo" if todo else None)
        for number, text, todo in told()
    ]
    heading = h("h2", words("report.heading.glance"), id="h-glance")
    return h(
        "section", heading, h("ul", joined(items), class_="glance"), aria_labelledby="h-glance", id="glance"
    )
