"""What a facility's cell says, taken apart: name, postal code, street, telephone numbers.

The cell is free text: "Kontaktstelle Die Brücke e.V., Hauptstr. 12, 52062 Aachen, Mo-Fr 9-17 Uhr". Nothing here is
shown to anybody; it only serves to compare.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from harvest.parse import national_numbers_in, without_numbers

# German digraphs and letters that Unicode does not decompose. Umlauts lose their dots first (NFKD), then `ue` loses its
# `e`, so that Müller, Mueller and Muller meet; "Bauer" becomes "bar" on both sides alike.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "a", "œ": "o", "ð": "d", "þ": "th",
        "’": " ", "'": " ", "`": " ", "´": " ", "ʿ": None, "ʾ": None, "‘": " ",
    }
)  # fmt: skip
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DIGRAPH = re.compile("([aou])e")
# Cyrillic and Greek as German readers hear them, so that "Дім" meets "Dim"; Arabic letters that keyboards mix up.
_SCRIPTS = str.maketrans(
    {
        **dict(zip("абвгґдезиіклмнопрстуфхц", "abvggdeziiklmnoprstufhc", strict=True)),
        "є": "je", "ж": "z", "ч": "c", "ш": "s", "щ": "s", "ъ": None, "ь": None, "ы": "i", "э": "e", "ю": "ju", "я": "ja",
        **dict(zip("αβγδεζηικλμνξοπρστυφω", "abgdeziiklmnxoprstifo", strict=True)),
        "θ": "th", "χ": "ch", "ψ": "ps",
        "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None, "\u200c": None,
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")

_LEGAL = re.compile(
    r"""(?<![a-z0-9])(?:
    e\.?\s?v\.?|g\.?\s?gmbh|ggmbh|gug|ug|gmbh|mbh|gag|a\.?g\.?|kg|ohg|gbr|e\.?\s?g\.?|se|aor|kdor|
    eingetragener\s+verein|gemeinnutzige[rn]?(?:\s+gesellschaft)?|i\.?\s?gr\.|haftungsbeschrankt|co\.?\s?kg|&\s?co
    )(?![a-z0-9])""",
    re.VERBOSE,
)

# Short names that offices use and the words they stand for, folded like everything else.
ABBREVIATIONS: dict[str, str] = {
    "awo": "arbeiterwohlfahrt",
    "drk": "deutsches rotes kreuz",
    "asb": "arbeiter samariter bund",
    "skf": "sozialdienst katholischer frauen",
    "skm": "sozialdienst katholischer manner",
    "spz": "sozialpsychiatrisches zentrum",
    "spdi": "sozialpsychiatrischer dienst",
    "spd": "sozialpsychiatrischer dienst",
    "kbs": "kontakt und beratungsstelle",
    "psz": "psychosoziales zentrum",
    "pskb": "psychosoziale kontakt und beratungsstelle",
    "ifd": "integrationsfachdienst",
    "wfbm": "werkstatt fur behinderte menschen",
    "bewo": "betreutes wohnen",
    "abw": "ambulant betreutes wohnen",
    "pia": "psychiatrische institutsambulanz",
    "jmd": "jugendmigrationsdienst",
    "mbe": "migrationsberatung",
    "rpk": "rehabilitation psychisch kranke",
    "kh": "krankenhaus",
    "ev": "evangelisch",
    "evang": "evangelisch",
    "evgl": "evangelisch",
    "kath": "katholisch",
    "dt": "deutsch",
    "gr": "gross",
    "st": "sankt",
    "dr": "doktor",
    "psych": "psychiatrisch",
    "psychosoz": "psychosozial",
    "soz": "sozial",
    "amb": "ambulant",
    "int": "international",
    "interkult": "interkulturell",
    "arab": "arabisch",
    "turk": "turkisch",
    "shg": "selbsthilfegruppe",
    "wg": "wohngruppe",
    "gpz": "gemeindepsychiatrisches zentrum",
    "gpv": "gemeindepsychiatrischer verbund",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "zentr": "zentrum",
    "kv": "kreisverband",
    "ov": "ortsverband",
    "hpz": "heilpadagogisches zentrum",
    "beratungsst": "beratungsstelle",
}

#: What offers are called everywhere. Two facilities that share only such words are not one.
GENERIC_STEMS: tuple[str, ...] = (
    "kontakt", "beratung", "stelle", "zentrum", "dienst", "fach", "wohn", "haus", "heim", "gruppe", "tages", "statte",
    "klinik", "kranken", "praxis", "ambul", "stationar", "psych", "sozial", "betreu", "integration", "migration",
    "migrant", "fluchtling", "hilfe", "werkstatt", "projekt", "verein", "initiativ", "treff", "cafe", "reha",
    "rehabilitation", "pflege", "krise", "selbst", "angehorig", "therapie", "behindert", "krank", "mensch", "frauen",
    "manner", "jugend", "kinder", "familie", "sucht", "arbeit", "zuverdienst", "firma", "institut", "abteilung",
    "gesundheit", "amt", "stadt", "kreis", "landkreis", "region", "gemeinde", "verband", "trager", "stiftung",
    "gesellschaft", "einrichtung", "angebot", "begegnung", "station", "interkulturell", "international", "ubergang",
    "medizinisch", "regional", "geschaftsstelle", "buro", "team", "service", "erwachsen", "buntnis", "forder",
    "seelisch", "gesprach", "notdienst", "versorgung", "sprach", "verbund", "offen", "tur", "eingliederung",
)  # fmt: skip
# Welfare associations: they run hundreds of facilities, so their names weigh like any other word but prove nothing alone.
CARRIERS: frozenset[str] = frozenset(
    {
        "carita", "caritasverband", "diakoni", "werk", "arbeiterwohlfahrt", "deutsch", "rot", "kreuz", "arbeiter", "samariter",
        "bund", "paritatisch", "johannit", "malteser", "evangelisch", "katholisch", "lvr", "lwl", "sankt", "alexianer",
        "lebenshilf", "sozialwerk", "vitos", "pfalzklinikum",
    }
)  # fmt: skip
_STOP = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einer",
        "fur",
        "und",
        "u",
        "in",
        "im",
        "am",
        "an",
        "auf",
        "bei",
        "von",
        "vom",
        "zum",
        "zur",
        "mit",
        "ohne",
        "nach",
        "fuer",
        "als",
        "med",
        "e",
        "v",
        "a",
        "g",
        "i",
    ]
)

_NOT_NAME = re.compile(
    r"\b(?:einzugsg|versorgungs(?:region|gebiet)|einzugsbereich|zustandig|offnungszeit|sprechzeit|sprechstund|burozeit|geoffnet|"
    r"erreichbar|termin|tel\b|tel\.|telefon|fon\b|fax|mobil|handy|e-?mail|mail|www\.|http|@|uhr\b|"
    r"(?:mo|di|mi|do|fr|sa|so)\.?\s?(?:-|–|bis|,|\+|u\.|und|\d))"
)
_SEGMENT = re.compile(r"\n|;|,|\||•|·|\s[-–—/]\s|\(|\)|:|\s{3,}")
_POSTAL = re.compile(r"(?<![\d/-])(?:d\s?-\s?)?(\d{5})(?![\d/-])")
_TOWN = re.compile(
    r"(?<![\d/-])(?:d\s?-\s?)?\d{5}(?!\d)\s*([a-z][a-z.-]*(?:\s(?:am|an der|a\.d\.|im|bad|main|rhein)\s?[a-z]*)?)?"
)
# One word and a house number. No quantifier stands over words: on long texts that took a thousand times as long.
_STREET = re.compile(
    r"(?<![a-z.-])([a-z.-]*(?:strasse|str\.?|weg|platz|pl\.|allee|gasse|ring|ufer|damm|markt|graben|chaussee|steig|pfad|hof|berg"
    r"|wall|tor|kamp|feld|promenade))\s*(\d{1,4}\s?[a-z]?(?![a-z0-9])(?:\s?[-–/+]\s?\d{1,4}\s?[a-z]?(?![a-z0-9]))?)"
)
_STREET_ALONE = frozenset(
    [
        "strasse",
        "str",
        "weg",
        "platz",
        "pl",
        "allee",
        "gasse",
        "ring",
        "ufer",
        "damm",
        "markt",
        "graben",
        "promenade",
    ]
)
_LAST_WORD = re.compile(r"(?<![a-z.-])([a-z.-]++)\s*+\Z")
#: Letters of a street's own name before `Straße` that are looked at.
_LONGEST_NAME = 80
#: Words of a name that are looked at; what goes on longer is no name.
_NAME_WORDS = 24


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility's cell taken apart; everything folded.

    Attributes:
        name: words of the name, in order.
        postal, town: empty where none is written.
        street, number: street and house number, empty likewise.
        phones: digits in national form.
    """

    name: tuple[str, ...]
    postal: str = ""
    town: str = ""
    street: str = ""
    number: str = ""
    phones: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Two facilities with the same key are the same by name and address (normalised equality)."""
        return " ".join((*self.name, "|", self.postal, self.street, self.number))


def fold(text: str) -> str:
    """Lower case, without dots, accents and typographic variants of letters."""
    lowered = text.translate(_LETTERS).casefold().translate(_LETTERS)
    bare = _NOT_ASCII.sub(_without_accents, unicodedata.normalize("NFKD", lowered))
    return _DIGRAPH.sub(r"\1", bare if bare.isascii() else bare.translate(_SCRIPTS))


def _without_accents(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The word without German endings, so that "Sozialpsychiatrisches" meets "Sozialpsychiatrischer", "Aachen" "Aachener"."""
    for _ in range(2):
        for ending in ("es", "er", "en", "em", "e", "s", "n"):
            if len(word) > 5 and word.endswith(ending) and len(word) - len(ending) >= 4:
                word = word[: -len(ending)]
                break
    return word


