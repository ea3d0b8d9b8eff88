"""Entry ids are short, say nothing that a spreadsheet could misread, and notice a slip of the finger."""

import re

from harvest.merge import entry_id, is_entry_id
from spec.names import DIGITS


def test_an_id_is_a_function_of_its_parts() -> None:
    """Pinned: forms that partners hold carry these ids, so a change here would orphan them."""
    assert entry_id("facility", "kontaktstelle", "token", "abc", "die brücke") == "dmnwx47t2"
    assert entry_id("ab", "c") != entry_id("a", "bc")
    assert is_entry_id(entry_id("\ud83d"))


def test_ids_are_never_numbers_and_never_doubled_in_practice() -> None:
    ids = {entry_id(str(number)) for number in range(20_000)}

    assert len(ids) == 20_000
    assert all(re.fullmatch(r"[a-z][0-9a-z]{8}", identity) for identity in ids)


def test_one_wrong_character_is_noticed() -> None:
    identity = entry_id("x")

    for place in range(1, 8):
        for digit in set(DIGITS) - {identity[place]}:
            assert not is_entry_id(identity[:place] + digit + identity[place + 1 :])
    for wrong in ("", identity[:-1], identity + "0", identity.upper(), "ä" + identity[1:]):
        assert not is_entry_id(wrong)
