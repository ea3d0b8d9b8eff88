"""The register read back from the workbook, as it stands. Others draw the conclusions (harvest/merge)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harvest.model import (
    EPOCH,
    NIL_BOX,
    DecisionKind,
    OnDisk,
    Problem,
    Register,
    Severity,
    SheetChoice,
    SheetRow,
)
from harvest.nilbox import answer, called
from harvest.register.cell_text import as_written
from harvest.register.errors import (
    BrokenLayoutError,
    ForeignRegisterError,
    NewerRegisterError,
    OversizedRegisterError,
)
from harvest.register.readback.copied_sheets import copied_sheets
from harvest.register.readback.doubtful_cells import doubts, is_doubtful, lost_choices
from harvest.register.readback.locate import FoundSheet, find_sheets
from harvest.register.readback.user_rows import adds_up, is_covered, merged
from harvest.register.sheet_model import (
    CHECK,
    CONFLICTS,
    DUPLICATES,
    ENTRIES,
    LONG_TEXTS,
    REGISTER_VERSION,
    SECTION_PREFIX,
    RegisterView,
    Role,
    SheetView,
)
from harvest.register.view.block_answers import with_block_answers
from harvest.register.view.mailing_columns import EVERYTHING
from harvest.register.view.overflow_texts import LongTexts, joined, whole
from harvest.register.view.register_view import RunNote, build_view
from harvest.register.workbook.sheet_marks import FORM, RUN, VERSION
from harvest.register.workbook.workbook_reader import Book
from harvest.register.xlsx.package import Package
from harvest.register.xlsx.row_xml import letters
from harvest.register.xlsx.worksheet_reader import CELL, RawCell, RawRow
from harvest.text.answer_words import meant_as_text
from spec.console.said import said
from spec.form.model import Form
from spec.matching import equal_key
from spec.words import Words

#: With what people say that something was read rightly, besides the word of the list.
_APPROVALS = frozenset(
    equal_key(word)
    for word in ("ja", "ok", "okay", "passt", "stimmt", "richtig", "korrekt", "gut", "✓", "yes", "right", "fine", "correct")
)  # fmt: skip
#: What a copy down to the end of the sheet makes is no work of an office: it would leave no row free for an answer.
MOST_ROWS = 500_000


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def empty_view(form: Form, words: Words) -> RegisterView:
    """The register's make-up without any entry: which sheets and columns there are."""
    return build_view(Register(()), form, words, run=RunNote("", EPOCH, ""), mailing=EVERYTHING)


def read_register(path: Path, form: Form, words: Words) -> OnDisk:
    """What stands in the register at `path`.

    Raises:
        RegisterError: the file can't be used; the subclass and its text say why and what to do.
        OSError: it can't be read at all.
    """
    sha256 = file_hash(path)
    view = empty_view(form, words)
    with Package(path) as package:
        book = Book(package)
        check_facts(book, form.key, path.name)
        found = find_sheets(book, (*view.sheets, LongTexts.of(view).view(view)))
        check_layout(found, path.name)
        reader = _Reader(book, form, words, continuations(book, found))
        return reader.register(found, sha256)


def check_facts(book: Book, form: str, name: str) -> None:
    """That the file is this form's register, written by a version that we understand.

    Raises:
        ForeignRegisterError, NewerRegisterError
    """
    facts = book.facts
    if facts.get(FORM, form) != form:
        raise ForeignRegisterError(
            name,
            said("This is the register of another form ({form}).", form=facts[FORM]),
            "Put the right register here, or move it away.",
        )
    version = facts.get(VERSION, "1")
    if version.isdecimal() and int(version) > REGISTER_VERSION:
        raise NewerRegisterError(
            name, "A newer version of the program wrote this register.", "Update the program."
        )


def check_layout(found: Mapping[str, FoundSheet], name: str) -> None:
    """That the sheet with all entries and its ids are there: without them nothing can be told apart.

    Raises:
        BrokenLayoutError
        OversizedRegisterError: a sheet is filled to its end.
    """
    entries = found.get(ENTRIES)
    if entries is None:
        raise BrokenLayoutError(
            name,
            "The sheet with all entries is gone.",
            "Restore the newest file of backups/; or move this one away: the next run writes a new one.",
        )
    if "id" not in entries.columns:
        raise BrokenLayoutError(
            f"{name}, {entries.sheet.title}",
            said(
                "The column {column!r} is gone, so that no row can be told from the others.",
                column=entries.view.columns[0].heading,
            ),
            "Undo that in Excel, or restore the newest file of backups/.",
        )
    for sheet in found.values():
        if len(sheet.grid.rows) > MOST_ROWS:
            filled = sum(row.number > sheet.header and b"</c>" in row.inside for row in sheet.grid.rows)
            if filled > MOST_ROWS:
                raise OversizedRegisterError(
                    f"{name}, {sheet.sheet.title}",
                    said(
                        "The sheet holds {filled} rows with something in them; a register has {most} at most.",
                        filled=f"{filled:,}",
                        most=f"{MOST_ROWS:,}",
                    ),
                    "Delete what was copied or filled in down there by mistake (mark the rows, Delete cells), or restore"
                    " the newest file of backups/.",
                )


