"""The public interface: what it is called, what it takes, and that it does what the documents show."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import formgen
import harvest
from harvest.collection import Collection
from spec.errors import NothingDoneError, WrongInputError
from tests.contract.readme import ROOT

PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("called", "signature"),
    [
        (formgen.load, "(path: 'str | Path | None' = None) -> 'Form'"),
        (formgen.build, "(form: 'Form', workspace: 'str | Path') -> 'BuildResult'"),
        (harvest.open, "(workspace: 'str | Path') -> 'Collection'"),
        (
            harvest.read,
            "(path: 'str | Path', *, editions: 'Iterable[str | Path]', passwords: 'Sequence[str]' = ()) -> 'Reading'",
        ),
        (
            Collection.run,
            "(self, *sources: 'str | Path', passwords: 'Sequence[str]' = (), dry_run: 'bool' = False) -> 'RunResult'",
        ),
        (Collection.entries, "(self) -> 'tuple[Entry, ...]'"),
        (Collection.why, "(self, entry: 'str') -> 'EntryHistory'"),
    ],
)
def test_signatures_change_on_purpose_only(called: object, signature: str) -> None:
    assert str(inspect.signature(called)) == signature  # type: ignore[arg-type]


def test_nothing_else_is_public() -> None:
    assert (formgen.__all__, harvest.__all__) == (["build", "load"], ["open", "read"])
    assert all(
        f"`{name}" in PAGE for name in ("formgen.load", "formgen.build", "harvest.open", "harvest.read")
    )


def test_to_import_it_loads_nothing() -> None:
    code = "import sys, formgen, harvest; print(sorted(m for m in sys.modules if m.startswith(('spec', 'pikepdf', 'pydantic'))))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "office" / "returns").mkdir(parents=True)
    exec(compile(EXAMPLE, "docs/api.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[-1].endswith(" 0")


def test_the_example_is_typed_strictly(tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(EXAMPLE, encoding="utf-8")
    command = (sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", script)
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_faults_are_errors_of_the_one_root(tmp_path: Path) -> None:
    edition = Path(formgen.build(formgen.load(), tmp_path).files[1])
    with pytest.raises(NothingDoneError, match="can't be read"):
        harvest.read(tmp_path / "none.pdf", editions=[edition])
    with pytest.raises(NothingDoneError):
        harvest.open(tmp_path).entries()
    edition.write_text("{", encoding="utf-8")
    with pytest.raises(WrongInputError, match="no readable edition file"):
        harvest.read(edition, editions=[edition])


def test_why_answers_for_an_entry_that_is_not_there(tmp_path: Path) -> None:
    formgen.build(formgen.load(), tmp_path)
    office = harvest.open(tmp_path)
    office.run()
    assert office.entries() == ()
    with pytest.raises(WrongInputError):
        office.why("Brücke")
