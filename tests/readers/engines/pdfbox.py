"""PDFBox, the library of many Java services."""

from base64 import b64encode
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.readers.engines.base import HERE, Engine, EngineMissing, FillError, run

JARS = [Path("/usr/share/java") / name for name in ("pdfbox2.jar", "fontbox2.jar", "commons-logging.jar")]
SOURCE = HERE / "PdfBoxFill.java"


class PdfBox(Engine):
    """Draws with the field's own font; where that lacks a character, the value is stored undrawn."""

    name = "pdfbox"
    label = "services in Java (PDFBox)"

    def version(self) -> str:
        for jar in JARS:
            if not jar.exists():
                raise EngineMissing(self.name, str(jar))
        try:
            java = run(self.name, ["javac", "--version"]).strip()  # a JRE alone cannot run a source file
        except FillError as error:
            raise EngineMissing(self.name, "a JDK with javac") from error
        release = next(JARS[0].parent.glob("pdfbox2-[0-9]*.jar"), JARS[0]).stem.removeprefix("pdfbox2-")
        return f"PDFBox {release} ({java})"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        orders = [f"text {_encode(name)} {_encode(value)}" for name, value in values.items()]
        orders += [f"check {_encode(name)} " for name in checks]
        classes = ":".join(map(str, JARS))
        quiet = "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog"
        run(self.name, ["java", quiet, "-cp", classes, SOURCE, source, target], "\n".join(orders))


def _encode(text: str) -> str:
    return b64encode(text.encode("utf-8")).decode("ascii")
