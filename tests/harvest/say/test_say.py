"""What `harvest run` tells on the screen of files that need a person: few lines, each problem once."""

from __future__ import annotations

from harvest.model import Problem, Severity
from harvest.problems import problem
from harvest.results import Fate, Outcome
from harvest.say.problems import problem_lines, to_do_line
from spec.words import words

DE, EN = words("de"), words("en")
SHEET = "Rücklauf"


def foreign(name: str, edition: str = "xg7t7rp2c") -> Outcome:
    return Outcome(name, "", Fate.NEW, (problem("unknown-edition", Severity.LOST, edition=edition),))


def office_file(name: str) -> Outcome:
    return Outcome(name, "", Fate.REFUSED, (Problem("office-file", Severity.LOST, "", (("name", name),)),))


def lines(*outcomes: Outcome) -> list[str]:
    return list(problem_lines(outcomes, DE, SHEET))


def test_one_file_is_one_line() -> None:
    (line,) = lines(foreign("a.pdf"))
    assert line.startswith("a.pdf: Das Formular ist von der Ausgabe xg7t7rp2c")


def test_equal_problems_are_told_once_with_all_their_files() -> None:
    line, too = lines(*(foreign(f"{number}.pdf") for number in range(5)))
    assert line.startswith("0.pdf: ")
    assert too == "  Ebenso: 1.pdf, 2.pdf, 3.pdf, 4.pdf"


def test_of_many_files_the_first_are_named() -> None:
    line, too = lines(*(foreign(f"{number}.pdf") for number in range(19)))
    assert line.startswith("0.pdf: ")
    assert too == "  Ebenso: 1.pdf, 2.pdf, 3.pdf und 15 weitere (Blatt „Rücklauf“)"


def test_what_to_do_differs_so_both_are_told() -> None:
    told = lines(foreign("a.pdf", "xg7t7rp2c"), foreign("b.pdf", "f7q4k93xb"))
    assert [line.split(":")[0] for line in told] == ["a.pdf", "b.pdf"]


def test_a_file_is_not_named_twice_in_a_line() -> None:
    line, too = lines(office_file("Brief.docx"), office_file("Liste.xlsx"))
    assert line.count("Brief.docx") == 1
    assert too == "  Ebenso: Liste.xlsx"


def test_the_most_frequent_come_first_and_the_rest_is_counted() -> None:
    editions = ["c2345672a", "c2345672b", "c2345672c", "c2345672d", "c2345672e", "c2345672f", "c2345672g"]
    told = lines(*(foreign(f"{one}.pdf", one) for one in editions), foreign("z.pdf", editions[-1]))
    assert told[0].startswith(f"{editions[-1]}.pdf: ")
    assert told[1] == "  Ebenso: z.pdf"
    assert told[-1] == "2 weitere Hinweise stehen auf dem Blatt „Rücklauf“."
    assert len(told) == 7


def test_notes_need_nobody() -> None:
    assert (
        lines(Outcome("a.pdf", "", Fate.NEW, (problem("unknown-edition", Severity.NOTE, edition="x"),))) == []
    )


def test_what_waits_is_counted_and_its_sheets_are_called_as_in_the_register() -> None:
    waiting = {"documents": 1, "duplicates": 2, "conflicts": 0, "register": 1}
    assert to_do_line(waiting, DE, DE) == (
        "Bitte ansehen: 1 Datei (Blatt „Rücklauf“), 2 mögliche Dubletten (Blatt „Dubletten“), "
        "1 Stelle im Register, die sich nicht übernehmen ließ."
    )
    assert to_do_line({"documents": 3}, EN, DE) == "Please look at: 3 files (sheet “Rücklauf”)."
    assert to_do_line({"documents": 0}, DE, DE) == "Es ist nichts weiter zu tun."