def continuations(book: Book, found: Mapping[str, FoundSheet]) -> dict[str, str]:
    """Mark -> how a long text goes on."""
    sheet = found.get(LONG_TEXTS)
    if sheet is None or not {"mark", "part", "text"} <= sheet.columns.keys():
        return {}

    def rows() -> Iterator[tuple[str, str, str]]:
        for _, texts in read_rows(book, sheet):
            yield texts.get("mark", ""), texts.get("part", ""), texts.get("text", "")

    return joined(rows())


def read_rows(
    book: Book, found: FoundSheet, wanted: Collection[str] = ()
) -> Iterator[tuple[RawRow, dict[str, str]]]:
    """Every row under the headings with the texts of the wanted columns (all of ours if none is named).

    Rows without any such text are left out.
    """
    keys = {letters(place): key for key, place in found.columns.items() if not wanted or key in wanted}
    for row in found.grid.rows:
        if row.number <= found.header or not row.inside:
            continue
        texts, lost = {}, book.lost_texts
        for name, attributes, inside in CELL.findall(row.inside.decode()):
            if inside and name in keys:
                plain = (
                    inside[:7] == "<is><t>"
                    and "&" not in inside
                    and "_x" not in inside
                    and "<" not in inside[7:-9]
                )
                texts[keys[name]] = inside[7:-9] if plain else book.text(RawCell(name, attributes, inside))
        if any(texts.values()) or book.lost_texts > lost:
            yield row, texts


