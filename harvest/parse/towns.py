"""The name of a town right behind its postal code, as typed: `Ostseebad Binz`, `Aue-Bad Schlema`, `Frankfurt (Oder)`.

A name that would be cut within a word, or that is a title alone, is no name: better none than a part of one. A name
goes on in the next line only where the first line can't be the whole of it (`Bad`, `Ostseebad`, `Aachen-`).
"""

from __future__ import annotations

import re

from harvest.parse.plain import words
from harvest.parse.second_names import JOINT, SECOND_NAMES

#: longest text behind a postal code that is looked at; the longest German town has 58 characters with its title
REACH = 96

_WORD = r"[^\W\d_]++(?:['’.](?=[^\W\d_])[^\W\d_]++)?+"
# a word, hyphens and further words, whole: what a word or a figure is glued to is part of it
_PART = re.compile(rf"{_WORD}(?:-{_WORD})*+(?P<open>-)?(?![\w-])")
_SHORT_FIRST = re.compile(r"(?:St|Hann)\.")
_GAP = re.compile(r"[ ]{0,4}")
_LINE_END = re.compile(r"[ ]{0,4}\n[ ]{0,4}")
_LINK = re.compile(
    r" (?:(?:am|an der|an dem|im|in der|in|bei|ob der|vor der|auf|unter|und) "
    r"|(?:a\. ?d\.|a\.|i\. ?d\.|i\.|b\.|o\. ?d\.|v\. ?d\.) ?)"
    r"(?=[^\W\d_])"
)
_BEHIND = (
    r"(?:Saale|Oder|Main|Ruhr|Westf\.?|Westfalen|Rhld\.?|Rheinland|Rhein|Rhein\.|Sieg|Eifel|Harz|Taunus|Allgäu|Spree|"
    r"Sauerland|Pfalz|Odw\.?|Odenwald|Württ\.?|Holst\.?|Oberbayern|Oldb\.?|Oldenburg|Wied|Lahn|Neckar|Donau|Aller|"
    r"Weser|Elbe|Mosel|Mark|Han\.?|Ems|Luhe|Breisgau|Müritz|Wendland|Spreewald|Lausitz|Vogtland|Erzgeb\.?|Erzgebirge|"
    r"Altmark|Rügen|Usedom|Sachs\.?|Sachsen|Thür\.?|Thüringen|Wümme|Unterweser|Holstein|Oberlausitz|Niederlausitz|"
    r"O\. ?L\.|Weinstraße|Aisch|Tauber|Teck|Havel|Inn|Lech|Riß|Ilm|Unstrut|Leine|Werra|Fulda|Isar|Bergstraße|Föhr|"
    r"Sylt|Fehmarn|Schwarzwald|Hessen|Bayern|Ostfriesland|Emsland|Łužyca|Błota)"
)
# what a region tells apart may stand in the next line; a stretch of water or land in brackets is always one
_REGION = re.compile(rf"[ ]?\n?[ ]?\( ?{_BEHIND} ?\)| ?/ ?{_BEHIND}(?![\w-])")
# the same after a line end, where `am Markt` or `auf Anfrage` may stand as well
_LINK_BELOW = re.compile(
    rf"[ ]{{0,4}}\n[ ]{{0,4}}(?:am|an der|a\. ?d\.|a\.|an dem|im|in der|in|i\. ?d\.|i\.|ob der|o\. ?d\.|vor der|v\. ?d\.|auf|unter)"
    rf" ?(?={_BEHIND}(?![\w-]))"
)

