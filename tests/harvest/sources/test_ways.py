"""The same document by any way is the same document; every refusal has its words."""

import ast
from pathlib import Path

import pytest

import harvest.sources
from spec.words import words
from tests.harvest.sources.archive.test_portfolio import holding
from tests.harvest.sources.made import PDF, found, mail, raw, tnef, zipped
from tests.harvest.sources.ole import attachment, compound, message


def test_one_document_by_every_way(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "b.zip").write_bytes(zipped({"x": PDF}))
    (tmp_path / "c.eml").write_bytes(raw(mail(("y.pdf", PDF))))
    (tmp_path / "d.msg").write_bytes(compound(message(attachment("z.pdf", PDF))))
    (tmp_path / "winmail.dat").write_bytes(tnef(("z.pdf", PDF)))
    (tmp_path / "f.mbox").write_bytes(b"From x\n" + raw(mail(("y.pdf", PDF))))
    outer = holding({"g.pdf": PDF})
    (tmp_path / "g.pdf").write_bytes(outer)
    hashes = [one.sha256 for one in found(tmp_path) if one.data != outer]
    assert len(hashes) == 7
    assert len(set(hashes)) == 1


def refusals() -> dict[str, set[str]]:
    """Every code in the sources with the details it is given everywhere, from the code itself."""
    given: dict[str, set[str]] = {}
    for path in Path(harvest.sources.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "refused"
                and len(node.args) > 1
            ):
                details = {word.arg for word in node.keywords if word.arg} - {"sha256"}
                for code in ast.walk(node.args[1]):
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        given[code.value] = given.get(code.value, details) & details
    return given


#: codes that reach `refused` through tables and variables, in unpack.py, folder.py and eml.py
INDIRECT = {
    "name": "archive-unsupported office-file image-file web-page mail-side-file mail-sealed other-file",
    "": "archive-empty mail-without-document mailbox-without-document mail-damaged still-written not-downloaded link-outside",
    "limit": "mail-too-many-parts too-deep",
}
GIVEN = refusals() | {code: {detail} - {""} for detail, codes in INDIRECT.items() for code in codes.split()}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", sorted(GIVEN))
def test_every_refusal_has_its_words_and_all_they_need(code: str, language: str) -> None:
    for part in ("fault", "remedy"):
        assert words(language).placeholders[f"problem.{code}.{part}"] <= GIVEN[code]
