"""Texts in the ways in which programs write them: a name is whole where its word is parted by a format, and ends with its cell."""

from __future__ import annotations

import pytest

from harvest.privacy.search.spellings import spelled


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("<sst><si><r><t>Ida </t></r><r><rPr><b/></rPr><t>Roth</t></r></si></sst>", "Ida Roth"),
        ("<w:p><w:r><w:t>Ida R</w:t></w:r><w:r><w:t>oth</w:t></w:r></w:p>", "Ida Roth"),
        ("<td>Ida <b>R</b>oth</td>", "Ida Roth"),
        ("<p>Ida R&#246;sch</p>", "Ida Rösch"),
    ],
)
def test_a_name_is_whole_although_a_part_of_it_is_bold(written: str, name: str) -> None:
    assert any(name in text for text in spelled(written))


@pytest.mark.parametrize(
    "written",
    [
        "<sst><si><t>Ida</t></si><si><t>Roth</t></si></sst>",
        '<worksheet><c t="inlineStr"><is><t>Ida</t></is></c><c><v>Roth</v></c></worksheet>',
        "<tr><td>Ida</td><td>Roth</td></tr>",
        "<w:p><w:t>Ida</w:t></w:p><w:p><w:t>Roth</w:t></w:p>",
    ],
)
def test_two_cells_are_no_name(written: str) -> None:
    texts = list(spelled(written))
    assert any("Ida" in text for text in texts)
    assert not any("IdaRoth" in text or "Ida Roth" in text for text in texts)
