"""What a file is, told by its bytes first and by its name and MIME type where bytes leave it open."""

from __future__ import annotations

import re
from enum import StrEnum

from harvest import formats
from harvest.sources.mail import cms
from harvest.sources.names import base_name, suffix

#: bytes from the start that tell a file's kind
HEAD = 4096
#: PDF readers look for the header this far (PDF 32000-1, annex H.3, implementation note 13)
PDF_HEADER_WITHIN = 1024


class Kind(StrEnum):
    """Kinds of files by what is done with them."""

    PDF = "pdf"
    ZIP = "zip"
    MAIL = "mail"
    MBOX = "mbox"
    OLE = "ole"  # Outlook .msg, or an old Office file
    TNEF = "tnef"
    ARCHIVE = "archive"  # 7z, rar...: not unpacked here
    OFFICE = "office"
    IMAGE = "image"
    WEB = "web"
    SIDE = "side"  # what mails carry beside documents: signatures, cards, calendars
    SEALED = "sealed"  # an encrypted mail
    CMS = "cms"  # signed, compressed or encrypted (S/MIME, .p7m): opened where that needs no key
    OTHER = "other"


_PDF_MIMES = {"application/pdf", "application/x-pdf", "application/acrobat", "text/pdf"}
_ARCHIVES = {
    ".7z",
    ".rar",
    ".tar",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".zst",
    ".cab",
    ".ace",
    ".arj",
    ".lzh",
    ".iso",
}
_ARCHIVE_STARTS = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"MSCF")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TNEF_START = b"\x78\x9f\x3e\x22"
_OFFICE = {
    *(".doc", ".docx", ".docm", ".dot", ".dotx", ".rtf", ".odt", ".ott", ".pages", ".wpd", ".wps"),
    *(".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".numbers", ".csv", ".ppt", ".pptx", ".odp", ".key", ".pub"),
}
_IMAGES = {
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".heic",
    ".heif",
    ".webp",
    ".avif",
    ".svg",
}
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*")
_SAVED_PAGES = {
    ".mht",
    ".mhtml",
}  # a web page, or a mail, as browsers and Outlook save it: a mail in its form
_WEB = {".htm", ".html", ".xhtml", ".url", ".webloc", *_SAVED_PAGES}
_SIDE = {".p7s", ".asc", ".sig", ".pgp", ".vcf", ".ics"}
_SEALED = {".p7m", ".pgp", ".gpg"}
_SEALED_START, _KEY_START = b"-----BEGIN PGP MESSAGE-----", b"-----BEGIN PGP PUBLIC KEY"
_APPLE = "application/applefile"  # what macOS tells of a file besides, under the file's own name
SIDE_MIMES = {
    *("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"),
    *("application/pgp-keys", "application/applefile", "text/vcard", "text/x-vcard", "text/calendar"),
    *("text/directory", "message/delivery-status", "message/disposition-notification", "text/rfc822-headers"),
}
_SEALED_MIMES = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}

