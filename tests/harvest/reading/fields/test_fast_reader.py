"""The quick way says exactly what the general way says, or nothing; what is plain goes the quick way."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from harvest.reading.fields import fast_reader, pikepdf_reader, pypdf_reader
from harvest.reading.model.errors import AdapterError, UnusualError
from harvest.reading.model.raw_fields import Raw
from harvest.reading.pdf import empty_objects, pdf_grammar
from harvest.reading.pdf.object_table import Objects
from harvest.reading.sniff import header_at
from tests.fuzz.mutate import bytes_changed
from tests.fuzz.mutate_pdf import in_objects
from tests.harvest.reading.fields.test_blank_widgets import CELL, CELLS, number_and_body, revised
from tests.harvest.reading.forms import TOKEN, blank, copied, fill, saved, widget
from tests.specimens.form import specimens

PLAIN, PACKED = pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate
MODES = pytest.mark.parametrize("mode", [PLAIN, PACKED], ids=["plain", "packed"])
#: What a value, a key, an object may be spoilt with.
SPICE = (
    b"/V", b"/V (x)", b"/V null", b"/AS /On", b"/AS/Off", b"/Kids [ ]", b"/Parent 4 0 R", b"/A << /S /Launch >>", b"<<", b">>",
    b"[", b"]", b" 1 0 R ", b"%", b"#41", b"/#56 (x)", b"(", b")", b"true", b"99 0 R", b"--5", b".", b"-.5", b"1e9", b"null",
    b"/T (y)", b"/FT /Btn", b"/Subtype /Link", b"\\", b"\r", b"<4>", b"<41 42>", b"(\\9)", b"(\\101)", b"endobj", b"stream\r\n",
)  # fmt: skip


def general(data: bytes) -> Raw | None:
    """What the general way says; None where it gives up, or where other ways of reading would have to look on."""
    try:
        raw = pikepdf_reader.extract(data)
    except AdapterError:
        return None
    return None if raw.besides else raw


def agree(data: bytes) -> bool:
    """Whether the quick way took the file; if so it has to say what the general way says."""
    data = data[max(header_at(data), 0) :]
    try:
        raw = fast_reader.extract(data)
    except (UnusualError, *fast_reader.STUMBLES):
        return False
    assert raw == general(data)
    return True


def filled() -> Pdf:
    answers = {CELLS[0]: "eins", CELLS[4]: "Straße (zwei) \\ drei\nvier", CELLS[-1]: "x" * 50}
    return fill(blank(TOKEN), {**answers, "kontaktstelle_nil": Name.On})


def _with_appearances(answers: dict[str, str], mode: pikepdf.ObjectStreamMode) -> bytes:
    """A return whose text fields all have appearances, those of empty ones without a byte."""
    form = fill(blank(TOKEN), {**answers, "kontaktstelle_nil": Name.On})
    font = form.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for local in CELLS:
        words = f"/Tx BMC BT /Helv 8 Tf ({answers[local]}) Tj ET EMC" if local in answers else ""
        resources = Dictionary(Font=Dictionary(Helv=font))
        normal = form.make_stream(words.encode(), Subtype=Name.Form, BBox=[0, 0, 99, 20], Resources=resources)
        widget(form, local).AP = Dictionary(N=normal)
    return saved(form, object_stream_mode=mode)


def _counting(task: Callable[..., Any], name: str, counted: Counter[str]) -> Callable[..., Any]:
    def counting(*args: Any) -> Any:
        counted[name] += 1
        return task(*args)

    return counting


@pytest.mark.parametrize("specimen", specimens(), ids=lambda path: path.stem)
def test_specimens(specimen: Path) -> None:
    agree(specimen.read_bytes())


@settings(max_examples=80, deadline=None)
@given(
    answers=st.dictionaries(st.sampled_from(CELLS), st.text(max_size=30), max_size=8),
    mode=st.sampled_from([PLAIN, PACKED]),
)
def test_whatever_is_answered_goes_the_quick_way(
    answers: dict[str, str], mode: pikepdf.ObjectStreamMode
) -> None:
    data = saved(fill(blank(TOKEN), answers), object_stream_mode=mode)
    assert agree(data)
    assert fast_reader.extract(data).fields == pypdf_reader.extract(data).fields


@MODES
def test_files_changed_at_random(mode: pikepdf.ObjectStreamMode) -> None:
    data = saved(filled(), object_stream_mode=mode)
    taken = []
    for seed in range(250):
        chance = Random(seed)
        taken += [agree(bytes_changed(data, chance, data, "pdf")), agree(in_objects(data, chance))]
    assert 5 < sum(taken) < 495


def forgotten() -> None:
    """Nothing is known from earlier returns."""
    empty_objects.WIDGETS.clear()
    empty_objects.PACKED.clear()


@pytest.mark.parametrize("specimen", specimens(), ids=lambda path: path.stem)
def test_what_is_known_from_earlier_returns_changes_nothing(specimen: Path) -> None:
    data = specimen.read_bytes()
    for change in (data, data.replace(b"/V (", b"/W ("), data.replace(b"/TU (", b"/V (")):
        said = list[Raw | None]()
        for known in (False, True):
            if not known:
                forgotten()
            try:
                said.append(fast_reader.extract(change))
            except (UnusualError, *fast_reader.STUMBLES):
                said.append(None)
        assert said[0] == said[1]


@MODES
def test_the_next_return_costs_only_what_is_new_in_it(
    mode: pikepdf.ObjectStreamMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work is counted: appearances of empty fields are not unpacked, widgets that are known not read by the grammar."""
    first, second = (
        _with_appearances(answers, mode) for answers in ({}, {CELLS[0]: "eins", CELLS[4]: "zwei"})
    )
    forgotten()
    with suppress(UnusualError):
        fast_reader.extract(first)
    counted: Counter[str] = Counter()
    for owner, name in (
        (Objects, "loose_stream"),
        (pdf_grammar, "dictionary"),
        (empty_objects, "appearance"),
        (empty_objects, "packed_widget"),
    ):
        monkeypatch.setattr(owner, name, _counting(getattr(owner, name), name, counted))
    raw = fast_reader.extract(second)
    assert sum(one.text in {"eins", "zwei"} for one in raw.fields) == 2
    pages = raw.pages + 4  # catalog, page tree, form, information
    assert counted["loose_stream"] == 2
    assert counted["dictionary"] <= raw.ours + pages
    assert counted["appearance"] + counted["packed_widget"] <= raw.ours


