"""The ledger: what came in, what was read, what people decided, and in which run. Append-only; all SQL lives here."""

from harvest.ledger.errors import LedgerBusyError, LedgerDamagedError, LedgerNewerError, UnknownRunError
from harvest.ledger.forgetting import Forgetting
from harvest.ledger.records import (
    Counts,
    HandEvents,
    Recorded,
    RunRecord,
    SeenMail,
    StoredDocument,
    StoredRefusal,
    StoredReturn,
    Why,
)
from harvest.ledger.salvage import Salvaged, salvage
from harvest.ledger.store import Ledger
from harvest.ledger.times import moment_of
from harvest.ledger.writing import Run

__all__ = [
    "Counts",
    "Forgetting",
    "HandEvents",
    "Ledger",
    "LedgerBusyError",
    "LedgerDamagedError",
    "LedgerNewerError",
    "Recorded",
    "Run",
    "RunRecord",
    "Salvaged",
    "SeenMail",
    "StoredDocument",
    "StoredRefusal",
    "StoredReturn",
    "UnknownRunError",
    "Why",
    "moment_of",
    "salvage",
]
