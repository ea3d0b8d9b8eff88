"""Files that were cut off or spoilt on their way, and the whole ones that come before or after them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.why import why
from tests.harvest.offices import Office, filled

NORTH, SOUTH = ("Haus Nord, Weg 1, 52062 Aachen", "030 1"), ("Haus Süd", "030 2")
WHOLE = filled("Träger A", {"wohnheim": [NORTH, SOUTH], "praxis": [("Praxis X", "3")]}, 2)
OTHER = filled("Träger A", {"wohnheim": [NORTH, ("Haus Süd", "040 9"), ("Haus West", "5")]}, 1)


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def zeroed(data: bytes, first: float, last: float) -> bytes:
    """As a program leaves it that reserves the whole file before it fills it."""
    start, end = int(len(data) * first), int(len(data) * last)
    return data[:start] + bytes(end - start) + data[end:]


DAMAGED = {
    **{f"cut at {share}": cut(WHOLE, share) for share in (0.3, 0.6, 0.95)},
    "cut at the xref": WHOLE[: WHOLE.rindex(b"startxref")],
    "dated, its end lost": WHOLE[: WHOLE.rindex(b"%%EOF") - 12],
    **{f"reserved, filled to {share}": zeroed(WHOLE, share, 1) for share in (0.3, 0.6, 0.95)},
    "its beginning lost": zeroed(WHOLE, 0, 0.05),
    "nothing readable": cut(WHOLE, 0.02),
}


def run(office: Office) -> dict[str, Any]:
    result, words = harvest_returns(Request(office.workspace))
    return result.as_json(words)


def shown(office: Office) -> list[tuple[str, str, str]]:
    return [
        (item["id"], item["values"].get("einrichtung", ""), item["values"].get("kontakt", ""))
        for item in office.twin()
    ]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    office = Office.at(tmp_path_factory.mktemp("whole") / "office")
    office.drop("whole.pdf", WHOLE)
    run(office)
    return shown(office)


@pytest.mark.parametrize("kind", DAMAGED)
def test_the_whole_file_rules_whatever_comes_first(
    tmp_path: Path, expected: list[tuple[str, str, str]], kind: str
) -> None:
    """The damaged one lies there since later, and asks nobody any more."""
    for number, order in enumerate((("half", "whole"), ("whole", "half"), ("half whole",))):
        office = Office.at(tmp_path / str(number))
        for step in order:
            for name in step.split():
                data = DAMAGED[kind] if name == "half" else WHOLE
                office.drop(
                    "bogen.pdf" if len(order) > 1 else f"{name}.pdf", data, 20 if name == "half" else 3
                )
            said = run(office)
        assert shown(office) == expected
        if len(order) > 1:
            assert said["to_do"]["documents"] == 0
            assert status_of(office.workspace)[0].to_do["documents"] == 0


@pytest.mark.parametrize(
    "kind", [kind for kind in DAMAGED if kind not in {"nothing readable", "its beginning lost"}]
)
def test_alone_it_counts_and_is_to_be_looked_at(
    tmp_path: Path, expected: list[tuple[str, str, str]], kind: str
) -> None:
    office = Office.at(tmp_path / "office")
    office.drop("bogen.pdf", DAMAGED[kind], 20)
    assert run(office)["to_do"]["documents"] == 1
    assert [row[1:] for row in shown(office)] == [row[1:] for row in expected]


def test_what_an_older_half_said_besides_is_told_and_flagged(tmp_path: Path) -> None:
    """The damaged file holds other words and a row more; it lies there since later than the whole one says."""
    registers = set()
    for number, order in enumerate(permutations(("half", "whole", "both"))):
        office = Office.at(tmp_path / str(number))
        for step in order:
            if step in {"half", "both"}:
                office.drop("half.pdf", cut(OTHER, 0.6), 20)
            if step in {"whole", "both"}:
                office.drop("whole.pdf", WHOLE, 3)
            run(office)
        registers.add(repr(office.twin()))
        entries = office.entries()
        assert entries["Haus Süd"]["values"]["kontakt"] == "030 2"
        assert entries["Haus West"]["status"] == "missing"
        because, _ = why(office.workspace, entries["Haus Süd"]["id"])
        told = {one.text for column in because.told for one in column.said}
        assert {"030 2", "040 9"} <= told
    assert len(registers) == 1


def test_why_tells_what_stood_in_the_half_file_that_gave_way(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    office.drop("half.pdf", cut(WHOLE, 0.6), 20)
    office.drop("whole.pdf", WHOLE, 3)
    run(office)

    because, _ = why(office.workspace, office.entries()["Haus Süd"]["id"])

    said = {
        (one.source.file, one.text, one.chosen, one.gave_way) for told in because.told for one in told.said
    }
    assert ("whole.pdf", "030 2", True, False) in said
    assert ("half.pdf", "030 2", False, True) in said


def test_a_correction_made_beside_the_half_file_stays(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    office.drop("half.pdf", cut(WHOLE, 0.6), 1)
    run(office)
    office.write("Haus Süd", "Kontakt", "von Hand")
    run(office)
    office.drop("whole.pdf", WHOLE, 3)
    run(office)

    assert office.entries()["Haus Süd"]["values"]["kontakt"] == "von Hand"
    assert len(office.entries()) == 3
