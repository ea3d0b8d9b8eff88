"""Poppler, the engine inside Evince, Atril and Okular."""

from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.readers.engines.base import HERE, EngineMissing, FillError, Renderer, order, run

SYSTEM_PYTHON = "/usr/bin/python3"  # `gi` comes with the system and fits its Python only
SCRIPT = HERE / "poppler_script.py"


class Poppler(Renderer):
    """Filled through GLib as Evince does; drawn through cairo as Evince does."""

    name = "poppler"
    label = "Evince, Atril, Okular (Poppler)"

    def version(self) -> str:
        try:
            return f"Poppler {run(self.name, [SYSTEM_PYTHON, SCRIPT, '--version']).strip()}"
        except FillError as error:
            raise EngineMissing(self.name, f"gi with Poppler for {SYSTEM_PYTHON}") from error

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        run(self.name, [SYSTEM_PYTHON, SCRIPT], order(source, values, target, checks))

    def render(self, source: Path, page: int, dpi: int) -> Image.Image:
        only = ["-singlefile", "-f", str(page + 1), "-r", str(dpi)]
        with TemporaryDirectory() as folder:
            shown = Path(folder) / "page"
            run(self.name, ["pdftocairo", "-png", *only, source, shown])
            return Image.open(BytesIO(shown.with_suffix(".png").read_bytes())).convert("RGB")

    def text(self, source: Path, page: int) -> str:
        number = str(page + 1)
        return run(self.name, ["pdftotext", "-f", number, "-l", number, source, "-"])
