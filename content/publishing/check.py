"""What an editor should mend before a page goes live, each problem with its place and what to do.

Pure but for `site`: what a page says and what there is go in, problems come out. Somebody who gives a reason may publish
all the same; that is for the workflow to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import NoReverseMatch
from django.utils.formats import date_format

from content import limits
from content.models import Concern, FormerSlug, Page, Person, Picture, Source, Treatment
from content.models.page import MEDICAL_KINDS
from content.pictures import drawings
from content.publishing import link_check
from content.publishing.link_check import Place
from content.publishing.snapshots import PageSnapshot
from content.text import forbidden_words, markdown, outline, reading_age

# As the form shows them.
FIELDS = (
    *("kind", "slug", "title", "menu_title", "tell", "summary", "at_a_glance", "body"),
    *("drawing", "drawing_alt", "caption", "concerns", "treatments"),
    *("written_by", "checked_by", "checked_on", "review_due", "sources"),
)
_WITH_SOURCES = (*MEDICAL_KINDS, Page.Kind.ARTICLE)
# What a reader of such a page looks for. Other headings may stand between them.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    Page.Kind.CONCERN: (
        "What it looks and feels like",
        "Why it happens",
        "Will it fade?",
        "What may help",
        "What does not help",
        "When to see a pharmacist, GP or dermatologist",
        "What to do next",
    ),
    Page.Kind.TREATMENT: (
        "Risks",
        "When we would not do it or would wait",
        "Who it fits",
        "How it is done, and how many sessions",
        "Recovery",
        "What it may cost",
        "Questions to ask us",
        "What to do next",
    ),
}


@dataclass(frozen=True)
class Problem:
    """`code` names the kind of problem, `field` the field of the form to go to, `excerpt` the words that are meant."""

    code: str
    blocks: bool
    message: str
    field: str
    excerpt: str = ""


@dataclass(frozen=True)
class Site:
    """What there is besides the page: the pages by address, where former addresses lead, drawings, codes, and the day.

    `names` are those of concerns and treatments: words that a page cannot do without, however long they are.
    """

    today: date
    places: Mapping[str, Place] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    drawings: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    treatments: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


def site(today: date) -> Site:
    """As it is now. `today` is the clinic's day. Seven statements."""
    concerns, treatments = (
        dict(model._default_manager.values_list("code", "name")) for model in (Concern, Treatment)
    )
    pages = Page.objects.only("kind", "slug", "body", "is_published")
    return Site(
        today=today,
        places={page.get_absolute_url(): link_check.place(page) for page in pages},
        former={
            Page(kind=row.kind, slug=row.slug).get_absolute_url(): row.page.get_absolute_url()
            for row in FormerSlug.objects.select_related("page")
        },
        drawings=drawings.names(),
        concerns=frozenset(concerns),
        treatments=frozenset(treatments),
        sources=frozenset(Source.objects.values_list("code", flat=True)),
        people=frozenset(Person.objects.values_list("slug", flat=True)),
        pictures=frozenset(Picture.objects.values_list("name", flat=True)),
        names=(*concerns.values(), *treatments.values()),
    )


def problems(snapshot: PageSnapshot, site: Site) -> list[Problem]:
    """What blocks first, then as the form's fields follow each other. The same problem in the same words comes once."""
    found = [
        *_summary(snapshot),
        *_glance(snapshot),
        *_body(snapshot, site),
        *_reading(snapshot, site),
        *_links(snapshot, site),
        *_claims(snapshot),
        *_drawing(snapshot, site),
        *_rows(snapshot, site),
        *_checked(snapshot, site),
        *_sources(snapshot, site),
    ]
    return sorted(dict.fromkeys(found), key=lambda each: (not each.blocks, FIELDS.index(each.field)))


def _summary(page: PageSnapshot) -> Iterator[Problem]:
    if not page.summary.strip():
        yield Problem(
            "summary_missing",
            True,
            "There is no summary. Write one sentence: it opens the page and shows in search results.",
            "summary",
        )
        return
    sentences = re.split(r"(?<=[.!?])[\"”’)]*\s+(?=[A-Z“\"'(])", page.summary.strip())
    # The home page opens with a welcome, not with sentences about a subject.
    if len(sentences) > 2 and page.kind != Page.Kind.HOME:
        yield Problem(
            "summary_long",
            False,
            f"The summary has {len(sentences)} sentences. Keep two, and move the rest to the text.",
            "summary",
            sentences[2],
        )


