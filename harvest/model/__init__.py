"""What travels between the stages of a harvest. Frozen; raw, normalised and merged are distinct types.

document -> (read) -> Reading -> (choose, normalise) -> Submission -> (merge) -> Register
"""

from harvest.model.intake import Document, Problem, Provenance, Severity
from harvest.model.mailing import Mailed, Mailing
from harvest.model.ondisk import OnDisk, SheetChoice, SheetRow
from harvest.model.picture import PICTURE_KINDS, PICTURE_MARK, CellPicture, CellPlace, Picture
from harvest.model.reading import TRUST, FieldReading, Method, PageFound, Place, Reading
from harvest.model.register import (
    EPOCH,
    Answer,
    Change,
    Check,
    Claim,
    Conflict,
    Decision,
    DecisionKind,
    Duplicate,
    Entry,
    HandDeletion,
    HandEdit,
    HandRow,
    NilReturn,
    Register,
    Source,
    Status,
)
from harvest.model.submission import (
    Moment,
    Reporter,
    ReporterKind,
    Row,
    Sheet,
    Submission,
    TimeSource,
    Unread,
    Value,
)

__all__ = [
    "EPOCH",
    "PICTURE_KINDS",
    "PICTURE_MARK",
    "TRUST",
    "Answer",
    "CellPicture",
    "CellPlace",
    "Change",
    "Check",
    "Claim",
    "Conflict",
    "Decision",
    "DecisionKind",
    "Document",
    "Duplicate",
    "Entry",
    "FieldReading",
    "HandDeletion",
    "HandEdit",
    "HandRow",
    "Mailed",
    "Mailing",
    "Method",
    "Moment",
    "NilReturn",
    "OnDisk",
    "PageFound",
    "Picture",
    "Place",
    "Problem",
    "Provenance",
    "Reading",
    "Register",
    "Reporter",
    "ReporterKind",
    "Row",
    "Severity",
    "Sheet",
    "SheetChoice",
    "SheetRow",
    "Source",
    "Status",
    "Submission",
    "TimeSource",
    "Unread",
    "Value",
]
