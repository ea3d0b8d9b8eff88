"""Where a person stands in a text: the whole name, in every spelling, and nobody else's."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.privacy.search.persons import Who
from spec.matching import fold

LETTERS = "äöüßÄÖÜẞłŁşŞđĐéñ" + string.ascii_letters
NAMES = st.lists(
    st.text(alphabet=LETTERS + "-’'", min_size=2, max_size=9).filter(lambda one: one[0].isalpha() and one[-1].isalpha()),
    min_size=1,
    max_size=3,
).map(" ".join).filter(lambda one: len(one.replace(" ", "")) >= 3 and len(fold(one)) >= 3)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Große", "Herr Groß, Frau Große", "Herr Groß, Frau X"),
        ("Groß", "Herr Groß, Frau Große", "Herr X, Frau Große"),
        ("Großmann", "Herr Großmann und GROSSMANN", "Herr X und X"),
        ("Weiß-Meier", "Weiß-Meier, Weiss Meier, Weiß\u2011Meier, Weiß-\nMeier", "X, X, X, X"),
        ("Hauptstraße 5", "Hauptstraße 5, Hauptstrasse 5, Hauptstraße 51", "X, X, Hauptstraße 51"),
        ("Hans-Peter Kurz", "Kurz, Hans-Peter; Kurz, Hans Peter", "X; X"),
        ("Anna Maria von Berg", "von Berg, Anna Maria; Berg, Anna Maria von", "X; X"),
        ("Müller, Ida", "Ida Müller, MUELLER, IDA; ida.mueller@haus.example", "X, X; X@haus.example"),
        ("Sean O'Brien", "Sean O’Brien, Sean OʼBrien", "X, X"),
        ("Ida Wegmann", "Ida Weg-\nmann, Ida We\u00adg\u200bmann, Ida%20Wegmann.pdf, Ida_Wegmann", "X, X, X.pdf, X"),
        ("Ida Müller", unicodedata.normalize("NFD", "Frau Ida Müller."), "Frau X."),
        ("王小明", "请找王小明先生", "请找X先生"),
        ("ida@haus.example", "ida@haus.example, frida@haus.example, x.ida@haus.example, ida@haus.example.org", "X, frida@haus.example, x.ida@haus.example, ida@haus.example.org"),
        ("0241 556677", "0241/55 66-77, +49 (0)241 556677, 0241 5566778", "X, X, 0241 5566778"),
        ("Wegfall e. V.", "Wegfall e.V., Wegfall eV", "X, X"),
        ("Anna Große", "Hanna Große, Anna Großer; Frau Große, Anna, Tel. 1", "Hanna Große, Anna Großer; Frau X, Tel. 1"),
        ("Anna Große", "Eva-Anna Große, Anna Große-Brand, Brief-Anna-Große-1.pdf", "Eva-Anna Große, Anna Große-Brand, Brief-X-1.pdf"),
        ("Anna Große", "zu Anna. Große Räume; Anna – Große Räume; anna.grosse@haus.example", "zu Anna. Große Räume; Anna – Große Räume; X@haus.example"),
        ("Groß", "Groß-Gerau, Herr Groß", "Groß-Gerau, Herr X"),
        ("Dr. H. Groß", "Dr. H. Groß, Dr H Groß", "X, X"),
    ],
)  # fmt: skip
def test_the_whole_name_goes_and_nobody_elses(name: str, text: str, left: str) -> None:
    assert Who.of(name).without(text, "X") == left


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Łukasz Żak", "Herr Lukasz Zak", ["Lukasz Zak"]),
        ("Ayşe Şahin", "Ayse Sahin und Sahin, Ayse", ["Ayse Sahin", "Sahin, Ayse"]),
        ("Đặng Bình", "Dang Binh", ["Dang Binh"]),
        ("Ida Müller", "Ida Muller, Müller Ida, Ida Maria Müller, I. Müller", ["Ida Muller", "Müller Ida", "Ida Maria Müller", "I. Müller"]),
        ("Hans Peter Kurz", "Hans Kurz", ["Hans Kurz"]),
        ("Otto Ernst", "Ernst Otto; Otto, Ernst", ["Ernst Otto", "Otto, Ernst"]),
        ("Ida Müller", "Ida und Müller, Idal Müllert", []),
        ("Anna Große", "Anna Großes Büro; Anna Große's; Eva-Anna Große; Anna Große-Brand", ["Anna Großes", "Anna Große's", "Eva-Anna Große", "Anna Große-Brand"]),
        ("Anna Große", "Hanna Große, Anna Großer", []),
        ("Anna Große", "Große, Anna Maria; a.grosse@haus.example", ["Große, Anna Maria", "a.grosse@haus.example"]),
        ("Hans-Peter Kurz", "Hanspeter Kurz; H.-P. Kurz; Kurz, Hans", ["Hanspeter Kurz", "H.-P. Kurz", "Kurz, Hans"]),
        ("Anna Maria von der Heide", "Anna von der Heide und A. M. von der Heide", ["Anna von der Heide", "A. M. von der Heide"]),
        ("Ida Wegmann", "IdaWegmann; I d a  W e g m a n n; Frida Wegmann", ["IdaWegmann", "I d a W e g m a n n"]),
        ("0241 556677", "0241 556677-12", ["0241 556677-12"]),
        ("Đặng Thị Bình", "Dang Thi Binh; Binh Dang Thi", ["Dang Thi Binh", "Binh Dang Thi"]),
    ],
)  # fmt: skip
def test_what_is_only_alike_is_shown_and_not_taken(name: str, text: str, shown: list[str]) -> None:
    who = Who.of(name)
    assert who.without(text, "X") == text
    assert list(who.similar(text)) == shown


def test_what_was_shown_and_agreed_to_is_taken() -> None:
    who = Who.of("Łukasz Żak").also(["Lukasz Zak"])
    assert who.without("Lukasz Zak, LUKASZ ZAK", "X") == "X, X"


def test_what_leads_to_somebody_and_stands_near_the_name_is_told() -> None:
    who = Who.of("Ida Wegmann")
    text = "Ida Wegmann, 0241 / 55 66 77 (ab 01.02.2026), iw@haus.example"
    assert list(who.beside(text)) == ["0241 / 55 66 77", "iw@haus.example"]
    assert list(who.beside("Ida Wegmann, ida.wegmann@haus.example")) == []
    assert list(who.beside("Otto Obst, 0241 556677")) == []
    assert list(who.beside("Tel. 0241 556677", anywhere=True)) == ["0241 556677"]


@given(
    NAMES, st.text(alphabet=LETTERS + " -.,", max_size=12), st.text(alphabet=LETTERS + " -.,", max_size=12)
)
def test_what_is_found_cut_out_and_shown_is_one_text(name: str, before: str, behind: str) -> None:
    who = Who.of(name)
    text = f"{before} {name} {behind}"
    spans = who.spans(text)
    cut, left = [text[one.start : one.end] for one in spans], text
    for span in reversed(spans):
        left = f"{left[: span.start]}\x00{left[span.end :]}"
    assert spans
    assert who.may_stand(text)
    assert who.without(text, "\x00") == left
    assert all(who.mentioned(part) for part in cut)
    assert "".join(part + one for part, one in zip(left.split("\x00"), [*cut, ""], strict=True)) == text
    # what was parted by the name stays parted: the mark is a word
    assert not who.mentioned(who.without(text, "[entfernt]"))
