"""Fill a form through Poppler's GLib interface; run by the system's Python, which has `gi`.

One order as JSON on standard input; no import from this project, because that Python has none of its packages.
"""

import json
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Poppler", "0.18")
from gi.repository import Poppler  # noqa: E402  (the version has to be chosen first)


def _fields(page: Any) -> list[Any]:
    return [mapping.field for mapping in page.get_form_field_mapping()]


def fill(order: dict[str, Any]) -> None:
    """Fill and save as the order says; end with a message when a name is unknown."""
    document = Poppler.Document.new_from_file(Path(order["source"]).resolve().as_uri(), None)
    open_names = {*order["values"], *order["checks"]}
    # a page lets go of its fields when it goes, so the pages are held until the file is saved
    pages = [document.get_page(number) for number in range(document.get_n_pages())]
    for field in (field for page in pages for field in _fields(page)):
        name = field.get_name()
        if name in order["values"]:
            field.text_set_text(order["values"][name])
        elif name in order["checks"]:
            field.button_set_state(True)
        open_names.discard(name)
    if open_names:
        sys.exit(f"no such field: {', '.join(sorted(open_names))}")
    document.save(Path(order["target"]).resolve().as_uri())


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        print(Poppler.get_version())
    else:
        fill(json.load(sys.stdin))
