"""Words that answer a question, told from text that is to stand in the register. Pure.

Whoever decides between two values writes "ja", "links" or "siehe Mail" where a text is asked for. Taken for the text,
such a word would replace what a partner wrote. So it is never taken, but asked about; in quotation marks it is text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from spec.matching import equal_key

_LINES = """
ja, j, jo, jawohl, nein, nö, n, doch, vielleicht, eventuell, evtl., yes, y, no, nope, maybe, wahr, falsch, true, false
ok, okay, o.k., passt, passt so, stimmt, stimmt so, stimmt nicht, stimmt alles, richtig, korrekt, genau, in Ordnung, i.O.
einverstanden, gut so, right, wrong, correct, fine, agreed, ja bitte, nein danke, ja stimmt, nein falsch, wohl ja, eher ja, eher nein
x, xx, xxx, o, v, a, b, c, links, rechts, linke, rechte, linker, rechter, linkes, rechtes, der linke, der rechte, das linke
das rechte, die linke, die rechte, linker Wert, rechter Wert, links stimmt, rechts stimmt, links richtig, rechts richtig
links behalten, rechts übernehmen, left, right one, left one, oben, unten, erster, erste, erstes, zweiter, zweite, zweites
der erste, der zweite, das erste, das zweite, die erste, die zweite, first, second, beide, beides, both, alle, alles, all
beide stimmen, beide richtig, beide zusammen, beide behalten, beides stimmt, keiner, keine, keines, keins, neither, none
behalten, übernehmen, übernommen, lassen, so lassen, stehen lassen, bleibt, bleibt so, nehmen, ersetzen, ändern, löschen, weg
streichen, keep, take, replace, delete, remove, alt, neu, alter Wert, neuer Wert, das alte, das neue, der alte, der neue, die alte
die neue, altes, neues, alte, neue, old, new, unklar, offen, weiß nicht, weiß ich nicht, keine Ahnung, k.A., keine Angabe, unbekannt
unsicher, egal, unclear, unknown, unsure, später, noch nicht, klären, noch klären, noch zu klären, wird geklärt, zu klären
prüfen, bitte prüfen, noch prüfen, nochmal prüfen, geprüft, erledigt, fertig, gesehen, gelesen, later, todo, to do, tbd
check, checked, done, seen, nachfragen, noch nachfragen, bitte nachfragen, rückfrage, rückfragen, fragen, frage, anrufen, ask
dito, ditto, s.o., s.u., so, siehe oben, siehe unten, siehe links, siehe rechts, wie oben, wie links, wie rechts, wie gehabt
gleich, dasselbe, identisch, dieselbe, same, ist gleich, nichts, leer, empty, nothing, nicht lesbar, unleserlich, unreadable
"""
_ANSWERS = frozenset(key for word in _LINES.replace("\n", ",").split(",") if (key := equal_key(word)))
#: How a remark begins that points elsewhere, and how many words it has at most.
_REFERENCES = frozenset({"siehe", "vgl", "vergleiche", "see", "cf"})
#: The same, if what it points to is named: "laut Frau Groß" says who says so, and is text.
_SOURCES = frozenset({"s", "laut", "lt", "gemaess", "per", "wie"})
_POINTED_AT = frozenset(
    [
        "mail",
        "email",
        "emails",
        "mails",
        "anhang",
        "anlage",
        "liste",
        "brief",
        "fax",
        "telefonat",
        "telefon",
        "gespraech",
        "absprache",
        "ruecksprache",
        "notiz",
        "akte",
        "datei",
        "blatt",
        "bogen",
        "scan",
        "original",
        "bild",
        "zeile",
        "seite",
        "spalte",
        "kommentar",
        "homepage",
        "website",
        "internet",
        "oben",
        "unten",
        "links",
        "rechts",
        "vorher",
        "letzte",
        "letztes",
    ]
)
_REFERENCE_WORDS = 5
#: A word this short or shorter says little where a text of this many letters and words stood.
_SHORT, _LONG, _LONG_WORDS = 15, 30, 4
_OPENING = "\"'„“”‚‘’«»‹›"
#: No answer is longer; so a text of any length costs the same.
_LONGEST = 60


def is_answer_word(text: str) -> bool:
    """Whether `text` is how a person answers, or remarks on, a question: "ja", "?", "1", "links", "siehe Mail".

    A date, a name, a number of three digits is none; nor is what stands in quotation marks.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or quoted(text) is not None:
        return False
    key = equal_key(text)
    words = key.split()
    if key in _ANSWERS or not any(sign.isalnum() for sign in text):
        return True
    if text.strip("().!? ").isdecimal():
        return len(key) <= 2
    if len(words) < 2 or len(words) > _REFERENCE_WORDS or any(sign.isdigit() for sign in text):
        return False
    return words[0] in _REFERENCES or (words[0] in _SOURCES and not _POINTED_AT.isdisjoint(words))


def is_short_for(text: str, replaced: Iterable[str]) -> bool:
    """Whether `text` is one short word in the place of a long text that does not have it.

    Such a word is more likely a remark than the new text. Digits make it a date, a number or an address.
    """
    word = text.strip()
    if (
        not word
        or len(word) > _SHORT
        or len(word.split()) > 1
        or any(sign.isdigit() or sign == "@" for sign in word)
    ):
        return False
    long = [one for one in replaced if len(one) >= _LONG and len(one.split()) >= _LONG_WORDS]
    return bool(long) and not any(equal_key(word) in equal_key(one).split() for one in long)


def meant_as_text(text: str, replaced: Collection[str]) -> str | None:
    """`text` as it is to stand in the register; None where it looks like an answer or a remark.

    An answer in quotation marks is text, without them; so is what stands there already.
    """
    literal = quoted(text)
    if literal is not None and (is_answer_word(literal) or is_short_for(literal, replaced)):
        return literal
    if text.strip() in map(str.strip, replaced):
        return text
    return None if is_answer_word(text) or is_short_for(text, replaced) else text


def quoted(text: str) -> str | None:
    """What stands in quotation marks, where all of `text` does; else None."""
    text = text.strip()
    whole = len(text) > 2 and text[0] in _OPENING and text[-1] in _OPENING
    inside = text[1:-1].strip() if whole else ""
    return inside if inside and not any(sign in _OPENING[:1] + "„«»" for sign in inside) else None
