"""Parts of the whole workbook after an update: what the file says about itself, and in which order it is calculated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harvest.register.workbook.sheet_marks import property_name
from harvest.register.xlsx import workbook_part
from harvest.register.xlsx.package import Package, Relation, rels_part


def properties(
    package: Package, read: Callable[[str], str], facts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Parts with custom properties, in which these facts are told."""
    for relation in package.relations(""):
        if relation.kind == "custom-properties" and relation.target in package.infos:
            text = read(relation.target)
            for key, value in facts.items():
                text = workbook_part.with_property(text, property_name(key), value)
            yield relation.target, text


def without_chain(
    package: Package, read: Callable[[str], str], relations: list[Relation]
) -> tuple[str, dict[str, str]]:
    """The part with the calculation chain, which is to go, and the parts that no longer name it; empty if there is none.

    Excel rebuilds the chain; one that names a cell without a formula makes it call the file damaged (18.6).
    """
    chain = next((one for one in relations if one.kind == "calcChain"), None)
    if chain is None or chain.target not in package.infos:
        return "", {}
    rels, types = rels_part(package.workbook), "[Content_Types].xml"
    return chain.target, {
        rels: workbook_part.without_relation(read(rels), chain.id),
        types: workbook_part.with_types(read(types), {}, [f"/{chain.target}"]),
    }
