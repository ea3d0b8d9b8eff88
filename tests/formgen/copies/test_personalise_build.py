"""`formgen build --recipients`: all or nothing, the same bytes again, honest words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from formgen.cli import main
from formgen.copies.batch import build_copies
from formgen.copies.personalise import CopyPlan
from formgen.copies.prefill import Prefill
from formgen.recipients import RecipientList
from spec.errors import EXIT_DONE, EXIT_NOTHING_DONE, EXIT_WRONG_CALL, NothingDoneError
from spec.form.load import default_form
from spec.names import is_token
from spec.wire import RecipientsFile
from spec.workspace import Workspace
from tests.formgen.copies.personalised import fields, opened, recipient, wire_entry
from tests.formgen.samples import small_form

LIST = (
    "Organisation;Ansprechperson;E-Mail;Angebote\n"
    "Caritasverband e. V.;Özge Yıldız;a@b.example;\n"
    '"CON";;c@b.example;spdi\n'
    '"Praxis ""Müller/Söhne""";;d@b.example;wohnheim\n'
)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return Workspace(tmp_path / "output")


def run(office: Workspace, *arguments: str) -> int:
    given = ["build", "--workspace", str(office.root), "--recipients", str(office.root.parent / "list.csv")]
    return main([*given, *arguments])


def everything(office: Workspace) -> dict[str, bytes]:
    """All files but the record of what may have been sent, which only grows."""
    return {
        path.relative_to(office.root).as_posix(): path.read_bytes()
        for path in sorted(office.root.rglob("*"))
        if path.is_file() and path.name not in {".lock", "sent.json"}
    }