@lru_cache(maxsize=1 << 16)
def is_generic(word: str) -> bool:
    """Whether a (stemmed) word says what kind of place it is rather than which one."""
    return any(part in word for part in GENERIC_STEMS if len(part) > 3) or word in GENERIC_STEMS


def _words(text: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in _WORD.findall(_LEGAL.sub(" ", text).replace("diakonisches werk", "diakonie")):
        words.extend(ABBREVIATIONS.get(word, word).split())
    return tuple(stem(word) for word in words if word not in _STOP)


def _street(text: str) -> tuple[str, str, str] | None:
    """Street, house number, and the text without both; None where there is no address."""
    match = _STREET.search(text)
    if match is None:
        return None
    street, start = match[1], match.start()
    # a window: the expression tries every place before the street
    begin = max(0, start - _LONGEST_NAME)
    before = _LAST_WORD.search(text, begin, start)
    # "Jülicher Straße 114": the street's own name stands before it.
    if before and re.sub(r"[^a-z]", "", street) in _STREET_ALONE:
        street, start = before[1] + street, before.start()
    street = re.sub(r"strasse$|str$", "str", re.sub(r"[^a-z]", "", street))
    number = re.sub(r"[\s–-]", "", match[2])
    return street, number, text[:start] + " " + text[match.end() :]


@lru_cache(maxsize=1 << 17)
def take_apart(text: str, contact: str = "") -> Facility:
    """The parts of a facility's cell; `contact` is further text of the row in which telephone numbers may stand."""
    phones = national_numbers_in(text) | national_numbers_in(contact)
    bare = _without_phones(text)
    return replace(bare, phones=phones) if phones else bare


# Rows are looked at with their contacts and without: the long work is the same.
@lru_cache(maxsize=1 << 17)
def _without_phones(text: str) -> Facility:
    folded = fold(without_numbers(text))
    postal = _POSTAL.search(folded)
    town_match = _TOWN.search(folded)
    town = "".join(_WORD.findall(town_match[1])) if town_match and town_match[1] else ""
    street = number = ""
    name: list[str] = []
    for segment in _SEGMENT.split(folded):
        rest = _TOWN.sub(" ", segment)
        if cut := _NOT_NAME.search(rest):
            rest = rest[: cut.start()]
        if found := _street(rest):
            street, number = (street, number) if street else found[:2]
            rest = found[2]
        name.extend(_words(rest))
    if not name:
        # "Die", "?": nothing that tells much, but two that differ are not one.
        name.extend(_words(folded) or _WORD.findall(folded) or folded.split())
        # called by a number alone: two numbers are two facilities
        name = name or _WORD.findall(fold(text))
    return Facility(
        tuple(dict.fromkeys(name))[:_NAME_WORDS], postal[1] if postal else "", town, street, number
    )