# first parts that are no town's name without the second
_FIRST = words(
    "bad sankt st. groß gross klein alt neu burg markt hohen königs ober unter nieder hessisch preußisch schwäbisch "
    "bergisch märkisch märkische porta castrop wanne rheda hann. hannoversch sulzbach la le hohe hoher hohes große "
    "großer großes südliches nördliches neue alte am an insel hallig běła bjeła carna čorna wulka wulki wulke mała mały "
    "małe nowa nowy nowe stara stary stare dolna dolny hórna hórny hornja wysoka zły zła złe sprjewiny feliksowy markojska błośańska halštrowska nørre sønder øster vester store lille"
)
# the same where they may also be the whole of a name, or begin one: Burg, Markt Schwaben
_MAY_STAND_ALONE = words("burg markt porta")
#: what a town calls itself before its name
_TITLES = words(
    "ostseebad nordseebad seebad seeheilbad ostseeheilbad nordseeheilbad heilbad kurort luftkurort kneippkurort "
    "heilklimatischer staatsbad thermalbad soleheilbad kneippheilbad mineralheilbad moorheilbad erholungsort "
    "landeshauptstadt hauptstadt hansestadt lutherstadt universitätsstadt hochschulstadt kreisstadt bundesstadt "
    "wissenschaftsstadt klingenstadt domstadt bergstadt kurstadt residenzstadt messestadt münzstadt reuterstadt "
    "barlachstadt fontanestadt goethestadt schillerstadt rosenstadt rolandstadt spargelstadt stadt gemeinde "
    "marktgemeinde samtgemeinde verbandsgemeinde ortsgemeinde inselgemeinde"
)
# titles of several words, each as one
_LONG_TITLE = re.compile(
    r"(?:Freie\sund\sHansestadt|Freie\sHansestadt|Große\sKreisstadt|Große\skreisangehörige\sStadt|"
    r"Heilklimatischer\sKurort|Staatlich\sanerkannter\s(?:Erholungsort|Luftkurort)|"
    r"[^\W\d_]{2,20}-\sund\s[^\W\d_]{2,20}stadt)(?![\w-])",
    re.IGNORECASE,
)
# Timmendorfer Strand, Boitzenburger Land: an inflected name needs the word that it stands before
_SECOND = words("strand land heide seenplatte höhe aue wald börde tal winkel see berge moor")

#: words that follow a figure or an address but are no town
NO_TOWN: frozenset[str] = frozenset((
    "euro", "eur", "menschen", "personen", "einwohner", "einwohnern", "einwohnerinnen", "klienten", "klientinnen",
    "klient", "klientin", "fälle", "fällen", "besucher", "besucherinnen", "stunden", "patienten", "patientinnen",
    "kontakte", "beratungen", "plätze", "teilnehmer", "teilnehmende", "teilnehmerinnen", "migranten",
    "migrantinnen", "geflüchtete", "haushalte", "familien", "kinder", "frauen", "männer", "mitglieder", "termine",
    "tel", "telefon", "telefax", "fax", "mobil", "handy", "mail", "email", "frau", "herr", "dr", "prof",
    "ansprechpartner", "ansprechpartnerin", "kontakt", "mo", "di", "mi", "do", "fr", "sa", "so", "montag",
    "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "uhr", "etage", "raum", "stock",
    "exemplare", "tage", "jahre", "öffnungszeiten", "sprechzeiten", "sprechzeit", "sprechstunde",
    "versorgungsregion", "einzugsgebiet", "stadtbezirk", "zuständig", "offen", "anfragen", "gespräche", "www",
    "http", "https", "gesamt", "insgesamt",
))  # fmt: skip


def town_at(text: str, start: int) -> str | None:
    """The town whose name begins at `start` of `text`; empty where what stands there is none, None where no name does.

    Blanks count as one; a name that goes over a line end is told in one line.
    """
    reach = text[start : start + REACH]
    if not reach or not _is_capital(reach):
        return None
    behind = _Behind(reach)
    named = _titles(behind) + _name(behind)
    if not named or named[-1] in {"", None}:
        return ""
    region = _REGION.match(reach, behind.end)
    whole = "".join(part for part in named if part) + (region[0] if region else "")
    if _cut_within_a_word(text, start, behind.end, region):
        return ""
    name = " ".join(whole.split())
    return name + _second_name(reach, region.end() if region else behind.end, name)


def _second_name(text: str, end: int, first: str) -> str:
    """The other official name behind the first one, with what stands between them; empty where none does."""
    joint = JOINT.match(text, end)
    if joint is None:
        return ""
    behind = _Behind(text, joint.end())
    other = " ".join("".join(_name(behind)).split())
    # behind a blank or a line end alone anything may stand
    names = {other.casefold()} | ({first.casefold()} if joint["joint"] else set())
    # a spa is the second half of one town: Aue - Bad Schlema
    is_half = joint[0].strip() == "-" and other.startswith("Bad ")
    if not other or (names.isdisjoint(SECOND_NAMES) and not is_half) or behind.end >= REACH:
        return ""
    region = _REGION.match(text, behind.end)
    closing = ")" if "(" in joint[0] and text.startswith(")", behind.end) else ""
    return f"{_between(joint[0])}{other}{region[0] if region else closing}"


