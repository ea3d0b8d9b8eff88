"""The page's QR code: read back by an independent reader, on its own and from rendered pages."""

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
import zxingcpp as zxing
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from formgen.blank import Blank
from formgen.pdf.qr import Code, encode
from spec.names import DIGITS, PageIdentity, new_token, parse_identity


def pixels(code: Code, scale: int = 3) -> object:
    grid = np.full((code.size + 8, code.size + 8), 255, np.uint8)
    for row, runs in enumerate(code.runs):
        for start, length in runs:
            grid[row + 4, start + 4 : start + 4 + length] = 0
    return np.kron(grid, np.ones((scale, scale), np.uint8))


@given(st.text(alphabet=f"{DIGITS}/-*", min_size=1, max_size=120))
def test_whatever_is_encoded_is_read_back(text: str) -> None:
    (found,) = zxing.read_barcodes(pixels(encode(text)))
    assert found.text == text.upper()


def test_the_longest_identity_fits() -> None:
    identity = PageIdentity("f00000000", new_token(), "a" * 40, 9999)
    (found,) = zxing.read_barcodes(pixels(encode(str(identity))))
    assert parse_identity(found.text) == identity


@pytest.mark.parametrize("text", ["ä", "a_b", "x" * 200])
def test_what_can_not_be_encoded_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="QR code"):
        encode(text)


@pytest.mark.parametrize("dpi", [85, 100, 150])
def test_the_code_on_a_page_is_read_at_the_resolution_of_a_poor_scan(
    blank: Blank, dpi: int, tmp_path: Path
) -> None:
    source = tmp_path / "blank.pdf"
    source.write_bytes(blank.pdf)
    last = len(blank.edition_file.pages)
    for number in (1, 2, 16, last):
        command = [
            "pdftoppm",
            "-r",
            str(dpi),
            "-gray",
            "-f",
            str(number),
            "-l",
            str(number),
            "-png",
            str(source),
        ]
        image = Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
        (found,) = zxing.read_barcodes(np.asarray(image))
        key = blank.edition_file.pages[number - 1]
        expected = PageIdentity(blank.edition_file.edition, None, key.category, key.number)
        assert parse_identity(found.text) == expected


def test_the_small_print_says_the_same_as_the_code(blank: Blank, tmp_path: Path) -> None:
    source = tmp_path / "blank.pdf"
    source.write_bytes(blank.pdf)
    text = subprocess.run(["pdftotext", str(source), "-"], capture_output=True, check=True).stdout.decode()
    for page, key in zip(text.split("\f"), blank.edition_file.pages, strict=False):
        expected = PageIdentity(blank.edition_file.edition, None, key.category, key.number)
        assert str(expected) in page
