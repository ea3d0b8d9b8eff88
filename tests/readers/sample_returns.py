"""Fill sample returns with real PDF engines: `python -m tests.readers.sample_returns WORKSPACE`.

Takes the newest blank of the workspace and puts the returns into its `returns/`. An engine that is
not installed here is replaced by one that pip installs (PDFium), and that is said.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

from spec.names import CoverField, NilField, RowField
from spec.wire import EditionFile
from spec.workspace import Workspace
from tests.readers.engines import Engine, require
from tests.readers.engines.base import EngineMissing

SAMPLES = Path(__file__).with_name("sample_returns.toml")
FALLBACK = "pdfium-pasted"


def samples() -> list[dict[str, Any]]:
    """The sample returns as data."""
    return list(tomllib.loads(SAMPLES.read_text(encoding="utf-8"))["returns"])


def newest_edition(workspace: Workspace) -> EditionFile:
    """The edition that was built last in the workspace."""
    files = sorted(workspace.forms.glob("*/edition.json"), key=lambda path: path.stat().st_mtime)
    if not files:
        sys.exit(f"no blank in {workspace.forms}; run `formgen build` first")
    return EditionFile.model_validate_json(files[-1].read_text(encoding="utf-8"))


def field_values(sample: dict[str, Any], edition: EditionFile) -> tuple[dict[str, str], list[str]]:
    """A sample's text values and ticked boxes by full field name."""
    name = edition.edition
    columns = [column.key for column in edition.form.columns]
    values = {str(CoverField(name, key)): text for key, text in sample["cover"].items()}
    values |= {
        str(CoverField(name, key, "feedback")): text for key, text in sample.get("feedback", {}).items()
    }
    for category, rows in sample["rows"].items():
        for number, row in enumerate(rows, start=1):
            values |= {
                str(RowField(name, category, number, column)): text
                for column, text in zip(columns, row, strict=True)
                if text
            }
    return values, [str(NilField(name, category)) for category in sample.get("nil", ())]


def engine_for(wanted: str) -> Engine:
    """The engine, or one that pip installs where this machine lacks it."""
    try:
        return require(wanted)
    except EngineMissing as missing:
        print(f"{missing}; PDFium fills this one instead")
        return require(FALLBACK)


def main(workspace: Workspace) -> None:
    """Fill every sample, add a second copy of one and a page that only claims to be a PDF."""
    edition = newest_edition(workspace)
    blank = workspace.edition(edition.edition) / "blank.pdf"
    workspace.returns.mkdir(parents=True, exist_ok=True)
    for sample in samples():
        engine = engine_for(sample["engine"])
        values, ticked = field_values(sample, edition)
        engine.fill(blank, values, workspace.returns / sample["file"], checks=ticked)
        print(f"{sample['file']}: {len(values)} fields filled with {engine.label}")
    first = samples()[0]["file"]
    shutil.copyfile(workspace.returns / first, workspace.returns / "Kopie von diesem Formular.pdf")
    login = "<!DOCTYPE html><title>Bitte melden Sie sich an</title><p>Die Datei ist abgelaufen.</p>"
    (workspace.returns / "Download aus dem Webmail.pdf").write_text(login, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Workspace(Path(sys.argv[1])))
