"""The report's text: what it tells, that nothing in it can be broken from outside, that everybody can read it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model import Register, Status
from harvest.register.view.register_view import RunNote
from harvest.report import render
from harvest.report.facts import facts_of
from harvest.report.html import Markup, h, text
from harvest.report.page import lighter, style
from spec.words import words
from tests.harvest.report.made import HOSTILE, LONG, NOW, entry, form, full, notes, report

REPORTS = {
    "full": full(),
    "english": full(),
    "hostile": full(HOSTILE),
    "long": full(LONG),
    "empty": Register(()),
    "many": Register(tuple(entry(number, status=Status.CHANGED) for number in range(300))),
}


@pytest.fixture(params=list(REPORTS), scope="module")
def html(request: pytest.FixtureRequest) -> str:
    hostile = {"hostile": HOSTILE, "long": LONG}.get(request.param, "")
    language = "en" if request.param == "english" else "de"
    return report(REPORTS[request.param], language=language, text=hostile)


class Elements(HTMLParser):
    """Every element with its attributes, and the text in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


def test_it_is_valid_html(html: str) -> None:
    # strict: the first parse error of the HTML standard is raised
    html5lib.HTMLParser(strict=True).parse(html)
    names = [attributes["id"] for _, attributes in Elements(html).found if "id" in attributes]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_nothing_is_fetched_and_nothing_runs(html: str) -> None:
    page = Elements(html)

    assert page.all("script", "img", "iframe", "object", "embed", "form", "base", "image", "use") == []
    assert not [
        name for _, attributes in page.found for name in attributes if name.startswith("on") or name == "src"
    ]
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "url(" not in style([])
    assert "@import" not in style([])


def test_links_lead_only_where_we_send_them(html: str) -> None:
    allowed = re.compile(
        r"#[a-z]+|data:,|originals/[0-9a-f]{64}\.pdf|tel:\+\d{6,15}|mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+"
    )
    links = [attributes["href"] or "" for _, attributes in Elements(html).found if "href" in attributes]
    assert [link for link in links if not allowed.fullmatch(link)] == []


