"""The house of the design: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
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
    "socket": ("formgen/mail", "harvest/sources/mailbox"),
    "imap_tools": ("harvest/sources/mailbox",),
    "imaplib": ("harvest/sources/mailbox", "formgen/mail/mailbox"),
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
#: From top to bottom: a module imports from layers below its own, or from its own room. A line holds rooms that stand
#: beside each other and know nothing of each other; a module counts to the longest of these names that its own begins with.
LAYERS = (
    "harvest.__main__",
    "harvest.cli harvest.collection",
    "harvest.say",
    "harvest.history harvest.privacy",
    "harvest.leaves harvest.commands",
    "harvest.workspace",
    "harvest.reading.pool harvest.report harvest.results harvest.summary",
    "harvest.state",
    "harvest.reading harvest.register.update",
    "harvest.reading.page harvest.register.readback harvest.normalise",
    "harvest.reading.scan harvest.register.workbook harvest.edits",
    "harvest.reading.printed harvest.register.view harvest.merge",
    "harvest.reading.fields harvest.reading.identity harvest.merge.facilities harvest.sources.mailbox",
    "harvest.reading.pdf harvest.parse harvest.sources",
    "harvest.reading.model harvest.register.xlsx harvest.sources.archive harvest.sources.mail",
    "harvest.register harvest.ledger harvest.nilbox harvest.entries harvest.sources.kinds",
    "harvest.problems harvest.sources.mail.cms harvest.register.errors harvest.reading.choose",
    "harvest.text harvest.register.sheet_model harvest.sources.found harvest.sources.names harvest.sources.mail.transfer_encoding",
    "harvest.model harvest.register.cell_text",
    "harvest.formats harvest.gc_pause harvest.memory_limit harvest.progress harvest.reading.sniff harvest.reading.version harvest.version harvest",
    "formgen.__main__",
    "formgen.cli",
    "formgen.rounds.office",
    "formgen.rounds.follow_up",
    "formgen.rounds.drafts",
    "formgen.rounds.status",
    "formgen.rounds.known formgen.rounds.sendings",
    "formgen.rounds",
    "formgen.mail",
    "formgen.copies",
    "formgen.blank formgen.recipients",
    "formgen.forms formgen.pdf",
    "formgen.layout formgen.spec_xlsx",
    "formgen.results formgen.filenames formgen.fonts formgen",
    "spec.console.cli",
    "spec.storage.sent_forms spec.config spec.answers spec.console.screen",
    "spec.storage spec.form.load spec.wire",
    "spec.words",
    "spec.form",
    "spec.errors",
    "spec.console spec.naming",
    "spec.forms spec.geometry spec.matching spec.names spec.rounds spec.workspace spec",
)
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


def layer_of(module: str) -> int:
    """The place of a module in the list of layers: that of its longest name in it."""
    places = {name: place for place, names in enumerate(LAYERS) for name in names.split()}
    while module not in places:
        assert "." in module, f"{module} stands in no layer"
        module = module.rpartition(".")[0]
    return places[module]


def room_of(module: str) -> str:
    """The name under which a module stands in the list of layers."""
    names = {name for line in LAYERS for name in line.split()}
    while module not in names:
        module = module.rpartition(".")[0]
    return module


def wrong_ways(graph: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Imports that do not lead downwards: (importer, imported)."""
    return [
        (module, other)
        for module, other in graph
        if room_of(module) != room_of(other) and layer_of(module) >= layer_of(other)
    ]


def own_imports() -> Iterator[tuple[str, str]]:
    known = {name_of(path) for path in modules()}
    for path in modules():
        if name_of(path) in PACKAGES:
            continue  # the public interface, which loads what it calls when it is called
        found = {name for name in imports(path) if name in known and name != name_of(path)}
        # `from package import module` names the package too; what counts is the module
        yield from (
            (name_of(path), name) for name in found if not any(one.startswith(f"{name}.") for one in found)
        )


def test_imports_lead_downwards_from_layer_to_layer() -> None:
    assert wrong_ways(own_imports()) == []


def test_an_import_that_leads_up_or_sideways_is_found() -> None:
    up = ("harvest.merge.fold", "harvest.workspace.session")
    sideways = ("harvest.leaves.writing", "harvest.commands.run")
    down = ("harvest.workspace.session", "harvest.merge.fold")
    assert wrong_ways([up, sideways, down]) == [up, sideways]


def test_every_layer_is_there() -> None:
    known = {name_of(path) for path in modules()}
    assert [name for line in LAYERS for name in line.split() if name not in known] == []


def test_a_room_has_at_most_fifteen_modules() -> None:
    folders = {path.parent for path in modules()}
    assert {
        folder.relative_to(ROOT).as_posix(): number
        for folder in folders
        if (number := sum(path.name != "__init__.py" for path in folder.glob("*.py"))) > 15
    } == {}


#: Names that say nothing of what is in a module.
RIDDLES = {
    *(
        "gleaned",
        "setaside",
        "theirs",
        "titled",
        "quietly",
        "linked",
        "mailed",
        "picturing",
        "whose",
        "beyond",
        "slipped",
    ),
    *("nobodys", "beside", "looking", "where", "meant", "rewritten"),
}


def test_a_module_is_called_by_what_is_in_it() -> None:
    assert {name_of(path) for path in modules()} & RIDDLES == set()
    assert [name_of(path) for path in modules() if path.stem in RIDDLES] == []


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
