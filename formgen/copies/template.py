"""A blank, taken apart once, so that each copy costs string work only (docs/findings/performance.md, "Making forms").

Everything that a copy may have to say anew is kept as bytes around the place where it differs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import pikepdf

from formgen.copies.append import Base
from formgen.layout.items import Layout
from formgen.pdf.draw import IDENTITY
from formgen.pdf.fields import FONT, ON, Shared
from formgen.pdf.pdfobjects import number, ref
from spec.geometry import Box, PageKey
from spec.names import IdField


@dataclass(frozen=True, slots=True)
class FieldParts:
    """A field: its number, its dictionary without value and end, the number of its appearance, its box.

    `form` holds the entries of its appearance, a form XObject, without length.
    """

    number: int
    head: bytes
    appearance: int
    box: Box
    form: bytes = b""


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page of the blank.

    Attributes:
        head: its dictionary without `/Annots` and end.
        fields: numbers of its fields but the id field, in reading order.
        own: its id field.
        kids: its elements in the structure tree but that of the id field; `own_kid` is that.
        parents: its entries in the ParentTree: of the page, then of its fields, each as (key, bytes).
    """

    key: PageKey
    number: int
    head: bytes
    content: int
    content_head: bytes
    identity: int
    fields: tuple[int, ...]
    own: FieldParts
    kids: tuple[int, ...]
    own_kid: int
    parents: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, eq=False)
class Template:
    """A blank and all that its copies say anew; numbers are object numbers.

    Attributes:
        heads: dictionaries without the entries that a copy rewrites, and without end.
        sects: category (and `cover`, `feedback`) -> number and head of its structure element.
        identity_head: entries of a page's identity, a form XObject, without length.
        next_key: first free key of the ParentTree.
    """

    layout: Layout
    edition: str
    pdf: bytes
    base: Base
    pages: tuple[PageParts, ...]
    fields: Mapping[str, FieldParts]
    shared: Shared
    scopes: Mapping[str, int]
    numbers: Mapping[str, int]
    heads: Mapping[str, bytes]
    sects: Mapping[str, tuple[int, bytes]]
    identity_head: bytes
    next_key: int

    @classmethod
    def of(cls, layout: Layout, edition: str, pdf: bytes) -> Template:
        """Take a blank apart; `layout` is what it was made from."""
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return _Apart(layout, edition, pdf, opened).template()

    @cached_property
    def keys(self) -> frozenset[PageKey]:
        """The pages that the blank has."""
        return frozenset(page.key for page in self.pages)

    @cached_property
    def first_of(self) -> dict[str, list[PageParts]]:
        """Category -> its pages."""
        return {key: list(group) for key, group in groupby(self.pages, key=lambda page: page.key.category)}


def form_entries(box: Box, resources: int) -> bytes:
    """The entries of a field's appearance."""
    size = f"[0 0 {number(box.width)} {number(box.height)}]".encode("ascii")
    return b"/Type /XObject /Subtype /Form /BBox %s /Resources %s" % (size, ref(resources))


def _head(dictionary: pikepdf.Object, *without: str) -> bytes:
    """A dictionary's bytes without some entries and without its end."""
    kept = pikepdf.Dictionary({key: value for key, value in dictionary.items() if key not in without})
    return kept.unparse().removesuffix(b">>").rstrip()


def _number(indirect: pikepdf.Object) -> int:
    return indirect.objgen[0]


