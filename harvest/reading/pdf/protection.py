"""Protection that no password opens: rights management, as Microsoft's, and the wrappers in which it is sent.

A wrapper is an open PDF that only says which program to take; what matters is attached to it, encrypted (ISO 32000-2, 7.6.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_MICROSOFT = "MicrosoftIRMServices"
_NAME = re.compile(r"[^\w .-]+")
_LONGEST = 40
#: Attached files that are looked at; a wrapper has one.
_MOST = 20


def handler_of(data: bytes) -> str:
    """Who protects an encrypted file whose encryption dictionary names a rights management known here; else empty."""
    return "Microsoft" if f"/{_MICROSOFT}".encode() in data else ""


def payload_of(root: Any) -> str:
    """Who protects what is attached to a wrapper; empty where the file is none.

    Args:
        root: the catalog of an open PDF (pikepdf), or an empty mapping.
    """
    if "/AF" not in root and "/Names" not in root:
        return ""
    try:
        for index, one in enumerate(_attached(root)):
            if index >= _MOST:
                break
            if one.get("/AFRelationship") == "/EncryptedPayload" or "/EP" in one:
                return _called(str(one.get("/EP", {}).get("/Subtype", "")))
            if str(one.get("/UF", one.get("/F", ""))).startswith(_MICROSOFT):
                return "Microsoft"
    except Exception:  # noqa: BLE001 - a broken list of attachments is none; that it is there is told anyway
        return ""
    return ""


def _attached(root: Any) -> Iterator[Any]:
    yield from root.get("/AF", ())
    yield from list(root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", ()))[1::2]


def _called(subtype: str) -> str:
    name = _NAME.sub("", subtype.removeprefix("/"))[:_LONGEST]
    return "Microsoft" if not name or name == _MICROSOFT else name
