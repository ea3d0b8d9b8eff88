"""Raw PDF objects: what is written by hand reads back the same in a library that knows the whole grammar."""

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen.pdf.pdfobjects import Objects, number, objects_of, rectangle, stream, text_string
from spec.geometry import Box


def minimal(**extra: bytes) -> bytes:
    """A file with one page; `extra` goes into its catalog."""
    objects = Objects()
    tree = objects.reserve()
    page = objects.add(b"<< /Type /Page /Parent %d 0 R /Resources << >> /MediaBox [0 0 9 9] >>" % tree)
    objects.put(tree, b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % page)
    entries = b" ".join(b"/%s %s" % (key.encode(), value) for key, value in extra.items())
    root = objects.add(b"<< /Type /Catalog /Pages %d 0 R %s >>" % (tree, entries))
    info = objects.add(b"<< /Title (t) >>")
    return objects.file(root, info, b"00" * 16)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back(text: str) -> None:
    with pikepdf.open(io.BytesIO(minimal(Said=text_string(text)))) as pdf:
        assert str(pdf.Root.Said) == text


@given(st.floats(-10_000, 10_000))
def test_numbers_have_no_exponent_and_three_decimals(value: float) -> None:
    assert float(number(value)) == pytest.approx(value, abs=0.0006)
    assert set(number(value)) <= set("-.0123456789")


def test_a_box_is_a_rectangle_array() -> None:
    assert rectangle(Box(1, 2.5, 3, 4.1256)) == b"[1 2.5 3 4.126]"


def test_many_objects_are_spread_over_streams_and_all_found() -> None:
    objects = Objects()
    numbers = [objects.add(b"<< /N %d >>" % index) for index in range(1000)]
    tree = objects.reserve()
    # a page with resources, since qpdf takes a file without for damaged
    page = objects.add(b"<< /Type /Page /Parent %d 0 R /Resources << >> /MediaBox [0 0 9 9] >>" % tree)
    objects.put(tree, b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % page)
    kept = objects.add(b"[" + b" ".join(b"%d 0 R" % own for own in numbers) + b"]")
    data = objects.add_stream(b"", b"content")
    root = objects.add(b"<< /Type /Catalog /Pages %d 0 R /All %d 0 R /Data %d 0 R >>" % (tree, kept, data))
    with pikepdf.open(io.BytesIO(objects.file(root, objects.add(b"<< >>"), b"00" * 16))) as pdf:
        assert [int(found.N) for found in pdf.Root.All] == list(range(1000))
        assert pdf.Root.Data.read_bytes() == b"content"
        assert not pdf.check_pdf_syntax()


def test_only_files_with_a_classic_table_can_be_taken_apart() -> None:
    with pytest.raises(ValueError, match="classic"):
        objects_of(minimal())


def test_streams_state_their_length() -> None:
    assert stream(b"/A 1", b"abc") == b"<< /A 1 /Length 3 >>\nstream\nabc\nendstream"
