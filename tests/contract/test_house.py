"""The house of the design: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("spec", "formgen", "harvest")

#: library -> the only places that may import it
ONLY_IN = {
    "reportlab": ("formgen/layout", "formgen/pdf/draw", "formgen/faces"),
    "openpyxl": (
        "spec/storage/workbook_files",
        "formgen/recipients",
        "formgen/spec_xlsx",
        "harvest/register",
    ),
    "sqlite3": ("harvest/ledger", "harvest/privacy/search/sqlite_texts"),
    "click": ("spec/console/cli", "formgen/cli", "harvest/cli", "harvest/say"),
    "smtplib": ("formgen/mail",),
    "socket": ("formgen/mail", "harvest/sources/mailbox/imap"),
    "imap_tools": ("harvest/sources/mailbox/imap",),
    "imaplib": ("harvest/sources/mailbox/imap", "formgen/mail/mailbox"),
}
#: libraries that open PDFs with native code -> the only places that may import them: strangers' PDFs are opened in a
#: worker process, and formgen opens nothing but its own
PDF_LIBRARIES = {"pikepdf", "pypdf", "pypdfium2"}
OPEN_PDFS = (
    "formgen",
    "harvest/reading",
    "harvest/sources/archive/portfolio_child",
    "harvest/privacy/search/pdf_texts",
)
#: the only modules that may import what opens PDFs
OPENERS = {
    "harvest.privacy.search.pdf_texts": {"harvest.privacy.search.file_texts"},
    "harvest.privacy.search.sqlite_texts": {"harvest.privacy.search.file_texts"},
    "harvest.privacy.search.file_texts": {"harvest.privacy.search.search_worker"},
    "harvest.privacy.search.search_worker": set(),
}
#: network libraries that nothing of ours needs
NEVER = {"requests", "urllib3", "httpx", "aiohttp", "http", "ftplib"}
#: the geometry does arithmetic only
GEOMETRY_MAY = {"__future__", "collections", "dataclasses", "functools", "math"}


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = path.relative_to(ROOT).with_suffix("").parts
            prefix = ".".join(base[: len(base) - node.level]) if node.level else ""
            module = ".".join(part for part in (prefix, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [("spec", {"formgen", "harvest"}), ("formgen", {"harvest"}), ("harvest", {"formgen"})],
)
def test_the_two_sides_never_import_each_other(package: str, forbidden: set[str]) -> None:
    found = [
        (name_of(path), name)
        for path in modules()
        if name_of(path).split(".")[0] == package
        for name in imports(path)
        if name.split(".")[0] in forbidden | {"tests"}
    ]
    assert found == []


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_stays_behind_its_adapter(library: str) -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in modules()
        for name in imports(path)
        if name.split(".")[0] == library
        and not path.relative_to(ROOT).as_posix().startswith(ONLY_IN[library])
    ]
    assert found == []


def test_strangers_pdfs_are_opened_in_a_worker_only() -> None:
    opening = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if {name.split(".")[0] for name in imports(path)} & PDF_LIBRARIES
    ]
    assert [path for path in opening if not path.startswith(OPEN_PDFS)] == []
    loading = {
        (opener, name_of(path))
        for path in modules()
        for opener in OPENERS
        if {one for one in imports(path) if one == opener or one.startswith(f"{opener}.")}
        and name_of(path) not in OPENERS[opener]
    }
    assert loading == set()


def test_nothing_talks_to_the_web() -> None:
    found = [
        (name_of(path), name) for path in modules() for name in imports(path) if name.split(".")[0] in NEVER
    ]
    assert found == []


def test_the_geometry_imports_arithmetic_only() -> None:
    assert {name.split(".")[0] for name in imports(ROOT / "spec/geometry.py")} <= GEOMETRY_MAY


def test_no_import_cycle() -> None:
    known = {name_of(path) for path in modules()}
    graph = {
        name_of(path): {name for name in imports(path) if name in known and name != name_of(path)}
        for path in modules()
    }
    # importing a submodule by `from package import module` names the package too: only a
    # package's own __init__ that imports back closes a cycle.
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for other in sorted(graph[name]):
            if not name.startswith(f"{other}."):
                visit(other, (*trail, name))
        done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_modules_stay_small() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_error_has_the_one_root() -> None:
    found = [
        (name_of(path), node.name)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and node.name.endswith("Error")
        and node.name != "FormgenHarvestError"
        and {base.id for base in node.bases if isinstance(base, ast.Name)} & {"Exception", "ValueError"}
    ]
    assert found == []
