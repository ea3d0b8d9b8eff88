"""The README's table of readers, from matrix.json alone: nothing is measured and no engine is needed."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

MATRIX = Path(__file__).with_name("matrix.json")

GROUPS: Mapping[str, tuple[str, ...]] = {
    "German": ("German",),
    "Turkish, Polish, Czech, Vietnamese, Kurdish (Latin)": (
        "Turkish",
        "Polish",
        "Czech",
        "Vietnamese",
        "Kurdish, Latin letters",
    ),
    "Cyrillic, Greek": ("Cyrillic", "Greek"),
    "Arabic, Kurdish (Arabic)": ("Arabic", "Kurdish, Arabic letters"),
}
SAID: Mapping[str, str] = {
    "right": "right",
    "other font": "right, another font",
    "unjoined": "letters not joined",
    "reversed": "not joined, left to right",
    "nothing": "not drawn",
    "wrong": "letters missing or boxes",
}
WHERE: Mapping[str, str] = {
    "pdfium-typed": "Chrome",
    "pdfjs": "Firefox",
    "poppler": "Evince",
    "mupdf": "SumatraPDF",
}
"""Renderers, by the program that people know."""

NAMED: Mapping[str, str] = {
    "emoji": "emoji cut to 16 bits",
    "tab": "tab (a key that goes to the next field)",
}
"""Texts that may be stored otherwise, and how; line ends have a column of their own."""
LINE_ENDS = frozenset({"newlines", "trailing newline", "5,000 characters in lines"})

NOT_HERE = """\
Not to be run here: Acrobat, Preview, iOS and Android. What others report: Preview and iOS rewrite the list of fields and
lose values where a field has neither font nor appearance (ours have both); iOS Markup and typewriter tools lay notes over
the fields; Adobe's Fill & Sign writes into the page itself; Acrobat saves with object streams and as an appended section,
which is measured here with other tools. None of this has been tried with these forms."""


def shown(measured: Mapping[str, Any], script: str) -> dict[str, str]:
    """Renderer -> what it shows, also where all say the same."""
    found = measured["display"][script]
    return dict(found) if isinstance(found, dict) else dict.fromkeys(measured["renderers"], str(found))


def display(measured: Mapping[str, Any], scripts: Iterable[str]) -> str:
    """What readers show of some scripts, where they differ with the readers' names."""
    readers: dict[str, list[str]] = {}
    for script in scripts:
        for renderer, look in shown(measured, script).items():
            named = readers.setdefault(SAID[look], [])
            if WHERE[renderer] not in named:
                named.append(WHERE[renderer])
    if len(readers) == 1:
        return next(iter(readers))
    return "; ".join(f"{said} in {', '.join(names)}" for said, names in readers.items())


def value(measured: Mapping[str, Any]) -> str:
    """Whether texts come back as entered."""
    values = measured["values"]
    lost = [NAMED.get(text, text) for text in values["changed"] if text not in LINE_ENDS]
    if not (values["untouched as before"] and values["ticks"] and values["lines"] and values["harvested"]):
        lost.append("**not all read**")
    return "all" if not lost else "all but: " + ", ".join(lost)


def _all(found: Mapping[str, bool], words: Mapping[str, str]) -> str:
    lost = [words[key] for key, kept in found.items() if not kept]
    return "kept" if not lost else "lost: " + ", ".join(lost)


def identity(measured: Mapping[str, Any]) -> str:
    """What is left of the ways in which a page says whose it is."""
    words = {"names": "field names", "hidden": "hidden fields", "print": "small print", "code": "QR code"}
    return _all(measured["identity"], words)


def tab_order(measured: Mapping[str, Any]) -> str:
    """Whether the Tab key goes row by row, as far as the file says it."""
    words = {"as before": "order of the fields", "row by row": "row by row", "by structure": "/Tabs"}
    return _all(measured["order"], words)


def _growth(measured: Mapping[str, Any]) -> str:
    return f"{measured['bytes']['after'] / 1e6:.1f} MB"


def row(label: str, measured: Mapping[str, Any]) -> str:
    """An engine's line."""
    cells = [label, value(measured), measured["values"]["newline"]]
    cells += [display(measured, scripts) for scripts in GROUPS.values()]
    cells += [identity(measured), tab_order(measured), _growth(measured)]
    return f"| {' | '.join(cells)} |"


def differs(copy: Mapping[str, Any], blank: Mapping[str, Any]) -> bool:
    """Whether an engine treats a copy otherwise than the blank, as far as both were looked at."""
    return any(copy[key] != blank[key] for key in ("values", "identity", "order")) or any(
        not shown(copy, script).items() <= shown(blank, script).items() for script in blank["display"]
    )


def _same(copies: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    lines = []
    for name, copy in copies.items():
        other = [labels[engine] for engine in copy if differs(copy[engine], copies["blank"][engine])]
        if name != "blank":
            lines.append(f"{name}, {'otherwise with ' + ', '.join(other) if other else 'the same'}")
    return "; ".join(lines)


def _prefilled(copy: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Engines after which prefilled lines look otherwise than before."""
    spoilt = [
        labels[engine]
        for engine, measured in copy.items()
        if any(look != "right" for look in measured["prefilled"].values())
    ]
    return ", ".join(spoilt) or "none"


def table(matrix: Mapping[str, Any]) -> str:
    """The whole block."""
    labels = {name: about["label"] for name, about in matrix["engines"].items()}
    versions = "; ".join(dict.fromkeys(about["version"] for about in matrix["engines"].values()))
    heads = ["filled and saved with", "values", "line end", *GROUPS, "identity", "Tab order", "size"]
    copies = matrix["copies"]
    lines = [
        "Measured by `python -m tests.readers.matrix --write` on the built-in form, and again by every run of the tests.",
        "Each engine enters 22 awkward texts and a line in every script, ticks a box and saves. Then the values are read",
        "by the harvest and by a second reader, and the page is shown by four renderers (PDFium, pdf.js, Poppler, MuPDF) and",
        "compared, letter by letter, with the same line drawn from DejaVu Sans.",
        "",
        f"| {' | '.join(heads)} |",
        f"|{' --- |' * len(heads)}",
        *(row(labels[engine], measured) for engine, measured in copies["blank"].items()),
        "",
        "Whatever is shown, the values are stored, and arrive in the register: what is not shown right concerns people who look at the PDF.",
        "Identity: field names, hidden fields, small print and QR code of every page. Tab order: the order of the fields in",
        f"the file, row by row. The blank has {copies['blank']['pdfjs']['bytes']['before'] / 1e6:.2f} MB.",
        f"Copies compared with the blank: {_same(copies, labels)}.",
        "Prefilled lines are drawn right, joined Arabic included, in all four renderers after all of these but:",
        f"{_prefilled(copies['prefilled'], labels)} (which ask every reader to draw every field anew).",
        "",
        NOT_HERE,
        "",
        f"Versions: {versions}.",
    ]
    return "\n".join(lines)


def readers() -> str:
    """The README's block from the committed matrix."""
    return table(json.loads(MATRIX.read_text(encoding="utf-8")))
