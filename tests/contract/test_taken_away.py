"""A prefilled row from which something was taken away says so, whichever way programs write that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pypdf
import pytest

from spec.names import EntryField, RowField
from tests.contract.conftest import call
from tests.readers.engines import require

LIST = "Organisation;E-Mail\nVerein Brücke;post@bruecke.example\n"
COLUMNS = ("einrichtung", "kontakt")
ROWS = (("Haus am Berg", "Frau Alt, 030 1"), ("Haus am Fluss", "Herr Neu, 030 2"))
#: Takes the values of these fields out of a file.
Take = Callable[[Path, Iterable[str]], None]


class Round:
    """Two facilities, reported last year, on this year's prefilled copy."""

    def __init__(self, root: Path) -> None:
        self.root, listed = root, root.parent / "list.csv"
        listed.write_text(LIST, encoding="utf-8")
        call("formgen", "build", "--workspace", root, "--recipients", listed)
        values = {
            self.name(row, column): text
            for row, cells in enumerate(ROWS, 1)
            for column, text in zip(COLUMNS, cells, strict=True)
        }
        require("pdfium-pasted").fill(self.copy, values, root / "returns" / "1.pdf")
        call("harvest", "run", "--workspace", root)
        register = root / "register.json"
        call("formgen", "build", "--workspace", root, "--recipients", listed, "--prefill", register)

    @property
    def known(self) -> dict[str, str]:
        known = json.loads((self.root / "forms" / "recipients.json").read_text(encoding="utf-8"))
        [one] = known["recipients"]
        return dict(one)

    @property
    def copy(self) -> Path:
        return self.root / "forms" / self.known["edition"] / self.known["file"]

    def name(self, row: int, column: str) -> str:
        return str(RowField(self.known["edition"], "wohnheim", row, column))

    def returned(self, take: Take, names: Iterable[str]) -> Path:
        """This year's copy, with a change elsewhere, after something was taken away."""
        target = self.root / "returns" / "2.pdf"
        target.write_bytes(self.copy.read_bytes())
        take(target, names)
        return target

    def statuses(self) -> dict[str, tuple[str, dict[str, str]]]:
        call("harvest", "run", "--workspace", self.root)
        entries = json.loads((self.root / "register.json").read_text(encoding="utf-8"))
        return {one["values"]["einrichtung"]: (one["status"], one["values"]) for one in entries}


def widgets(pdf: pikepdf.Pdf, names: Iterable[str]) -> Iterable[Any]:
    wanted = set(names)
    for page in pdf.pages:
        yield from (one for one in page.obj.get("/Annots", ()) if str(one.get("/T", "")) in wanted)


def empty_string(path: Path, names: Iterable[str]) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for widget in widgets(pdf, names):
            widget.V = pikepdf.String("")
            del widget.AP  # what still shows words is asked about
        pdf.save(path)


def no_value(path: Path, names: Iterable[str], mode: str = "preserve") -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for widget in widgets(pdf, names):
            del widget.V
            del widget.AP
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode[mode])


def packed(path: Path, names: Iterable[str]) -> None:
    no_value(path, names, "generate")


def deleted_by_pypdf(path: Path, names: Iterable[str]) -> None:
    writer, wanted = pypdf.PdfWriter(clone_from=str(path)), set(names)
    for page in writer.pages:
        for one in page.get("/Annots", ()):
            if one.get_object().get("/T") in wanted:
                del one.get_object()["/V"], one.get_object()["/AP"]
    writer.write(path)


def reset_by_mupdf(path: Path, names: Iterable[str]) -> None:
    wanted = set(names)
    opened: Any = pymupdf.open
    with opened(path) as document:
        for page in document:
            for widget in page.widgets():
                if widget.field_name in wanted:
                    widget.reset()
        data = document.tobytes()
    path.write_bytes(data)


def set_to_nothing_by_pdflib(path: Path, names: Iterable[str]) -> None:
    target = path.with_name("new.pdf")
    require("pdf-lib").fill(path, dict.fromkeys(names, ""), target)
    target.replace(path)


WAYS = (empty_string, no_value, packed, deleted_by_pypdf, reset_by_mupdf, set_to_nothing_by_pdflib)


