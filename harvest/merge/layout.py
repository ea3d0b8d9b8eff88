"""What the merge needs to know of the forms: order of categories and columns, and which column names the facility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harvest.model import Value
from harvest.parse import Columns
from spec.form.model import Form
from spec.words import words


@dataclass(frozen=True, slots=True)
class Layout:
    """Order and meaning of what stands on the forms.

    Attributes:
        categories: in the order in which the register shows them.
        columns: in the same sense.
        identifying: the columns that name the facility; one for each form that calls it differently.
        dated: the columns that say when a row was written, and by whom.
    """

    categories: tuple[str, ...]
    columns: tuple[str, ...]
    identifying: tuple[str, ...]
    dated: tuple[str, ...] = ()

    @classmethod
    def of(cls, *forms: Form) -> Layout:
        """The layout of several editions, the one that rules first; what only others have comes after."""
        return cls(
            _once(category.key for form in forms for category in form.categories),
            _once(column.key for form in forms for column in form.columns),
            _once(form.identifying_column.key for form in forms),
            _once(dated for form in forms if (dated := Columns.of(form, words(form.language)).dated)),
        )

    def facility(self, values: Mapping[str, str]) -> str:
        """The text that names the facility; empty where nobody wrote one."""
        return next((values[key] for key in self.identifying if values.get(key, "").strip()), "")

    def facility_cell(self, values: Mapping[str, Value]) -> str:
        """The same for cells that still know how they were read."""
        return next(
            (values[key].text for key in self.identifying if key in values and values[key].text.strip()), ""
        )

    def rank(self, category: str) -> tuple[int, str]:
        """Where a category stands; unknown ones (an edition that nobody has any more) come last, by name."""
        known = self.categories.index(category) if category in self.categories else len(self.categories)
        return known, category


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
