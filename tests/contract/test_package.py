"""What people install is a wheel: it is whole, it works where the repository is not, its licences come along."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from email.parser import Parser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
PACKAGES = ("formgen", "harvest", "spec")


def run(*words: str | Path, folder: Path, **more: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={**os.environ, **more},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel alone; what it needs is taken from the Python that runs the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    run(*pip, "--disable-pip-version-check", "--target", folder, wheel, folder=folder)
    return folder


def files_of_the_repository() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_three_packages_with_all_their_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == files_of_the_repository()


def test_the_licences_of_all_that_is_in_it_come_along(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(archive.read(about).decode())
        licences = {name.split("/licenses/")[1] for name in archive.namelist() if "/licenses/" in name}
    fonts = {f"formgen/fonts/{path.name}" for path in (ROOT / "formgen/fonts").glob("LICENSE-*")}
    assert licences == {"LICENSE", *fonts} == set(said.get_all("License-File", []))
    assert said["License-Expression"] == "MIT AND Apache-2.0 AND Bitstream-Vera"


def command(installed: Path, name: str) -> tuple[Path, Mapping[str, str]]:
    scripts = installed / "bin"
    return scripts / (f"{name}.exe" if os.name == "nt" else name), {"PYTHONPATH": str(installed)}


def test_the_main_job_runs_from_the_wheel_alone_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    formgen, around = command(installed, "formgen")
    harvest, _ = command(installed, "harvest")
    where = "import formgen, harvest, spec; print(formgen.__file__, harvest.__file__, spec.__file__)"
    assert run(sys.executable, "-c", where, folder=tmp_path, **around).count(str(installed)) == len(PACKAGES)

    run(formgen, "build", "--quiet", folder=tmp_path, **around)
    (blank,) = tmp_path.glob("output/forms/*/blank.pdf")
    returned = tmp_path / "output/returns/antwort.pdf"
    returned.parent.mkdir(exist_ok=True)
    with pikepdf.open(blank) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        fields[f"{blank.parent.name}_kontaktstelle_r01_einrichtung"].V = pikepdf.String("Haus Ümläut")
        pdf.save(returned)
    run(harvest, "run", folder=tmp_path, **around)
    run(harvest, "export", "--format", "pdf", "--output", "leaves.pdf", folder=tmp_path, **around)

    assert "Haus Ümläut" in (tmp_path / "output/register.json").read_text(encoding="utf-8")
    assert (tmp_path / "output/register.xlsx").stat().st_size
    assert (tmp_path / "leaves.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leaves.pdf", "output"]


@pytest.fixture
def start() -> ModuleType:
    """What `.ci/start.py` holds."""
    spec = spec_from_file_location("start", ROOT / ".ci/start.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_clone_below_a_folder_with_an_umlaut_is_installed_as_a_copy(start: ModuleType) -> None:
    """Python before 3.13 looks for a folder that is only pointed at in the old code page of Windows, or in ASCII."""
    assert start.product(Path("/home/jo/formgen"), "readers") == ("-e", ".[readers]")
    assert start.product(Path("C:/Users/Jörg/formgen"), "readers") == (".[readers]",)


def test_every_dependency_has_a_lower_bound_that_is_tried_or_one_version(start: ModuleType) -> None:
    everything = [
        *PROJECT["dependencies"],
        *(one for more in PROJECT["optional-dependencies"].values() for one in more),
        *(one for more in PYPROJECT["dependency-groups"].values() for one in more),
    ]
    rest = [one for one in everything if not one.startswith(PROJECT["name"]) and "==" not in one]
    assert start.lower_bounds() == [one.replace(">=", "==") for one in rest]
    assert all(re.fullmatch(r"[\w.-]+==[\d.]+", one) for one in start.lower_bounds())


def test_the_lock_holds_one_version_of_everything_that_is_asked_for() -> None:
    """After a change: nox -s lock."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {
        canonicalize_name(found[1]): found[2]
        for line in lines
        if (found := re.match(r"([\w.-]+)==([\w.]+)", line))
    }
    asked = [
        Requirement(one)
        for one in (
            *PROJECT["dependencies"],
            *(one for more in PROJECT["optional-dependencies"].values() for one in more),
            *(one for more in PYPROJECT["dependency-groups"].values() for one in more),
        )
    ]
    assert len(asked) > 40
    for one in asked:
        assert one.specifier.contains(pinned[canonicalize_name(one.name)]), one
    hashes = [line for line in lines if line.startswith("    --hash=sha256:")]
    assert len(hashes) >= len(pinned)
    assert not [line for line in lines if "://" in line], "whoever installs says from where"
