"""Fill, read, normalise: the text that went in comes out, whatever it is and whoever wrote it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast

import pypdf
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pypdf.generic import ArrayObject, NameObject, TextStringObject

from harvest.model import Moment, TimeSource
from harvest.normalise import submissions
from harvest.reading import read
from harvest.text.clean_text import clean
from harvest.text.double_encoding import is_doubtful, mended
from harvest.text.pdf_strings import decode
from tests.harvest.reading.forms import EDITION, EDITIONS, TOKEN, blank, field, fill, saved

MOMENT = Moment(datetime(2026, 3, 1, tzinfo=UTC), TimeSource.MOD_DATE)
BLANK = saved(blank(TOKEN))
CELLS = sorted(name for name in EDITION.fields if "_r0" in name and not name.endswith("_id"))


def mangled(text: str) -> bool:
    """Whether it looks like UTF-8 that was taken for something else: it is read as what was meant."""
    try:
        return decode(text.encode("pdfdoc")) != text
    except UnicodeError:
        return False


#: scripts that partners write in, each with what is special about it
SCRIPTS = (
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0xA0, max_codepoint=0x24F),  # the Latin ones
    st.characters(min_codepoint=0x370, max_codepoint=0x52F),  # Greek, Cyrillic
    st.characters(min_codepoint=0x590, max_codepoint=0x6FF),  # right to left
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF),  # beyond 16 bits
    st.sampled_from("\n\t \u00a0\u200d\u200f\u2028•€–„“"),
    st.characters(exclude_categories=["Cs"]),
)
TEXT = st.text(st.one_of(*SCRIPTS), max_size=60).filter(
    lambda text: clean(text) == text and not mangled(text)
)
ANSWERS = st.dictionaries(st.sampled_from(CELLS), TEXT, max_size=12)


def with_pikepdf(answers: Mapping[str, str]) -> bytes:
    return saved(fill(blank(TOKEN), answers))


def with_pypdf(answers: Mapping[str, str]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(BLANK))
    names = {field(local): text for local, text in answers.items()}
    for page in writer.pages:
        for annotation in cast("ArrayObject", page["/Annots"]):
            widget = annotation.get_object()
            if widget["/T"] in names:
                widget[NameObject("/V")] = TextStringObject(names[widget["/T"]])
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("write", [with_pikepdf, with_pypdf])
@given(answers=ANSWERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_fill_then_read_is_the_identity(
    write: Callable[[Mapping[str, str]], bytes], answers: Mapping[str, str]
) -> None:
    # what may have been encoded twice is mended or told
    assume(not any(is_doubtful(text) or mended(text) != text for text in answers.values()))
    reading = read(write(answers), EDITIONS)
    [found] = submissions(reading, "0" * 64, "a.pdf", MOMENT, EDITIONS)
    assert reading.problems == ()
    assert {
        f"{sheet.category}_r{row.number:02d}_{column}": value.text
        for sheet in found.sheets
        for row in sheet.rows
        for column, value in row.values.items()
    } == answers


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_clean_text_changes_nothing_more(text: str) -> None:
    # language escapes may uncover another one; nobody writes those
    if "\x1b" not in text:
        assert clean(clean(text)) == clean(text)
