"""Pages are compared with the blank that was sent: what is drawn beside their fields, and in their own content, is told."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf, Stream

from formgen.blank import Blank, build_blank
from harvest.model import Reading
from harvest.reading import read
from harvest.reading.fields import fast_reader
from harvest.reading.model.edition_geometry import Blanks, Drawings
from harvest.reading.model.errors import UnusualError
from harvest.reading.page.sent_drawings import sent_of
from tests.harvest.reading.forms import fill, saved
from tests.harvest.reading.page.test_drawings import FLAT, LIVE, PAGE, Way, codes, line, returned
from tests.specimens.form import small_form, specimens

TOLD = ("drawing-on-page",)


@pytest.fixture(scope="module")
def blank() -> Blank:
    return build_blank(small_form())


@pytest.fixture
def drawings(blank: Blank, tmp_path: Path) -> Drawings:
    path = tmp_path / "blank.pdf"
    path.write_bytes(blank.pdf)
    return Drawings({blank.edition_file.edition: (path,)}, {})


def reading_of(blank: Blank, data: bytes, drawings: Drawings) -> Reading:
    return read(data, {blank.edition_file.edition: blank.edition_file}, (), drawings)


def filled(blank: Blank) -> Pdf:
    return fill(
        Pdf.open(io.BytesIO(blank.pdf)), {"kontaktstelle_r01_einrichtung": "Haus Süd"}, blank.edition_file
    )


@pytest.mark.parametrize("way", [*LIVE[:3], *FLAT], ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    "ink",
    [line(60, 550, 300, 552), line(60, 30, 300, 31), b"q 1 1 0 rg 300 548 80 10 re f Q"],
    ids=["above", "below", "marker"],
)
def test_what_is_drawn_beside_the_fields_is_told(
    blank: Blank, drawings: Drawings, tmp_path: Path, way: Way, ink: bytes
) -> None:
    assert TOLD in codes(reading_of(blank, way(returned(blank), ink, tmp_path), drawings))


@pytest.mark.parametrize("way", [*LIVE[:3], *FLAT], ids=lambda way: way.__name__)
def test_of_a_page_that_another_program_wrote_anew_nothing_is_told(
    blank: Blank, drawings: Drawings, tmp_path: Path, way: Way
) -> None:
    assert codes(reading_of(blank, way(returned(blank), b"", tmp_path), drawings)) == set()


@pytest.mark.parametrize(
    "specimen",
    [*specimens("printed-*"), *specimens("turned-*"), *specimens("two-up-cairo")],
    ids=lambda path: path.stem,
)
def test_prints_of_every_kind_show_no_more_than_their_blanks(
    blank: Blank, drawings: Drawings, specimen: Path
) -> None:
    assert reading_of(blank, specimen.read_bytes(), drawings).problems == ()


def drawn_within(blank: Blank, ink: bytes) -> bytes:
    """Ink in the page's own stream, with nothing in its resources to tell of it."""
    pdf = filled(blank)
    page = pdf.pages[PAGE - 1].obj
    page.Contents = pdf.make_indirect(Stream(pdf, page.Contents.read_bytes() + b"\n" + ink))
    return saved(pdf)


def test_ink_in_a_pages_own_stream_is_no_plain_return(blank: Blank, drawings: Drawings) -> None:
    data = drawn_within(blank, line(300, 545, 400, 565))
    sent = sent_of(Blanks.of([blank.edition_file], drawings))
    with pytest.raises(UnusualError):
        fast_reader.extract(data, sent)
    assert TOLD in codes(reading_of(blank, data, drawings))


@pytest.mark.parametrize("packed", [True, False])
def test_a_plain_return_stays_one_also_where_its_streams_were_packed_anew(
    blank: Blank, drawings: Drawings, *, packed: bool
) -> None:
    data = saved(filled(blank), recompress_flate=packed, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    sent = sent_of(Blanks.of([blank.edition_file], drawings))
    assert fast_reader.extract(data, sent).fields
    assert reading_of(blank, data, drawings).problems == ()


def test_the_nearest_of_several_drawings_is_taken(blank: Blank, tmp_path: Path) -> None:
    """A return of an earlier drawing of the same edition, which had a line that the blank has not any more."""
    earlier, newer = tmp_path / "earlier.pdf", tmp_path / "newer.pdf"
    newer.write_bytes(blank.pdf)
    ink = line(60, 550, 300, 552)
    with Pdf.open(newer) as pdf:
        page = pdf.pages[PAGE - 1].obj
        page.Contents = pdf.make_indirect(Stream(pdf, page.Contents.read_bytes() + b"\n" + ink))
        pdf.save(earlier)
    data, edition = drawn_within(blank, ink), blank.edition_file.edition
    assert TOLD in codes(reading_of(blank, data, Drawings({edition: (newer,)}, {})))
    assert codes(reading_of(blank, data, Drawings({edition: (newer, earlier)}, {}))) == set()
    further = drawn_within(blank, ink + line(60, 560, 300, 575))
    assert TOLD in codes(reading_of(blank, further, Drawings({edition: (newer, earlier)}, {})))


@pytest.mark.parametrize("paths", [(), ("gone.pdf",)])
def test_where_no_blank_is_there_any_more_that_is_said(
    blank: Blank, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    edition = blank.edition_file.edition
    gone = Drawings({edition: tuple(tmp_path / path for path in paths)}, {})
    reading = reading_of(blank, saved(filled(blank)), gone)
    assert [(one.code, dict(one.details)) for one in reading.problems] == [
        ("blank-missing", {"edition": edition})
    ]
    assert reading.fields


def test_pages_that_only_a_copy_has_are_compared_with_the_copy(blank: Blank, tmp_path: Path) -> None:
    """A copy with a page of its own drawing: by its token it is found, and its page is as sent."""
    token, edition = "abcdefgh2", blank.edition_file.edition
    pdf = filled(blank)
    for leaf in pdf.pages:
        for one in leaf.obj.Annots:
            if str(one.get("/T", "")).endswith("_id"):
                parts = str(one.V).split("/")
                one.V = pikepdf.String("/".join([parts[0], token, *parts[2:]]))
    page = pdf.pages[PAGE - 1].obj
    page.Contents = pdf.make_indirect(
        Stream(pdf, page.Contents.read_bytes() + b"\n" + line(60, 550, 300, 552))
    )
    data = saved(pdf)
    copy, path = tmp_path / "copy.pdf", tmp_path / "blank.pdf"
    copy.write_bytes(data)
    path.write_bytes(blank.pdf)
    with_copy = Drawings({edition: (path,)}, {edition: {token: (copy,)}})
    sent = sent_of(Blanks.of([blank.edition_file], with_copy))
    assert fast_reader.extract(data, sent).fields
    with pytest.raises(UnusualError):
        fast_reader.extract(data, sent_of(Blanks.of([blank.edition_file], Drawings({edition: (path,)}, {}))))
