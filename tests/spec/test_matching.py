"""Names that mean the same, and where a name stands in a text."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spec.matching import Degree, alike_key, equal_key, find, fold, folded

EQUAL = [
    ("Lebenshilfe e.V.", "Lebenshilfe e. V."),
    ("Lebenshilfe e.V.", "LEBENSHILFE EV"),
    ("Köln", "Koeln"),
    ("Köln", "KÖLN"),
    ("Straße", "STRASSE"),
    ("Große", "Grosse"),
    ("Weiß-Meier", "Weiss Meier"),
    ("Weiß\u2011Meier", "Weiß-Meier"),
    ("Café\u00a0Anker", "Cafe\u0301 Anker"),
    ("Haus\u00adNord", "HausNord"),
    ("Haus\u200b Nord", "Haus Nord"),
    ("\u200eHaus Nord\u200f", "Haus Nord"),
    ("O'Neil", "O’Neil"),
    ("Ni\u02bcma", "Nima"),
    ("Haus, Nord", "Haus Nord"),
    ("St.-Georg", "St. Georg"),
    ("gGmbH", "g. GmbH"),
    ("Werk GmbH & Co. KG", "Werk GmbH und Co KG"),
    ("İSTANBUL", "istanbul"),
    ("Yılmaz", "YILMAZ"),
    ("٠٢٤١", "0241"),
]
ONLY_ALIKE = [
    ("Łukasz Żak", "Lukasz Zak"),
    ("Şahin", "Sahin"),
    ("Đặng Bình", "Dang Binh"),
    ("Müller", "Muller"),
    ("Kurz, Hans-Peter", "Hans-Peter Kurz"),
    ("Đorđević", "Dordevic"),
    ("على", "علي"),
]
DIFFERENT = [
    ("Haus Nord", "Haus Süd"),
    ("Groß", "Große"),
    ("030 1", "0301"),
    ("a@b.example", "a b.example"),
    ("", "a"),
]


@pytest.mark.parametrize(("one", "two"), EQUAL)
def test_equal_names(one: str, two: str) -> None:
    assert equal_key(one) == equal_key(two)
    assert alike_key(one) == alike_key(two)


@pytest.mark.parametrize(("one", "two"), ONLY_ALIKE)
def test_names_that_are_only_alike(one: str, two: str) -> None:
    assert equal_key(one) != equal_key(two)
    assert alike_key(one) == alike_key(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_different_names(one: str, two: str) -> None:
    assert equal_key(one) != equal_key(two)


FOUND = [
    ("Frau Große und Herr Groß", "Groß", ["Groß"]),
    ("Frau Große und Herr Groß", "Große", ["Große"]),
    ("Frau Großmann", "Grossmann", ["Großmann"]),
    ("Hauptstraße 5, links", "Hauptstr. 5", []),
    ("Hauptstraße 5, links", "HAUPTSTRASSE 5", ["Hauptstraße 5"]),
    ("die Frau Weiß\u2011Meier!", "Weiss-Meier", ["Weiß\u2011Meier"]),
    ("ida.mueller@haus.example", "Müller", ["mueller"]),
    ("Ida_Müller (neu).pdf", "Ida Mueller", ["Ida_Müller"]),
    ("Mu\u0308ller, Mueller", "müller", ["Mu\u0308ller", "Mueller"]),
    ("Frau Ös\u00adtür", "Östür", ["Ös\u00adtür"]),
    ("Müllerin", "Müller", []),
    ("ß", "s", []),
]


@pytest.mark.parametrize(("text", "name", "expected"), FOUND)
def test_a_name_is_found_as_it_stands_there(text: str, name: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in find(text, name)] == expected


def test_marks_are_forgiven_where_alike_is_asked_for() -> None:
    assert list(find("Herr Lukasz Zak", "Łukasz Żak", Degree.ALIKE)) == [(5, 15)]
    assert list(find("Herr Lukasz Zak", "Łukasz Żak")) == []


letters = st.sampled_from(
    [*"aoueszßäöüÄÖÜEGgroßẞİıŁłŞñé-‑–'’ .,\u00a0\u00ad\u200b\u0308\u0301\u0307_@1٣ﬁﷺＡ한", "ae", "e.V.", "ss"]
)
names = st.lists(letters, min_size=1, max_size=10).map("".join)


@given(names, st.sampled_from(list(Degree)))
@example("\u1112\u1161\u11ab", Degree.EQUAL)
def test_the_way_back_leads_to_the_same_folding(text: str, degree: Degree) -> None:
    assert " ".join(folded(text, degree).text.split()) == " ".join(fold(text, degree).split())
    assert len(folded(text, degree).places) == len(folded(text, degree).text)


@given(names, st.sampled_from(list(Degree)))
def test_composition_never_makes_a_difference(text: str, degree: Degree) -> None:
    assert fold(unicodedata.normalize("NFD", text), degree) == fold(
        unicodedata.normalize("NFC", text), degree
    )


@given(names, st.lists(names, max_size=3), st.sampled_from(list(Degree)))
def test_what_is_found_cut_out_and_shown_is_the_same_text(
    name: str, around: list[str], degree: Degree
) -> None:
    text = " | ".join((*around, name, *around))
    found = list(find(text, name, degree))

    assert all(fold(text[span.start : span.end], degree) == fold(name, degree) for span in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    if fold(name, degree)[:1].isalnum():
        assert found or _joins_its_neighbour(name)
    rest = text
    for span in reversed(found):
        rest = f"{rest[: span.start]} | {rest[span.end :]}"
    assert list(find(rest, name, degree)) == []


def _joins_its_neighbour(name: str) -> bool:
    """Names that begin with a mark of the letter before them, or end in a legal form's first half."""
    return (
        unicodedata.category(name[0])[0] == "M"
        or fold(name).split()[-1] in {"e", "g", "a", "k", "m"}
        or fold(name).split()[0] in {"v", "ug"}
    )
