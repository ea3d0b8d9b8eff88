"""Field names, page identities, edition ids and tokens: encode and parse, nothing else.

The grammar is flat because page extraction in PDFium, pdfseparate, pdfunite and pypdf cuts
`/Parent` and would leave only the leaf of a hierarchical name (docs/findings/readers.md, 2).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TypeAlias

#: Keys of categories, columns and cover fields. No underscore: it separates the parts of a name.
KEY = re.compile(r"[a-z][a-z0-9-]*")
#: Crockford's base32 digits, lower case: no i, l, o, u, so that nobody misreads them.
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
LETTERS = DIGITS[10:]
EDITION = re.compile(rf"[{LETTERS}][{DIGITS}]{{8}}")
COVER = "cover"
FEEDBACK = "feedback"
#: Keys that a category may not have, since pages of ours carry them.
RESERVED_CATEGORIES = frozenset({COVER, FEEDBACK})
#: Cover keys that would collide with the other names of a page.
RESERVED_COLUMNS = frozenset({"nil", "id"})

_ROW = re.compile(r"r([0-9]{2,})")
_PAGE = re.compile(r"p([1-9][0-9]*)")
#: Values of a check character and of the characters that it guards (ISO/IEC 7064, with `-` for `*`).
CHECK_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz-"


def is_key(text: str) -> bool:
    """Whether `text` is a key: lower-case letter first, then letters, digits, hyphens."""
    return KEY.fullmatch(text) is not None


def is_edition(text: str) -> bool:
    """Whether `text` has the shape of an edition id."""
    return EDITION.fullmatch(text) is not None


def edition_id(content: bytes) -> str:
    """The 9-character id of an edition: a base32 hash of `content` that starts with a letter."""
    number = int.from_bytes(hashlib.sha256(content).digest(), "big")
    number, first = divmod(number, len(LETTERS))
    characters = [LETTERS[first]]
    for _ in range(8):
        number, digit = divmod(number, len(DIGITS))
        characters.append(DIGITS[digit])
    return "".join(characters)


@dataclass(frozen=True, slots=True, order=True)
class RowField:
    """One cell: `<edition>_<category>_r<NN>_<column>`; rows count from 1 over all pages."""

    edition: str
    category: str
    row: int
    column: str

    @property
    def local(self) -> str:
        """The name without its edition, as the field map knows it."""
        return f"{self.category}_r{self.row:02d}_{self.column}"

    def __str__(self) -> str:
        return f"{self.edition}_{self.local}"


@dataclass(frozen=True, slots=True, order=True)
class NilField:
    """The checkbox "this offer does not exist here": `<edition>_<category>_nil`."""

    edition: str
    category: str

    @property
    def local(self) -> str:
        """The name without its edition."""
        return f"{self.category}_nil"

    def __str__(self) -> str:
        return f"{self.edition}_{self.local}"


@dataclass(frozen=True, slots=True, order=True)
class IdField:
    """The hidden read-only field of a page: `<edition>_<category>_p<N>_id`."""

    edition: str
    category: str
    page: int

    @property
    def local(self) -> str:
        """The name without its edition."""
        return f"{self.category}_p{self.page}_id"

    def __str__(self) -> str:
        return f"{self.edition}_{self.local}"


@dataclass(frozen=True, slots=True, order=True)
class CoverField:
    """A field of the cover or feedback page: `<edition>_cover_<key>`, `<edition>_feedback_<key>`."""

    edition: str
    key: str
    page: str = COVER

    @property
    def local(self) -> str:
        """The name without its edition."""
        return f"{self.page}_{self.key}"

    def __str__(self) -> str:
        return f"{self.edition}_{self.local}"


@dataclass(frozen=True, slots=True, order=True)
class EntryField:
    """The hidden read-only field that says which entry a prefilled row shows: `<edition>_<category>_r<NN>_id`."""

    edition: str
    category: str
    row: int

    @property
    def local(self) -> str:
        """The name without its edition."""
        return f"{self.category}_r{self.row:02d}_id"

    def __str__(self) -> str:
        return f"{self.edition}_{self.local}"


FieldName: TypeAlias = RowField | NilField | IdField | CoverField | EntryField


def parse_field_name(text: str) -> FieldName | None:
    """The parts of a field's full name, or None where it is not one of ours."""
    parts = text.split("_")
    if len(parts) not in {3, 4} or not is_edition(parts[0]) or not is_key(parts[1]):
        return None
    edition, category = parts[0], parts[1]
    if len(parts) == 3:
        if category in RESERVED_CATEGORIES:
            return CoverField(edition, parts[2], category) if is_key(parts[2]) else None
        return NilField(edition, category) if parts[2] == "nil" else None
    if page := _PAGE.fullmatch(parts[2]):
        return IdField(edition, category, int(page[1])) if parts[3] == "id" else None
    row = _ROW.fullmatch(parts[2])
    if not row or category in RESERVED_CATEGORIES or not is_key(parts[3]):
        return None
    number = int(row[1])
    name: RowField | EntryField = (
        EntryField(edition, category, number)
        if parts[3] == "id"
        else RowField(edition, category, number, parts[3])
    )
    # One spelling per field: r2 and r002 are not ours, nor is row 0.
    return name if number > 0 and str(name) == text else None


