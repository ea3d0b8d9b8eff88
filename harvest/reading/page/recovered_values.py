"""What was found beyond a return's own fields, page by page, while its pages are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvest.model import Problem, Severity
from harvest.problems import problem
from harvest.reading.identity.page_identity import Seen
from harvest.reading.model import limits
from harvest.reading.model.raw_fields import Raw, RawField, RawPicture, Rect, parsed_name
from harvest.reading.pdf import markup_annotations
from harvest.reading.printed import flattened
from harvest.reading.scan.crop import cut_out
from spec.geometry import Box
from spec.names import NilField, RowField

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass
class Recovered:
    """What was found so far."""

    fields: list[RawField] = field(default_factory=list)
    seen: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    boxes: dict[int, Mapping[str, Rect]] = field(default_factory=dict)
    pictures: list[RawPicture] = field(default_factory=list)
    room: int = limits.PICTURES_BYTES
    pictured: int = 0
    passed_over: list[int] = field(default_factory=list)
    doubted: set[tuple[int, str]] = field(default_factory=set)
    garbled: set[str] = field(default_factory=set)

    def take(self, number: int, seen: Seen, boxes: Mapping[str, Box]) -> None:
        """A page was identified; its boxes stand there for the notes on it."""
        self.seen.append((number, str(seen.identity)))
        self.boxes[number] = {**self.boxes.get(number, {}), **on_page(seen, boxes)}

    def keep(self, fields: Iterable[RawField]) -> None:
        """Fields that were read off a page; those that are only signs without a meaning are named."""
        for one in fields:
            if flattened.readable(one.text):
                self.fields.append(one)
            else:
                self.garbled.add(one.name)
                self.problems.append(problem("unreadable-value", Severity.LOST, one.name))

    def print(self, number: int, read: flattened.Printed) -> None:
        """What was read off a page's text."""
        self.keep(read.fields)
        if read.across:  # every page has it: once is enough
            self.problems.append(
                problem("watermark", Severity.CHECK, text=markup_annotations.short(read.across))
            )
        if read.outside:
            said = markup_annotations.short(read.outside)
            self.problems.append(problem("note-outside", Severity.CHECK, page=number, text=said))

    def cut(
        self,
        page: Image,
        names: Iterable[str],
        boxes: Mapping[str, Box],
        size: tuple[float, float],
        number: int,
    ) -> None:
        """Keep how these cells of a facility look on a straightened page, as long as there is room for more."""
        for name in names:
            if not isinstance(parsed_name(name), RowField | NilField):
                continue
            picture = cut_out(page, boxes[name], size)
            if picture is not None and len(picture.data) <= self.room:
                self.room -= len(picture.data)
                self.pictures.append(RawPicture(name, number, picture))


@dataclass(frozen=True, slots=True)
class Known:
    """How much of each was found before a page was looked at."""

    fields: int
    seen: int
    problems: int
    pictures: int

    @classmethod
    def of(cls, found: Recovered) -> Known:
        """Now."""
        return cls(len(found.fields), len(found.seen), len(found.problems), len(found.pictures))

    def since(self, found: Recovered) -> Raw:
        """What was found since then."""
        return Raw(
            pages=0,
            fields=tuple(found.fields[self.fields :]),
            seen=tuple(found.seen[self.seen :]),
            problems=tuple(found.problems[self.problems :]),
            pictures=tuple(found.pictures[self.pictures :]),
        )


def on_page(seen: Seen, boxes: Mapping[str, Box]) -> Mapping[str, Rect]:
    """The boxes where they lie on the page that came back."""
    back = seen.lies.inverse
    return {name: back.rect(box.as_tuple()) for name, box in boxes.items()}
