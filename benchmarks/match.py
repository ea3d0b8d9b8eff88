"""Matching 1,000 new facilities against 100,000 known ones, beside rapidfuzz's own `cdist` on the same blocks.

    python benchmarks/match.py [KNOWN] [NEW]

`cdist` computes `token_set_ratio` for every pair of the same candidates in C and nothing else: no evidence from address
or telephone, no reasons. The index over the known ones is built once for both and not counted; taking the new
ones apart is. CPU time, the ways taken by turns, medians.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rapidfuzz import fuzz, process

from harvest.merge.facilities.blocks import Index
from harvest.merge.facilities.facility_parts import Facility, take_apart

ROUNDS = 5
KINDS = (
    "Kontaktstelle",
    "Beratungsstelle",
    "Tagesstätte",
    "Wohnheim",
    "Wohngruppe",
    "Pflegedienst",
    "Werkstatt",
    "Café",
)
NAMES = (
    "Brücke",
    "Anker",
    "Kompass",
    "Regenbogen",
    "Lindenhof",
    "Sonne",
    "Perspektive",
    "Neustart",
    "Horizont",
    "Mosaik",
)
SYLLABLES = (
    "ba",
    "ka",
    "lo",
    "mi",
    "ren",
    "tor",
    "wal",
    "ste",
    "hun",
    "gra",
    "fel",
    "dor",
    "bach",
    "berg",
    "öz",
    "yıl",
    "wis",
)


def facility(chance: random.Random) -> str:
    """A facility's cell as partners write it."""
    own = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    street = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
    postal = chance.randrange(10_000, 99_999)
    number = chance.randrange(1, 120)
    return f"{chance.choice(KINDS)} {chance.choice(NAMES)} {own} e.V., {street}str. {number}, {postal} {street}stadt, Mo-Fr 9-17 Uhr"


def misspelt(text: str, chance: random.Random) -> str:
    """The same facility as somebody else writes it."""
    place = chance.randrange(len(text) // 2)
    return (
        (text[:place] + text[place + 1 :]).replace("str. ", "straße ").replace(" e.V.", "").replace("ü", "ue")
    )


def median_seconds(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.process_time()
            way()
            taken[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def cdist_on_blocks(index: Index, known: list[str], new: list[tuple[str, Facility]]) -> int:
    found = 0
    for name, parts in new:
        candidates = [known[position] for position in index.candidates(parts)]
        if candidates:
            found += int((process.cdist([name], candidates, scorer=fuzz.token_set_ratio) >= 55).sum())
    return found


def main(known_count: int, new_count: int) -> None:
    chance = random.Random(1)
    texts = [facility(chance) for _ in range(known_count)]
    start = time.process_time()
    known = [take_apart(text) for text in texts]
    index = Index(known)
    print(f"index of {known_count:,}: {time.process_time() - start:.2f} s")
    new = [misspelt(text, chance) for text in chance.sample(texts, new_count // 2)]
    new += [facility(chance) for _ in range(new_count - len(new))]
    pairs = sum(len(index.candidates(take_apart(text))) for text in new)
    names = [" ".join(one.name) for one in known]

    def ours() -> int:
        return sum(len(index.like(take_apart.__wrapped__(text))) for text in new)

    def theirs() -> int:
        return cdist_on_blocks(
            index, names, [(" ".join(parts.name), parts) for parts in map(take_apart.__wrapped__, new)]
        )

    def everything() -> object:
        return process.cdist(
            [" ".join(take_apart(text).name) for text in new], names, scorer=fuzz.token_set_ratio
        )

    measured = median_seconds({"blocks, evidence, reasons": ours, "cdist on the same blocks": theirs})
    hits = sum(
        any(texts[position] == original for position, _ in index.like(take_apart(text)))
        for text, original in _originals(texts, new_count // 2)
    )
    print(f"{new_count:,} new, {pairs:,} pairs in blocks; {hits} of {new_count // 2} misspelt ones found")
    for name, seconds in measured.items():
        print(f"  {name:28} {seconds:7.3f} s")
    ratio = measured["blocks, evidence, reasons"] / measured["cdist on the same blocks"]
    print(f"  ratio {ratio:.2f} (wanted: under 5)")
    start = time.process_time()
    everything()
    print(f"  cdist without blocks         {time.process_time() - start:7.3f} s")


def _originals(texts: list[str], count: int) -> list[tuple[str, str]]:
    chance = random.Random(2)
    return [(misspelt(text, chance), text) for text in chance.sample(texts, count)]


if __name__ == "__main__":
    arguments = [int(one) for one in sys.argv[1:3]]
    main(*(arguments + [100_000, 1_000][len(arguments) :]))
