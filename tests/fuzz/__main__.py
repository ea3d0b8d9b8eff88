"""Mutation fuzz of the whole intake: `python -m tests.fuzz --count 100000 --seed 1`; see CONTRIBUTING.md."""

from __future__ import annotations

import argparse
import faulthandler
import logging
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.batch import Input, Result, make, run

#: Each batch starts workers of its own, which takes as long as a hundred inputs.
BATCH = 500
#: Every so many inputs are harvested into a workspace, too.
WHOLE_EVERY = 10
#: A batch that takes longer hangs, on a busy computer too: where, is written down, and the fuzz ends.
HANGS_AFTER = 3600


def main(words: list[str] | None = None) -> int:
    """Run the fuzz; 0: nothing was found, 1: something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many inputs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", type=int, help="this input alone, everything said about it")
    parser.add_argument(
        "--save", type=Path, default=Path(tempfile.gettempdir(), "fuzz-findings"), help="where bad inputs go"
    )
    asked = parser.parse_args(words)
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # it tells what was broken on purpose
    if asked.only is not None:
        return _only(asked.seed, asked.only, asked.save)
    return _many(asked.seed, range(asked.start, asked.start + asked.count), asked.save)


def _only(seed: int, number: int, save: Path) -> int:
    one = make(seed, number)
    print(f"{_save(one, seed, save)}: {len(one.data)} bytes")
    result = _batch([one], whole=1)
    for what in (*result.fates.get(one.name, ()), *result.stopped, *result.failures):
        print(what)
    return 1 if result.failures else 0


def _many(seed: int, numbers: range, save: Path) -> int:
    start, counts, stopped = time.monotonic(), Counter[str](), list[str]()
    failures: list[str] = []
    for first in range(numbers.start, numbers.stop, BATCH):
        inputs = [make(seed, number) for number in range(first, min(first + BATCH, numbers.stop))]
        result = _batch(inputs, whole=WHOLE_EVERY)
        counts += result.counts()
        stopped += result.stopped
        new = _named(inputs, result)
        failures += new
        for what in (*new, *result.stopped):
            print(f"\nseed {seed}: {what}", flush=True)
        _save_named(inputs, [*new, *result.stopped], seed, save)
        done = inputs[-1].number + 1 - numbers.start
        took = time.monotonic() - start
        print(
            f"\r{done} of {len(numbers)} inputs, {took:.0f} s, {len(failures)} failures", end="", flush=True
        )
    print(f"\nseed {seed}, inputs {numbers.start} to {numbers.stop - 1}: {time.monotonic() - start:.0f} s")
    for fate, count in sorted(counts.items()):
        print(f"{count:8d}  {fate[2:]}")
    print(f"{len(stopped):8d}  workers stopped (crash, time, memory)")
    print(f"{len(failures):8d}  failures")
    return 1 if failures else 0


def _named(inputs: list[Input], result: Result) -> list[str]:
    """The failures of a batch; those that name no input are looked for in each input alone."""
    if all(any(one.name in what for one in inputs) for what in result.failures):
        return result.failures
    alone = [f"{one.name}: {what}" for one in inputs for what in _batch([one], whole=1).failures]
    return alone or [f"{inputs[0].name} to {inputs[-1].name}: {what}" for what in result.failures]


def _batch(inputs: list[Input], *, whole: int) -> Result:
    faulthandler.dump_traceback_later(HANGS_AFTER, exit=True, file=sys.__stderr__ or sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run(inputs, Path(folder).resolve(), whole=whole)
        except Exception:
            return Result(failures=[traceback.format_exc()])
        finally:
            faulthandler.cancel_dump_traceback_later()


def _save_named(inputs: Iterable[Input], said: list[str], seed: int, save: Path) -> None:
    for one in inputs:
        if any(one.name in what for what in said):
            _save(one, seed, save)


def _save(one: Input, seed: int, save: Path) -> Path:
    save.mkdir(parents=True, exist_ok=True)
    path = save / f"{seed}-{one.name}"
    path.write_bytes(one.data)
    return path


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
