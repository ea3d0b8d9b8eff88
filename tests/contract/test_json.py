"""The JSON that scripts rely on has exactly the keys that docs/reference/json.md shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from spec.names import CoverField, NilField, RowField
from tests.contract.conftest import Office, call
from tests.contract.shapes import SHAPES
from tests.readers.engines import require


@pytest.fixture
def answered(office: Office) -> Office:
    """An office with a filled return, a nil return, and a file that is none."""
    edition = office.edition.edition
    values = {
        str(RowField(edition, "wohnheim", 1, "einrichtung")): "Haus am Markt",
        str(CoverField(edition, "organisation")): "Träger",
    }
    target = office.workspace.returns / "a.pdf"
    require("pdfium-pasted").fill(office.blank, values, target, checks=[str(NilField(edition, "wfbm"))])
    (office.workspace.returns / "leer.pdf").write_bytes(b"")
    return office


def found(office: Office) -> Iterator[tuple[str, Any]]:
    """(shape, a piece of real output) for every shape."""
    yield "formgen build", call("formgen", "build", "--workspace", office.workspace.root, "--json").json
    run = office.harvest("run", "--json").json
    yield "run", run
    for document in run["documents"]:
        yield "document", document
        yield from (("problem", problem) for problem in document["problems"])
    for document in office.harvest("show", office.workspace.returns / "a.pdf", "--json").json["documents"]:
        yield "show", document
        for submission in document["submissions"]:
            yield "submission", submission
            for sheet in submission["sheets"]:
                yield "sheet", sheet
                for row in sheet["rows"]:
                    yield "row", row
                    yield from (("value", value) for value in row["values"].values())
    exported = json.loads(office.harvest("export", "--format", "json").out)
    assert exported == office.register()
    for entry in exported:
        yield "entry", entry
        yield from (("source", source) for source in entry["sources"])
    yield "status", office.harvest("status", "--json").json


def test_every_shape_has_exactly_its_keys(answered: Office) -> None:
    seen: dict[str, set[tuple[str, ...]]] = {}
    for shape, piece in found(answered):
        seen.setdefault(shape, set()).add(tuple(piece))

    assert seen == {shape: {keys} for shape, (_, keys) in SHAPES.items()}
