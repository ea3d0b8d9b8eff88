"""What a person looks at in a meeting: `report.html`, one file that needs nothing else."""

from harvest.report.page import render
from harvest.report.writing import report_on, write

__all__ = ["render", "report_on", "write"]
