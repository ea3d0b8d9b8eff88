"""Random stories by the command line: returns in any order, corrections, decisions, undo and redo."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.endurance.office import LostError, a_return, call, changed, exported, write_cell
from tests.harvest.offices import COLUMNS, Office

STEPS = 6


class Story:
    """An office in which things happen as `chance` has it; raises `LostError` where something is lost."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance, self.office = root, chance, Office.at(root)
        self.returns: list[tuple[str, bytes, int, list[str]]] = []
        self.ids: set[str] = set()

    def run(self) -> None:
        call(self.root, "run")

    def arrive(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self.returns.append(a_return(self.chance, len(self.returns)))
            self.office.drop(*self.returns[-1][:3])
        self.run()

    def correct(self) -> None:
        entry = self.chance.choice([one for one in exported(self.root) if not one["nil"]])
        column, text = self.chance.choice(COLUMNS), self.chance.choice(("von Hand", "9", "Haus Neu"))
        write_cell(self.office, entry["id"], column, text)
        self.run()
        if {one["id"]: one["values"].get(column) for one in exported(self.root)}.get(entry["id"]) != text:
            raise LostError(f"what was typed is gone: {entry['id']} {column} {text}")

    def decide(self) -> None:
        for entry in exported(self.root):
            for conflict in entry["conflicts"]:
                column = conflict["column"]
                call(self.root, "decide", entry["id"], "--choose", column, "entschieden")
                now = {one["id"]: one for one in exported(self.root)}[entry["id"]]
                if now["values"].get(column) != "entschieden":
                    raise LostError(f"what was decided is gone: {entry['id']} {column}")
                return
            for other in entry["duplicates"]:
                how = self.chance.choice(("--same-as", "--different-from"))
                call(self.root, "decide", entry["id"], how, other["other"])
                return

    def undo_and_redo(self) -> None:
        before = exported(self.root)
        call(self.root, "undo")
        self.nothing_is_left()
        call(self.root, "redo")
        if exported(self.root) != before:
            raise LostError("redo does not bring back what undo took")

    def nothing_is_left(self) -> None:
        if changed(self.root):
            raise LostError("a second run had something to do")
        self.ids |= {entry["id"] for entry in exported(self.root) if not entry["nil"]}

    def tell(self, steps: int = STEPS) -> None:
        """Let things happen, then look for every text that a partner wrote."""
        self.arrive()
        self.nothing_is_left()
        happenings: tuple[Callable[[], None], ...] = (
            self.arrive, self.correct, self.correct, self.decide, self.undo_and_redo,
        )  # fmt: skip
        for _ in range(steps):
            self.chance.choice(happenings)()
            self.nothing_is_left()
        because = "".join(call(self.root, "why", identity, "--json") for identity in sorted(self.ids))
        for name, _, _, texts in self.returns:
            for text in texts:
                if json.dumps(text, ensure_ascii=False) not in because:
                    raise LostError(f"{text!r} of {name} can't be traced")


def story(folder: Path, number: int) -> str:
    """One story from beginning to end, then its returns in another order."""
    chance = random.Random(f"story {number}")
    one = Story(folder / f"story{number}", chance)
    one.tell()
    orders = []
    for which in range(2):
        other = Office.at(folder / f"order{number}-{which}")
        shuffled = chance.sample(one.returns, len(one.returns))
        cut = chance.randint(0, len(shuffled))
        for part in (shuffled[:cut], shuffled[cut:]):
            for made in part:
                other.drop(*made[:3])
            call(other.workspace.root, "run")
        orders.append(exported(other.workspace.root))
    if orders[0] != orders[1]:
        raise LostError("the order of the returns changes the register")
    for path in (one.root, *(folder / f"order{number}-{which}" for which in range(2))):
        shutil.rmtree(path)
    return f"{len(one.returns)} returns"
