"""Set everything up on a fresh machine, then run the main job or the tests.

    python3 .ci/start.py demo    a blank form, sample returns filled by real PDF engines, the register
    python3 .ci/start.py test    everything the tests need, then all checks
    python3 .ci/start.py lowest  all tests with the oldest versions that pyproject.toml allows
    python3 .ci/start.py docs    the documents as pages, in docs/_build

Standard library only: this runs before anything is installed. Works from any folder, on any system;
the tests drive Linux engines (Poppler, Java, Node) and therefore want Debian or Ubuntu. `.ci/debian.sh trixie FOLDER`
runs the tests on a fresh Debian of another release, in a folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
#: What the tests need of the product's extras, and of what developers need besides.
EXTRAS, GROUPS = "keyring,leaves,readers", ("dev", "docs")


class Environment:
    """An environment of the project's own: a folder beside this one."""

    def __init__(self, name: str) -> None:
        self.home = ROOT / name
        self.scripts = self.home / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.scripts / ("python.exe" if os.name == "nt" else "python")

    def install(self, extras: str, groups: tuple[str, ...] = (), more: tuple[str, ...] = ()) -> None:
        """The product with some of its extras, and groups of what its developers need."""
        if not self._can("-m", "pip", "--version"):
            try:
                # one that a newer Python of the system left without any is made anew
                venv.create(self.home, with_pip=True, clear=not self._can("--version"))
            except subprocess.CalledProcessError:
                # Debian ships Python without ensurepip.
                sys.exit(
                    "start: this Python can't make environments. Debian, Ubuntu: apt-get install python3-venv"
                )
        pip = (self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, *more, *product(ROOT, extras), *of_groups(*groups))

    def _can(self, *words: str) -> bool:
        """Whether its Python is there and does this; an environment that could not be finished has no pip."""
        try:
            return subprocess.run([self.python, *words], capture_output=True, check=False).returncode == 0
        except OSError:
            return False


def product(folder: Path, extras: str) -> tuple[str, ...]:
    """What pip installs: the folder as it stands, so that changes count at once.

    A copy of it where its name has letters beyond ASCII: Python before 3.13 looks for a folder that is only pointed at
    in the computer's old code page, and does not find it.
    """
    own = f".[{extras}]"
    return ("-e", own) if str(folder).isascii() else (own,)


def run(*command: str | Path, fine: tuple[int, ...] = (0,)) -> None:
    """Run a step from the root; what fails ends the whole with its exit code."""
    words = [str(word) for word in command]
    print("$ " + " ".join(words), flush=True)
    # the tests start both commands some thousand times: compiled once, each start costs a third less
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    code = subprocess.run(words, cwd=ROOT, env=surroundings, check=False).returncode
    if code not in fine:
        sys.exit(f"start: this step ended with exit code {code}: {' '.join(words)}")


def demo() -> None:
    """The main job, end to end, in the default workspace."""
    here = Environment(".venv")
    here.install("leaves,readers")
    run(here.scripts / "formgen", "build")
    run(here.python, "-m", "tests.readers.sample_returns", "output")
    # 1: done, and something needs a person; two of the sample returns see to that
    run(here.scripts / "harvest", "run", fine=(0, 1))


def test() -> None:
    """Install every engine, then lint, types and tests."""
    here = Environment(".venv")
    here.install(EXTRAS, GROUPS)
    run(here.python, "tests/readers/install.py")
    run(here.python, "-m", "reuse", "lint", "--quiet")
    run(here.python, "-m", "ruff", "check", ".")
    run(here.python, "-m", "ruff", "format", "--check", ".")
    run(here.python, "-m", "mypy")
    run(here.python, "-m", "pytest", "-n", "auto", "--dist", "worksteal")


def docs() -> None:
    """The documents as pages."""
    here = Environment(".venv")
    here.install("keyring", ("docs",))
    run(here.python, "-m", "sphinx", "-W", "-b", "html", "docs", "docs/_build")


def lowest() -> None:
    """All tests with every lower bound of pyproject.toml taken as the version."""
    here = Environment(".venv-lowest")
    exact = ROOT / ".venv-lowest.txt"
    exact.write_text("\n".join(lower_bounds()) + "\n", encoding="utf-8")
    here.install(EXTRAS, GROUPS, ("--constraint", str(exact)))
    run(here.python, "tests/readers/install.py")
    # the matrix says what the engines' newest versions do, so it is not asked of the oldest
    run(
        here.python,
        "-m",
        "pytest",
        "-n",
        "auto",
        "--dist",
        "worksteal",
        "--ignore",
        "tests/readers/test_matrix.py",
    )


def pyproject() -> dict[str, Any]:
    """pyproject.toml."""
    import tomllib  # noqa: PLC0415 - older Pythons, which get a clear word below, have none

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def of_groups(*names: str) -> list[str]:
    """What dependency groups (PEP 735) name: the pip that Debian 12 gives an environment does not know them."""
    groups = pyproject()["dependency-groups"] if names else {}
    return [one for name in names for one in groups[name]]


def lower_bounds() -> list[str]:
    """`name==version` for each dependency that pyproject.toml names with `>=`."""
    project = pyproject()["project"]
    named = [
        *project["dependencies"],
        *(one for more in project["optional-dependencies"].values() for one in more),
        *of_groups(*pyproject()["dependency-groups"]),
    ]
    bounds = (re.fullmatch(r"([\w.-]+)>=([\w.]+)", one) for one in named)
    return [f"{found[1]}=={found[2]}" for found in bounds if found]


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(
            f"start: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}"
        )
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a folder's name may have letters that the console has not
    jobs = {"demo": demo, "test": test, "lowest": lowest, "docs": docs}
    if len(sys.argv) != 2 or sys.argv[1] not in jobs:
        sys.exit(__doc__)
    jobs[sys.argv[1]]()
