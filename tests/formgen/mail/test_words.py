"""The product's own mails as their recipients read them, in both languages, on a telephone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from formgen.mail.template import Facts, UnreadFile, default_template
from tests.harvest.report.browser import Page, chromium

HOME, LIVING = "Wohnheim für behinderte Menschen", "Betreutes Wohnen"
ASKED = Facts(
    organisation="Sozialwerk Süd e. V.",
    person="",
    office="Koordination",
    reply_to="koordinationsstelle-gemeindepsychiatrie@musterkreis-verwaltung.example",
    title="Migration und Psychiatrie",
    round="2026",
    due="15.12.2026",
    code="[#f271eaw97]",
    attachment="Sozialwerk Süd e. V.pdf",
    categories=(HOME, LIVING),
)
MANY = tuple(f"Angebot {number}" for number in range(25))
LONG_NAME = "scan_" + "ohne_jeden_zwischenraum_" * 5 + ".pdf"
CASES = {
    "form": ("form", ASKED),
    "prefilled": ("form", replace(ASKED, prefilled=3)),
    "reminder": ("reminder", replace(ASKED, reminder=1)),
    "rest": ("reminder", replace(ASKED, reminder=1, answered=(HOME,), missing=(LIVING,))),
    "answered": ("receipt", replace(ASKED, answered=(HOME,), nil=(LIVING,))),
    "partly": ("receipt", replace(ASKED, answered=(HOME,), missing=(LIVING,))),
    "blank": ("receipt", replace(ASKED, missing=(HOME, LIVING))),
    "unreadable": (
        "receipt",
        replace(ASKED, missing=(HOME,), problems=(UnreadFile(LONG_NAME, "Das ist kein PDF.", ""),)),
    ),
    "many": ("receipt", replace(ASKED, categories=MANY, answered=MANY[:1], missing=MANY[1:])),
}


def mail(case: str, language: str = "de") -> str:
    kind, facts = CASES[case]
    said = default_template(kind, language).say(facts)
    return f"{said.subject}\n{said.text}"


def test_few_offers_stand_in_the_mail_and_many_do_not() -> None:
    assert f"um Auskunft zu diesen Angeboten:\n\n- {HOME}\n- {LIVING}\n\nIm Anhang" in mail("form")
    one = default_template("form", "de").say(replace(ASKED, categories=(HOME,))).text
    assert f"um Auskunft zu diesem Angebot:\n\n- {HOME}\n\n" in one
    assert (
        "um Auskunft.\n\nIm Anhang"
        in default_template("form", "de").say(replace(ASKED, categories=MANY)).text
    )


def test_one_missing_offer_is_one() -> None:
    assert f"Zu diesem Angebot fehlt uns noch eine Angabe von Sozialwerk Süd e. V.:\n\n- {LIVING}\n" in mail(
        "rest"
    )


def test_an_empty_form_is_no_answer_and_the_mail_says_what_to_do() -> None:
    said = mail("blank")
    assert said.startswith("Bitte noch einmal: ")
    assert "es steht nichts darin" in said
    assert "Ihre Antwort ist angekommen" not in said
    assert mail("blank", "en").startswith("Please once more: ")


def test_what_is_missing_comes_with_what_to_do_and_a_long_list_is_a_number() -> None:
    assert f"noch nichts:\n- {LIVING}\n\nWenn Sie dazu noch etwas angeben möchten" in mail("partly")
    assert "Zu 24 weiteren Angeboten steht in Ihrer Antwort noch nichts." in mail("many")
    assert "Angebot 9" not in mail("many")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("case", CASES)
def test_every_mail_is_whole_sentences(case: str, language: str) -> None:
    said = mail(case, language)
    body = said.partition("\n")[2].partition("\n\n")[2].rpartition("\n\n")[0]
    paragraphs = [part for part in body.split("\n\n") if not part.startswith("- ")]
    assert [part for part in paragraphs if not re.search(r"([.?:]|\n- .+)$", part)] == []
    assert re.findall(r"  |\.\.| ,| \.|\n\n\n", said) == []


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("case", CASES)
def test_nothing_sticks_out_on_a_telephone_and_lines_stay_readable_on_a_desk(
    page: Page, case: str, tmp_path: Path
) -> None:
    kind, facts = CASES[case]
    path = tmp_path / "mail.html"
    path.write_text(default_template(kind, "de").say(facts).html, encoding="utf-8")
    page.show(path, width=360)
    assert page.value("document.documentElement.scrollWidth") <= 360
    assert page.value("innerWidth") == 360
    page.show(path, width=1400)
    assert page.value("Math.max(...[...document.querySelectorAll('p')].map(one => one.clientWidth))") <= 720
