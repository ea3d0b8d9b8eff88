"""Bad input: each file named with what to do, all others arrive; what can't be done changes nothing."""

from __future__ import annotations

import io
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from filelock import FileLock
from reportlab.pdfgen.canvas import Canvas

from harvest.commands.run import Request, harvest_returns
from spec.errors import NothingDoneError
from spec.names import CoverField, RowField
from tests.contract.conftest import Office, call
from tests.contract.test_main_job import contents
from tests.readers.engines import require


def filled(office: Office, target: Path, facility: str = "Haus am Markt") -> bytes:
    edition = office.edition.edition
    values = {
        str(RowField(edition, "wohnheim", 1, "einrichtung")): facility,
        str(CoverField(edition, "organisation")): "Träger",
    }
    require("pdfium-pasted").fill(office.blank, values, target)
    return target.read_bytes()


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def two_values(data: bytes, edition: str) -> bytes:
    """A second widget of one name on another page, holding something else."""
    name = str(RowField(edition, "wohnheim", 1, "einrichtung"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        widget = next(one for page in pdf.pages for one in page.Annots if str(one.get("/T")) == name)
        other = pdf.make_indirect(pikepdf.Dictionary(dict(widget.items())))
        other.V = pikepdf.String("Haus am Berg")
        pdf.pages[0].Annots.append(other)
        pdf.Root.AcroForm.Fields.append(other)
        return saved(pdf)


def stream_value(data: bytes, edition: str) -> bytes:
    name = str(RowField(edition, "wohnheim", 1, "einrichtung"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        widget = next(one for page in pdf.pages for one in page.Annots if str(one.get("/T")) == name)
        widget.V = pdf.make_stream("Haus im Strom".encode("utf-16"))
        return saved(pdf)


def endless_fields(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        loop = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("endlos")))
        loop.Kids = pikepdf.Array([loop])
        loop.Parent = loop
        pdf.Root.AcroForm.Fields.append(loop)
        return saved(pdf)


def endless_pages(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = pdf.Root.Pages
        raw = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        reference = f"{pages.objgen[0]} {pages.objgen[1]} R".encode()
    # the page tree's first kid becomes the tree itself; offsets stay, so the length must stay too
    start = raw.index(b"/Kids [") + len(b"/Kids [")
    end = raw.index(b"]", start)
    return raw[:start] + (b" " + reference + b" ").ljust(end - start) + raw[end:]


def foreign_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, "Jahresbericht")
    canvas.save()
    return out.getvalue()


def protected(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(user="geheim", owner="auch"))


def of_another_edition(data: bytes, edition: str) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for widget in page.Annots:
                widget.T = pikepdf.String(str(widget.T).replace(edition, "zzzzzzzzz"))
                if "/V" in widget and edition in str(widget.V):
                    del widget["/V"]
        return saved(pdf)


CASES: dict[str, tuple[Callable[[bytes, str], bytes], str]] = {
    # file name: (its bytes, the problem's code)
    "leer.pdf": (lambda *_: b"", "empty-file"),
    "webseite.pdf": (lambda *_: b"<!DOCTYPE html><html><p>Anmeldung</html>", "not-a-pdf"),
    "zufall.pdf": (lambda *_: bytes(range(256)) * 40, "not-a-pdf"),
    "abgeschnitten.pdf": (lambda data, _: data[: len(data) // 2], "damaged"),
    "kennwort.pdf": (lambda data, _: protected(data), "encrypted"),
    "jahresbericht.pdf": (lambda *_: foreign_pdf(), "no-fields-of-ours"),
    "andere ausgabe.pdf": (of_another_edition, "unknown-edition"),
    "zwei werte.pdf": (two_values, "conflicting-widgets"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_bad_file_is_named_with_what_to_do_and_the_others_arrive(
    office: Office, name: str, tmp_path: Path
) -> None:
    make, code = CASES[name]
    data = filled(office, tmp_path / "good.pdf")
    (office.workspace.returns / "gut.pdf").write_bytes(filled(office, tmp_path / "other.pdf", "Anderes Haus"))
    (office.workspace.returns / name).write_bytes(make(data, office.edition.edition))

    said = office.harvest("run", "--json")

    assert said.code == 1
    named = {one["file"]: one["problems"] for one in said.json["documents"]}
    assert code in [problem["code"] for problem in named[name]]
    assert all(problem["fault"] and problem["remedy"] for problem in named[name])
    assert named["gut.pdf"] == []
    assert "Anderes Haus" in [entry["values"].get("einrichtung") for entry in office.register()]


@pytest.mark.parametrize(
    ("name", "make", "facility"),
    [
        ("müll davor.pdf", lambda data, _: b"Received: from mx\r\n\r\n" + data, "Haus am Markt"),
        ("wert als strom.pdf", stream_value, "Haus im Strom"),
        ("felder im kreis.pdf", lambda data, _: endless_fields(data), "Haus am Markt"),
    ],
)
def test_oddities_cost_nothing(
    office: Office, name: str, make: Callable[[bytes, str], bytes], facility: str, tmp_path: Path
) -> None:
    data = filled(office, tmp_path / "good.pdf")
    (office.workspace.returns / name).write_bytes(make(data, office.edition.edition))

    office.harvest("run")

    assert [entry["values"]["einrichtung"] for entry in office.register()] == [facility]


def test_a_page_tree_in_a_circle_ends(office: Office, tmp_path: Path) -> None:
    (office.workspace.returns / "kreis.pdf").write_bytes(endless_pages(filled(office, tmp_path / "good.pdf")))

    said = office.harvest("run", "--json")

    assert said.code == 1
    assert said.json["documents"][0]["problems"]


def test_both_of_two_values_stay(office: Office, tmp_path: Path) -> None:
    data = filled(office, tmp_path / "good.pdf")
    file = office.workspace.returns / "zwei werte.pdf"
    file.write_bytes(two_values(data, office.edition.edition))

    office.harvest("run")
    shown = office.harvest("show", file, "--json").json["documents"][0]

    cell = next(
        row["values"]["einrichtung"]
        for one in shown["submissions"]
        for sheet in one["sheets"]
        for row in sheet["rows"]
    )
    assert {cell["text"], *cell["alternatives"]} == {"Haus am Markt", "Haus am Berg"}


# ---------------------------------------------------------------- what can't be done


def with_entries(office: Office) -> dict[str, bytes]:
    filled(office, office.workspace.returns / "a.pdf")
    office.harvest("run")
    filled(office, office.workspace.returns / "b.pdf", "Neues Haus")
    return contents(office.workspace.root)


@pytest.mark.parametrize("lock", ["~$register.xlsx", ".~lock.register.xlsx#"])
def test_a_register_that_is_open_stops_the_run(office: Office, lock: str) -> None:
    (office.workspace.root / lock).write_bytes(b"")
    before = with_entries_but_open(office, lock)

    said = office.harvest("run")

    assert said.code == 3
    assert "register.xlsx" in said.err
    assert lock in said.err
    assert contents(office.workspace.root) == before


def with_entries_but_open(office: Office, lock: str) -> dict[str, bytes]:
    (office.workspace.root / lock).unlink()
    with_entries(office)
    (office.workspace.root / lock).write_bytes(b"")
    return contents(office.workspace.root)


def test_a_write_protected_register_stops_the_run(office: Office) -> None:
    before = with_entries(office)
    office.workspace.register.chmod(stat.S_IREAD)

    said = office.harvest("run")

    assert said.code == 3
    assert contents(office.workspace.root) == before


def test_a_second_run_at_the_same_time_stops(office: Office) -> None:
    before = with_entries(office)
    with FileLock(office.workspace.lock):
        said = office.harvest("run")

    assert said.code == 3
    assert "Another run" in said.err
    assert contents(office.workspace.root) == before


@pytest.mark.parametrize(
    "step",
    [
        "spec.storage.atomic_files.os.fsync",
        "harvest.workspace.register_on_disk.write_new",
        "harvest.workspace.register_on_disk.update",
    ],
)
def test_a_full_disk_at_any_step_changes_nothing_that_counts(
    office: Office, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = with_entries(office)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, full)
    if step.endswith("write_new"):
        office.workspace.register.unlink()
        before.pop("register.xlsx")
    with pytest.raises(NothingDoneError, match=r"(disk|written)"):
        harvest_returns(Request(office.workspace))

    after = contents(office.workspace.root)
    assert {name: data for name, data in after.items() if not name.startswith("originals/")} == {
        name: data for name, data in before.items() if not name.startswith("originals/")
    }


def test_without_a_form_the_harvest_says_what_to_do(tmp_path: Path) -> None:
    said = call("harvest", "run", "--workspace", tmp_path / "nothing")

    assert said.code == 3
    assert "formgen build" in said.err


def test_a_wrong_call_is_code_2(tmp_path: Path) -> None:
    assert call("harvest", "run", tmp_path / "not there").code == 2
    assert call("harvest", "export", "--format", "pdf").code == 2


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_clock_that_tells_no_time_is_a_failure_that_changes_nothing(tmp_path: Path, command: str) -> None:
    script = (
        "import time\n"
        "def no_time() -> float:\n"
        "    raise OverflowError('timestamp too large to convert to C _PyTime_t')\n"
        "time.time = time.time_ns = no_time\n"  # of the two, each Python asks another one first
        "from harvest.cli import main\n"
        "main()\n"
    )
    words = [command, "--workspace", str(tmp_path)]
    ended = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 4, ended.stderr
    assert "OverflowError" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []
