"""What a person looks at in a meeting: `report.html`, one file that needs nothing else."""

from harvest.commands.report import report_on, write
from harvest.report.page import render

__all__ = ["render", "report_on", "write"]