@pytest.mark.parametrize("take", WAYS, ids=lambda take: take.__name__)
def test_a_value_that_was_taken_away_is_emptied_and_a_whole_row_is_removed(
    take: Take, tmp_path: Path
) -> None:
    year = Round(tmp_path / "office")
    whole = [year.name(2, column) for column in COLUMNS]
    year.returned(take, [year.name(1, "kontakt"), *whole])

    first, second = (year.statuses()[facility] for facility, _ in ROWS)

    assert first == ("emptied", dict(zip(COLUMNS, ROWS[0], strict=True)))  # flagged, never deleted
    assert second == ("emptied", dict(zip(COLUMNS, ROWS[1], strict=True)))


def drop_fields(path: Path, names: Iterable[str]) -> None:
    wanted = set(names)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            kept = [one for one in page.obj.get("/Annots", ()) if str(one.get("/T", "")) not in wanted]
            page.obj.Annots = pikepdf.Array(kept)
        fields = pdf.Root.AcroForm.Fields
        pdf.Root.AcroForm.Fields = pikepdf.Array(
            [one for one in fields if str(one.get("/T", "")) not in wanted]
        )
        pdf.save(path)


def test_a_field_that_is_missing_altogether_is_not_emptied(tmp_path: Path) -> None:
    year = Round(tmp_path / "office")
    year.returned(drop_fields, [year.name(1, "kontakt"), *(year.name(2, column) for column in COLUMNS)])

    assert "emptied" not in {status for status, _ in year.statuses().values()}


def test_a_row_that_lost_its_fields_and_its_id_is_missing_not_emptied(tmp_path: Path) -> None:
    year = Round(tmp_path / "office")
    identity = str(EntryField(year.known["edition"], "wohnheim", 2))
    year.returned(drop_fields, [identity, *(year.name(2, column) for column in COLUMNS)])

    found = year.statuses()
    assert [found[facility][0] for facility, _ in ROWS] == ["unchanged", "missing"]


def struck_out(path: Path, names: Iterable[str]) -> None:
    """A line through the words, drawn on the page itself."""
    wanted = set(names)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            cells = [one for one in page.obj.get("/Annots", ()) if str(one.get("/T", "")) in wanted]
            for x0, _, x1, top in ([float(side) for side in one.Rect] for one in cells):
                line = f"q 2 w 0 0 0 RG {x0} {top - 8} m {x1} {top - 8} l S Q"
                page.contents_add(pdf.make_stream(line.encode()))
        pdf.save(path)


def struck_out_by_a_mark(path: Path, names: Iterable[str]) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            marked = [one for one in page.obj.get("/Annots", ()) if str(one.get("/T", "")) in set(names)]
            for x0, _, x1, top in ([float(side) for side in one.Rect] for one in marked):
                mark = pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.StrikeOut,
                    Rect=[x0, top - 14, x1, top],
                    QuadPoints=[x0, top, x1, top, x0, top - 14, x1, top - 14],
                    C=[1, 0, 0],
                    F=4,
                )
                page.obj.Annots.append(pdf.make_indirect(mark))
        pdf.save(path)


def emptied_but_shown(path: Path, names: Iterable[str]) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for widget in widgets(pdf, names):
            widget.V = pikepdf.String("")
        pdf.save(path)


@pytest.mark.parametrize(
    "take", [struck_out, struck_out_by_a_mark, emptied_but_shown], ids=lambda take: take.__name__
)
def test_a_row_that_was_struck_out_or_only_still_shows_is_not_confirmed(take: Take, tmp_path: Path) -> None:
    year = Round(tmp_path / "office")
    year.returned(take, [year.name(2, column) for column in COLUMNS])

    said = call("harvest", "run", "--workspace", year.root)

    assert said.code == 1
    entries = json.loads((year.root / "register.json").read_text(encoding="utf-8"))
    kept, struck = sorted(entries, key=lambda one: str(one["values"]["einrichtung"]))
    assert (kept["status"], struck["status"]) == ("unchanged", "changed")
    assert struck["values"] == dict(zip(COLUMNS, ROWS[1], strict=True))
    assert struck["confirmed"] < kept["confirmed"]
