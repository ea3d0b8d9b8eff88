"""Telephone numbers in a partner's text, written after DIN 5008: `0241 123456-78`, `+31 45 5601234`.

A number counts if it starts with `0`, `00` or `+` and the numbering plan knows it. Numbers without an area code, and
short ones such as 112, are left alone: nobody can tell them from other figures. A hyphen that the partner wrote inside
the subscriber's number parts off the extension and stays. Of `0241 555-10/11` the first number is taken: what follows
the second slash may be another number or another extension. An extension by itself (`-10, Fax -99`) is another number
where the first has one that it takes the place of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from harvest.parse.plain import blank, even

HOME = "DE"
_HOME_CODE = 49
_MOST_DIGITS = 15  # E.164, with the country code
_LONG = 12  # more digits than that and something else was probably written right behind

_CANDIDATE = re.compile(
    r"(?:(?<![^\W\d_])\(?\+(?= ?\(?[1-9])|(?<!\w)(?<!\d[./-])\(?0)(?:[\d )/.-]|\((?! ?-)){4,34}\d"
)
_DATE = re.compile(r"(?<![\d.])\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d{2})?(?![\d])|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_TIME = re.compile(
    r"(?<![\d/.-])\d{1,2}(?:[.:]\d{2})? ?(?:uhr|h)? ?(?:-|bis) ?\d{1,2}(?:[.:]\d{2})? ?(?:uhr|h)\b"
    r"|(?<![\d/.-])\d{1,2}[.:]\d{2} ?(?:-|bis) ?\d{1,2}[.:]\d{2}(?![\d])"
    r"|(?<![\d/.-])\d{1,2}(?:[.:]\d{2})? ?uhr\b",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?\d{4}){4,7}(?: ?\d{1,3})?\b")
_LABEL = re.compile(r"[^\d\n;]{0,24}$")
_NEXT_NUMBER = re.compile(r" (?=\(?0\d{2,})")
_AREA_IN_BRACKETS = re.compile(r"\(0\)")
_EXTENSION = re.compile(r"\d[ ()/.]*-[ ]*(\d{1,5})$")
_FURTHER = re.compile(
    r"[ ]{0,4}(?:[,;/+&\n(]|und|u\.|oder|bzw\.?)?[ ]{0,4}(?P<label>[^\W\d_]{0,12})[.: ]{0,4}-[ ]?(?P<extension>\d{1,5})(?![\d./:]|[ ]?-)"
)


class PhoneKind(StrEnum):
    """What a number is for."""

    LINE = "line"
    MOBILE = "mobile"
    FAX = "fax"


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number.

    Attributes:
        text: after DIN 5008, as the office would dial it.
        dial: `+` and digits only (E.164): safe in a `tel:` link.
    """

    text: str
    dial: str
    kind: PhoneKind = PhoneKind.LINE


def phones_in(text: str) -> tuple[Phone, ...]:
    """The numbers in `text`, each once, in order."""
    if "0" not in text and "+" not in text and text.isascii():
        return ()
    plain = even(text)
    if _CANDIDATE.search(plain) is None:
        return ()
    return _numbers(plain)


def national_numbers_in(text: str) -> frozenset[str]:
    """The digits of every number in `text` without the leading zero or +49, to compare rows by.

    Also of numbers that the numbering plan does not know: a slip of one digit is the same slip in two rows. Six digits
    at least, thirteen at most.
    """
    if "0" not in text and "+" not in text and text.isascii():
        return frozenset()
    plain = even(text)
    return _national(plain) if _CANDIDATE.search(plain) else frozenset()


def _national(plain: str) -> frozenset[str]:
    numbers = (_national_digits(raw) for raw in _written(blank(plain, _DATE, _TIME, _IBAN)))
    return frozenset(digits for digits in numbers if 6 <= len(digits) <= 13)


def _written(text: str) -> Iterator[str]:
    """Every number as it is written; the numbering plan is asked only where two may stand in a row."""
    place = 0
    while match := _CANDIDATE.search(text, place):
        raw = next(_shorter(match[0]))
        if _digits(raw) > _LONG:
            raw = next((shorter for shorter in _shorter(raw) if _number(shorter) is not None), raw)
        yield raw
        place = match.start() + len(raw)


