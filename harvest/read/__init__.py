"""What a returned PDF says: every method's findings side by side."""

from harvest.read.reader import read

__all__ = ["read"]
