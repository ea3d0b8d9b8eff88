"""A bound on the memory of a process of our own that opens strangers' files, kept by the system where it can."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MIB = 1024 * 1024


def limit_memory(megabytes: int) -> None:
    """Let this process have that many more than it has now. Where the system keeps no bound, the parent's watch holds."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    # The bound counts addresses, not memory: what is mapped already does not count.
    with contextlib.suppress(OSError, ValueError):
        most = megabytes * MIB + _mapped()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold a partner's data


def _mapped() -> int:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1024 * MIB
