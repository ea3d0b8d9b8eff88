"""How values are set: lines, scripts, the order in which they are seen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen.copies.appearance import REPLACEMENT, draw_value
from formgen.copies.bidi import base_level, levels, mirrored, visual
from formgen.copies.shaping import glyphs, shapes
from formgen.fonts import form_font
from spec.geometry import Box

BOX = Box(0, 0, 190, 50)
#: glyph -> character, also for shapes that have no character of their own
BACK = {glyph: chr(code) for code, glyph in sorted(form_font().glyphs.items(), reverse=True)}
BACK |= {
    glyph: f"{code:04X}.{shape}" for code, own in form_font().joined.items() for shape, glyph in own.items()
}


def seen(content: bytes) -> list[str]:
    """The lines that an appearance draws, from left to right."""
    lines: list[str] = []
    for line in content.decode("latin-1").splitlines():
        found = re.findall(r"<([0-9A-F]*)> Tj", line)
        if found:
            coded = "".join(found)
            lines.append("".join(BACK[int(coded[at : at + 4], 16)] for at in range(0, len(coded), 4)))
    return lines


def as_seen(text: str) -> str:
    base = base_level(text)
    found = levels(text, base)
    return "".join(mirrored(text[i]) if found[i] % 2 else text[i] for i in visual(text, found, base))


# ---------------------------------------------------------------- lines


def test_lines_break_at_spaces_and_where_the_value_does() -> None:
    drawn = draw_value("Caritasverband für die Region Musterstadt und Umgebung e. V.\n\nKapitelstraße 3", BOX)
    assert seen(drawn.content) == [
        "Caritasverband für die Region Musterstadt ",
        "und Umgebung e. V.",
        "",
        "Kapitelstraße 3",
    ]
    assert drawn.hidden == 0


def test_a_word_wider_than_the_box_is_broken_inside() -> None:
    lines = seen(draw_value("x" * 100, BOX).content)
    assert "".join(lines) == "x" * 100
    assert len(lines) == 3


@given(st.text("ab –éش \nW", max_size=300))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str) -> None:
    lines = seen(draw_value(text, BOX).content)
    letters = [sign for sign in text if sign in "ab–éW"]
    assert sorted(sign for line in lines for sign in line if sign in "ab–éW") == sorted(letters)
    for line in lines:
        plain = "".join(sign for sign in line if sign in "ab –éW").strip()
        assert form_font().width(plain, 8) <= BOX.width - 4 + 0.01


@pytest.mark.parametrize(("lines", "hidden"), [(1, 0), (5, 0), (6, 1), (9, 4)])
def test_lines_below_the_edge_are_drawn_but_counted(lines: int, hidden: int) -> None:
    drawn = draw_value("\n".join("abcdefghi"[:lines]), BOX)
    assert len(seen(drawn.content)) == lines
    assert drawn.hidden == hidden


# ---------------------------------------------------------------- signs


def test_signs_that_the_font_lacks_get_one_that_it_has_since_notdef_is_forbidden() -> None:
    drawn = draw_value("a 👍 漢 b", BOX)
    assert seen(drawn.content) == [f"a {REPLACEMENT} {REPLACEMENT} b"]
    assert drawn.missing == "👍漢"
    assert b"<0000>" not in drawn.content
    # copied and read aloud as what they stand for
    assert "👍".encode("utf-16-be").hex().upper().encode() in drawn.content


def test_invisible_signs_and_tabs_draw_nothing_odd() -> None:
    drawn = draw_value("a\tb\u200dc\x07d\ufeff", BOX)
    assert "".join(sign for sign in seen(drawn.content)[0] if sign.isalpha() or sign == " ") == "a bcd"
    assert drawn.missing == ""


@given(st.text(max_size=60))
def test_any_text_can_be_drawn_and_never_with_glyph_0(text: str) -> None:
    drawn = draw_value(text, BOX)
    codes = "".join(re.findall(r"<([0-9A-F]*)> Tj", drawn.content.decode("latin-1")))
    assert "0000" not in {codes[at : at + 4] for at in range(0, len(codes), 4)}


# ---------------------------------------------------------------- right to left


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("אב 12 גד", "דג 12 בא"),
        ("tel אב 12", "tel 12 בא"),
        ("אב (12) גד", "דג (12) בא"),
        ("אב, abc.", ".abc ,בא"),
        ("مرحبا 0241 123456", "123456 0241 ابحرم"),
        ("12.05.2026 אב", "בא 12.05.2026"),
        ("(אב)", "(בא)"),
    ],
)
def test_the_order_in_which_mixed_lines_are_seen(written: str, shown: str) -> None:
    assert as_seen(written) == shown


def test_lines_from_right_to_left_end_at_the_right_edge() -> None:
    content = draw_value("سلام", BOX).content.decode("latin-1")
    x = float(re.search(r"([0-9.]+) [0-9.]+ Td", content)[1])  # type: ignore[index]
    codes = re.search(r"<([0-9A-F]+)> Tj", content)[1]  # type: ignore[index]
    width = sum(form_font().widths[int(codes[at : at + 4], 16)] for at in range(0, len(codes), 4)) * 8 / 1000
    assert x + width == pytest.approx(BOX.width - 2, abs=0.01)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("سلام", "م\ufefc\ufeb3"),  # lam and alef are one sign
        ("بيت", "\ufe96\ufef4\ufe91"),
        ("دار", "راد"),
        ("للا", "\ufefc\ufedf"),
    ],
)
def test_arabic_letters_join(written: str, shown: str) -> None:
    assert seen(draw_value(written, BOX).content) == [shown]


@pytest.mark.parametrize("letter", "ڕڵۆێەپچژڤکگھی")
def test_the_font_has_every_shape_of_the_letters_of_sorani_kurdish(letter: str) -> None:
    own = shapes().letters[letter]
    joins_on_both_sides = letter not in "ڕۆەژ"
    assert "fina" in own
    assert ({"init", "medi"} <= set(own)) is joins_on_both_sides


def test_kurdish_letters_join_where_unicode_has_no_code_for_their_shapes() -> None:
    drawn = [BACK[glyph] for _, glyph in glyphs("کوڵ ئێڕە", range(8))]
    assert "06B5.fina" not in drawn  # after waw, which joins nothing behind it
    assert "06CE.medi" in drawn
    assert "0695.fina" in drawn
    word = [BACK[glyph] for _, glyph in glyphs("بڵێ", range(3))]
    assert word[1:] == ["06B5.medi", "06CE.fina"]


def test_marks_do_not_part_letters() -> None:
    plain = [glyph for _, glyph in glyphs("بيت", range(3))]
    marked = [glyph for index, glyph in glyphs("بِيت", range(4)) if index != 1]
    assert marked == plain
