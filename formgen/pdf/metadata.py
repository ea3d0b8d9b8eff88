"""What the file says of itself: Info, XMP, output intent, outline (PDF/A-3a, PDF/UA-1).

No dates anywhere: a blank has no time of its own, the same input gives the same bytes, and a ModDate
in a return was then written by the partner's program (merge rule 2 goes by it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from formgen.fonts import data
from formgen.layout.items import Bookmark
from formgen.pdf.pdfobjects import Objects, array, ref, stream, text_string

PRODUCER = "formgen"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a blank besides its pages. `language` is a language tag such as `de-DE`."""

    title: str
    subject: str
    edition: str
    language: str


def add_info(objects: Objects, about: About) -> int:
    """The Info dictionary; title and subject equal those in the XMP."""
    return objects.add(
        b"<< /Title %s /Subject %s /Keywords (%s) /Producer (%s) >>"
        % (
            text_string(about.title),
            text_string(about.subject),
            about.edition.encode("ascii"),
            PRODUCER.encode("ascii"),
        )
    )


def add_xmp(objects: Objects, about: About) -> int:
    """The XMP packet, not compressed, so that any tool finds it (PDF/A-1 asked for that)."""
    packet = _XMP.format(
        title=escape(about.title),
        subject=escape(about.subject),
        language=escape(about.language),
        producer=PRODUCER,
        keywords=about.edition,
    ).encode("utf-8")
    return objects.add(stream(b"/Type /Metadata /Subtype /XML", packet))


def add_output_intent(objects: Objects) -> int:
    """SRGB as the meaning of every colour on the pages (ISO 19005-3, 6.2.3)."""
    profile = objects.add_stream(b"/N 3", data("srgb.icc"))
    return objects.add(
        b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)"
        b" /Info (sRGB IEC61966-2.1) /DestOutputProfile %s >>" % ref(profile)
    )


def add_outline(objects: Objects, bookmarks: Sequence[Bookmark], pages: Sequence[int], height: float) -> int:
    """The outline: an entry per section, closed, with one per category below it."""
    root = objects.reserve()
    first = _add_level(objects, bookmarks, root, pages, height)
    return objects.put(
        root,
        b"<< /Type /Outlines /First %s /Last %s /Count %d >>"
        % (ref(first), ref(first + len(bookmarks) - 1), len(bookmarks)),
    )


def _add_level(
    objects: Objects, bookmarks: Sequence[Bookmark], parent: int, pages: Sequence[int], height: float
) -> int:
    first = objects.reserve(len(bookmarks))
    last = first + len(bookmarks) - 1
    for own, bookmark in enumerate(bookmarks, start=first):
        target = array([ref(pages[bookmark.page]), b"/XYZ null %d null" % round(height)])
        body = b"/Title %s /Parent %s /Dest %s" % (text_string(bookmark.title), ref(parent), target)
        if own > first:
            body += b" /Prev " + ref(own - 1)
        if own < last:
            body += b" /Next " + ref(own + 1)
        if bookmark.children:
            kid = _add_level(objects, bookmark.children, own, pages, height)
            count = len(bookmark.children)
            body += b" /First %s /Last %s /Count -%d" % (ref(kid), ref(kid + count - 1), count)
        objects.put(own, b"<< " + body + b" >>")
    return first
