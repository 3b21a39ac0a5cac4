"""Which sections of a page keep somebody safe: they are never folded on the page and never cut from its leaflet.

Pure. This is the one rule for both. It leans to too much: a section that is shown in vain costs a few lines.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.html import strip_tags

# Of the headings that every page of a kind has (HEADINGS of content/publishing/check.py) these are "Risks", "When we would
# not do it or would wait" and "When to see a pharmacist, GP or dermatologist". "What may help" is about treatments.
_HEADING = re.compile(
    r"\b(?:risks?|when|wait|would not do|urgent|normal|signs?|isotretinoin|(?<!may )(?<!not )help)\b",
    re.IGNORECASE,
)
# Whatever the heading: whom to call now, and the medicines that somebody who is pregnant takes no more, or does not use.
_ALARM = re.compile(r"\b(?:999|111|take no more|stop taking|do not use)\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def keeps_safe(heading: str, html: str) -> bool:
    """Whether this section must stand before every reader. `html` is all its text."""
    return bool(_HEADING.search(heading) or _ALARM.search(strip_tags(html)))
