"""Identity, supersession, duplicates, conflicts: pure functions from what is known to the register."""

from harvest.merge.ids import entry_id, is_entry_id
from harvest.merge.layout import Layout
from harvest.merge.plan import merge
from harvest.merge.threeway import HandChanges, compare
from harvest.merge.written import Written

__all__ = ["HandChanges", "Layout", "Written", "compare", "entry_id", "is_entry_id", "merge"]
