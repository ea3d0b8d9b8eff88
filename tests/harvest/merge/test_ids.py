"""Entry ids are short, say nothing that a spreadsheet could misread, and notice a slip of the finger."""

import re

import pytest

from harvest.merge import entry_id, is_entry_id
from harvest.merge.facilities.equality import id_text
from spec.names import DIGITS


def test_an_id_is_a_function_of_its_parts() -> None:
    """Pinned: forms that partners hold carry these ids, so a change here would orphan them."""
    assert entry_id("facility", "kontaktstelle", "token", "abc", "die brücke") == "dmnwx47t2"
    assert entry_id("ab", "c") != entry_id("a", "bc")
    assert is_entry_id(entry_id("\ud83d"))


#: Text of a facility -> how it goes into ids, and the id that follows. Forms that partners hold carry these.
FROZEN = {
    "Die Brücke": ("die brücke", "dmnwx47t2"),
    "  Die\xa0Brücke \n": ("die brücke", "dmnwx47t2"),
    "Die Bru\u0308cke": ("die brücke", "dmnwx47t2"),
    "Haus Süd, Weg 1": ("haus süd, weg 1", "qqc1zv363"),
    "Lebens\xadhilfe e. V.": ("lebens\xadhilfe e. v.", "d5emkby8f"),
    "Straße 5\u20137": ("strasse 5-7", "kxymtq5jy"),
    "\u201eHaus\u201c \u201aMut\u2018 \u2019s": ("\"haus\" 'mut' 's", "zh9za08z5"),
    "\ufb01t \u21165 ½ \u2460": ("fit no5 1\u20442 1", "v6n4mz82i"),
    "İstanbul Kulübü": ("i\u0307stanbul kulübü", "q92e8v0gf"),
    "Chóśebuz/Cottbus\u200b": ("chóśebuz/cottbus\u200b", "qbjrpepsu"),
    "\u0645\u0631\u0643\u0632": ("\u0645\u0631\u0643\u0632", "f8syx0jgk"),
    "Zentrum\r\nMitte\tOst": ("zentrum mitte ost", "hv9xgggy4"),
    "": ("", "ahzf7agww"),
}


@pytest.mark.parametrize("text", FROZEN)
def test_what_goes_into_ids_stays_for_ever(text: str) -> None:
    key = id_text(text)
    assert (key, entry_id("facility", "kontaktstelle", "token", "abc", key)) == FROZEN[text]


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
