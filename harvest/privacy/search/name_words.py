"""How people's names are built and turned round. Pure."""

from __future__ import annotations

from collections.abc import Iterator

#: What parts two persons, or the parts of a list, rather than the words of one name.
PARTING = frozenset(',;/|:()[]{}<>=&!?"')
#: Words of a person's name at most.
_MOST_WORDS = 6
#: What last names begin with.
_PARTICLES = frozenset(
    "von vom van der den de del della di da das dos du la le ter ten zu zum zur af av bin ben al el".split()  # noqa: SIM905
)


def straight(name: str) -> str:
    """`Wegmann, Ida` is Ida Wegmann."""
    last, comma, first = name.partition(",")
    words = f"{first} {last}".split()
    return " ".join(words) if comma and first.strip() and is_person(words) else name


def is_person(words: list[str]) -> bool:
    """Whether these may be the words of a person's name."""
    letters = "".join(words)
    return (
        2 <= len(words) <= _MOST_WORDS
        and "@" not in letters
        and not any(map(str.isdigit, letters))
        and PARTING.isdisjoint(letters)
    )


def turned(name: str) -> Iterator[tuple[str, str]]:
    """The name's other orders, as lists have them: what stands before the comma and what behind it."""
    words = name.split()
    if is_person(words):
        for place in range(1, len(words)):
            yield " ".join(words[place:]), " ".join(words[:place])


def given_and_family(words: list[str]) -> tuple[list[str], list[str]]:
    """First names and last name, with what that begins with: `Anna`, `von der Heide`."""
    start = next((place for place in range(1, len(words) - 1) if words[place] in _PARTICLES), len(words) - 1)
    return words[:start], words[start:]
