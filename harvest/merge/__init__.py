"""Identity, supersession, duplicates, conflicts: pure functions from what is known to the register."""

from harvest.merge.ids import entry_id, is_entry_id
from harvest.merge.layout import Layout
from harvest.merge.plan import merge

__all__ = ["Layout", "entry_id", "is_entry_id", "merge"]
