"""Runs that are killed at a random moment, and runs on disks that are too small."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spec.workspace import Workspace
from tests.endurance.office import (
    HANGS_AFTER,
    ROOT,
    LostError,
    call,
    changed,
    command,
    environment,
    exported,
    prepared,
)
from tests.harvest.offices import Office

#: What stays of the office before the run, and what the run gives undisturbed, is the same for all cases.
SEED = 7


class Interruptions:
    """An office before a run, how long the run takes, and what it gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before = prepared(folder / "before", random.Random(SEED))
        undisturbed = self.before.copy(folder / "undisturbed")
        began = time.monotonic()
        call(undisturbed.workspace.root, "run")
        self.seconds = time.monotonic() - began
        self.expected = exported(undisturbed.workspace.root)

    def kill(self, number: int) -> str:
        """Kill a run after a random part of its time; the next must give what an undisturbed one gives."""
        office = self.before.copy(self.folder / f"kill{number}")
        moment = random.Random(f"kill {number}").uniform(0.05, 1.1) * self.seconds
        line = command("harvest", "run", "--workspace", str(office.workspace.root))
        with subprocess.Popen(
            line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
        ) as run:
            try:
                run.wait(moment)
                how = "ended before"
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
                how = "killed"
        self.completed(office)
        shutil.rmtree(office.workspace.root)
        return how

    def disk(self, number: int) -> str:
        """A run on a disk of random size; with room it must give what an undisturbed one gives.

        Needs Linux, whose `unshare` lets anybody mount a disk in memory.
        """
        line = [
            "unshare", "--user", "--map-root-user", "--mount", sys.executable, "-m", "tests.endurance", "on-disk",
            str(self.folder), str(number),
        ]  # fmt: skip
        done = subprocess.run(
            line,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=3 * HANGS_AFTER,
            env=environment(),
        )
        if done.returncode:
            raise LostError(done.stderr[-2000:])
        return done.stdout.strip()

    def completed(self, office: Office) -> None:
        """Raise unless the next run completes the work and leaves none."""
        root = office.workspace.root
        if office.workspace.register.exists():
            office.book().close()
        call(root, "run")
        if exported(root) != self.expected:
            raise LostError("the register is not what an undisturbed run gives")
        if changed(root):
            raise LostError("a further run had something to do")
        if left := [path.name for path in root.rglob("*.part")]:
            raise LostError(f"left over: {left}")


def on_disk(folder: Path, number: int) -> str:
    """Within a mount namespace of our own: mount a small disk, run on it, enlarge it, run again."""
    shared = Interruptions.__new__(Interruptions)
    shared.folder, shared.before = folder, Office(Workspace(folder / "before"))
    shared.expected = exported(folder / "undisturbed")
    needed = sum(path.stat().st_size for path in shared.before.workspace.root.rglob("*") if path.is_file())
    room = int(needed * random.Random(f"disk {number}").uniform(0, 1.2))
    with tempfile.TemporaryDirectory() as place:
        mount("tmpfs", place, f"size={needed * 20}")
        office = shared.before.copy(Path(place, "office"))
        used = shutil.disk_usage(place).used
        mount("tmpfs", place, f"remount,size={used + room}")
        try:
            call(office.workspace.root, "run", codes=frozenset({0, 1, 3}))
            mount("tmpfs", place, f"remount,size={needed * 20}")
            shared.completed(office)
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)
    return f"{room // 1024} KiB"


def mount(kind: str, place: str, options: str) -> None:
    """Mount a disk in memory, or change its size."""
    subprocess.run(["mount", "-t", kind, "-o", options, kind, place], check=True)
