"""What a cell of a scan looked like: kept beside the text that was recognised in it, so that a person can compare."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from spec.names import FieldName, NilField, RowField

#: Kind of a picture -> what a file of that kind begins with.
PICTURE_KINDS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
#: Stands in the bytes of every picture that is made here: other programs rename what they hold, but keep its bytes.
PICTURE_MARK = b"formgen-harvest cell"


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture in grey: a whole PNG or JPEG file, and its size in pixels."""

    kind: str
    width: int
    height: int
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes, by which it is known."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class CellPicture:
    """A field of the form as it looked on one page of a return; pages count from 1."""

    name: FieldName
    page: int
    picture: Picture


#: The box for "nothing here" among a sheet's cells: in no row, and under a key that no column can have.
NIL_BOX = "_nil"
#: What a person's word for a ticked box is kept as; for an empty one it is the empty text.
TICK = "x"


class CellPlace(NamedTuple):
    """Which cell of which return a picture shows; of the box for "nothing here" row 0 and `NIL_BOX`."""

    return_id: str
    page: int
    category: str
    row: int
    column: str

    @classmethod
    def of(cls, return_id: str, page: int, name: FieldName) -> CellPlace | None:
        """The place of a field of the form; None for those that are no cell of a sheet."""
        if isinstance(name, RowField):
            return cls(return_id, page, name.category, name.row, name.column)
        return cls(return_id, page, name.category, 0, NIL_BOX) if isinstance(name, NilField) else None
