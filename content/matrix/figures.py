"""The few words of a fact by which people compare: how many visits, how long a recovery, how good the studies. Pure.

They come out of the words that editors wrote, so that an edit shows at once and nothing is said that nobody has written.
What is open at its end stays so: "or more", "or longer". Where the words name no number their first part stands for them.
The whole words always stand near, and what is sorted by a figure is sorted by the one that is shown.
"""

from __future__ import annotations

import re

from content import prices
from content.display import costs
from content.display import visits as counts
from content.models import Treatment

NOTHING = "None"
# What makes a recovery one that may take longer.
_LONGER = re.compile(r"\blonger\b", re.IGNORECASE)
_NO_TIME = re.compile(r"\A(?:none|no time off)\b", re.IGNORECASE)
# "3 to 4 days", "about a week", "up to 2 weeks"; and without a number "hours", "hours to days".
_TIME = re.compile(
    r"(?P<how>\b(?:up to|about) )?\b(?P<first>\d+|an?)(?: to (?P<last>\d+))? (?P<unit>hour|day|week|month|year)s?\b"
    r"|\b(?:(?P<from>hours|days|weeks|months) to )?(?P<many>hours|days|weeks|months)\b",
    re.IGNORECASE,
)
_LASTS = {"hour": 0.0, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
_STUDIES = {
    Treatment.Evidence.TRIALS: "Trials",
    Treatment.Evidence.CONTROLLED: "Some studies",
    Treatment.Evidence.EXPERT: "Weak",
    Treatment.Evidence.NONE: "None found",
}


def visits(words: str) -> str:
    """ "3 to 4", "3 or more", "No agreed number"; nothing for no words."""
    said = counts.said(words)
    if said is None:
        return _first_part(words)
    least, most = said
    if not most:
        return NOTHING
    if least != most:
        return f"{least} to {most}{', or more' if counts.may_be_more(words) else ''}"
    return f"{least} or more" if counts.may_be_more(words) else f"{least}"


def recovery(words: str) -> str:
    """The longest time that the words name: "1 to 3 days", "Up to 6 weeks, or longer"; nothing for no words."""
    if _NO_TIME.match(words):
        return NOTHING
    times = list(_TIME.finditer(words))
    if not times:
        return _first_part(words)
    longest = max(times, key=_length)[0]
    return longest[0].upper() + longest[1:] + (", or longer" if _LONGER.search(words) else "")


def names_a_time(words: str) -> bool:
    """Whether the words of a recovery say how long it is, or that it is nothing."""
    return bool(_NO_TIME.match(words) or _TIME.search(words))


def studies(evidence: str) -> str:
    """What kind of studies there are, in a word or two. How sure they are is in the treatment's `evidence_words`."""
    return _STUDIES.get(Treatment.Evidence(evidence), "") if evidence in Treatment.Evidence.values else ""


def course(treatment: Treatment, currency: str) -> str:
    """What a whole course comes to: "about £1,860 to £3,360 for 3 to 4 visits". Else what it depends on."""
    if treatment.price_from is None:
        return "Please ask us"
    if not prices.is_per_visit(treatment.cost_basis):
        return f"Depends on how many {prices.unit(treatment.cost_basis)}s"
    least, most = counts.said(treatment.sessions) or (0, 0)
    if most == 1:
        return "The same, if one visit is enough"
    span = costs.span_of_course(treatment)
    if span is None:
        return "Not known: no agreed number of visits"
    more = ", and more if it takes more" if counts.may_be_more(treatment.sessions) else ""
    visited = prices.counted(least, most, treatment.cost_basis)
    return f"About {span.words(currency)} for {visited}{more}"


def _length(found: re.Match[str]) -> float:
    if found["many"]:
        # More than one of them, so it outlasts a single one and no number of the same.
        return 1.5 * _LASTS[found["many"].casefold().removesuffix("s")]
    number = found["last"] or found["first"]
    return (int(number) if number.isdigit() else 1) * _LASTS[found["unit"].casefold()]


def _first_part(words: str) -> str:
    return re.split(r"[.;] ", words, maxsplit=1)[0]