def test_headings_go_down_step_by_step(html: str) -> None:
    levels = [int(tag[1]) for tag, _ in Elements(html).found if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_everything_that_is_seen_can_be_heard(html: str) -> None:
    page = Elements(html)

    assert page.all("html")[0]["lang"] in {"de", "en"}
    assert page.all("main")[0]["id"] == "main"
    assert page.all("a")[0]["href"] == "#main"
    assert all(one.get("scope") in {"col", "row"} for one in page.all("th"))
    for tag, attributes in page.found:
        if tag == "svg":
            assert attributes.get("role") == "img" or attributes.get("aria-hidden") == "true"
    assert len(re.findall("<table", html)) == len(re.findall("<caption", html))
    anchors = {attributes.get("id") for _, attributes in page.found}
    assert all(one["href"][1:] in anchors for one in page.all("a") if (one["href"] or "").startswith("#"))  # type: ignore[index]


def test_a_picture_without_a_title_is_decoration() -> None:
    for found in re.finditer(r"<svg([^>]*)>(<title>)?", report(full())):
        assert ('role="img"' in found[1]) == (found[2] is not None)


def test_what_it_tells() -> None:
    told = " ".join(" ".join(Elements(report(full())).words).split())

    for piece in (
        "Bericht zum Rücklauf",
        "Stand: 22.11.2026 09:30 · Lauf 7",
        "6 Einträge im Register",
        "1 von 25 Angeboten gibt es",
        "Fehlanzeige: Kontaktstelle Nord e. V.",
        "Nicht mehr im Formular",
        "Türkisch",
        "Noch nichts zurückgekommen von",
        "Wer schweigt",
        "Im neuen Bogen nicht mehr genannt",
        "31 Monate",
        "Stand 03.04.2024",
        "e0001",
        "e0002",
        "dieselbe Telefonnummer, Ähnlichkeit 91 von 100",
        "Frau Öztürk, 0241 998877",
        "Scan.pdf",
        "Das ist kein PDF, sondern eine Internetseite (HTML).",
        "Bitten Sie darum, das ausgefüllte PDF-Formular selbst zu schicken.",
    ):
        assert piece in told, piece
    assert "Gut.pdf" not in told


def test_it_speaks_the_language_of_the_form() -> None:
    told = " ".join(Elements(report(full(), language="en")).words)

    assert "Report on the returns" in told
    assert "Turkish" in told
    assert "Was " not in told


def test_every_word_of_a_partner_is_shown_as_typed() -> None:
    told = "".join(Elements(report(full(HOSTILE), text=HOSTILE)).words)

    assert "<script>fetch('https://evil.example/')</script>" in told
    assert "{{7*7}} ${7*7} ]]> --> </style></title></svg>" in told


def test_long_lists_end_and_say_how_much_is_left() -> None:
    told = " ".join(Elements(report(REPORTS["many"])).words)

    assert "… und 260 weitere. Alle stehen im Register auf dem Blatt „Alle Einträge“." in told


def test_the_same_register_gives_the_same_report() -> None:
    assert report(full()) == report(full())


def test_counts_are_those_of_the_register() -> None:
    facts = facts_of(full(), form(), words("de"), today=NOW.date(), returns=notes())

    assert [len(facts.duplicates), len(facts.conflicts), len(facts.checks), facts.to_decide] == [1, 1, 1, 3]
    assert len(facts.unread) == 2
    assert len(facts.stale) == facts.entries == 6
    assert {status: len(found) for status, found in facts.moved.items()} == dict.fromkeys(facts.moved, 1)


def test_an_entry_without_a_date_is_as_old_as_its_return() -> None:
    undated = Register((entry(1, values={"einrichtung": "Haus", "datum": "MK"}),))
    facts = facts_of(undated, form(), words("de"), today=NOW.date())

    assert facts.aged[0].months == 0
    assert facts.aged[0].said.confirmed is None


@pytest.mark.parametrize(
    ("typed", "confirmed", "months"),
    [
        ("3.4.2024 MK", datetime(2024, 4, 20, tzinfo=UTC), 31),
        ("3.4.2024 MK", datetime(2026, 10, 20, tzinfo=UTC), 1),  # confirmed each year since
        ("", datetime(2024, 4, 20, tzinfo=UTC), 31),
        ("3.4.2024 MK", None, 31),
    ],
)
def test_age_is_counted_from_the_later_of_date_and_confirmation(
    typed: str, confirmed: datetime | None, months: int
) -> None:
    one = entry(1, values={"einrichtung": "Haus", "datum": typed}, confirmed=confirmed)
    facts = facts_of(Register((one,)), form(), words("de"), today=NOW.date())
    assert facts.aged[0].months == months
    assert bool(facts.stale) == (months >= 24)


# ---------------------------------------------------------------- the parts


@given(st.text())
def test_text_stays_text(typed: str) -> None:
    page = h("p", typed, title=typed)

    parsed = html5lib.HTMLParser(strict=True).parseFragment(page)
    assert [child.tag.rpartition("}")[2] for child in parsed] == ["p"]
    assert len(parsed[0]) == 0
    shown = str(text(typed))
    assert "<" not in shown
    assert '"' not in shown


def test_markup_is_only_what_was_made_here() -> None:
    assert h("b", Markup("<i>"), "<i>") == "<b><i>&lt;i&gt;</b>"
    with pytest.raises(ValueError, match="holds nothing"):
        h("br", "x")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def palette(css: str, *, dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root\{(.*?)\}", css, re.DOTALL)
    return dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", blocks[1 if dark else 0]))


@pytest.mark.parametrize("dark", [False, True])
def test_contrast_is_enough(dark: bool) -> None:
    facts = facts_of(full(), form(), words("de"), today=NOW.date())
    colours = palette(style(facts.parts), dark=dark)
    tones = [lighter(part.colour) if dark else part.colour for part in facts.parts]

    for ink in ("ink", "soft", "link"):
        for ground in ("paper", "card", "quiet"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for ink in ("gone", "come", "ink"):
        assert contrast(colours[ink], colours["quiet"]) >= 4.5, ink
    assert contrast(colours["warn"], colours["warn-ground"]) >= 4.5
    assert contrast(colours["stale"], colours["card"]) >= 4.5
    for tone in (*tones, colours["tone"]):
        assert contrast(tone, colours["card"]) >= 4.5  # headings, and filled tiles
        assert contrast(tone, colours["paper"]) >= 4.5
    for part in ("fresh", "ageing", "stale"):
        assert contrast(colours[part], colours["paper"]) >= 2.5, (
            part
        )  # pictures whose numbers stand beside them


def test_without_a_run_none_is_named() -> None:
    page = render(Register(()), form(), words("de"), run=RunNote("", NOW, "0.1.0"))
    assert "Lauf" not in " ".join(Elements(page).words)


def test_an_empty_register_says_so_kindly() -> None:
    told = " ".join(Elements(report(REPORTS["empty"])).words)
    for sentence in (
        "Bisher ist kein Bogen zurückgekommen.",
        "Bisher nennt kein Bogen eine Sprache.",
        "Seit dem letzten Mal hat sich nichts geändert.",
        "Im Moment ist nichts zu entscheiden.",
    ):
        assert sentence in told
