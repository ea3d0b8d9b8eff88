"""Scripts for Node, from the packages that `install.py` puts beside `package.json`."""

import json
from pathlib import Path

from tests.readers.engines.base import HERE, READERS, EngineMissing, run

MODULES = READERS / "node_modules"
NODE = MODULES / ".bin" / "node"  # the npm package, because pdf.js needs a newer Node than Debian has


def script(engine: str, name: str, stdin: str) -> str:
    """Run one of our scripts with this JSON on its standard input."""
    if not NODE.exists():
        raise EngineMissing(engine, f"Node in {MODULES}")
    return run(engine, [NODE, HERE / name], stdin)


def package_version(engine: str, package: str) -> str:
    """Name and version of an installed npm package, and of the Node that runs it."""
    manifest = MODULES / package / "package.json"
    if not manifest.exists() or not NODE.exists():
        raise EngineMissing(engine, f"the npm package {package}")
    return f"{package} {_version(manifest)} (Node {_version(MODULES / 'node' / 'package.json')})"


def _version(manifest: Path) -> str:
    return str(json.loads(manifest.read_text("utf-8"))["version"])
