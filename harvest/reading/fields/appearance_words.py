"""Adapter: the words that a widget's appearance shows, from an open PDF (ISO 32000-1, 12.5.5). Nothing is executed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from harvest.reading.fields.appearance_check import (
    Decoder,
    codes_changed,
    one_byte,
    same_words,
    two_bytes,
    words_of,
)
from harvest.reading.model import limits
from harvest.reading.model.raw_fields import RawField, Rect, otherwise, rect_of
from harvest.reading.pdf.markup_annotations import plain
from harvest.text.pdf_strings import decode

if TYPE_CHECKING:
    import pikepdf


class Looks:
    """Reads the appearances of one open file, each stream once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        import pikepdf  # noqa: PLC0415 - a heavy library, loaded when the first PDF is opened

        self._pike = pikepdf
        self._pdf = pdf
        self._room = limits.APPEARANCES_BYTES
        self._known: dict[tuple[int, int], str] = {}

    def words(self, widget: Any) -> str:
        """What the widget shows as text; empty where it shows none, or none that can be told."""
        try:
            stream = widget.get("/AP").get("/N")
            key = stream.objgen
            if key in self._known:
                return self._known[key]
            words = self._words(stream)
        except Exception:  # noqa: BLE001 - whatever an appearance is, the value is read
            return ""
        self._known[key] = words
        return words

    def shows(self, key: tuple[int, int]) -> bool:
        """Whether the appearance with this object number shows words."""
        return bool(self.words({"/AP": {"/N": self._pdf.get_object(key)}}).strip())

    def states(self, box: pikepdf.Object) -> Collection[str] | None:
        """The states that a checkbox has appearances for; None where it has one for all, or none."""
        looks = box.get("/AP")
        normal = looks.get("/N") if isinstance(looks, self._pike.Dictionary) else None
        has_states = isinstance(normal, self._pike.Dictionary) and not isinstance(normal, self._pike.Stream)
        return normal.keys() if has_states and normal is not None else None

    def _words(self, stream: Any) -> str:
        if not isinstance(stream, self._pike.Stream):
            return ""
        content = stream.read_bytes()
        self._room -= len(content)
        if (
            self._room < 0
            or len(content) > limits.APPEARANCE_BYTES
            or b"Tj" not in content.replace(b"TJ", b"Tj")
        ):
            return ""
        resources: Any = stream.get("/Resources")
        fonts: Any = resources.get("/Font")
        try:
            return words_of(content, lambda name: self._decoder(fonts["/" + name.decode("latin-1")]))
        except LookupError:
            return ""

    def _decoder(self, font: Any) -> Decoder:
        table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
        if font.get("/Subtype") == "/Type0":
            if not table:
                raise LookupError("a font that says nothing of its characters")
            return two_bytes(table)
        encoding, changed = font.get("/Encoding"), frozenset[int]()
        if isinstance(encoding, self._pike.Dictionary):
            listed = encoding.get("/Differences", ())
            changed = codes_changed(
                [None if isinstance(one, self._pike.Name) else int(one) for one in listed]
            )
            encoding = encoding.get("/BaseEncoding")
        return one_byte(str(encoding), changed, table)


def shown_otherwise(
    base: RawField, words: str, rich: Any, text_of: Callable[[Any], str]
) -> Iterable[RawField]:
    """What a field's appearance and rich text (12.7.3.4) say besides its value `base`, each once."""
    try:
        written = "" if rich is None else plain(text_of(rich))
    except Exception:  # noqa: BLE001 - broken rich text costs no value
        written = ""
    return dict.fromkeys(other for said in (words, written) if (other := otherwise(base, said, same_words)))


def string_of(value: Any, *, slash: bool = False) -> str:
    """A value as text: string, stream, name (with its slash if asked), or several choices (12.7.4.4).

    Raises:
        TypeError: it is none of these.
    """
    import pikepdf as pike  # noqa: PLC0415

    if isinstance(value, pike.String):
        return decode(bytes(value))
    if isinstance(value, pike.Stream):
        return decode(value.read_bytes())
    if isinstance(value, pike.Name):
        return str(value) if slash else str(value)[1:]
    if isinstance(value, pike.Array):  # a list box with several choices (12.7.4.4)
        return "\n".join(string_of(item) for item in value)
    if isinstance(value, pike.Object):
        raise TypeError("a value that is no text")
    return str(value)


def place_of(node: Any) -> Rect | None:
    """Where a widget stands; None where that is broken."""
    try:
        # as text: a quarter of the time of four decimal numbers
        return rect_of([float(number) for number in node.Rect.unparse(resolved=True)[1:-1].split()])
    except Exception:  # noqa: BLE001 - a broken rectangle costs the place, not the value
        return None


def inherited(chain: Sequence[Any], key: str) -> Any:
    """What a field has under a key, or takes from the fields above it, nearest first (12.7.3.1)."""
    return next((node[key] for node in chain if key in node), None)
