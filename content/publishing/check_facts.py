"""What an editor should mend before a treatment, a cell or an example plan goes live: as content.publishing.check for pages.

Pure but for `site`. Their texts are plain: they hold no Markdown, so what looks like a link prints as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from content import limits
from content.models import Concern, Source, Suitability, Treatment
from content.publishing import check
from content.publishing.check import Problem
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot
from content.text import reading_age

Facts = CellSnapshot | TreatmentSnapshot | PlanSnapshot
# Fields that hold a code and not words.
_CODES = ("reason_code", "evidence", "pigment_risk", "adds_to", "hold_in_pregnancy", "checked_by")
_LINK = re.compile(r"\[[^\]\n]*\]\([^)\n]*\)|\bhttps?://\S+|<[a-z/][^>\n]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """What else there is: codes, and the names that a text cannot do without, however long they are."""

    sources: frozenset[str] = frozenset()
    treatments: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


def site() -> Site:
    """As it is now. Three statements."""
    treatments = dict(Treatment.objects.values_list("code", "name"))
    return Site(
        sources=frozenset(Source.objects.values_list("code", flat=True)),
        treatments=frozenset(treatments),
        names=(*treatments.values(), *Concern.objects.values_list("name", flat=True)),
    )


def problems(snapshot: Facts, site: Site) -> list[Problem]:
    """What blocks first, then as the form's fields follow each other. The same problem in the same words comes once."""
    texts = list(_texts(snapshot))
    found = [
        *_missing(snapshot),
        *check.claims_in(texts),
        *_plain(texts),
        *_long(texts),
        *_hard(texts, site),
        *_rows(snapshot, site),
    ]
    order = [field.name for field in fields(snapshot)]
    return sorted(dict.fromkeys(found), key=lambda each: (not each.blocks, order.index(each.field)))


def _texts(snapshot: Facts) -> Iterator[tuple[str, str]]:
    """Every text that a reader meets, with its field."""
    for field in fields(snapshot):
        value = getattr(snapshot, field.name)
        if isinstance(value, str) and field.name not in _CODES:
            yield field.name, value
        elif field.name in ("recovery", "lines"):
            # The code of a plan's line is no text.
            first = 1 if field.name == "lines" else 0
            yield from ((field.name, part) for row in value for part in row[first:] if isinstance(part, str))


def _missing(snapshot: Facts) -> Iterator[Problem]:
    needed = {
        CellSnapshot: ("reason",),
        TreatmentSnapshot: ("name", "short", "how", "evidence", "evidence_words"),
        PlanSnapshot: ("title", "for_whom"),
    }
    for name in needed[type(snapshot)]:
        if not getattr(snapshot, name).strip():
            yield Problem("missing", True, "This is empty, and readers look for it.", name)
    if isinstance(snapshot, PlanSnapshot) and not snapshot.lines:
        yield Problem(
            "lines_missing", False, "The plan has no treatments, so readers do not see it.", "lines"
        )


def _plain(texts: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    for name, text in texts:
        for match in _LINK.finditer(text):
            message = "No link and no markup work here: readers would see it as it stands. Take it out."
            yield Problem("link_inside", True, message, name, match[0])


def _long(texts: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    for name, text in texts:
        most = (
            limits.FACT_TEXT_CHARACTERS if name in ("reason", "note", "how") else limits.FACT_LINE_CHARACTERS
        )
        if len(text) > most:
            message = f"This has {len(text)} letters. Readers meet it in a list: {most} are enough."
            yield Problem("long", False, message, name, f"{text[:60]} ...")


def _hard(texts: Sequence[tuple[str, str]], site: Site) -> Iterator[Problem]:
    for name, text in texts:
        found = reading_age.measure(text, site.names)
        if found.words >= limits.READING_AGE_WORDS_OF_A_FACT and found.age > limits.READING_AGE_WARNS:
            hard = (
                f" Look for shorter words than {', '.join(found.hard_words[:3])}." if found.hard_words else ""
            )
            message = f"This suits readers of {found.age:.0f} years. Write for 9 to 11.{hard}"
            yield Problem("reading_age", False, message, name)


def _rows(snapshot: Facts, site: Site) -> Iterator[Problem]:
    if isinstance(snapshot, PlanSnapshot):
        return
    known = [code for code in snapshot.sources if code in site.sources]
    if not known:
        # What is not suggested may be our own judgement, which no study has looked at. The reason says so.
        judged = isinstance(snapshot, CellSnapshot) and snapshot.score == Suitability.Score.NOT_SUGGESTED
        message = "There is no source. Tick where this comes from."
        yield Problem("sources_missing", not judged, message, "sources")
    for code in snapshot.sources:
        if code not in known:
            message = "This source is gone from the list of sources, so it is left out. Tick another."
            yield Problem("source_gone", False, message, "sources", code)
    if (
        isinstance(snapshot, TreatmentSnapshot)
        and snapshot.adds_to
        and snapshot.adds_to not in site.treatments
    ):
        message = "There is no treatment of this code any more. Correct it, or leave it empty."
        yield Problem("treatment_gone", True, message, "adds_to", snapshot.adds_to)
