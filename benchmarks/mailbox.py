"""A full mailbox through `harvest run --mailbox`, from a real Dovecot: first run, second run, killed in the middle and again.

    python benchmarks/mailbox.py [MAILS [RETURNS]]

Default: 50,000 mails, 300 returns among them. POSIX only: Dovecot is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.harvest.sources import dovecot
from tests.harvest.sources.full_mailbox import Measured, fill, harvest, office_for


def show(what: str, measured: Measured) -> None:
    print(
        f"{what}: {measured.clock:.1f} s, CPU {measured.cpu:.1f} s, {measured.mebibytes:.0f} MiB, exit {measured.code}",
        flush=True,
    )


def main(mails: int, returns: int) -> None:
    with dovecot.running() as boxes, tempfile.TemporaryDirectory() as folder:
        box = next(boxes)
        start = time.perf_counter()
        fill(box, mails, returns)
        print(f"{mails:,} mails, {returns} of them with returns, made in {time.perf_counter() - start:.0f} s")
        whole = office_for(box, Path(folder, "whole"))
        show("first run (the server indexes its folder meanwhile)", harvest(whole))
        show("second run", harvest(whole))
        killed = office_for(box, Path(folder, "killed"))
        show(f"killed after {returns // 2} returns", harvest(killed, kill_after=returns // 2))
        show("going on", harvest(killed))
        assert len(whole.entries()) == len(killed.entries()) == returns
        assert whole.entries().keys() == killed.entries().keys()


if __name__ == "__main__":
    arguments = [int(one) for one in sys.argv[1:3]]
    main(*(arguments + [50_000, 300][len(arguments) :]))
