"""Words taken out of the files beside the register, and their keys and tags left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

from spec.storage.atomic_files import flush

_STRING = r'"(?:[^"\\]|\\.)*"'
_JSON = re.compile(rf"(?P<key>{_STRING}\s*:\s*)?(?P<value>{_STRING})?")
#: what the program says, not people
_MACHINES = frozenset(
    {
        "id",
        "section",
        "category",
        "status",
        "method",
        "column",
        "reason",
        "return",
        "edition",
        "token",
        "round",
    }
)
_HTML = re.compile(
    r"(?P<whole><(?:style|script)\b.*?</(?:style|script)>)|(?P<tag><[^>]*>)|(?P<text>[^<]+)", re.DOTALL
)
_TOLD = re.compile(r'(?<=\s)(alt|title|aria-label|content)="([^"]*)"')


def redact_twin(path: Path, words: Callable[[str], str]) -> None:
    """Rewrite a JSON or HTML file of ours.

    Raises:
        OSError: the disk is full or the folder can't be written.
    """
    before = path.read_text(encoding="utf-8")
    after = _in_html(before, words) if before.lstrip().startswith("<") else _in_json(before, words)
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
        flush(path)


def _in_json(text: str, words: Callable[[str], str]) -> str:
    def redacted(found: re.Match[str]) -> str:
        key, value = found["key"] or "", found["value"]
        if value is None or (key and json.loads(key.rstrip().removesuffix(":")) in _MACHINES):
            return found[0]
        said = json.loads(value)
        left = words(said)
        return found[0] if left == said else key + json.dumps(left, ensure_ascii=False)

    return _JSON.sub(redacted, text)


def _in_html(text: str, words: Callable[[str], str]) -> str:
    def said(part: str) -> str:
        left = words(unescape(part))
        return part if left == unescape(part) else escape(left)

    def redacted(found: re.Match[str]) -> str:
        if found["whole"]:
            return found[0]
        if found["tag"]:
            return _TOLD.sub(lambda told: f'{told[1]}="{said(told[2])}"', found[0])
        return said(found[0])

    return _HTML.sub(redacted, text)