_HEADER_LINE = re.compile(rb"(?:>?From [^\r\n]*\r?\n)?[!-9;-~]{1,80}[ \t]*:")
_MAIL_HEADER = re.compile(
    rb"^(?:from|to|subject|received|return-path|delivered-to|message-id|mime-version|date|x-[a-z-]+"
    rb"|content-(?:type|transfer-encoding|disposition))[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
#: a line of an mbox that parts two mails
MBOX_LINE = re.compile(rb"From [^\r\n]*\r?\n[!-9;-~]{1,80}[ \t]*:")

#: what systems leave in folders and archives beside people's files
_LITTER = {"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db", "icon\r"}
_UNFINISHED = {".crdownload", ".part", ".partial", ".download", ".opdownload", ".filepart", ".!ut"}


def claims_pdf(name: str, mime: str = "") -> bool:
    """Whether the name or the MIME type says PDF, whatever the bytes are."""
    return suffix(name) == ".pdf" or mime in _PDF_MIMES


def claims_outlook(name: str, mime: str = "") -> bool:
    """Whether the name or the MIME type says that it is a mail of Outlook's."""
    return suffix(name) == ".msg" or mime == "application/vnd.ms-outlook"


def kind_of(head: bytes, name: str, mime: str = "") -> Kind:
    """The kind of a file from its first `HEAD` bytes, its name and the MIME type that was claimed.

    Containers come before PDF: a zip that stores a PDF shows `%PDF` near its start, too.
    """
    for kind, starts in (
        (Kind.ZIP, _ZIP_STARTS),
        (Kind.OLE, (_OLE_START,)),
        (Kind.TNEF, (_TNEF_START,)),
        (Kind.ARCHIVE, _ARCHIVE_STARTS),
    ):
        if head.startswith(starts):
            return Kind.OFFICE if kind is Kind.ZIP and suffix(name) in _OFFICE else kind
    if cms.is_cms(head):
        return Kind.CMS
    if _is_mail(head, name, mime):
        return Kind.MBOX if MBOX_LINE.match(head) else Kind.MAIL
    if b"%PDF" in head[:PDF_HEADER_WITHIN] or (claims_pdf(name, mime) and mime != _APPLE):
        return Kind.PDF
    return _by_claim(head, name, mime)


def as_bytes(data: bytes) -> bytes:
    """A text that editors saved as UTF-16 or with a mark before it, in UTF-8 and without one; other bytes as they are."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(encoding, errors="replace").encode("utf-8", errors="replace")
    start = data[:64]
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 8 and not any(start[odd::2]) and all(start[1 - odd :: 2]):
            return data.decode(encoding, errors="replace").encode("utf-8", errors="replace")
    return data.removeprefix(b"\xef\xbb\xbf")


def shows_kind(data: bytes) -> bool:
    """Whether the bytes alone tell that this is no text, whatever a mail calls it; a PDF needs more than its start."""
    start = data[:64].lstrip()
    known = (*_ZIP_STARTS, _OLE_START, _TNEF_START, *_ARCHIVE_STARTS[:3], *_IMAGE_STARTS, b"{\\rtf")
    return start.startswith(known) or (b"\0" in start and cms.is_cms(data[:HEAD]))


def suffix_of(data: bytes, mime: str) -> str:
    """The end of a name for a file without one; empty where neither bytes nor MIME type tell."""
    if b"%PDF" in data[:PDF_HEADER_WITHIN] or mime in _PDF_MIMES:
        return ".pdf"
    if data.startswith(_ZIP_STARTS) or mime == "application/zip":
        return ".zip"
    return formats.suffix_of(data)


def is_saved_page(name: str) -> bool:
    """Whether the name says that a web page was saved as one file (MHTML, RFC 2557)."""
    return suffix(name) in _SAVED_PAGES


def _is_mail(head: bytes, name: str, mime: str) -> bool:
    start = as_bytes(head).lstrip(b"\r\n")
    if _apple_mail(name):
        return True
    if not _HEADER_LINE.match(start):
        return False
    if suffix(name) == ".eml" or mime == "message/rfc822" or MBOX_LINE.match(head) or is_saved_page(name):
        return True
    if suffix(name) in _WEB or claims_pdf(name, mime):
        return False
    first = _first_block(start.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    # Outlook keeps a mail with a signature beside it as one file, without the mail's own headers
    enough = 1 if suffix(name) == ".p7m" or mime.startswith("multipart/") or mime in _SEALED_MIMES else 2
    return len({found.group().lower() for found in _MAIL_HEADER.finditer(first)}) >= enough


def _first_block(head: bytes) -> bytes:
    return head.partition(b"\n\n")[0]


def _apple_mail(name: str) -> bool:
    return suffix(name) == ".emlx"


def _by_claim(head: bytes, name: str, mime: str) -> Kind:
    end = suffix(name)
    start = head.lstrip()[:256].lower()
    tests = (
        (Kind.IMAGE, head.startswith(_IMAGE_STARTS)),
        (Kind.SEALED, mime in _SEALED_MIMES or head.startswith(_SEALED_START)),
        (Kind.SEALED, end in _SEALED and not head.startswith(_KEY_START)),
        (Kind.SIDE, mime in SIDE_MIMES or end in _SIDE),
        (Kind.IMAGE, end in _IMAGES or mime.startswith("image/")),
        (Kind.OFFICE, end in _OFFICE),
        (Kind.ARCHIVE, end in _ARCHIVES),
        (Kind.WEB, end in _WEB or start.startswith((b"<!doctype html", b"<html"))),
        (Kind.OLE, claims_outlook(name, mime)),  # one that lost its beginning
        (Kind.MAIL, end == ".eml" or mime == "message/rfc822"),
    )
    return next((kind for kind, holds in tests if holds), Kind.OTHER)


def is_litter(name: str) -> bool:
    """Whether a file is the system's or an editor's own and passed over in silence.

    Hidden files, Office and LibreOffice lock files, macOS resource forks. A placeholder that iCloud
    leaves for a file it has not fetched is hidden, too, but stands for a person's file: it is none.
    """
    parts = name.replace("\\", "/").split("/")
    base = base_name(name)
    # a name that is nothing but its suffix is somebody's document without a name
    if is_placeholder(name) or base.lower() in {".pdf", ".zip", ".eml", ".msg"}:
        return False
    return "__MACOSX" in parts or base.startswith((".", "~$")) or base.lower() in _LITTER


def is_placeholder(name: str) -> bool:
    """Whether iCloud left this in place of a file (`.name.pdf.icloud`)."""
    base = base_name(name)
    return base.startswith(".") and base.endswith(".icloud")


def is_unfinished(name: str) -> bool:
    """Whether a browser or a sync client is still writing under this name."""
    return suffix(name) in _UNFINISHED
