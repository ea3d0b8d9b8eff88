"""What a walk through a PDF's fields gathers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvest.model import Problem
from harvest.reading.model.raw_fields import RawField, RawForeign

if TYPE_CHECKING:
    import pikepdf


@dataclass
class Found:
    """What the walk has gathered so far.

    Attributes:
        ours, foreign: fields that were looked at, filled or not.
        passed: empty widgets that were passed over without a look at their names.
        actions: kinds of actions that fields carry (`/JavaScript`, `/Launch`...).
        others: annotations that are no widgets, with the numbers of their pages.
        strangers: fields with a value whose names are none of ours.
        bare: pages without any field of ours.
        shared: pages whose fields have the values of fields on earlier pages.
    """

    fields: list[RawField] = field(default_factory=list)
    ours: int = 0
    foreign: int = 0
    passed: int = 0
    actions: set[str] = field(default_factory=set)
    problems: set[Problem] = field(default_factory=set)
    others: list[tuple[int, pikepdf.Object]] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    shared: set[int] = field(default_factory=set)
    strangers: list[RawForeign] = field(default_factory=list)
