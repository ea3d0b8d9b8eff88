"""PDF text strings of every kind arrive as the text that they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.clean_text import clean
from harvest.text.pdf_strings import decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain", "plain"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"\xa0 2,50", "€ 2,50"),  # PDFDocEncoding is not Latin-1
        (b"\x84 \x85 \x92 \x8d\x8e", "— – ™ “”"),
        (b"\x18\x1f", "˘˜"),
        (b"a\nb\rc\td", "a\nb\rc\td"),
        (b"\x9f", "\ufffd"),  # no character
        (b"weich\xadtrenn", "weich\xadtrenn"),  # Latin-1 taken for PDFDocEncoding
        (b"\xfe\xff" + "Łódź 😀".encode("utf-16-be"), "Łódź 😀"),
        (b"\xff\xfe" + "Łódź 😀".encode("utf-16-le"), "Łódź 😀"),
        (b"\xef\xbb\xbf" + "Łódź 😀".encode(), "Łódź 😀"),
        (b"\xfe\xff\xd8\x3d\x00A", "\ufffdA"),  # half a surrogate pair
        (b"\xfe\xff\x00A\x00", "A\ufffd"),  # an odd last byte
        (b"\xef\xbb\xbf\xff", "\ufffd"),
        # without the mark that the standard asks for
        ("Müller, „Łódź“".encode(), "Müller, „Łódź“"),
        ("Haus Süd".encode("utf-16-be"), "Haus Süd"),
        ("Haus Süd".encode("utf-16-le"), "Haus Süd"),
        (b"Haus\0", "Haus\0"),
        (b"Haus \xc3 quer", "Haus Ã quer"),
        (b"\x8cHaus\x8d", "„Haus“"),
    ],
)
def test_decoding(data: bytes, text: str) -> None:
    assert decode(data) == text


@given(st.binary())
def test_any_bytes_become_text_that_can_be_stored(data: bytes) -> None:
    decode(data).encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("Mu\u0308nchen", "München"),
        ("\x1bde\x1bHaus \x1benUS\x1bhouse", "Haus house"),
        ("  eingerückt \t", "  eingerückt \t"),
        ("\uf600\uf3e0", "\U0001f600\U0001f3e0"),  # PDFium's pasted emoji, cut to 16 bits
        ("\uf0b7 Aufzählung", "\uf0b7 Aufzählung"),  # a symbol font's bullet is none
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("a\ufffe\uffffb", "a\ufffd\ufffdb"),
        ("=SUMME(A1)", "=SUMME(A1)"),
    ],
)
def test_cleaning(raw: str, text: str) -> None:
    assert clean(raw) == text


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_can_be_stored(raw: str) -> None:
    clean(raw).encode("utf-8")
