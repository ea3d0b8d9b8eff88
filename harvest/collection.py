"""The public interface behind `harvest.open` and `harvest.read`: the commands, as a program calls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harvest.commands.run import Request, harvest_returns
from harvest.history.why import EntryHistory, why
from harvest.model import Document, Entry, Provenance, Reading
from harvest.reading.pool.pool import read_all
from harvest.results import RunResult
from harvest.state.editions import read_edition
from harvest.state.state import state_of
from harvest.workspace.read_only import harvested
from spec.console.said import refusal, said
from spec.errors import NothingDoneError
from spec.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Collection:
    """The returns, the ledger and the register of one workspace."""

    workspace: Workspace

    def run(self, *sources: str | Path, passwords: Sequence[str] = (), dry_run: bool = False) -> RunResult:
        """Take in what came, merge it, write the register, as `harvest run` does.

        Args:
            sources: files and folders; without any, the workspace's folder of returns.
            passwords: tried on protected files.
            dry_run: write nothing.

        Raises:
            WrongInputError: `formgen.toml` has faults.
            NothingDoneError: another run works here, the register is open, the disk is full, there is no form yet.
        """
        request = Request(
            self.workspace, tuple(Path(one) for one in sources), passwords=tuple(passwords), dry_run=dry_run
        )
        return harvest_returns(request)[0]

    def entries(self) -> tuple[Entry, ...]:
        """The register's entries, in the form's order of categories, then by facility.

        Raises:
            NothingDoneError: nothing was harvested here yet.
        """
        with harvested(self.workspace) as (ledger, editions):
            return state_of(ledger, editions).register.entries

    def why(self, entry: str) -> EntryHistory:
        """Every value that an entry ever had, from where, and which rule chose the one that stands there.

        Args:
            entry: an id that it has or had, its facility's name, or a part of that.

        Raises:
            WrongInputError: no entry is called so, or several are.
            NothingDoneError: nothing was harvested here yet.
        """
        return why(self.workspace, entry)[0]


def read_file(path: Path, editions: Sequence[Path], passwords: Sequence[str]) -> Reading:
    """See `harvest.read`."""
    known = {found.edition: found for found in map(read_edition, editions)}
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NothingDoneError(
            str(path),
            said("The file can't be read ({reason}).", reason=refusal(error)),
            "Close it in other programs, and check its permissions.",
        ) from error
    document = Document.of(data, Provenance(path.name, path.name))
    [(_, reading)] = read_all([document], known, passwords, workers=1)
    return reading
