"""What offices stamp on a scan, and what a partner may have typed there."""

from __future__ import annotations

import pytest

from harvest.reading.printed.stamp_words import is_stamp


@pytest.mark.parametrize(
    "text",
    [
        "Eingegangen am 12.11.2026", "EINGEGANGEN 12. Mai 2026", "Posteingang 3. Mai 2026", "Eingang: 03.05.26 Nr. 17", "Received 12 May 2026",
        "VERTRAULICH", "Kopie", "gescannt am 4.5.2026 um 10:12 Uhr", "Az. 12/345-6", "ABC0001234", "LVR-00012345", "Fax von 0241 123",
    ],
)  # fmt: skip
def test_a_stamp_is_told_from_an_answer(text: str) -> None:
    assert is_stamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Haus Süd, Weg 1", "Eingang Hofseite, Weg 1", "Kopierladen Nord", "Frau Eing, 030 123", "Vertraulich arbeitende Beratungsstelle",
        "Eingliederungshilfe", "030 1234567", "Scanner e. V.", "BBW 2026", "Eingang über den Hof, dann zweite Tür links, dort bitte klingeln",
        "Eingang\n" * 100,
    ],
)  # fmt: skip
def test_an_answer_is_no_stamp(text: str) -> None:
    assert not is_stamp(text)
