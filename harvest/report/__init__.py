"""What a person looks at in a meeting: `report.html`, one file that needs nothing else."""

from harvest.report.page import render

__all__ = ["render"]
