"""The register as loose leaves to print: one category a page or more, in the form's look."""

from harvest.leaves.changed import Then, changed_since, parse_since, then
from harvest.leaves.content import Leaf, leaves_of
from harvest.leaves.printing import print_leaves
from harvest.leaves.writing import export_leaves, write_leaves

__all__ = [
    "Leaf",
    "Then",
    "changed_since",
    "export_leaves",
    "leaves_of",
    "parse_since",
    "print_leaves",
    "then",
    "write_leaves",
]
