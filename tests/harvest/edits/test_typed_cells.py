"""What spreadsheets make of a cell's text without anybody's doing."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from harvest.edits.typed_cells import even, unchanged

texts = st.lists(st.sampled_from(["a", " ", "\t", "\u00a0", "\n", "\u2003", "ß", "\x0c"]), max_size=30).map(
    "".join
)


@given(texts)
def test_blanks_before_a_line_end_are_nobodys_edit(text: str) -> None:
    bare = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)

    assert even(text) == re.sub(r"[^\S\n]+(?=\n|$)", "", bare).strip()


@given(texts, st.integers(0, 40))
def test_blanks_within_a_line_are_an_edit_behind_it_none(text: str, blanks: int) -> None:
    assert unchanged(text, f"{text}{' ' * blanks}")
    assert unchanged("a\nb", f"a{' ' * blanks}\nb")
    assert unchanged("a b", f"a{' ' * blanks}b") is (blanks == 1)
