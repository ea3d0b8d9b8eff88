"""`formgen build` and `formgen check`: same input, same bytes; friendly words; honest exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from formgen.blank import Blank, build, build_blank
from formgen.cli import main
from spec.errors import NothingDoneError
from spec.form.load import default_form
from spec.wire import EditionFile
from spec.workspace import Workspace
from tests.formgen.samples import english_form, small_form


def test_the_same_form_gives_the_same_bytes(blank: Blank) -> None:
    assert build_blank(default_form()).pdf == blank.pdf


def test_the_same_form_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    # Another hash seed and another time: neither sets nor clocks may show.
    command = [sys.executable, "-m", "formgen", "build", "--quiet", "--workspace"]
    found = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([*command, str(tmp_path / seed)], check=True, env=environment)
        found.append([path.read_bytes() for path in sorted((tmp_path / seed).rglob("*.*")) if path.is_file()])
    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_another_wording_is_another_edition() -> None:
    editions = {
        build_blank(form).edition_file.edition
        for form in (small_form(), small_form(title="Anderer Titel"), small_form(rows=4), english_form())
    }
    assert len(editions) == 4


def test_the_edition_file_tells_the_harvest_everything(tmp_path: Path) -> None:
    result = build(small_form(), Workspace(tmp_path))
    blank, edition = (Path(file) for file in result.files)
    assert (blank.name, edition.name) == ("blank.pdf", "edition.json")
    assert blank.parent == tmp_path / "forms" / result.edition
    read = EditionFile.model_validate_json(edition.read_text(encoding="utf-8"))
    assert (read.edition, read.form) == (result.edition, small_form())
    assert (tmp_path / "returns").is_dir()


def test_a_second_build_changes_nothing(tmp_path: Path) -> None:
    first = build(small_form(), Workspace(tmp_path))
    assert not first.unchanged
    times = [Path(file).stat().st_mtime_ns for file in first.files]
    second = build(small_form(), Workspace(tmp_path))
    assert second.unchanged
    assert [Path(file).stat().st_mtime_ns for file in second.files] == times


def test_a_damaged_blank_is_written_anew_and_nothing_else_is_left(tmp_path: Path) -> None:
    result = build(small_form(), Workspace(tmp_path))
    Path(result.files[0]).write_bytes(b"half a fi")
    assert not build(small_form(), Workspace(tmp_path)).unchanged
    assert Path(result.files[0]).read_bytes().startswith(b"%PDF-1.7")
    assert sorted(path.name for path in Path(result.files[0]).parent.iterdir()) == [
        "blank.pdf",
        "edition.json",
    ]


def test_a_workspace_that_can_not_be_written_is_said_and_nothing_is_done(tmp_path: Path) -> None:
    (tmp_path / "forms").write_text("a file where a folder should be")
    with pytest.raises(NothingDoneError, match="can't be written"):
        build(small_form(), Workspace(tmp_path))
    assert main(["build", "--workspace", str(tmp_path)]) == 3


def test_the_json_has_exactly_these_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--workspace", str(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"edition", "form", "title", "pages", "fields", "files", "unchanged"}
    assert (said["form"], said["pages"], said["fields"]) == ("migration-psychiatrie", 29, 707)
    assert main(["check", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"form", "title", "categories", "pages", "fields"}


def test_a_build_says_where_the_form_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--workspace", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "blank.pdf" in said
    assert str(tmp_path / "returns") in said
    assert main(["build", "--workspace", str(tmp_path), "--quiet"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check"], 0, ""),
        (["check", "no-such-file.toml"], 2, "no-such-file.toml"),
        (["build", "--spec", "no-such-file.toml"], 2, "no-such-file.toml"),
        (["build", "--colour", "red"], 2, "--colour"),
        (["paint"], 2, "paint"),
        (["--version"], 0, ""),
    ],
)
def test_exit_codes(arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == code
    assert said in capsys.readouterr().err


def test_check_also_refuses_text_that_does_not_fit_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("spec/forms/migration_psychiatrie.toml").read_text(encoding="utf-8")
    spec = tmp_path / "form.toml"
    spec.write_text(text.replace("rows = 5", "rows = 12"), encoding="utf-8")
    assert main(["check", str(spec)]) == 2
    assert "formgen: rows: 12 rows" in capsys.readouterr().err


def test_help_needs_none_of_the_heavy_libraries() -> None:
    code = "import sys, formgen.cli; print([m for m in ('reportlab', 'pikepdf', 'pydantic') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