def test_a_copy_for_each_recipient_beside_the_blank(
    office: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(office) == EXIT_DONE
    (edition,) = {path.name for path in office.forms.iterdir() if path.is_dir()}
    assert set(everything(office)) == {
        f"forms/{edition}/{name}"
        for name in (
            "blank.pdf",
            "edition.json",
            "Caritasverband e. V.pdf",
            "CON-Formular.pdf",
            "Praxis Müller Söhne.pdf",
        )
    } | {"forms/recipients.json"}
    assert "3 copies are ready" in capsys.readouterr().out


def test_the_same_list_gives_the_same_bytes(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    run(office)
    before = everything(office)
    assert run(office) == EXIT_DONE
    assert everything(office) == before
    assert "3 of them were there already" in capsys.readouterr().out


def test_json_tells_each_copy(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    run(office, "--json")
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {
        "edition", "form", "title", "pages", "fields", "files", "unchanged", "recipients", "written", "notes",
    }  # fmt: skip
    assert [set(each) for each in said["recipients"]] == [
        {"organisation", "token", "file", "pages", "prefilled", "notes"}
    ] * 3
    assert [each["pages"] for each in said["recipients"]] == [29, 3, 3]
    assert all(is_token(each["token"]) and Path(each["file"]).is_file() for each in said["recipients"])
    kept = RecipientsFile.model_validate_json(office.recipients.read_text(encoding="utf-8"))
    assert [(one.token, one.file) for one in kept.recipients] == [
        (each["token"], Path(each["file"]).name) for each in said["recipients"]
    ]
    assert {one.edition for one in kept.recipients} == {said["edition"]}


def test_a_dry_run_tells_and_writes_nothing(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(office, "--dry-run", "--json") == EXIT_DONE
    said = json.loads(capsys.readouterr().out)
    assert [each["token"] for each in said["recipients"]] == [None] * 3
    assert said["written"] == 0
    assert not office.root.exists()
    assert run(office, "--dry-run") == EXIT_DONE
    assert "3 copies would be made; nothing was written" in capsys.readouterr().out


def test_what_was_reported_stands_in_the_copy(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    form = default_form()
    entries = [wire_entry(form, "spdi", n, reporters=["Caritasverband e. V."]) for n in range(1, 4)]
    register = office.root.parent / "register.json"
    register.write_text(
        json.dumps([entry.model_dump(mode="json", by_alias=True) for entry in entries]), encoding="utf-8"
    )
    assert run(office, "--prefill", str(register), "--json") == EXIT_DONE
    said = json.loads(capsys.readouterr().out)
    assert [each["prefilled"] for each in said["recipients"]] == [3, 0, 0]
    with opened(Path(said["recipients"][0]["file"]).read_bytes()) as pdf:
        assert str(fields(pdf)["spdi_r03_id"].V) == "e-spdi-3"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("c@b.example", "a@B.example"), "row 3, column 'E-Mail'"),
        (lambda text: text.replace("spdi", "spdii"), "row 3, column 'Angebote'"),
        (lambda _: "", "The list is empty."),
    ],
)
def test_a_faulty_list_changes_nothing(
    office: Workspace, capsys: pytest.CaptureFixture[str], change: Any, said: str
) -> None:
    (office.root.parent / "list.csv").write_text(change(LIST), encoding="utf-8")
    assert run(office) == EXIT_WRONG_CALL
    assert said in capsys.readouterr().err
    assert not office.root.exists()


@pytest.mark.parametrize("option", [["--prefill", "x.json"], ["--dry-run"]])
def test_options_about_copies_need_a_list(
    tmp_path: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--workspace", str(tmp_path / "o"), *option]) == EXIT_WRONG_CALL
    assert "--recipients FILE" in capsys.readouterr().err


def failing(after: int) -> Any:
    def track(plans: Sequence[CopyPlan]) -> Iterator[CopyPlan]:
        for number, plan in enumerate(plans):
            if number == after:
                raise OSError(28, "No space left on device", "output")
            yield plan

    return track


def given(count: int) -> RecipientList:
    return RecipientList(
        tuple(recipient(email=f"a{n}@b.example", organisation=f"Amt {n}") for n in range(count))
    )


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    office = Workspace(tmp_path / "output")
    with pytest.raises(NothingDoneError, match="No space left"):
        build_copies(small_form(), office, given(3), track=failing(2))
    assert everything(office) == {}
    assert list(office.forms.iterdir()) == []


@pytest.mark.parametrize("refused", range(1, 7))
def test_a_copy_that_is_open_elsewhere_takes_all_others_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    office = Workspace(tmp_path / "output")
    build_copies(small_form(), office, given(3))
    before = everything(office)
    moved = 0

    def refuse(source: Any, target: Any) -> None:
        nonlocal moved
        moved += 1
        if moved == refused:
            raise PermissionError(13, "in use", str(target))
        Path(source).rename(target)

    monkeypatch.setattr("formgen.copies.batch.take_name", refuse)
    entries = tuple(wire_entry(small_form(), "beratung", n, ["x"], reporters=[f"Amt {n}"]) for n in range(3))
    with pytest.raises(NothingDoneError, match="in use"):
        build_copies(small_form(), office, given(3), Prefill(entries, ()))
    assert everything(office) == before


def test_another_run_is_left_alone(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    office.root.mkdir()
    with FileLock(office.lock):
        assert run(office) == EXIT_NOTHING_DONE
    assert "Another run" in capsys.readouterr().err
    assert everything(office) == {}


def test_copies_of_nobody_in_the_list_are_named(
    office: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run(office)
    path = office.root.parent / "list.csv"
    path.write_text("\n".join(LIST.splitlines()[:2]), encoding="utf-8")
    run(office)
    out = capsys.readouterr().out
    assert "holds 2 copies of nobody in this list: CON-Formular.pdf, Praxis Müller Söhne.pdf" in out


def test_the_form_as_a_workbook_gives_the_same_copies(
    office: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = office.root.parent / "form.xlsx"
    run(office)
    before = everything(office)
    assert main(["spec", "export", str(workbook)]) == EXIT_DONE
    assert run(office, "--spec", str(workbook)) == EXIT_DONE
    assert everything(office) == before


def test_no_progress_bar_in_a_pipe(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    run(office)
    assert capsys.readouterr().err == ""


def test_a_progress_bar_on_a_terminal(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run(office)
    assert "Copies" in capsys.readouterr().err
