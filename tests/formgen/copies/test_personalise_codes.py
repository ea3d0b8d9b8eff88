"""The shortcut to a page's QR code draws the same code as the encoder."""

from hypothesis import given
from hypothesis import strategies as st

from formgen.copies.codes import TokenCodes, bits_of, rectangles
from formgen.pdf.qr import encode
from spec.geometry import PageKey
from spec.names import DIGITS, PageIdentity, check_character

TOKENS = st.text(DIGITS, min_size=8, max_size=8).map(lambda body: body + check_character(body))
CATEGORIES = st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True)


@given(TOKENS, CATEGORIES, st.integers(1, 9999))
def test_identity_and_code_are_those_of_the_slow_way(token: str, category: str, page: int) -> None:
    text, bits = TokenCodes("f7q4k93xb", token).page(PageKey(category, page))
    assert text == str(PageIdentity("f7q4k93xb", token, category, page))
    assert bits == bits_of(encode(text))


@given(TOKENS)
def test_several_pages_of_one_copy_share_what_the_token_adds(token: str) -> None:
    codes = TokenCodes("f7q4k93xb", token)
    for key in (PageKey("cover", 1), PageKey("kontaktstelle", 1), PageKey("a" * 40, 12), PageKey("spdi", 1)):
        text, bits = codes.page(key)
        assert bits == bits_of(encode(text))


def test_the_rectangles_are_the_dark_modules() -> None:
    code = encode("f7q4k93xb/-/spdi/1/a")
    dark = set()
    for line in rectangles(bits_of(code)).decode("ascii").splitlines():
        start, row, length, height, operator = line.split()
        assert (height, operator) == ("1", "re")
        dark |= {(int(row), int(start) + step) for step in range(int(length))}
    assert dark == {
        (row, start + step)
        for row, runs in enumerate(code.runs)
        for start, length in runs
        for step in range(length)
    }
