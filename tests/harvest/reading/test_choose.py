"""One value per cell: the most trusted method's; what disagrees is kept beside it, nothing is joined together."""

import pytest

from harvest.model import Method, Value
from harvest.reading.choose import choose

WIDGET, TREE, ABOVE, FLAT, SCAN = (
    Method.WIDGET,
    Method.FIELD_TREE,
    Method.ANNOTATION,
    Method.FLATTENED,
    Method.OCR,
)


@pytest.mark.parametrize(
    ("readings", "chosen", "others"),
    [
        ([(WIDGET, "a")], "a", []),
        ([(TREE, "b"), (WIDGET, "a")], "a", ["b"]),
        ([(SCAN, "c"), (FLAT, "b"), (ABOVE, "a")], "a", ["b", "c"]),
        ([(WIDGET, "a"), (TREE, "a"), (ABOVE, "a")], "a", []),
        ([(WIDGET, "a"), (TREE, "b"), (ABOVE, "b")], "a", ["b"]),
        # emptied in the form rules over an old copy in the tree, but not over what stands on the page above it
        ([(WIDGET, ""), (TREE, "alt")], "", ["alt"]),
        ([(WIDGET, ""), (ABOVE, "darüber getippt")], "darüber getippt", [""]),
        ([(WIDGET, " "), (TREE, "alt"), (ABOVE, "darüber getippt")], "darüber getippt", [" ", "alt"]),
        # two widgets of one name
        ([(WIDGET, ""), (WIDGET, "a")], "a", [""]),
        ([(WIDGET, "a"), (WIDGET, "b")], "a", ["b"]),
        # what is reconstructed knows no line ends
        ([(WIDGET, "a\nb"), (FLAT, "a b")], "a\nb", []),
        ([(WIDGET, "a\nb"), (ABOVE, "a b")], "a\nb", ["a b"]),
    ],
)
def test_choosing(readings: list[tuple[Method, str]], chosen: str, others: list[str]) -> None:
    value = choose([Value(text, method) for method, text in readings])
    assert (value.text, [other.text for other in value.alternatives]) == (chosen, others)


def test_the_order_of_asking_does_not_matter() -> None:
    values = [Value("b", TREE), Value("a", WIDGET, page=2), Value("x", WIDGET, page=1), Value("c", ABOVE)]
    assert choose(values) == choose(values[::-1])
    assert choose(values).text == "x"


def test_the_surer_of_two_reconstructions_is_chosen() -> None:
    assert choose([Value("a", SCAN, 0.5), Value("b", SCAN, 0.9)]).text == "b"
