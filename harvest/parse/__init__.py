"""What can be read out of a partner's text: shown beside it, never instead of it. Pure.

Everything here would rather find nothing than something wrong: what is ambiguous or impossible is left out, and no
digit appears in a result that does not stand in the text.
"""

from harvest.parse.age import STALE_AFTER, Freshness, freshness, months_between
from harvest.parse.dates import Precision, SaidDate, confirmed_in, only_signed, signed_by
from harvest.parse.entry import Columns, ParsedEntry, said_in
from harvest.parse.languages import languages_in
from harvest.parse.phones import Phone, PhoneKind, national_numbers_in, phones_in, without_numbers
from harvest.parse.places import Place, places_in
from harvest.parse.web import emails_in, websites_in

__all__ = [
    "STALE_AFTER",
    "Columns",
    "Freshness",
    "ParsedEntry",
    "Phone",
    "PhoneKind",
    "Place",
    "Precision",
    "SaidDate",
    "confirmed_in",
    "emails_in",
    "freshness",
    "languages_in",
    "months_between",
    "national_numbers_in",
    "only_signed",
    "phones_in",
    "places_in",
    "said_in",
    "signed_by",
    "websites_in",
    "without_numbers",
]