@dataclass(frozen=True)
class _Apart:
    layout: Layout
    edition: str
    data: bytes
    pdf: pikepdf.Pdf

    def template(self) -> Template:
        root, acro_form = self.pdf.Root, self.pdf.Root.AcroForm
        tree = root.StructTreeRoot
        document = tree.K[0]
        fields = self._fields()
        pages = tuple(self._pages(fields))
        categories = list(dict.fromkeys(page.key.category for page in self.layout.pages))
        objects = {"catalog": root, "pages": root.Pages, "tree": tree, "document": document}
        objects |= {"parents": tree.ParentTree, "form": acro_form}
        without = {
            "catalog": ("/Outlines",),
            "pages": ("/Kids", "/Count"),
            "tree": ("/ParentTreeNextKey",),
            "document": ("/K",),
            "parents": ("/Nums",),
            "form": ("/Fields",),
        }
        identity = self.pdf.pages[0].obj.Resources.XObject[f"/{IDENTITY}"]
        return Template(
            layout=self.layout,
            edition=self.edition,
            pdf=self.data,
            base=Base.of(self.data),
            pages=pages,
            fields=fields,
            shared=self._shared(),
            scopes=self._scopes(document),
            numbers={key: _number(value) for key, value in objects.items()},
            heads={key: _head(value, *without[key]) for key, value in objects.items()},
            sects={
                category: (_number(sect), _head(sect, "/K"))
                for category, sect in zip(categories, document.K, strict=True)
            },
            identity_head=_head(identity.stream_dict, "/Length", "/Filter").removeprefix(b"<<").strip(),
            next_key=int(tree.ParentTreeNextKey),
        )

    def _fields(self) -> dict[str, FieldParts]:
        found = {}
        places = self.layout.field_map.fields
        for widget in self.pdf.Root.AcroForm.Fields:
            name = str(widget.T).removeprefix(f"{self.edition}_")
            drawn = widget.AP.N
            appearance = _number(drawn) if isinstance(drawn, pikepdf.Stream) else 0
            head = _head(widget, "/V", "/AS")
            box = places[name].box
            resources = _number(drawn.Resources) if appearance else 0
            found[name] = FieldParts(_number(widget), head, appearance, box, form_entries(box, resources))
        return found

    def _pages(self, fields: Mapping[str, FieldParts]) -> Iterator[PageParts]:
        tree = self.pdf.Root.StructTreeRoot
        parents = dict(_pairs(list(tree.ParentTree.Nums)))
        kids = iter([kid for sect in tree.K[0].K for kid in sect.K])
        for page, drawn in zip(self.layout.pages, self.pdf.pages, strict=True):
            dictionary = drawn.obj
            *others, last = dictionary.Annots
            own = [_number(next(kids)) for _ in page.nodes]
            keys = [int(dictionary.StructParents), *(int(field.StructParent) for field in dictionary.Annots)]
            yield PageParts(
                key=page.key,
                number=_number(dictionary),
                head=_head(dictionary, "/Annots"),
                content=_number(dictionary.Contents),
                content_head=_head(dictionary.Contents.stream_dict, "/Length").removeprefix(b"<<").strip(),
                identity=_number(dictionary.Resources.XObject[f"/{IDENTITY}"]),
                fields=tuple(map(_number, others)),
                own=fields[IdField("", page.key.category, page.key.number).local],
                kids=tuple(own[:-1]),
                own_kid=own[-1],
                parents=tuple((key, parents[key]) for key in keys),
            )
            if _number(last) != fields[IdField("", page.key.category, page.key.number).local].number:
                raise ValueError("a page's id field is not its last one")

    def _shared(self) -> Shared:
        fonts = self.pdf.Root.AcroForm.DR.Font
        texts = [field for field in self.pdf.Root.AcroForm.Fields if isinstance(field.AP.N, pikepdf.Stream)]
        boxes = [
            field for field in self.pdf.Root.AcroForm.Fields if not isinstance(field.AP.N, pikepdf.Stream)
        ]
        return Shared(
            font=_number(fonts[f"/{FONT}"]),
            helvetica=_number(fonts["/Helv"]),
            resources=_number(texts[0].AP.N.Resources),
            on=_number(boxes[0].AP.N[f"/{ON}"]),
            off=_number(boxes[0].AP.N.Off),
        )

    def _scopes(self, document: pikepdf.Object) -> dict[str, int]:
        """Numbers of the attribute objects that give a header cell its scope."""
        found: dict[str, int] = {}
        waiting = list(document.K)
        while waiting and len(found) < 2:
            element = waiting.pop()
            if element.S == pikepdf.Name.TH:
                found.setdefault(str(element.A.Scope).lstrip("/"), _number(element.A))
            kids = element.get("/K")
            if isinstance(kids, pikepdf.Array):
                waiting += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        return found


def _pairs(numbers: Sequence[pikepdf.Object]) -> Iterator[tuple[int, bytes]]:
    for key, value in zip(numbers[::2], numbers[1::2], strict=True):
        yield int(key), (value.unparse() if isinstance(value, pikepdf.Object) else str(value).encode("ascii"))
