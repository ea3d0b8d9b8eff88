"""The list of recipients: who gets a copy of the form. `.csv` or `.xlsx` -> frozen recipients.

Every fault of a list is told at once, by file, row and column, with a remedy: the office mends the list in
one go and never gets half of the copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from formgen.recipients.check import Checked, checked_row
from formgen.recipients.columns import columns_of
from formgen.recipients.from_csv import csv_rows
from formgen.recipients.offers import Offers, told
from formgen.recipients.table import LARGEST, MOST, Table
from spec.console.said import refusal, said
from spec.errors import Fault, WrongInputError
from spec.form.model import Form

__all__ = ["MOST", "Recipient", "RecipientList", "load_recipients"]

_WORKBOOKS = {".xlsx", ".xlsm"}
_TEXTS = {".csv", ".tsv", ".txt"}
#: More faults than these are counted, not listed: the list is another file, or wrong from top to bottom.
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Recipient:
    """A partner organisation that gets a copy.

    Attributes:
        categories: keys of the categories that concern it, in the form's order; empty: all of them.
        language: `de`, `en`, or empty for the form's own.
        row: where it stands in the list, counted from 1 with the headings.
        hidden: whether nobody sees that row, most often by a filter.
    """

    organisation: str
    person: str
    email: str
    categories: tuple[str, ...]
    language: str
    note: str
    row: int
    hidden: bool = False

    @property
    def key(self) -> str:
        """What tells recipients apart, also from round to round: the address without regard to case."""
        return self.email.casefold()


@dataclass(frozen=True, slots=True)
class RecipientList:
    """The recipients in the list's order, what the reader of the result should know about the list, and its file's name."""

    recipients: tuple[Recipient, ...]
    notes: tuple[str, ...] = ()
    name: str = ""

    @property
    def hidden(self) -> tuple[Recipient, ...]:
        """Those whose rows nobody sees."""
        return tuple(one for one in self.recipients if one.hidden)


def load_recipients(path: Path, form: Form) -> RecipientList:
    """Read and check a list of recipients.

    Raises:
        WrongInputError: the file can't be read, or the list has faults; all of them are told.
    """
    table = _table(path)
    columns = columns_of(table)
    faults = [*table.faults, *columns.faults]
    recipients: list[Recipient] = []
    first_with: dict[str, int] = {}
    offers = Offers(form)
    taken: dict[tuple[str, str], list[int]] = {}
    if columns.complete:
        for row in table.rows:
            found = checked_row(table, columns, row, offers)
            faults += found.faults
            if not found.values:
                continue
            recipient = _recipient(found, form, hidden=row.number in table.hidden)
            for one in found.offers:
                if not one.said_whole:
                    taken.setdefault((one.text, one.category.name), []).append(found.row)
            faults += _doubled(table, columns.heading("email"), recipient, first_with)
            recipients.append(recipient)
    if not faults and not recipients:
        faults.append(
            Fault(table.name, "The list is empty.", "Write one recipient into each row below the headings.")
        )
    if faults:
        raise WrongInputError.of(_shortened(table.name, faults))
    place = said("{name}, column {column!r}", name=table.name, column=columns.heading("categories"))
    return RecipientList(tuple(recipients), (*columns.notes, *told(taken, place)), table.name)


def _table(path: Path) -> Table:
    """The rows of a list, whatever kind of file it is."""
    kind = path.suffix.lower()
    if path.is_dir():
        raise WrongInputError(
            str(path), "This is a folder, not a file.", "Name the list of recipients itself."
        )
    if kind not in _WORKBOOKS | _TEXTS:
        raise WrongInputError(
            str(path), "This is neither a CSV file nor an Excel workbook.", "Save the list as .xlsx or .csv."
        )
    data = _bytes(path)
    if kind in _TEXTS:
        return csv_rows(data, path.name)
    # Imported late: a CSV file does not wait for openpyxl.
    from formgen.recipients.from_xlsx import xlsx_rows  # noqa: PLC0415

    return xlsx_rows(data, path.name)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise WrongInputError(str(path), "There is no such file.", "Check the path.") from None
    except PermissionError:
        raise WrongInputError(
            str(path), "The file may not be read.", "Close it in other programs, and check its permissions."
        ) from None
    except OSError as error:
        reason = refusal(error)
        raise WrongInputError(
            str(path), said("The file can't be read ({reason}).", reason=reason), "Save it anew."
        ) from error
    if len(data) > LARGEST:
        fault = said("The file is larger than {limit} MB.", limit=LARGEST // 1_000_000)
        raise WrongInputError(str(path), fault, said("Name a list of at most {most} recipients.", most=MOST))
    return data


def _recipient(found: Checked, form: Form, *, hidden: bool) -> Recipient:
    wanted = {offer.category.key for offer in found.offers}
    return Recipient(
        organisation=found.values["organisation"],
        person=found.values["person"],
        email=found.values["email"],
        categories=tuple(category.key for category in form.categories if category.key in wanted),
        language=found.values["language"],
        note=found.values["note"],
        row=found.row,
        hidden=hidden,
    )


def _doubled(table: Table, heading: str, recipient: Recipient, first_with: dict[str, int]) -> Iterator[Fault]:
    """An address twice: two copies with one token could not be told apart when they come back."""
    first = first_with.setdefault(recipient.key, recipient.row)
    if recipient.key and first != recipient.row:
        fault = said("{email!r} stands already in row {first}.", email=recipient.email, first=first)
        yield Fault(table.place(recipient.row, heading), fault, "Keep one of the two rows.")


def _shortened(name: str, faults: list[Fault]) -> list[Fault]:
    if len(faults) <= _MOST_FAULTS:
        return faults
    rest = len(faults) - _MOST_FAULTS
    more = Fault(
        name, said("There {rest:is|are} {rest} more {rest:fault|faults}.", rest=rest), "Mend these first."
    )
    return [*faults[:_MOST_FAULTS], more]
