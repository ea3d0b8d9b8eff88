"""The one root of every error this product raises on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spec.console.said import Message, said

EXIT_DONE = 0
EXIT_NEEDS_PERSON = 1
EXIT_WRONG_CALL = 2
EXIT_NOTHING_DONE = 3
EXIT_FAILED = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands, what it is, what to do about it; in English (spec/console/said.py)."""

    place: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fault} {self.remedy}"

    @property
    def told(self) -> Message:
        """The whole of it as one text that can be said in another language."""
        parts = {"place": said(self.place), "fault": said(self.fault), "remedy": said(self.remedy)}
        return said("{place}: {fault} {remedy}", **parts)


class FormgenHarvestError(Exception):
    """Root of the product's errors; a class owns the exit code it leads to.

    Args:
        place: file, sheet, row or field where the fault stands.
        fault: what is wrong, one sentence.
        remedy: what the reader can do about it, one sentence.
    """

    exit_code = EXIT_NOTHING_DONE

    def __init__(self, place: str, fault: str, remedy: str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(place, fault, remedy),)
        super().__init__(str(self.faults[0]))


class WrongInputError(FormgenHarvestError):
    """What the caller handed over can't be used: spec, recipients, options."""

    exit_code = EXIT_WRONG_CALL

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> WrongInputError:
        """One error that carries all `faults`, so that a person mends them in one go."""
        if not faults:
            raise ValueError("an error needs at least one fault")
        error = cls(faults[0].place, faults[0].fault, faults[0].remedy)
        error.faults = tuple(faults)
        error.args = ("\n".join(str(fault) for fault in faults),)
        return error


class SpecError(WrongInputError):
    """The form's spec has faults."""


class NothingDoneError(FormgenHarvestError):
    """The surroundings forbid the work (lock, disk, open file); nothing was changed."""

    exit_code = EXIT_NOTHING_DONE


class ProgramFailedError(FormgenHarvestError):
    """A fault of the program or of what it runs on (memory, open files, output); the run was rolled back."""

    exit_code = EXIT_FAILED
