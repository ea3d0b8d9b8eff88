"""The reader matrix: what each PDF engine does to the project's own forms, measured.

    python -m tests.readers.matrix --write    measure everything anew and write matrix.json

The tests measure it again and compare; the README's table is made from matrix.json.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filelock import FileLock

from tests.readers.engines import ENGINES, require
from tests.readers.matrix_copies import COPIES, source
from tests.readers.matrix_measure import fill, measure, other_font
from tests.readers.matrix_pixels import Picture

COMMITTED = Path(__file__).with_name("matrix.json")


def committed() -> dict[str, Any]:
    """The matrix as it was measured last."""
    return dict(json.loads(COMMITTED.read_text(encoding="utf-8")))


class Measurements:
    """Measures each engine on each kind of copy once, also where several processes share the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._other_font: Mapping[str, Picture] | None = None

    def of(self, copy: str, engine: str) -> dict[str, Any]:
        """What became of a copy of this kind when the engine filled it."""
        return dict(json.loads(self._once(f"{copy}-{engine}", lambda own: self._measured(copy, engine, own))))

    def folder_of(self, copy: str, engine: str) -> Path:
        """Where the files are that were measured."""
        self.of(copy, engine)
        return self.folder / f"{copy}-{engine}"

    def other_font(self) -> Mapping[str, Picture]:
        """The lines as MuPDF draws them, with fonts of its own."""
        if self._other_font is None:
            with TemporaryDirectory() as folder:
                self._other_font = other_font(source("blank"), Path(folder))
        return self._other_font

    def _measured(self, copy: str, engine: str, folder: Path) -> str:
        return json.dumps(measure(fill(engine, source(copy), folder), self.other_font()))

    def _once(self, name: str, make: Callable[[Path], str]) -> str:
        own = self.folder / name
        with FileLock(self.folder / f"{name}.lock"):
            result = own / "result.json"
            if not result.exists():
                own.mkdir(exist_ok=True)
                result.write_text(make(own), encoding="utf-8")
            return result.read_text(encoding="utf-8")


def written(matrix: Mapping[str, Any]) -> str:
    """The text of matrix.json: a line for each thing that was measured, so that changes can be read."""

    def block(content: Mapping[str, Any], depth: int) -> str:
        if depth == 0 or not content:
            return json.dumps(content, ensure_ascii=False)
        indent = "\n" + " " * (5 - depth)
        lines = [
            f"{indent}{json.dumps(key)}: "
            + (block(value, depth - 1) if isinstance(value, dict) else json.dumps(value, ensure_ascii=False))
            for key, value in content.items()
        ]
        return "{" + ",".join(lines) + indent[:-1] + "}"

    return block(matrix, 4) + "\n"


def main() -> None:
    """Measure all copies with all engines and write down what was found."""
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    engines = {name: {"label": require(name).label, "version": require(name).version()} for name in ENGINES}
    copies: dict[str, dict[str, Any]] = {}
    with TemporaryDirectory() as folder:
        measurements = Measurements(Path(folder))
        for copy in COPIES:
            copies[copy] = {}
            for engine in ENGINES:
                print(copy, engine, flush=True)
                copies[copy][engine] = measurements.of(copy, engine)
    COMMITTED.write_text(written({"engines": engines, "copies": copies}), encoding="utf-8")


if __name__ == "__main__":
    main()
