"""Bytes changed at random: never an exception, never a hang, the files beside it always read.

Short and seeded here; more by `FUZZ=20000 pytest tests/harvest/sources/test_fuzz.py`.
"""

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.model import Document, Provenance
from harvest.sources import DEFAULT_LIMITS, Found, Limits, Refused, documents
from harvest.sources.archive.portfolio import parts_here
from harvest.sources.found import Piece
from harvest.sources.kinds import kind_of
from harvest.sources.mail.eml import mail_time
from harvest.sources.names import inside, shown, shown_name
from harvest.sources.unpack import Walk, Ways
from tests.harvest.sources.archive.test_portfolio import holding
from tests.harvest.sources.made import OTHER_PDF, PDF, mail, raw, tnef, zipped
from tests.harvest.sources.ole import attachment, compound, message

RUNS = int(os.environ.get("FUZZ", "150"))
LIMITS = Limits(document=1 << 20, container=1 << 20, unpacked=1 << 22, entries=200, parts=100, depth=5)
INNER = message(attachment("a.pdf", PDF), top=False)
SPECIMENS = {
    "a.zip": zipped(
        {"a.pdf": PDF, "b.zip": zipped({"ä.pdf": OTHER_PDF}), "c.eml": raw(mail(("d.pdf", PDF)))}
    ),
    "a.eml": raw(mail(("a.pdf", PDF), ("fwd", mail(("b.pdf", PDF))), ("c.zip", zipped({"a.pdf": PDF})))),
    "a.msg": compound(message(attachment("a.pdf", PDF), attachment("m", mail=INNER, method=5))),
    "winmail.dat": tnef(("a.pdf", PDF), ("b.zip", zipped({"a.pdf": PDF}))),
    "a.pdf": holding({"b.pdf": PDF, "c.zip": zipped({"a.pdf": PDF})}),
    "a.mbox": (b"From x\n" + raw(mail(("a.pdf", PDF))).replace(b"\r", b"")) * 2,
}
#: what parsers stumble over
SPICE = (
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\n--",
    b"=?",
    b"(" * 50,
    b"PK\1\2",
    b"PK\5\6",
    b'"',
    b"\r\n\r\n",
)


def changed(data: bytes, chance: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        place, length = chance.randrange(len(result) + 1), chance.choice((1, 1, 4, 64))
        way = chance.randrange(6)
        if way == 0 and place < len(result):
            result[place] ^= 1 << chance.randrange(8)
        elif way == 1:
            del result[place : place + length]
        elif way == 2:
            result[place:place] = chance.choice(SPICE)
        elif way == 3:
            result[place : place + length] = chance.randbytes(length)
        elif way == 4:
            other = chance.randrange(len(result) + 1)
            result[place:place] = result[other : other + chance.choice((4, 64, 512))]
        elif chance.random() < 0.2:
            del result[place:]
    return bytes(result) or b"x"


def harmless(result: list[Found]) -> None:
    for one in result:
        if isinstance(one, Refused):
            assert one.problem.code != "unexpected"
        way = (
            one.provenance.path + one.provenance.name + one.provenance.mail_subject + one.provenance.mail_from
        )
        way.encode("utf-8")
        assert not any(ord(character) < 32 or character in "\u202e\u2066\u2028" for character in way)
        assert len(one.provenance.path) <= 500
        if isinstance(one, Document):
            assert len(one.data) <= LIMITS.document


@pytest.mark.parametrize("name", SPECIMENS)
def test_changed_at_random(name: str) -> None:
    chance = random.Random(f"{name} 2026")
    top = Provenance(name, name)
    for _ in range(RUNS):
        data = changed(SPECIMENS[name], chance)
        start = time.monotonic()
        harmless(list(Walk(top, Ways(LIMITS, ("x",), parts_here)).piece(Piece(data, top))))
        assert time.monotonic() - start < 10, data


def test_the_files_beside_it_are_read(tmp_path: Path) -> None:
    chance = random.Random(4)
    for number, (name, data) in enumerate(SPECIMENS.items()):
        (tmp_path / f"{number}-{name}").write_bytes(changed(data, chance))
        (tmp_path / f"{number}-z.pdf").write_bytes(PDF + b"%d" % number)
    result = list(documents([tmp_path], LIMITS))
    harmless(result)
    whole = {one.provenance.path for one in result if isinstance(one, Document)}
    assert {f"{number}-z.pdf" for number in range(len(SPECIMENS))} <= whole


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=400), st.sampled_from(["", ".eml", ".zip", ".msg", ".pdf", ".mbox", ".dat"]))
def test_any_bytes_under_any_name(data: bytes, end: str) -> None:
    top = Provenance(f"x{end}", f"x{end}")
    harmless(list(Walk(top, Ways(DEFAULT_LIMITS, (), parts_here)).piece(Piece(data, top))))
    kind_of(data, f"x{end}")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_any_name_can_be_shown(name: str) -> None:
    own = inside(Provenance("post.zip", "post.zip"), name)
    assert own.path.startswith("post.zip > ")
    assert own.path.count(" > ") == 1
    assert shown(shown(name)) == shown(name)
    assert len(shown_name(name)) <= 120
    mail_time(name)