def _glance(page: PageSnapshot) -> Iterator[Problem]:
    if page.kind == Page.Kind.CONCERN and not page.at_a_glance:
        yield Problem(
            "glance_missing",
            False,
            "The panel “At a glance” is empty. Give three to five facts, one a line.",
            "at_a_glance",
        )


WRONG_COUNT = (
    "This draws 100 people, and cannot be read. Write {{ of-100 65 | people out of 100 had … }}: a whole number from 0 to "
    "100, or two such as 60-65 with the smaller one first, or 43+25 for 25 more in a lighter tint; then a stroke, and what "
    "these people have in common."
)
_INSIDE = re.compile(r"\{\{[^}\n]*\}\}")


def _body(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    for name in markdown.unknown_slots(page.body):
        message = f"Nothing prints here. Known are: {', '.join(markdown.KNOWN)}."
        yield Problem("slot_unknown", True, message, "body", f"{{{{ {name} }}}}")
    for line in outline.lines(page.body):
        if inside := _INSIDE.search(line):
            message = (
                "This stands inside a line, so readers would see it as it is. Give it a line of its own."
            )
            yield Problem("slot_inside", True, message, "body", inside[0])
    for name in markdown.pictures(page.body):
        if name not in site.pictures:
            message = "There is no picture of that name, so nothing prints here. Correct it, or upload one."
            yield Problem("picture_unknown", True, message, "body", f"{{{{ picture {name} }}}}")
    for name in markdown.wrong_counts(page.body):
        yield Problem("count_wrong", True, WRONG_COUNT, "body", f"{{{{ {name} }}}}")
    for name in markdown.in_tones(page.body):
        if name not in site.drawings:
            message = "There is no drawing of that name, so nothing prints here. Correct it."
            yield Problem("tones_unknown", True, message, "body", f"{{{{ tones {name} }}}}")
    for code in markdown.cited(page.body):
        if code not in site.sources:
            message = (
                "There is no source of this code, so readers would see no note here. "
                "Correct it, or add the source to the list of sources first."
            )
            yield Problem("note_unknown", True, message, "body", f"[^{code}]")
    yield from _headings(page)


def _headings(page: PageSnapshot) -> Iterator[Problem]:
    for words in outline.nested_headings(page.body):
        message = (
            "This heading stands inside a quotation or a list, so the page cannot be divided there. "
            "Move it out, or make the words bold."
        )
        yield Problem("heading_nested", True, message, "body", words)
    for words in outline.noted_headings(page.body):
        message = "A heading has no room for a note. Move it behind the sentence that rests on the source."
        yield Problem("heading_noted", True, message, "body", words)
    there = {_folded(heading) for heading in outline.headings(page.body)}
    missing = [heading for heading in HEADINGS.get(page.kind, ()) if _folded(heading) not in there]
    if missing:
        many = "These headings are" if len(missing) > 1 else "This heading is"
        message = f"{many} missing. Readers look for the same ones on every page of this kind."
        yield Problem("headings_missing", False, message, "body", " · ".join(missing))


def _reading(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    found = reading_age.measure(page.body, site.names)
    if found.words < limits.READING_AGE_WORDS or found.age <= limits.READING_AGE_WARNS:
        return
    hard = f" Look for shorter words than {', '.join(found.hard_words[:5])}." if found.hard_words else ""
    long = f" {len(found.long_sentences)} sentences are long: split them." if found.long_sentences else ""
    message = f"This text suits readers of {found.age:.0f} years. Write for 9 to 11.{long}{hard}"
    excerpt = found.long_sentences[0] if found.long_sentences else ""
    yield Problem("reading_age", found.age > limits.READING_AGE_BLOCKS, message, "body", excerpt)


def _links(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    own = _address(page)
    places = {**site.places, own: Place(page.body, True, link_check.prints_more(page.kind, page.slug))}
    for link in outline.links(page.body):
        if link.kind == "picture":
            message = (
                "Nothing prints here: a picture of another site or file is never shown. "
                "Upload it under Pictures, and write {{ picture name }} on a line of its own."
            )
            yield Problem("picture_markdown", True, message, "body", f"![{link.words}]({link.target})")
            continue
        fault = link_check.fault(link.target, own, places, site.former)
        if fault:
            yield Problem(fault.code, fault.blocks, fault.message, "body", f"[{link.words}]({link.target})")


def _address(page: PageSnapshot) -> str:
    """Where the page will be, or an empty text while its slug makes no address."""
    try:
        return Page(kind=page.kind, slug=page.slug).get_absolute_url()
    except NoReverseMatch:
        return ""


def _claims(page: PageSnapshot) -> Iterator[Problem]:
    return claims_in(list(_texts(page)))


def claims_in(texts: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """What should not be said in these paragraphs, each with its field, and shares of people that are hard to picture."""
    whole = "\n".join(text for _, text in texts)
    for name, text in texts:
        for one in forbidden_words.found(text, whole):
            message = f"“{one.words}”: {one.claim.why} {one.claim.instead}"
            yield Problem(f"claim_{one.claim.code}", one.claim.blocks, message, name, one.excerpt)
        for match in _PERCENT.finditer(text):
            message = f"Many people find “{match[0]}” hard to picture. Write {_in_ten(match[1])}."
            yield Problem("percent", False, message, name, forbidden_words.excerpt(text, match))


# The strength of an acid or a cream is no share of people.
_PERCENT = re.compile(
    r"\b(\d+(?:\.\d+)?) ?(?:%|per ?cent\b)(?! (?:\w+ )?(?:acid|cream|gel|lotion|solution|off)\b)",
    re.IGNORECASE,
)


def _in_ten(percent: str) -> str:
    """'30' as “3 in 10”, '25' as “25 in 100” or, where that is simple, “1 in 4”."""
    simple = {25.0: "1 in 4", 75.0: "3 in 4", 100.0: "all", 0.0: "none"}
    number = float(percent)
    if number in simple:
        return f"“{simple[number]}”"
    if number % 10 == 0 and number < 100:
        return f"“{int(number) // 10} in 10”"
    return (
        f"“{percent} in 100”" if number.is_integer() and number < 100 else "it as people out of 10 or of 100"
    )


def _texts(page: PageSnapshot) -> Iterator[tuple[str, str]]:
    """Every paragraph that a reader meets, with its field."""
    yield from (
        (name, getattr(page, name))
        for name in ("title", "menu_title", "tell", "summary", "drawing_alt", "caption")
    )
    yield from (("at_a_glance", text) for pair in page.at_a_glance for text in pair)
    yield from (("body", line) for line in outline.lines(page.body))


def _drawing(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    if not page.drawing:
        return
    if page.drawing not in site.drawings:
        yield Problem(
            "drawing_unknown",
            True,
            "There is no drawing of that name. Correct it, or leave it empty.",
            "drawing",
            page.drawing,
        )
    # On a duty page without a caption the drawing is only a tile's ornament.
    if not page.drawing_alt.strip() and (page.kind != Page.Kind.DUTY or page.caption):
        yield Problem(
            "drawing_alt_missing",
            True,
            "The drawing has no alternative text, so the page leaves it out. Say in words what it shows.",
            "drawing_alt",
        )


def _rows(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    for name, known in (("concerns", site.concerns), ("treatments", site.treatments)):
        for code in getattr(page, name):
            if code not in known:
                message = (
                    f"This row is gone from the list of {name}, so the page would lose it without a word. "
                    "See which are ticked now, and save the page again."
                )
                yield Problem("row_gone", True, message, name, code)


def _checked(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    if page.kind in MEDICAL_KINDS and page.checked_by not in site.people:
        yield Problem(
            "reviewer_missing",
            True,
            "Nobody has checked this page. A page about a concern or a treatment needs the name of a clinician.",
            "checked_by",
        )
    if page.review_due is None:
        yield Problem(
            "review_missing", False, "Nobody is due to check this page again. Give a day.", "review_due"
        )
    elif page.review_due < site.today:
        yield Problem(
            "review_past",
            False,
            f"It was to be checked again by {date_format(page.review_due, 'j F Y')}. "
            "Have it checked, and give the next day.",
            "review_due",
        )


def _sources(page: PageSnapshot, site: Site) -> Iterator[Problem]:
    known = [code for code in page.sources if code in site.sources]
    cited = site.sources.intersection(markdown.cited(page.body))
    if page.kind in _WITH_SOURCES and not (known or cited):
        yield Problem(
            "sources_missing",
            True,
            "There is no source. Write where a sentence comes from behind it, for example [^NHSA], "
            "or tick what the page leans on as a whole.",
            "sources",
        )
    for code in page.sources:
        if code not in known:
            message = "This source is gone from the list of sources, so the page leaves it out. Tick another."
            yield Problem("source_gone", False, message, "sources", code)


def _folded(heading: str) -> str:
    return re.sub(r"\W+", " ", heading).strip().casefold()
