"""Whether a page that still has its fields shows what was sent, or more: text that an editor put on it besides.

Programs that write onto a page (online editors, PDF editors, stamps that were fixed) add a stream to its content, or a font
or form to what it draws with. What it shows need not be looked at for that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harvest.reading.model.known_pages import KnownPages

#: What the form's own pages draw with: their fonts, and the code with the small print. A test holds it against the blank.
FONT = re.compile(r"/F\d{1,3}\+\d{1,3}")
FORMS = frozenset({"/Identity"})
KINDS = frozenset({"/Font", "/XObject", "/ProcSet"})
#: Families of the fonts that the form shows, in its fields too.
FAMILIES = frozenset({"OpenSans", "DejaVuSans"})


def is_as_sent(page: Any, sent: KnownPages | None = None) -> bool:
    """Whether an open page (pikepdf) draws one stream with nothing but what ours have. False where it can't be told.

    Where the drawings that were sent are known, the stream has to be one of theirs.
    """
    import pikepdf  # noqa: PLC0415 - a heavy library, loaded when the first PDF is opened

    try:
        content = page.get("/Contents")
        if content is None:
            return True
        if isinstance(content, pikepdf.Array) and len(content) != 1:
            return False
        if isinstance(content, pikepdf.Array):
            content = content[0]
        if sent is not None and not sent.drew_plain(content.read_bytes()):
            return False
        drawn = page.get("/Resources", {})
        return (
            set(drawn.keys()) <= KINDS
            and all(FONT.fullmatch(name) for name in drawn.get("/Font", {}).keys())  # noqa: SIM118 - no dict of Python's
            and FORMS.issuperset(drawn.get("/XObject", {}).keys())
        )
    except Exception:  # noqa: BLE001 - a broken page is looked at
        return False


def family(font: str) -> str:
    """A font's family: its name without the tag of a subset, and without weight and slant."""
    return re.split(r"[-,]", font.rpartition("+")[2], maxsplit=1)[0]
