"""Set everything up on a fresh machine, then run the main job or the tests.

    python3 .ci/start.py demo    a blank form, sample returns filled by real PDF engines, the register
    python3 .ci/start.py test    everything the tests need, then all checks

Standard library only: this runs before anything is installed. Works from any folder, on any system;
the tests drive Linux engines (Poppler, Java, Node) and therefore want Debian or Ubuntu.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
SCRIPTS = HOME / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)


def run(*command: str | Path, fine: tuple[int, ...] = (0,)) -> None:
    """Run a step from the root; what fails ends the whole with its exit code."""
    words = [str(word) for word in command]
    print("$ " + " ".join(words), flush=True)
    code = subprocess.run(words, cwd=ROOT, check=False).returncode
    if code not in fine:
        sys.exit(f"start: this step ended with exit code {code}: {' '.join(words)}")


def install(extra: str) -> None:
    """The product and one of its extras, in the project's own environment `.venv`."""
    if not PYTHON.exists():
        try:
            venv.create(HOME, with_pip=True)
        except subprocess.CalledProcessError:
            # Debian ships Python without ensurepip.
            sys.exit("start: this Python can't make environments. Debian, Ubuntu: apt install python3-venv")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", f".[{extra}]")


def demo() -> None:
    """The main job, end to end, in the default workspace."""
    install("readers")
    run(SCRIPTS / "formgen", "build")
    run(PYTHON, "-m", "tests.readers.sample_returns", "output")
    # 1: done, and something needs a person; two of the sample returns see to that
    run(SCRIPTS / "harvest", "run", fine=(0, 1))


def test() -> None:
    """Install every engine, then lint, types and tests."""
    install("dev")
    run(PYTHON, "tests/readers/install.py")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "mypy")
    run(PYTHON, "-m", "pytest", "-n", "auto", "--dist", "worksteal")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(
            f"start: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}"
        )
    jobs = {"demo": demo, "test": test}
    if len(sys.argv) != 2 or sys.argv[1] not in jobs:
        sys.exit(__doc__)
    jobs[sys.argv[1]]()
