"""What people did in the workbook: manual edits told from what programs did to the cells. Pure."""

from harvest.edits.three_way import HandChanges, compare
from harvest.edits.written_state import WrittenState

__all__ = ["HandChanges", "WrittenState", "compare"]