def spoilt(body: bytes, chance: Random) -> bytes:
    """An object with one or two things put where they do not belong, or left out."""
    changed = bytearray(body)
    for _ in range(chance.choice((1, 1, 2))):
        place = chance.choice([found.start() for found in re.finditer(rb"[ /<>()\[\]]|$", changed)])
        changed[place : place + chance.choice((0, 0, 1, 3))] = chance.choice(SPICE)
    return bytes(changed)


@pytest.mark.parametrize("compressed", [False, True], ids=["in the file", "in an object stream"])
@pytest.mark.parametrize("cell", [CELL, CELLS[4], "kontaktstelle_nil"], ids=["empty", "filled", "ticked"])
def test_widgets_changed_at_random_in_a_sound_file(cell: str, compressed: bool) -> None:
    data = saved(filled(), object_stream_mode=PLAIN)
    number, body = number_and_body(data, cell)
    taken = [
        agree(revised(data, spoilt(body, Random(seed)), number, compressed=compressed)) for seed in range(300)
    ]
    assert 5 < sum(taken) < 295


def _note(form: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), Contents=String("Hallo"))
    form.pages[1].obj.Annots.append(form.make_indirect(note))


def _action(form: Pdf) -> None:
    widget(form, CELL).AA = Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def _beyond_the_pages(form: Pdf) -> None:
    form.Root.AcroForm.Fields.append(copied(form, CELLS[0]))


def _parent(form: Pdf) -> None:
    leaf = widget(form, CELLS[0])
    leaf.Parent = form.make_indirect(Dictionary(FT=Name.Tx, T=leaf.T, V=String("geerbt"), Kids=Array([leaf])))
    del leaf.T, leaf.V


def _signed(form: Pdf) -> None:
    form.Root.ADBE_FillSignInfo = Dictionary()


def _xfa(form: Pdf) -> None:
    form.Root.AcroForm.XFA = form.make_stream(b"<xdp/>")