@dataclass(frozen=True, slots=True)
class _Reader:
    book: Book
    form: Form
    words: Words
    continued: Mapping[str, str]

    def register(self, found: Mapping[str, FoundSheet], sha256: str) -> OnDisk:
        faults: list[Problem] = []
        rows = tuple(self._rows(found[ENTRIES], ENTRIES, faults))
        sections = tuple(
            row
            for key, sheet in found.items()
            if key.startswith(SECTION_PREFIX) and "id" in sheet.columns
            for row in self._rows(sheet, key.removeprefix(SECTION_PREFIX), faults)
        )
        choices = tuple(
            choice
            for key, take in (
                (DUPLICATES, self._duplicate),
                (CONFLICTS, self._conflict),
                (CHECK, self._checked),
            )
            if key in found
            for number, texts in with_block_answers(
                ((row.number, texts) for row, texts in read_rows(self.book, found[key])), self.words
            )
            for choice in take(number, texts, faults)
        )
        deciding = [found[key] for key in (DUPLICATES, CONFLICTS, CHECK) if key in found]
        faults += [*lost_choices(self.book, deciding), *copied_sheets(self.book, found)]
        facts = self.book.facts
        return OnDisk(
            sha256,
            facts.get(FORM, ""),
            facts.get(RUN, ""),
            rows,
            sections,
            choices,
            tuple(faults),
            self.book.since_1904,
        )

    def _rows(self, found: FoundSheet, sheet: str, faults: list[Problem]) -> Iterator[SheetRow]:
        editable = [
            column.key
            for column in found.view.columns
            if column.role is Role.EDITABLE and column.key != "category" and column.key in found.columns
        ]
        categories = self._categories()
        areas = merged(found.grid.tail)
        for row, texts in read_rows(self.book, found, {*editable, "id", "category", "same-as"}):
            offer = texts.get("category", "").strip()
            if self._is_note(found.view, texts) or row.number in found.totals:
                continue
            if not offer and adds_up(row, found.columns):
                continue
            covered = {
                key
                for key in (editable if areas else ())
                if not texts.get(key) and is_covered(areas, found.columns[key], row.number)
            }
            blind = set(covered)
            if is_doubtful(self.book, row):
                faults += doubts(self.book, found, row, blind)
            yield SheetRow(
                sheet=sheet,
                number=row.number,
                entry_id=texts.get("id", "").strip(),
                category=categories.get(offer.casefold(), ""),
                category_text=offer,
                values={
                    key: as_written(whole(texts.get(key, ""), self.continued))
                    for key in editable
                    if key not in blind
                },
                same_as=texts.get("same-as", "").strip(),
                untold=frozenset(blind),
                covered=frozenset(covered),
            )

    def _categories(self) -> dict[str, str]:
        known = {category.key: category.key for category in self.form.categories}
        return known | {category.name.casefold(): category.key for category in self.form.categories}

    @staticmethod
    def _is_note(view: SheetView, texts: Mapping[str, str]) -> bool:
        """The friendly sentence of an empty sheet is no row."""
        return list(texts.values()) == [view.empty]

    # ------------------------------------------------------------ decisions

    def _says(self, text: str, key: str) -> bool:
        return text.strip().casefold() == self.words(f"register.say.{key}").casefold()

    def _duplicate(
        self, number: int, texts: Mapping[str, str], faults: list[Problem]
    ) -> Iterator[SheetChoice]:
        said, entry, other = (texts.get(key, "").strip() for key in ("same-as", "id", "other-id"))
        if not said or not entry or not other:
            return
        if self._says(said, "no"):
            kind = DecisionKind.DIFFERENT
        elif self._says(said, "yes") or said.casefold() in {entry.casefold(), other.casefold()}:
            kind = DecisionKind.SAME
        else:
            faults.append(self._unknown(DUPLICATES, number, said, ("yes", "no", "all-yes", "all-no")))
            return
        yield SheetChoice(DUPLICATES, number, kind, entry, other=other)

    def _conflict(
        self, number: int, texts: Mapping[str, str], faults: list[Problem]
    ) -> Iterator[SheetChoice]:
        said, entry = texts.get("decision", "").strip(), texts.get("id", "").strip()
        own, column = texts.get("own-text", ""), self._column(texts.get("column", ""))
        if not (said or own.strip()) or not entry:
            return
        if not column:
            faults.append(self._unknown(CONFLICTS, number, texts.get("column", "")))
            return
        both = tuple(
            as_written(whole(texts.get(key, ""), self.continued)) for key in ("shown-value", "other-value")
        )
        if said and own.strip():
            faults.append(self._fault("register-two-answers", CONFLICTS, number, said, own=own.strip()[:200]))
            return
        value = self._chosen(said, both) if said else self._own_text(CONFLICTS, number, own, both, faults)
        if value is not None:
            yield SheetChoice(CONFLICTS, number, DecisionKind.CHOOSE, entry, column=column, value=value)
        elif said:
            faults.append(self._unknown(CONFLICTS, number, said, ("keep", "take", "both")))

    def _chosen(self, said: str, both: tuple[str, ...]) -> str | None:
        """The value that an answer chooses; None for no answer. What both are of is put one below the other, each once."""
        shown, other = both
        if self._says(said, "keep"):
            return shown
        if self._says(said, "take"):
            return other
        return (
            "\n".join(dict.fromkeys(one for one in both if one.strip())) if self._says(said, "both") else None
        )

    def _own_text(
        self, sheet: str, number: int, text: str, replaced: tuple[str, ...], faults: list[Problem]
    ) -> str | None:
        """What a person wrote to stand in the register; None, and told, where it looks like an answer instead."""
        text = as_written(whole(text, self.continued))
        meant = meant_as_text(text, replaced)
        if meant is None:
            faults.append(self._fault("register-answer-as-text", sheet, number, text))
        return meant

    def _checked(self, number: int, texts: Mapping[str, str], faults: list[Problem]) -> Iterator[SheetChoice]:
        said, right = texts.get("checked", "").strip(), texts.get("right-value", "")
        entry, column = texts.get("id", "").strip(), self._column(texts.get("column", ""))
        cell = texts.get("cell", "").strip()
        if called(texts.get("column", ""), self.words) and (not column or cell):
            yield from self._box(number, cell, entry, right.strip() or said, faults)
            return
        if not (entry or cell) or not column or not (said or right.strip()):
            return
        if right.strip():
            value = self._own_text(CHECK, number, right, (texts.get("value", ""),), faults)
            if value is None:
                return
            kind = DecisionKind.TYPED if cell else DecisionKind.CHOOSE
            yield SheetChoice(CHECK, number, kind, cell or entry, column=column, value=value)
        elif cell and (self._says(said, "right") or self._says(said, "yes")):
            yield SheetChoice(CHECK, number, DecisionKind.TYPED, cell, column=column)
        elif not cell and (self._says(said, "right") or equal_key(said) in _APPROVALS):
            value = as_written(whole(texts.get("value", ""), self.continued))
            yield SheetChoice(CHECK, number, DecisionKind.CHECKED, entry, column=column, value=value)
        else:
            faults.append(self._unknown(CHECK, number, said, ("right",)))

    def _box(
        self, number: int, cell: str, entry: str, said: str, faults: list[Problem]
    ) -> Iterator[SheetChoice]:
        """What was said of a box for "nothing here"; that nothing stood there is right means: it is empty."""
        if not said or not (cell or entry):
            return
        value = "" if self._says(said, "right") else answer(said, self.words)
        if value is None:
            faults.append(self._unknown(CHECK, number, said, ("yes", "no")))
        else:
            yield SheetChoice(CHECK, number, DecisionKind.TYPED, cell or entry, column=NIL_BOX, value=value)

    def _column(self, heading: str) -> str:
        wanted = heading.strip().casefold()
        for column in self.form.columns:
            if wanted in {column.heading.casefold(), column.key} or wanted.startswith(
                f"{column.heading.casefold()} ("
            ):
                return column.key
        return ""

    def _unknown(self, sheet: str, number: int, said: str, known: tuple[str, ...] = ()) -> Problem:
        answers = " / ".join(self.words(f"register.say.{key}") for key in known)
        return self._fault("register-unknown-choice", sheet, number, said, answers=answers or "–")

    def _fault(self, code: str, sheet: str, number: int, said: str, **more: str) -> Problem:
        title = self.words(f"register.sheet.{sheet}")
        details = {"said": said.strip()[:200], **more}
        return Problem(code, Severity.CHECK, f"{title}, {number}", tuple(sorted(details.items())))
