"""Every problem that a document can have: which details its words need, and how they are put.

The words stand in `spec/words` as `problem.<code>.fault` and `problem.<code>.remedy`. A detail that is
itself a word (what a file looks like) stands there as `problem.<code>.<detail>.<value>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from harvest.model import Problem, Severity
from spec.errors import Fault

if TYPE_CHECKING:
    from spec.words import Words  # loads the form's model, which a worker process does without

#: code -> the details that its words need
DETAILS: Mapping[str, tuple[str, ...]] = {
    "blank-missing": ("edition",),
    "conflicting-widgets": ("values",),
    "damaged": ("fields", "pages"),
    "drawing-on-page": ("page",),
    "embedded-file": (),
    "empty-file": (),
    "encoded-twice": ("text",),
    "encrypted": (),
    "hidden-drawing": ("page",),
    "hidden-note": ("page", "text"),
    "fields-shared": ("pages",),
    "form-data-damaged": (),
    "form-data-not-ours": (),
    "javascript-present": (),
    "junk-before-header": ("bytes",),
    "launch-action": (),
    "no-fields-of-ours": (),
    "note-outside": ("page", "text"),
    "not-a-pdf": ("looks_like",),
    "ocr-failed": ("page",),
    "ocr-not-installed": ("page",),
    "ocr-nothing": ("page", "row"),
    "ocr-nothing-beside": ("page",),
    "own-form": (),
    "own-form-back": (),
    "own-form-by-hand": (),
    "page-cut-off": ("page",),
    "page-not-ours": ("page",),
    "page-twice": ("first", "page"),
    "pages-unread": ("pages",),
    "picture-damaged": (),
    "picture-not-ours": (),
    "prefilled-removed": ("page", "row", "text"),
    "reader-crashed": ("error",),
    "reader-memory": ("megabytes",),
    "reader-timeout": ("seconds",),
    "recursive-structure": (),
    "rights-protected": ("by",),
    "row-struck-out": ("page", "row"),
    "rows-marked": ("page", "rows"),
    "shown-otherwise": ("shown", "stored"),
    "text-covered": ("page", "text"),
    "too-large": ("limit", "size", "what"),
    "too-many-pictures": ("limit", "pages"),
    "unknown-edition": ("edition",),
    "unknown-field": ("edition", "text"),
    "unreadable-value": (),
    "watermark": ("text",),
    "xfa-only": (),
}

#: details whose values are words themselves
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("not-a-pdf", "looks_like"): (
        "html", "zip", "word", "excel", "opendocument", "office", "image", "mail", "rtf", "xml", "text", "nothing",
    ),
    ("too-large", "what"): ("megabytes", "pages", "fields", "characters", "pixels"),
}  # fmt: skip

#: Stands for a detail that was not kept yet when the problem was found, by an older release.
_UNKNOWN = "…"


def problem(code: str, severity: Severity, place: str = "", **details: object) -> Problem:
    """A problem with all the details that its words need.

    Raises:
        ValueError: the code is not in the table, or details are missing or too many.
    """
    if code not in DETAILS or tuple(sorted(details)) != DETAILS[code]:
        raise ValueError(
            f"the problem {code!r} takes {DETAILS.get(code)}, was given {tuple(sorted(details))}"
        )
    return Problem(code, severity, place, tuple((key, str(value)) for key, value in sorted(details.items())))


def describe(found: Problem, words: Words, place: str = "") -> Fault:
    """The problem in a person's words; `place` (say, the file's name) goes before the problem's own.

    Raises:
        KeyError: the language lacks the words; a test sees to it that none does.
    """
    values = {
        key: words(f"problem.{found.code}.{key}.{value}") if (found.code, key) in CHOICES else value
        for key, value in found.details
    }
    where = ", ".join(part for part in (place, found.place) if part)
    sentences = []
    for kind in ("fault", "remedy"):
        key = f"problem.{found.code}.{kind}"
        needed = words.placeholders.get(key, frozenset())
        sentences.append(words(key, **{name: values.get(name, _UNKNOWN) for name in needed}))
    return Fault(where, sentences[0], sentences[1])
