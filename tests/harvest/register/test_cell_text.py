"""What a cell can hold, and how everything else is put so that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from harvest.register.cell_text import (
    CELL_LIMIT,
    as_written,
    find_mark,
    fits_cell,
    from_xml,
    mark_of,
    part,
    to_attribute,
    to_xml,
    unescape_xml,
    units,
)
from spec.storage.workbook_files import unescape_xstring

#: every text at all, with much of what is special to workbooks
ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("\x00\x01\t\n\r\x1f\ufffe\uffff_x000D_<>&\"'😀é\u0301א"),
    ),
    max_size=80,
) | st.sampled_from(
    ["_x000D_", "_x005F_x000D_", "__x0041_", "_x000d", "_X000D_", "a_x0000_b", "]]>", "&amp;"]
)


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b", "a␀b"),
        ("\ud800", "\ufffd"),
        ("\uffff\ufffe", "\ufffd\ufffd"),
        ("\x07 \t =SUMME(A1)", "\x07 \t =SUMME(A1)"),
    ],
)
def test_only_what_no_workbook_can_hold_is_replaced(typed: str, held: str) -> None:
    assert as_written(typed) == held


@given(ANY_TEXT)
def test_what_was_written_once_stays_the_same(text: str) -> None:
    assert as_written(as_written(text)) == as_written(text)


@given(ANY_TEXT)
def test_xml_gives_back_every_text(text: str) -> None:
    assert from_xml(to_xml(as_written(text))) == as_written(text)


@given(ANY_TEXT)
def test_an_xml_parser_reads_the_same(text: str) -> None:
    text = as_written(text)
    read = etree.fromstring(f'<t a="{to_attribute(text)}">{to_xml(text)}</t>')
    assert unescape_xstring(read.text or "") == text
    assert unescape_xstring(read.get("a") or "") == text


@pytest.mark.parametrize(
    ("typed", "xml"),
    [
        ("_x000D_", "_x005F_x000D_"),
        ("a\x07b", "a_x0007_b"),
        ("_x00", "_x00"),
        ("x_x0041_x0042_", "x_x005F_x0041_x005F_x0042_"),
        ("<&>", "&lt;&amp;&gt;"),
    ],
)
def test_escapes_are_those_of_st_xstring(typed: str, xml: str) -> None:
    assert to_xml(typed) == xml


def test_entities_are_resolved_without_a_document_type() -> None:
    assert unescape_xml("&#65;&#x1F600;&quot;&apos;&unknown;\r\n") == "A😀\"'&unknown;\n"
    assert unescape_xml("&#x110000;") == "\ufffd"


def test_surrogates_that_another_program_escaped_are_joined() -> None:
    assert unescape_xstring("_xD83D__xDE00_") == "😀"


@given(st.text(st.sampled_from("ab \n😀_x0041_\x07"), min_size=1, max_size=300), st.integers(1, 900))
def test_parts_fit_their_cells_and_give_back_the_text(piece: str, times: int) -> None:
    text = (piece * times)[:100_000]
    parts = part(text)
    assert "".join(parts) == text
    assert all(fits_cell(one) and units(one) <= CELL_LIMIT - 100 for one in parts)


def test_no_letter_is_torn_apart() -> None:
    parts = part("😀" * 40_000)
    assert all(one.encode("utf-16-le") for one in parts)  # a torn pair could not be encoded
    assert part("wort " * 20_000)[0].endswith(" ")


def test_a_mark_is_found_only_at_the_end() -> None:
    mark = mark_of("text")
    assert find_mark(f"Anfang … [weiter auf dem Blatt „Langtexte“ unter {mark}]") == ("Anfang ", mark)
    assert find_mark(f"[unter {mark}] und weiter") is None
