"""Clock, environment and keyring as the mails meet them; handed in, so that a test can be another day."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from formgen.mail.login import Keyring, system_keyring


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Surroundings:
    """What a command takes from the machine.

    Attributes:
        now: the wall clock; for dates only.
        monotonic: for pauses: somebody may set the wall clock while mails go out.
    """

    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    keyring: Keyring = system_keyring

    @property
    def today(self) -> date:
        """The day by the wall clock, where the office is."""
        return self.now().astimezone().date()