#: A name of ours within a longer one. Before a row's it may stand anything; the others are shorter, and have to begin anew.
_WITHIN = re.compile(
    rf"(?=({EDITION.pattern}_{KEY.pattern}_r[0-9]{{2,}}_{KEY.pattern}))|"
    rf"(?<![0-9a-z])({EDITION.pattern}_(?:{KEY.pattern}_(?:nil|p[1-9][0-9]*_id)|(?:{COVER}|{FEEDBACK})_{KEY.pattern}))",
)
#: Longer names are none: no tool adds as much to ours.
_LONGEST = 1_000


def find_field_name(text: str) -> FieldName | None:
    """The field's name that stands within a longer one: tools that copy, join or convert forms add a head, a tail, a counter.

    What such a tool adds to the last part without a separator stays in it (`kontakt2`, `kontakt1y2p0ij32e8e78`); only who
    knows the edition can tell what it was. The last of several names is taken: parents stand before.
    """
    if len(text) > _LONGEST:
        return None
    found = [parse_field_name(match[1] or match[2]) for match in _WITHIN.finditer(text.lower())]
    return next((name for name in reversed(found) if name is not None), None)


def check_character(text: str) -> str:
    """The check character of `text` after ISO/IEC 7064 MOD 37-2: a digit, a letter, or `-`.

    The pure system, not the hybrid MOD 37,36: that one misses one swap of neighbours in a thousand.
    Hyphen and slash count too (as 36, the value that ISO prints as `*`), else `a-b` and `ab-` or
    `a2/1` and `a/21` would carry the same character.

    Raises:
        ValueError: `text` holds something else than lower-case letters, digits, `-` and `/`.
    """
    total = 0
    for character in text.replace("/", "-"):
        total = (total + CHECK_DIGITS.index(character)) * 2 % 37
    return CHECK_DIGITS[(38 - total) % 37]


@dataclass(frozen=True, slots=True, order=True)
class PageIdentity:
    """What the hidden field, the small print and the QR code of a page say alike.

    Printed as `<edition>/<token or ->/<category>/<page>/<check character>`.
    """

    edition: str
    token: str | None
    category: str
    page: int

    def __str__(self) -> str:
        body = f"{self.edition}/{self.token or '-'}/{self.category}/{self.page}"
        return f"{body}/{check_character(body)}"


_IDENTITY = re.compile(
    rf"({EDITION.pattern})/(-|[{DIGITS}]{{9}})/({KEY.pattern})/([1-9][0-9]{{0,3}})/([0-9a-z-])",
)


def parse_identity(text: str) -> PageIdentity | None:
    """The identity that `text` spells, or None where shape or check character is wrong."""
    match = _IDENTITY.fullmatch(text.strip().lower())
    if match is None or check_character(match[0][:-2]) != match[5]:
        return None
    token = None if match[2] == "-" else match[2]
    if token is not None and not is_token(token):
        return None
    return PageIdentity(match[1], token, match[3], int(match[4]))


def find_identities(text: str) -> tuple[PageIdentity, ...]:
    """Every valid identity inside a longer text, in the order of the text."""
    candidates = (parse_identity(match[0]) for match in _IDENTITY.finditer(text.lower()))
    return tuple(identity for identity in candidates if identity is not None)


def new_token() -> str:
    """A recipient's token: eight random base32 digits (40 bits) and a check character.

    Drawn again where the check character is none of `DIGITS`: a token may be read out or typed.
    """
    while True:
        body = "".join(secrets.choice(DIGITS) for _ in range(8))
        check = check_character(body)
        if check in DIGITS:
            return body + check


def is_token(text: str) -> bool:
    """Whether `text` has a token's shape and the right check character."""
    return len(text) == 9 and set(text) <= set(DIGITS) and check_character(text[:8]) == text[8]


_CODE = re.compile(rf"\[#([{DIGITS}]{{9}})\]")


def subject_code(token: str) -> str:
    """A recipient's token as it stands in the subject of a mail: `[#7q4k93xbz]`."""
    return f"[#{token}]"


def find_code(subject: str) -> str | None:
    """The token that a mail's subject carries, if exactly one valid one does; answers and forwards keep it."""
    found = {match for match in _CODE.findall(subject.lower()) if is_token(match)}
    return found.pop() if len(found) == 1 else None
