"""A run that is killed leaves the ledger as it was before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harvest.ledger import Ledger
from tests.harvest.ledger.build import VERSION, day, document, reading

ROOT = Path(__file__).resolve().parents[3]

CHILD = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from harvest.ledger import Ledger
from tests.harvest.ledger.build import VERSION, day, document, reading

with Ledger(Path(sys.argv[1]), VERSION) as ledger:
    # A tiny cache: pages go to the file before the commit, and only the journal can take them back.
    ledger._connection.execute("PRAGMA cache_size = 4")
    with ledger.run("harvest", day(2)) as run:
        for number in range(200):
            run.add_document(document(b"new %d" % number), reading("x" * 200, fields=20))
        print("ready", flush=True)
        time.sleep(60)
"""


def test_a_run_killed_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path, VERSION) as ledger, ledger.run("harvest", day(1)) as run:
        run.add_document(document(b"old"), reading("stays"))
    size = path.stat().st_size

    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(ROOT)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        grown = path.stat().st_size
        child.kill()

    assert grown > size  # or the test would prove nothing
    with Ledger(path, VERSION) as ledger:
        ledger.check()
        assert [record.id for record in ledger.runs()] == [1]
        assert [one.reading.fields[0].text for one in ledger.active_submissions_input()] == ["stays"]
        with ledger.run("harvest", day(3)) as run:
            assert run.add_document(document(b"new 1"), reading())
