"""LibreOffice as somebody who works in a workbook: a macro in its own Python, since nobody sits there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

_AROUND = """
import json
import uno
from com.sun.star.beans import PropertyValue


def how(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def work(*_):
    try:
        _work()
    except Exception:
        import traceback
        with open(asked["told"], "w", encoding="utf-8") as stream:
            json.dump({"error": traceback.format_exc()}, stream)
    XSCRIPTCONTEXT.getDesktop().terminate()


def _work():
    found = {}
    book = XSCRIPTCONTEXT.getDesktop().loadComponentFromURL(asked["book"], "_blank", 0, (how("Hidden", True),))
    scope = {"book": book, "uno": uno, "how": how, "asked": asked, "found": found}
    exec(asked["steps"], scope)
    if asked["saved"]:
        book.storeToURL(asked["saved"], (how("FilterName", "Calc MS Excel 2007 XML"),))
    book.close(True)
    with open(asked["told"], "w", encoding="utf-8") as stream:
        json.dump(scope["found"], stream)
"""


def by_macro(book: Path, steps: str, scratch: Path, save: Path | None = None, **asked: Any) -> dict[str, Any]:
    """Open a workbook, run `steps`, and save it as xlsx if `save` says where.

    Args:
        steps: Python that finds `book`, `uno`, `how(name, value)` for a PropertyValue, and `asked`; it may fill `found`.
        scratch: a folder of its own; it becomes the user's profile.

    Returns:
        what the steps left in `found`.
    """
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed here: python3 .ci/start.py test installs it"
    macros = scratch / "profile" / "user" / "Scripts" / "python"
    macros.mkdir(parents=True)
    told, saved = scratch / "told.json", scratch / "saved.xlsx"
    wanted = {
        **asked, "book": book.as_uri(), "steps": steps, "told": str(told), "saved": saved.as_uri() if save else "",
    }  # fmt: skip
    (macros / "desk.py").write_text(f"asked = {wanted!r}\n{_AROUND}", encoding="utf-8")
    macro = "vnd.sun.star.script:desk.py$work?language=Python&location=user"
    call = [program, f"-env:UserInstallation={(scratch / 'profile').as_uri()}", "--headless", macro]
    # its own Python seeks its library along PATH, and dies where an environment's of another version comes first
    plain = {"PATH": f"{Path(program).parent}{os.pathsep}{os.defpath}", "HOME": str(scratch)}
    done = subprocess.run(call, check=False, capture_output=True, timeout=90, env=plain)
    assert told.exists(), (done.returncode, done.stdout, done.stderr)
    found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    assert "error" not in found, found["error"]
    if save:
        shutil.copyfile(saved, save)
    return found
