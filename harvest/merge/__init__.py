"""Identity, supersession, duplicates, conflicts: pure functions from what is known to the register."""

from harvest.merge.halves import Part, wholes
from harvest.merge.ids import cell_id, entry_id, is_entry_id, nil_id
from harvest.merge.layout import Layout
from harvest.merge.plan import merge
from harvest.merge.unread import typed_over

__all__ = [
    "Layout", "Part", "cell_id", "entry_id", "is_entry_id", "merge", "nil_id",
    "typed_over", "wholes",
]  # fmt: skip
