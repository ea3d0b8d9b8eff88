"""The JSON that scripts rely on: what prints it, and its keys. docs/reference/json.md shows them, a test holds real output to them."""

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
            "reread",
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
        (
            "returns",
            "latest_return",
            "runs",
            "latest_run",
            "entries",
            "nils",
            "reporters",
            "to_do",
            "expired",
        ),
    ),
}


#: The same for mails and rounds; tests/formgen/rounds holds real output to them.
OFFICE_SHAPES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "drafts": ("`formgen mail drafts --json`, `remind`, `receipts`", ("drafts", "written", "notes")),
    "plan": ("`formgen mail send --dry-run --json`", ("mails", "uncertain", "refused", "sent")),
    "sent": ("`formgen mail send --json`", ("sent", "refused", "uncertain", "left", "stopped")),
    "round": (
        "`formgen round status --json`",
        ("round", "opened", "due", "overdue", "answers_as_of", "partners", "notes", "counts"),
    ),
    "partner": (
        "each of `partners` there",
        (
            "token",
            "organisation",
            "email",
            "built",
            "sent",
            "sent_on",
            "answer",
            "categories",
            "missing",
            "undeliverable",
            "reminded",
            "last_mail",
            "owes",
            "returns",
        ),
    ),
    "answers": ("`answers.json`", ("shape", "run", "made_at", "returns")),
    "returned": (
        "each of `returns` there",
        ("return", "file", "at", "mail_at", "mail_from", "mail_code", "answered", "problems"),
    ),
}


def table() -> str:
    """The shapes as a table of the README."""
    shapes = (*SHAPES.values(), *OFFICE_SHAPES.values())
    rows = [f"| {where} | {', '.join(f'`{key}`' for key in keys)} |" for where, keys in shapes]
    return "\n".join(["| where | keys |", "| --- | --- |", *rows])