def _page_of_its_own(form: Pdf) -> None:
    form.add_blank_page()


def _attachment(form: Pdf) -> None:
    form.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))


def _script(form: Pdf) -> None:
    form.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _list(form: Pdf) -> None:
    widget(form, CELLS[0]).V = Array([String("a"), String("b")])


def _elsewhere(form: Pdf) -> None:
    widget(form, CELLS[0]).V = form.make_indirect(String("anderswo"))


@MODES
@pytest.mark.parametrize(
    "change",
    [
        _note, _action, _beyond_the_pages, _parent, _signed, _xfa, _page_of_its_own, _attachment, _script, _list, _elsewhere,
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_general_way(
    change: Callable[[Pdf], object], mode: pikepdf.ObjectStreamMode
) -> None:
    form = filled()
    change(form)
    with pytest.raises(UnusualError):
        fast_reader.extract(saved(form, object_stream_mode=mode))


def test_a_doubled_key_is_left_to_the_general_way() -> None:
    data = saved(filled(), object_stream_mode=PLAIN)
    number, body = number_and_body(data, CELLS[0])
    twice = body.replace(b"/V (eins)", b"/V (eins) /V (zwei)")
    assert not agree(revised(data, twice, number))


def test_a_wrong_count_of_pages_is_left_to_the_general_way() -> None:
    data = saved(filled(), object_stream_mode=PLAIN)
    (count,) = re.findall(rb"/Count (\d+)", data)
    assert not agree(data.replace(b"/Count " + count, b"/Count 1"))


def _damaged(data: bytes) -> Iterator[bytes]:
    yield data[:-40]
    yield data.replace(b"startxref\n", b"startxref\n1")
    yield data + b"Anhang"
    yield data.replace(b"/Size ", b"/Size 1")
    yield data.replace(b" 0 obj\n", b" 0 obj \n", 3)


@MODES
def test_damage_is_left_to_the_general_way(mode: pikepdf.ObjectStreamMode) -> None:
    data = saved(filled(), object_stream_mode=mode)
    for damaged in _damaged(data):
        assert damaged != data
        assert not agree(damaged)


@pytest.mark.parametrize(
    "hostile",
    [b"<<" * 50_000, b"[" * 50_000, b"<</A" + b" " * 50_000, b"<< /T (" + b"\\(" * 50_000, b"<< /T <" + b"41" * 50_000],
)  # fmt: skip
def test_no_bytes_take_long(hostile: bytes) -> None:
    for pattern in (pdf_grammar.OBJECT, pdf_grammar.EMPTY_WIDGET, pdf_grammar.EMPTY_IN_ORDER):
        assert pattern.match(hostile) is None


MEASURED = """
import sys, tracemalloc
sys.path.insert(0, "")
from harvest.reading.fields import fast_reader as quick
from harvest.reading.model.errors import UnusualError

data = sys.stdin.buffer.read()
tracemalloc.start()
try:
    quick.extract(data)
except UnusualError as error:
    print(str(error), tracemalloc.get_traced_memory()[1])
"""


@pytest.mark.parametrize("packing", [b"/Filter /FlateDecode", b""], ids=["packed", "as it is"])
def test_a_table_of_millions_of_objects_takes_no_memory(packing: bytes) -> None:
    """Each of its bytes would become a number of 28 bytes; the general way has limits of its own."""
    rows = b"\x02" + bytes(10) + (b"\x02" + bytes(9) + b"\x01") * 999_999
    body = zlib.compress(rows) if packing else rows
    about = (
        b"/Type /XRef /W [1 5 4] /Size 1000000 /Root 1 0 R /DecodeParms << /Predictor 12 /Columns 10 >> "
        + packing
    )
    stream = b"1 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (about, len(body), body)
    data = b"%PDF-1.7\n" + stream + b"startxref\n9\n%%EOF\n"

    # in a process of its own: other tests' libraries and threads would be traced as well
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=data, cwd=Path.cwd(), capture_output=True, check=True, timeout=60
    )  # fmt: skip
    said, most = done.stdout.decode().rsplit(" ", 1)
    assert re.search(r"where it should|too large", said)
    assert int(most) < 2 * len(rows)
