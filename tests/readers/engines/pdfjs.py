"""pdf.js, the engine inside Firefox."""

import json
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from tests.readers.engines.base import Renderer
from tests.readers.engines.node import package_version, script


class PdfJs(Renderer):
    """What is entered in Firefox stands in the annotation storage until the file is saved."""

    name = "pdfjs"
    label = "Firefox (pdf.js)"

    def version(self) -> str:
        package_version(self.name, "@napi-rs/canvas")
        return package_version(self.name, "pdfjs-dist")

    def _do(self, task: str, source: Path, **rest: Any) -> str:
        return script(self.name, "pdfjs.mjs", json.dumps({"task": task, "source": str(source), **rest}))

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        self._do("fill", source, values=dict(values), checks=sorted(checks), target=str(target))

    def render(self, source: Path, page: int, dpi: int) -> Image.Image:
        with TemporaryDirectory() as folder:
            shown = Path(folder) / "page.png"
            self._do("render", source, page=page, dpi=dpi, target=str(shown))
            return Image.open(BytesIO(shown.read_bytes())).convert("RGB")

    def text(self, source: Path, page: int) -> str:
        return self._do("text", source, page=page)
