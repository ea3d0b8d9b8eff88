#!/usr/bin/env python3
"""Install the PDF engines that the tests drive, and say which of them work.

    python3 tests/readers/install.py          install what is missing, then check
    python3 tests/readers/install.py --check  only check

The Python engines come with the project itself (`pip install -e '.[readers]' --group dev`); run this with that Python. What comes
from the system is installed on Debian and its descendants. Standard library only.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

READERS = Path(__file__).resolve().parent
REPOSITORY = READERS.parents[1]

APT: Mapping[str, str] = {  # package -> a program or a file that shows that it is there
    "chromium": "chromium",
    "dovecot-imapd": "/usr/lib/dovecot/imap",  # the mail server of the tests of mailboxes
    "default-jdk-headless": "javac",  # a whole JDK, because the PDFBox program is run from its source
    "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "ghostscript": "gs",
    "gir1.2-poppler-0.18": "/usr/lib/*/girepository-1.0/Poppler-0.18.typelib",
    "libreoffice-calc-nogui": "soffice",  # opens and saves registers as an office does
    "libreoffice-script-provider-python": "/usr/lib/libreoffice/program/pythonscript.py",  # types in them
    "libpdfbox2-java": "/usr/share/java/pdfbox2.jar",
    "npm": "npm",
    "pdftk-java": "pdftk",
    "poppler-utils": "pdftocairo",
    "python3-gi": "/usr/lib/python3/dist-packages/gi/__init__.py",
    "qpdf": "qpdf",
    "tesseract-ocr": "tesseract",
    "tesseract-ocr-deu": "/usr/share/tesseract-ocr/*/tessdata/deu.traineddata",
}

ELSEWHERE = """\
This is {system}, not Linux. Not installed here, because they come as Debian packages:
  poppler   needs python3-gi and Poppler's GLib bindings, which only Linux desktops have
  pdfbox    needs a JDK and the jars of libpdfbox2-java under /usr/share/java
  pdftk     needs pdftk-java
  and the tools qpdf, gs, pdfseparate, pdfunite and pdftocairo."""


def missing_packages() -> list[str]:
    """Names of the packages of which nothing is to be seen on this machine."""
    return [name for name, sign in APT.items() if not _is_here(sign)]


def _is_here(sign: str) -> bool:
    if sign.startswith("/"):
        return any(Path("/").glob(sign.removeprefix("/")))
    return shutil.which(sign) is not None


def _run(command: Sequence[str], folder: Path, **environment: str) -> None:
    print("+", " ".join(command), flush=True)
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, check=True)


def install_packages(names: Sequence[str]) -> None:
    """Install Debian packages, as root or with sudo."""
    if not names:
        print("system packages: all there")
        return
    if not shutil.which("apt-get"):
        sys.exit(f"this Linux has no apt-get; install what Debian calls: {' '.join(names)}")
    as_root = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            words = f"apt-get install --no-install-recommends {' '.join(names)}"
            sys.exit(
                f"Some engines come from the system, and you are neither root nor have sudo. Ask for: {words}\nThen run this again."
            )
        # sudo drops the environment, so what apt has to know goes through env
        as_root = ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    _run([*as_root, "apt-get", "update", "-q"], READERS, **quiet)
    _run([*as_root, "apt-get", "install", "-qy", "--no-install-recommends", *names], READERS, **quiet)


def install_node_packages() -> None:
    """Install the packages of package.json, a newer Node among them, into node_modules beside it."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not here; install Node with npm first")
    # not `npm ci`: it insists on lock entries for canvas builds of every system, which not every mirror offers;
    # versions are exact in package.json, and --no-save leaves package.json and the lock as they are
    _run([npm, "install", "--no-save"], READERS)


def check() -> int:
    """Print one line per engine; 1 when one is missing."""
    done = subprocess.run([sys.executable, "-m", "tests.readers.engines"], cwd=REPOSITORY, check=False)
    return done.returncode


def main() -> int:
    """Install unless told otherwise, then check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="install nothing")
    only_check = parser.parse_args().check
    linux = platform.system() == "Linux"
    if not linux:
        print(ELSEWHERE.format(system=platform.system()))
    if not only_check:
        if linux:
            install_packages(missing_packages())
        install_node_packages()
    return check()


if __name__ == "__main__":
    sys.exit(main())
