"""Ctrl+C while mails go out: the mail at hand is finished, then sending ends; a second one ends it at once.

Python's own answer, an exception wherever the program happens to be, would make a mail uncertain that only waits for the
server's word. Works on Windows, too, where the console turns Ctrl+C into the same signal; it is tried on POSIX alone.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Stopping:
    """Whether somebody wants sending to end."""

    def __init__(self) -> None:
        self.asked = False
        self._resting = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take Ctrl+C as a wish within this; threads other than the first never get it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def rest(self, sleep: Callable[[float], None], seconds: float) -> None:
        """Sleep, until somebody wants sending to end."""
        self._resting = True
        try:
            if not self.asked:
                sleep(seconds)
        except KeyboardInterrupt:
            self.asked = True
        finally:
            self._resting = False

    def _interrupted(self, _signal: int, _frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        if again or self._resting:
            raise KeyboardInterrupt
