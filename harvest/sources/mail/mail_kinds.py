"""What kind of mail it is, by its headers: somebody's own words, a program's answer, a report on our mail."""

from __future__ import annotations

from collections.abc import Callable

from harvest.model import Carrier

#: What programs wrote before RFC 3834 gave them a header, and some still do.
_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
_PRECEDENCES = frozenset({"auto_reply", "auto-reply"})
#: Within these nobody speaks, whatever mails they enclose.
_NOBODY = frozenset({Carrier.BOUNCE, Carrier.AUTOMATIC})
#: How mail programs call their folders of mails that went out, where the server does not mark them (RFC 6154).
_SENT = frozenset(
    {
        "sent", "sent items", "sent mail", "sent messages", "sent-mail", "gesendet", "gesendete elemente",
        "gesendete objekte", "gesendete nachrichten", "gesendete mails", "postausgang", "outbox",
    }
)  # fmt: skip


def carrier_of(header: Callable[[str], str], outer: Carrier = Carrier.UNKNOWN) -> Carrier:
    """What kind of mail has these headers.

    Args:
        header: name -> text, empty where there is none.
        outer: what encloses the mail. A mail that somebody attached to theirs is as good as their own; one that a
            bounce brings back is what went out.
    """
    if outer in _NOBODY:
        return outer
    mime = header("Content-Type").partition(";")[0].strip().lower()
    sender = header("From").lower()
    if mime == "multipart/report" or header("X-Failed-Recipients") or "mailer-daemon" in sender:
        return Carrier.BOUNCE
    if _is_automatic(header):
        # only servers send mails that nobody may answer (RFC 5321, 4.5.5)
        return Carrier.BOUNCE if header("Return-Path").strip() == "<>" else Carrier.AUTOMATIC
    return outer if outer is Carrier.SENT else Carrier.MAIL


def _is_automatic(header: Callable[[str], str]) -> bool:
    submitted = header("Auto-Submitted").partition(";")[0].partition("(")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or any(map(header, _AUTOMATIC))
        or header("Precedence").strip().lower() in _PRECEDENCES
        or header("Return-Path").strip() == "<>"
    )


def is_of_sent_mails(folder: str, flags: tuple[str, ...] = ()) -> bool:
    r"""Whether a mailbox's folder holds what was sent.

    Args:
        folder: its name; what stands before the last `/` or `.` is the way to it.
        flags: as the server lists them; `\\Sent` is that of RFC 6154.
    """
    name = folder.replace(".", "/").rpartition("/")[2].strip().lower()
    return name in _SENT or any(flag.lower() == "\\sent" for flag in flags)
