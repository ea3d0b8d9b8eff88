"""pdftk (the Java port), which fills from XFDF on the command line."""

from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

from tests.readers.engines.base import Engine, refuse_unknown, run
from tests.readers.read_back import field_names, on_states

# character references, because an XML parser turns bare line ends and tabs into something else
KEPT = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


class Pdftk(Engine):
    """Ignores names that it does not find, so the adapter looks first."""

    name = "pdftk"
    label = "offices' scripts (pdftk)"

    def version(self) -> str:
        return run(self.name, ["pdftk", "--version"]).strip().splitlines()[0]

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        refuse_unknown(self.name, {*values, *checks}, field_names(source))
        states = on_states(source)
        entries = {**values, **{name: states[name] for name in checks}}
        with TemporaryDirectory() as folder:
            data = Path(folder) / "values.xfdf"
            data.write_text(_xfdf(entries), "utf-8")
            run(self.name, ["pdftk", source, "fill_form", data, "output", target])


def _xfdf(entries: Mapping[str, str]) -> str:
    fields = "".join(
        f"<field name={quoteattr(name)}><value>{escape(value, KEPT)}</value></field>"
        for name, value in entries.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
        f"<fields>{fields}</fields></xfdf>"
    )
