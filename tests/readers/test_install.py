"""The installer's data: what a new machine needs is written down once and names no private place."""

import json

from tests.readers import install

MANIFEST = json.loads((install.READERS / "package.json").read_text("utf-8"))
LOCK_TEXT = (install.READERS / "package-lock.json").read_text("utf-8")


def test_nothing_is_missing_once_the_installer_has_run() -> None:
    assert install.missing_packages() == []


def test_versions_of_node_packages_are_exact() -> None:
    assert all(version[0].isdigit() for version in MANIFEST["dependencies"].values())


def test_the_lock_file_fits_the_manifest() -> None:
    locked = json.loads(LOCK_TEXT)["packages"]
    assert locked[""]["dependencies"] == MANIFEST["dependencies"]
    for name, version in MANIFEST["dependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in LOCK_TEXT
    assert '"integrity"' in LOCK_TEXT
