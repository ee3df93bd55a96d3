"""What an officer may send about a call, and the same read back into the fields."""

from portal.applications.call.forms.fields import (
    CRITERION,
    INSTANTS,
    JUDGING,
    MONEY,
    MORE_TIME,
    MOST_ROWS,
    NAMES,
    OPENNESS,
    PLACES,
    SPARE_ROWS,
    TIE_WORDS,
    TIES,
    periods,
    required_field,
    tie_choices,
)  # fmt: skip
from portal.applications.call.forms.naming import kept, writing
from portal.applications.call.forms.terms import judged, new_terms, read_terms, terms_of, without_gaps

__all__ = [
    "CRITERION", "INSTANTS", "JUDGING", "MONEY", "MORE_TIME", "MOST_ROWS", "NAMES", "OPENNESS", "PLACES", "SPARE_ROWS",
    "TIES", "TIE_WORDS", "judged", "kept", "new_terms", "periods", "read_terms", "required_field", "terms_of",
    "tie_choices", "without_gaps", "writing",
]  # fmt: skip