def _national_digits(raw: str) -> str:
    digits = re.sub(r"\D", "", _AREA_IN_BRACKETS.sub("", raw))
    return (
        digits.removeprefix("00").removeprefix(str(_HOME_CODE))
        if raw.lstrip("(").startswith(("+", "00"))
        else digits.lstrip("0")
    )


def without_numbers(text: str) -> str:
    """`text` with a blank for everything that is written like a number."""
    return _CANDIDATE.sub(" ", even(text))


# The register shows an entry on two sheets and its report once more; a number costs a fifth of a millisecond.
@lru_cache(1 << 15)
def _numbers(plain: str) -> tuple[Phone, ...]:
    cleared = blank(plain, _DATE, _TIME, _IBAN)
    found: dict[str, Phone] = {}
    for start, raw, number in _candidates(cleared):
        phone = _phone(raw, number, is_fax=_is_fax(cleared[max(0, start - 24) : start]))
        found.setdefault(phone.dial, phone)
        for other in _other_extensions(raw, cleared, start + len(raw)):
            found.setdefault(other.dial, other)
    return tuple(found.values())


def _other_extensions(raw: str, text: str, place: int) -> Iterator[Phone]:
    """The numbers that share all but their extension with the one that ends at `place`."""
    own = _EXTENSION.search(raw)
    while own is not None and (further := _FURTHER.match(text, place)):
        number = _number(raw[: own.start(1)] + further["extension"])
        if number is None:
            return
        label = further["label"].casefold()
        yield _phone(raw[: own.start(1)] + further["extension"], number, is_fax="fax" in label)
        place = further.end()


def _is_fax(before: str) -> bool:
    """Whether the words in front of a number call it a fax; `Tel./Fax` can be called as well."""
    label = _LABEL.search(before)
    words = label[0].casefold().replace("telefax", "fax") if label else ""
    return "fax" in words and "tel" not in words


def _candidates(text: str) -> Iterator[tuple[int, str, phonenumbers.PhoneNumber]]:
    place = 0
    while match := _CANDIDATE.search(text, place):
        raw, place = match[0], match.end()
        for shorter in _shorter(raw):
            if (number := _number(shorter)) is not None:
                yield match.start(), shorter, number
                place = match.start() + len(shorter)
                break


def _shorter(raw: str) -> Iterator[str]:
    """`raw`, cut at a second slash; then, where it is too long for one number, without its last groups."""
    raw = _before_second_slash(raw)
    if _digits(raw) > _LONG and (begins := [match.start() for match in _NEXT_NUMBER.finditer(raw)]):
        raw = raw[: begins[0]].rstrip(" ()/.-")
    yield raw
    while _digits(raw) > _LONG and " " in raw:
        raw = raw.rpartition(" ")[0].rstrip(" ()/.-")
        yield raw


def _before_second_slash(raw: str) -> str:
    first = raw.find("/")
    # a first slash parts the area code off, unless more digits stand before it than an area code has
    if first >= 0 and len(re.sub(r"\D", "", _AREA_IN_BRACKETS.sub("", raw[:first])).lstrip("0")) > 7:
        return raw[:first].rstrip(" ().-")
    second = raw.find("/", first + 1) if first >= 0 else -1
    return raw if second < 0 else raw[:second].rstrip(" ().-")


def _digits(raw: str) -> int:
    return sum(character.isdigit() for character in raw)


def _number(raw: str) -> phonenumbers.PhoneNumber | None:
    if _digits(raw) > _MOST_DIGITS + 3:
        return None
    try:
        number = phonenumbers.parse(raw, HOME)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _phone(raw: str, number: phonenumbers.PhoneNumber, *, is_fax: bool) -> Phone:
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_national_destination_code(number)
    home = number.country_code == _HOME_CODE
    subscriber = _with_extension(digits[area:], raw)
    parts = ("0" + digits[:area]) if home and area else digits[:area]
    text = f"{parts} {subscriber}".strip()
    dial = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = PhoneKind.LINE
    if is_fax:
        kind = PhoneKind.FAX
    elif phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
        kind = PhoneKind.MOBILE
    return Phone(text if home else f"+{number.country_code} {text}", dial, kind)


def _with_extension(subscriber: str, raw: str) -> str:
    found = _EXTENSION.search(raw)
    # a hyphen right behind the area code (0241-123456) is no extension's
    if found is None or len(subscriber) - len(found[1]) < 2:
        return subscriber
    return f"{subscriber[: -len(found[1])]}-{found[1]}"
