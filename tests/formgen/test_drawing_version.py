"""An edition is known by how it is drawn: nobody may change the drawing and forget to raise LAYOUT_VERSION."""

from __future__ import annotations

import json

from formgen.layout import LAYOUT_VERSION
from tests.formgen.drawing import WRITTEN, drawn


def test_the_blank_is_drawn_otherwise_with_another_layout_version_only() -> None:
    """Raise LAYOUT_VERSION if forms went out with it, then write down anew how the blank is drawn."""
    written = json.loads(WRITTEN.read_text(encoding="utf-8"))

    assert written["version"] == LAYOUT_VERSION
    assert drawn() == written["drawn"], "see formgen/layout/__init__.py; `python -m tests.formgen.drawing`"
    assert len(written["drawn"]["contents"]) >= 4
