"""Answers for a whole block on the sheet of possible duplicates: one facility that stands in several rows.

The rows of a block follow each other, with the same entry on the left (see `to_decide.pairs`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from harvest.merge.facilities.similarity import SAME_FACILITY
from spec.words import Words

#: A row's number in its sheet, and its texts by column.
NumberedTexts: TypeAlias = tuple[int, dict[str, str]]


def with_block_answers(rows: Iterable[NumberedTexts], words: Words) -> list[NumberedTexts]:
    """The rows, where an answer for a block stands in each of its rows that has none of its own.

    Two answers for one block that differ are left as they are: nobody knows which is meant.
    """
    numbered = list(rows)
    reason = words(f"duplicate.{SAME_FACILITY}").casefold()
    blocks: dict[str, list[dict[str, str]]] = defaultdict(list)
    for _, texts in numbered:
        if texts.get("id", "").strip() and texts.get("reason", "").strip().casefold() == reason:
            blocks[texts["id"].strip()].append(texts)
    for members in blocks.values():
        _answer_for_all(members, words)
    return numbered


def _answer_for_all(members: Sequence[dict[str, str]], words: Words) -> None:
    said = [one.get("same-as", "").strip().casefold() for one in members]
    answers = [key for key in ("yes", "no") if words(f"register.say.all-{key}").casefold() in said]
    if len(answers) != 1:
        return
    for_all = words(f"register.say.all-{answers[0]}").casefold()
    for one, own in zip(members, said, strict=True):
        if own in {"", for_all}:
            one["same-as"] = words(f"register.say.{answers[0]}")
