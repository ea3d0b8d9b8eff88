"""The README's pictures, made anew: `python -m tests.contract.pictures`. Needs pdftoppm and LibreOffice."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from spec.workspace import Workspace
from tests.readers.sample_returns import main as fill_samples

DOCS = Path(__file__).parents[2] / "docs"


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


def _page(pdf: Path, page: int, dpi: int) -> Image.Image:
    target = pdf.with_suffix("")
    _run("pdftoppm", "-png", "-singlefile", "-r", str(dpi), "-f", str(page), "-l", str(page), pdf, target)
    return Image.open(target.with_suffix(".png"))


def main() -> None:
    """Build, fill, harvest; then a form page as a partner returns it, and the register's first sheet."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        for call in (["formgen", "build"], ["harvest", "run"]):
            if call[0] == "harvest":
                fill_samples(workspace)
            program = f"from {call[0]}.cli import main; main()"
            words = [sys.executable, "-c", program, call[1], "--workspace", folder]
            subprocess.run(words, check=False, stdout=subprocess.DEVNULL)
        form = _page(next(workspace.returns.glob("*Kontaktstelle Nord.pdf")), 2, 100)
        form.quantize(64).save(DOCS / "form.png", optimize=True)
        _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, workspace.register)
        sheet = _page(workspace.register.with_suffix(".pdf"), 1, 130)
        sheet.crop((0, 0, sheet.width, sheet.height * 2 // 3)).quantize(64).save(
            DOCS / "register.png", optimize=True
        )


if __name__ == "__main__":
    main()
