"""The JSON that scripts rely on: what prints it, and its keys. The README shows them, a test holds real output to them."""

from __future__ import annotations

from collections.abc import Mapping

SHAPES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # name: (where it stands, its keys in order)
    "formgen build": (
        "`formgen build --json`",
        ("edition", "form", "title", "pages", "fields", "files", "unchanged"),
    ),
    "run": (
        "`harvest run --json`",
        (
            "run",
            "dry_run",
            "documents",
            "entries",
            "hand",
            "to_do",
            "faults",
            "register",
            "changed",
            "side_file",
            "backup",
        ),
    ),
    "document": ("each of `documents` there", ("file", "sha256", "fate", "problems")),
    "problem": ("each of `problems`", ("code", "severity", "place", "fault", "remedy")),
    "show": (
        "each of `documents` in `harvest show FILE --json`",
        ("file", "sha256", "pages", "submissions", "problems"),
    ),
    "submission": (
        "each of `submissions` there",
        ("edition", "reporter", "at", "time_source", "cover", "feedback", "sheets"),
    ),
    "sheet": ("each of `sheets` there", ("category", "nil", "rows")),
    "row": ("each of `rows` there", ("row", "entry", "values")),
    "value": ("each of `values` there, by column", ("text", "method", "confidence", "page", "alternatives")),
    "entry": (
        "each entry of `harvest export --format json` and `register.json`",
        (
            "id",
            "section",
            "category",
            "values",
            "nil",
            "reporters",
            "sources",
            "status",
            "confirmed",
            "duplicates",
            "conflicts",
        ),
    ),
    "source": ("each of `sources` there", ("return", "file", "page", "row", "method", "read_at")),
    "status": (
        "`harvest status --json`",
        ("returns", "latest_return", "runs", "latest_run", "entries", "nils", "reporters", "to_do"),
    ),
}


def table() -> str:
    """The shapes as a table of the README."""
    rows = [f"| {where} | {', '.join(f'`{key}`' for key in keys)} |" for where, keys in SHAPES.values()]
    return "\n".join(["| where | keys |", "| --- | --- |", *rows])
