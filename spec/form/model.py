"""The form as data: sections > categories > rows of columns. Frozen, and validated at birth."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from spec.console.said import said
from spec.form.rules import broken_rules
from spec.names import KEY

Key = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$", max_length=40)]
Language = Literal["de", "en"]


def _printable(text: str) -> str:
    """Refuse, with fault and remedy, what has no glyph and would vanish from the page; bring letters into their composed form."""
    for character in text:
        code = ord(character)
        odd = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character != "\n"
        if odd or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            raise ValueError(said("holds the control character {code}.", code=f"U+{code:04X}"), "Remove it.")
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("holds a line break.", "Write it in one line.")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
SomeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_printable)]
#: What becomes a heading, a bookmark, a tooltip or a cell of the register.
SomeLine = Annotated[SomeText, AfterValidator(_one_line)]
# Strict: in a spec, `rows = "6"` or `identifies = "no"` is a slip, not a number or a truth value.
Count = Annotated[int, Field(strict=True)]
#: Rounded, because a workbook keeps fewer digits than Python: the same content is the same edition.
Share = Annotated[float, Field(ge=0.01, le=100, strict=True), AfterValidator(lambda share: round(share, 3))]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """One of the fields of a row.

    Attributes:
        heading: what stands over the column, verbatim also in the tooltip.
        hint: what may be written here, printed under the heading.
        second_hint: the same in a second language, if the form carries one.
        width: share of the table's width; only the relation to the others counts.
        identifies: whether this column tells which facility a row is about (exactly one does).
    """

    key: Key
    heading: SomeLine
    hint: Text = ""
    second_hint: Text = ""
    width: Share = 1.0
    identifies: bool = Field(default=False, strict=True)


class Category(_Frozen):
    """One kind of service: one checklist, one page or more.

    Attributes:
        other_names: what it is called elsewhere.
        legal_bases: laws and financing that the offer rests on.
        description: what the offer is, in plain words; paragraphs parted by newlines.
        links: web addresses with further information, printed as text.
        pages: pages of the blank for this category.
    """

    key: Key
    name: SomeLine
    other_names: tuple[SomeLine, ...] = ()
    legal_bases: tuple[SomeLine, ...] = ()
    description: Text = ""
    second_description: Text = ""
    links: tuple[SomeLine, ...] = ()
    pages: Count = Field(default=1, ge=1, le=20)


class Section(_Frozen):
    """Categories that belong together; `colour` marks its pages and must be dark enough for white text."""

    key: Key
    title: SomeLine
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3d4f5c"
    categories: tuple[Category, ...] = Field(min_length=1)


class InputField(_Frozen):
    """A field of the cover or feedback page; `lines` is the height it gets."""

    key: Key
    label: SomeLine
    hint: Text = ""
    lines: Count = Field(default=1, ge=1, le=30)


class Cover(_Frozen):
    """The first page: what this is, how to fill and return it, who fills it in, where to send it.

    Attributes:
        intro: paragraphs that say what this is and what for.
        steps: how to fill in and return, one short paragraph each; printed numbered.
        reader_notes: what to know about single PDF programs.
        return_to: where to send it, one line each.
        fields: who fills it in. The field with the key `organisation` names the reporter.
    """

    intro: tuple[SomeText, ...] = Field(min_length=1)
    steps: tuple[SomeText, ...] = Field(min_length=1)
    reader_notes: tuple[SomeText, ...] = ()
    return_to: tuple[SomeText, ...] = Field(min_length=1)
    fields: tuple[InputField, ...] = Field(min_length=1)


class Feedback(_Frozen):
    """The last page: what the form misses and what could be better."""

    title: SomeLine
    intro: tuple[SomeText, ...] = ()
    fields: tuple[InputField, ...] = Field(min_length=1)


class Form(_Frozen):
    """A questionnaire. Its language rules which words the frame around it is printed in.

    Attributes:
        key: name of the form for machines; the register carries it.
        rows: rows on each page of a category.
        nil_label: what the nil-return checkbox says.
    """

    key: Key
    title: SomeLine
    subtitle: Text = ""
    language: Language = "de"
    second_language: Text = ""
    rows: Count = Field(default=6, ge=1, le=40)
    nil_label: SomeLine
    cover: Cover
    columns: tuple[Column, ...] = Field(min_length=1, max_length=12)
    sections: tuple[Section, ...] = Field(min_length=1)
    feedback: Feedback

    @property
    def categories(self) -> tuple[Category, ...]:
        """All categories in the form's order."""
        return tuple(category for section in self.sections for category in section.categories)

    def category(self, key: str) -> Category | None:
        """The category with this key, or None."""
        return next((category for category in self.categories if category.key == key), None)

    def section_of(self, key: str) -> Section | None:
        """The section that holds the category with this key, or None."""
        for section in self.sections:
            if any(category.key == key for category in section.categories):
                return section
        return None

    @property
    def identifying_column(self) -> Column:
        """The column that tells which facility a row is about."""
        return next(column for column in self.columns if column.identifies)

    @model_validator(mode="after")
    def _rules_hold(self) -> Self:
        if broken := broken_rules(self.model_dump()):
            message = " ".join(f"{rule.fault} {rule.remedy}" for rule in broken)
            # The message is no template: a key in it may hold braces that are none of pydantic's.
            raise PydanticCustomError("form_rules", "{message}", {"message": message})
        return self
