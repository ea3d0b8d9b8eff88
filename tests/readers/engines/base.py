"""What every engine adapter offers, and how it says that it cannot."""

import json
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

HERE = Path(__file__).resolve().parent
READERS = HERE.parent
INSTALL = "python3 tests/readers/install.py"
PATIENCE = 180  # seconds for one foreign process; a JVM that compiles on two busy cores takes ten


class EngineMissing(RuntimeError):
    """A tool that the tests need is not on this machine; the message says which and how to get it."""

    def __init__(self, engine: str, what: str, remedy: str = INSTALL) -> None:
        super().__init__(
            f"the reader engine '{engine}' needs {what}, which is not here; install it with: {remedy}"
        )


class FillError(RuntimeError):
    """An engine refused the file, or does not know a field that it was to fill."""


class Engine(ABC):
    """One real PDF program that fills a form and saves it its own way.

    Page numbers are counted from 0 everywhere; field names are full names.
    """

    name: str
    label: str

    @abstractmethod
    def version(self) -> str:
        """The engine's own version; raises EngineMissing where the engine is not installed."""

    @abstractmethod
    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        """Enter `values` into text fields, tick the checkboxes `checks`, save as `target`.

        A name that the file does not have raises FillError; nothing is left half done silently.
        """


class Renderer(Engine):
    """An engine that also shows pages, form fields included."""

    @abstractmethod
    def render(self, source: Path, page: int, dpi: int) -> "Image":
        """The page as this engine shows it."""

    @abstractmethod
    def text(self, source: Path, page: int) -> str:
        """The page's text as this engine copies it."""


def refuse_unknown(engine: str, asked: Collection[str], known: Collection[str]) -> None:
    """Raise FillError when something was to be filled that the file does not have."""
    if unknown := sorted(set(asked) - set(known)):
        raise FillError(f"{engine}: no such field: {', '.join(unknown)}")


def run(engine: str, command: Sequence[str | Path], stdin: str = "") -> str:
    """Run a foreign program to its end and hand back what it printed."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise EngineMissing(engine, f"the program {command[0]}") from None
    if done.returncode:
        raise FillError(f"{engine}: {command[0]} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def order(source: Path, values: Mapping[str, str], target: Path, checks: Collection[str]) -> str:
    """The JSON in which a foreign script is told what to fill: one process per file, not per field."""
    return json.dumps(
        {"source": str(source), "values": dict(values), "checks": sorted(checks), "target": str(target)}
    )