def _between(joint: str) -> str:
    """What stands between two names, in one line: `/`, ` / `, ` - `, ` (`."""
    sign = joint.strip()
    if sign == "(":
        return " ("
    return f" {sign} " if sign == "-" or (joint[0] == " " and joint[-1] in " \n") else sign or " "


def _cut_within_a_word(text: str, start: int, end: int, region: re.Match[str] | None) -> bool:
    """Whether the part of the text that was looked at ends within the name."""
    return region is None and end >= REACH and start + end < len(text)


def _is_capital(text: str) -> bool:
    return text[0].isupper() or text.startswith("documenta-")


class _Behind:
    """The words behind a postal code, one after the other."""

    def __init__(self, text: str, end: int = 0) -> None:
        self.text = text
        self.end = end

    def peek(self, place: int) -> re.Match[str] | None:
        """The word at `place`, whole; None where none stands there, or only a part of one would."""
        return _SHORT_FIRST.match(self.text, place) or _PART.match(self.text, place)

    def next_word(self, place: int, *, over_line: bool) -> int:
        """Where the next word begins behind the one that ends at `place`."""
        if over_line and (found := _LINE_END.match(self.text, place)):
            return found.end()
        gap = _GAP.match(self.text, place)
        return gap.end() if gap else place


def _titles(behind: _Behind) -> list[str]:
    """The titles before a name, as typed, each with a blank behind; none is taken where no name follows."""
    taken: list[str] = []
    while True:
        found = _LONG_TITLE.match(behind.text, behind.end) or behind.peek(behind.end)
        if found is None or not _is_title(found[0]):
            return taken
        following = behind.next_word(found.end(), over_line=True)
        beside = behind.peek(following)
        if beside is None or not _is_capital(beside[0]) or _is_no_town(beside[0]):
            # `Burg`, `Markt`: names of towns, too; but no title is one
            return []
        taken.append(f"{found[0]} ")
        behind.end = following


def _is_title(word: str) -> bool:
    low = word.casefold()
    return low in _TITLES or low.endswith("-stadt") or len(word.split()) > 1


def _is_no_town(word: str) -> bool:
    return word.casefold().rstrip(".").partition("-")[0] in NO_TOWN


def _name(behind: _Behind) -> list[str]:
    """The parts of the name at `behind.end`; an empty one at the end where the name can't be the whole."""
    first = behind.peek(behind.end)
    if first is None or _is_title(first[0]) or _is_no_town(first[0]) or not _is_capital(first[0]):
        return []
    named = [first[0]]
    behind.end = first.end()
    if _needs_more(first):
        return _with_second(behind, named, alone=first[0].casefold() in _MAY_STAND_ALONE)
    _with_land(behind, named)
    return _with_link(behind, named)


def _needs_more(word: re.Match[str]) -> bool:
    last = word[0].rstrip("-").rpartition("-")[2].casefold()
    return word[0].endswith("-") or last in _FIRST or word[0].casefold() in _FIRST


def _with_second(behind: _Behind, named: list[str], *, alone: bool) -> list[str]:
    """The second part of a name whose first is none by itself, be it in the next line."""
    following = behind.next_word(behind.end, over_line=True)
    second = behind.peek(following)
    if second is None or not _is_capital(second[0]) or _is_no_town(second[0]):
        return named if alone else [*named, ""]
    joint = "" if named[-1].endswith("-") else " "
    if alone and "\n" in behind.text[behind.end : following]:
        return named
    named.append(f"{joint}{second[0]}")
    behind.end = second.end()
    return [*named, ""] if second[0].endswith("-") else _with_link(behind, named)


def _with_land(behind: _Behind, named: list[str]) -> None:
    """`Strand` behind `Timmendorfer`."""
    if not named[0].endswith("er"):
        return
    second = behind.peek(behind.next_word(behind.end, over_line=True))
    if second is not None and second[0].casefold() in _SECOND and second[0][0].isupper():
        named.append(f" {second[0]}")
        behind.end = second.end()


def _with_link(behind: _Behind, named: list[str]) -> list[str]:
    """`am Main`, `a. d. Weinstraße` behind the name, if a name follows."""
    link = _LINK.match(behind.text, behind.end) or _LINK_BELOW.match(behind.text, behind.end)
    third = behind.peek(link.end()) if link else None
    if link and third and _is_capital(third[0]) and not _is_no_town(third[0]) and not third[0].endswith("-"):
        named.append(f"{link[0]}{third[0]}")
        behind.end = third.end()
    return named
