"""Any name, any identity, any form: what the properties draw from."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from spec.form.model import Form
from spec.names import DIGITS, LETTERS, RESERVED_CATEGORIES, RESERVED_COLUMNS, PageIdentity, check_character

KEYS = st.from_regex(r"[a-z][a-z0-9-]{0,11}", fullmatch=True)
CATEGORIES = KEYS.filter(lambda key: key not in RESERVED_CATEGORIES)
COLUMNS = KEYS.filter(lambda key: key not in RESERVED_COLUMNS)
EDITIONS = st.builds(str.__add__, st.sampled_from(LETTERS), st.text(alphabet=DIGITS, min_size=8, max_size=8))
TOKENS = (
    st.text(alphabet=DIGITS, min_size=8, max_size=8)
    .map(lambda body: body + check_character(body))
    .filter(lambda token: token[-1] in DIGITS)
)
IDENTITIES = st.builds(
    PageIdentity, EDITIONS, st.none() | TOKENS, KEYS, st.integers(min_value=1, max_value=9999)
)

#: The one thing that a workbook can't keep, and refuses; Hypothesis reads it from our source.
ESCAPE = re.compile(r"x[0-9A-Fa-f]{4}_")
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
#: One line: formulas, numbers, leading quotes, emoji, right-to-left letters.
LINES = (
    st.text(_CHARACTERS, min_size=1, max_size=20)
    | st.sampled_from(["=1+1", "007", "1e5", "TRUE", "#REF!", "'x", "@x", "ş ğ ı", "حلب", "👩‍⚕️", "§§ 53ff."])
).filter(lambda text: bool(text.strip()) and not ESCAPE.search(text))
TEXTS = st.lists(LINES, max_size=3).map("\n".join)
SOME_TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)


def lists(items: st.SearchStrategy[Any], least: int = 0, most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=least, max_size=most)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Any valid form."""
    counts = draw(lists(st.integers(min_value=1, max_value=3), least=1))
    keys = iter(draw(st.lists(CATEGORIES, min_size=sum(counts), max_size=sum(counts), unique=True)))
    section_keys = draw(st.lists(KEYS, min_size=len(counts), max_size=len(counts), unique=True))
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=5, unique=True))
    headings = draw(
        st.lists(
            LINES,
            min_size=len(columns),
            max_size=len(columns),
            unique_by=lambda text: text.strip().casefold().encode("utf-8"),
        )
    )
    identifying = draw(st.sampled_from(columns))
    fields = draw(st.lists(KEYS.filter(lambda key: key != "organisation"), max_size=3, unique=True))
    raw = {
        "key": draw(KEYS),
        "title": draw(LINES),
        "subtitle": draw(TEXTS),
        "language": draw(st.sampled_from(["de", "en"])),
        "second_language": draw(TEXTS),
        "rows": draw(st.integers(min_value=1, max_value=40)),
        "nil_label": draw(LINES),
        "cover": {
            "intro": draw(lists(SOME_TEXTS, least=1)),
            "steps": draw(lists(SOME_TEXTS, least=1)),
            "reader_notes": draw(lists(SOME_TEXTS)),
            "return_to": draw(lists(SOME_TEXTS, least=1)),
            "fields": [_field(draw, key) for key in draw(st.permutations(["organisation", *fields]))],
        },
        "columns": [
            {
                "key": key,
                "heading": heading,
                "hint": draw(TEXTS),
                "second_hint": draw(TEXTS),
                "width": draw(st.floats(min_value=0.01, max_value=100)),
                "identifies": key == identifying,
            }
            for key, heading in zip(columns, headings, strict=True)
        ],
        "sections": [
            {
                "key": key,
                "title": draw(LINES),
                "colour": draw(st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True)),
                "categories": [_category(draw, next(keys)) for _ in range(count)],
            }
            for key, count in zip(section_keys, counts, strict=True)
        ],
        "feedback": {
            "title": draw(LINES),
            "intro": draw(lists(SOME_TEXTS)),
            "fields": [
                _field(draw, key) for key in draw(st.lists(KEYS, min_size=1, max_size=2, unique=True))
            ],
        },
    }
    return Form.model_validate(raw)


def _field(draw: st.DrawFn, key: str) -> dict[str, object]:
    lines = st.integers(min_value=1, max_value=30)
    return {"key": key, "label": draw(LINES), "hint": draw(TEXTS), "lines": draw(lines)}


def _category(draw: st.DrawFn, key: str) -> dict[str, object]:
    return {
        "key": key,
        "name": draw(LINES),
        "other_names": draw(lists(LINES)),
        "legal_bases": draw(lists(LINES)),
        "description": draw(TEXTS),
        "second_description": draw(TEXTS),
        "links": draw(lists(LINES)),
        "pages": draw(st.integers(min_value=1, max_value=20)),
    }
