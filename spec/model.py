"""The form as data: sections > categories > rows of columns. Frozen, and validated at birth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from spec.names import KEY, RESERVED_CATEGORIES, RESERVED_COLUMNS

Key = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$", max_length=40)]
Language = Literal["de", "en"]


def _printable(text: str) -> str:
    """Refuse control characters: they have no glyph and would vanish from the page."""
    for character in text:
        if ord(character) < 32 and character != "\n":
            raise ValueError(f"holds the control character U+{ord(character):04X}; remove it")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
SomeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_printable)]


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
    heading: SomeText
    hint: Text = ""
    second_hint: Text = ""
    width: float = Field(default=1.0, gt=0, le=100)
    identifies: bool = False


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
    name: SomeText
    other_names: tuple[SomeText, ...] = ()
    legal_bases: tuple[SomeText, ...] = ()
    description: Text = ""
    second_description: Text = ""
    links: tuple[SomeText, ...] = ()
    pages: int = Field(default=1, ge=1, le=20)


class Section(_Frozen):
    """Categories that belong together; `colour` marks its pages and must be dark enough for white text."""

    key: Key
    title: SomeText
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3d4f5c"
    categories: tuple[Category, ...] = Field(min_length=1)


class InputField(_Frozen):
    """A field of the cover or feedback page; `lines` is the height it gets."""

    key: Key
    label: SomeText
    hint: Text = ""
    lines: int = Field(default=1, ge=1, le=30)


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

    title: SomeText
    intro: tuple[SomeText, ...] = ()
    fields: tuple[InputField, ...] = Field(min_length=1)


def _doubled(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]


class Form(_Frozen):
    """A questionnaire. Its language rules which words the frame around it is printed in.

    Attributes:
        key: name of the form for machines; the register carries it.
        rows: rows on each page of a category.
        nil_label: what the nil-return checkbox says.
    """

    key: Key
    title: SomeText
    subtitle: Text = ""
    language: Language = "de"
    second_language: Text = ""
    rows: int = Field(default=6, ge=1, le=40)
    nil_label: SomeText
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
    def _keys_are_unique(self) -> Self:
        named = (
            ("section", [section.key for section in self.sections]),
            ("category", [category.key for category in self.categories]),
            ("column", [column.key for column in self.columns]),
            ("cover field", [field.key for field in self.cover.fields]),
            ("feedback field", [field.key for field in self.feedback.fields]),
        )
        for kind, keys in named:
            if doubled := _doubled(keys):
                raise ValueError(f"the {kind} key {doubled[0]!r} is used twice; give each {kind} its own key")
        for category in self.categories:
            if category.key in RESERVED_CATEGORIES:
                raise ValueError(f"the category key {category.key!r} is reserved; choose another")
        for column in self.columns:
            if column.key in RESERVED_COLUMNS:
                raise ValueError(f"the column key {column.key!r} is reserved; choose another")
        if sum(column.identifies for column in self.columns) != 1:
            raise ValueError(
                "exactly one column must name the facility; write `identifies = true` in one [[columns]]"
            )
        if not any(field.key == "organisation" for field in self.cover.fields):
            raise ValueError("the cover has no field 'organisation', so nobody knows who answered; add one")
        return self
