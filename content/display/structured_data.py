"""What pages say to machines, as JSON-LD in the words of schema.org. Pure: rows in, dictionaries out.

It repeats what readers see and adds nothing: no prices, no ratings, and nobody's opinion of the clinic.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from clinic.foundation import when
from content.models import Cited, ClinicProfile, Page, Person, Treatment

Node = dict[str, Any]
# What this site is made for, as schema.org names it.
SPECIALTY = "https://schema.org/Dermatology"
# Inside a script element nothing may look like markup, and two line ends of Unicode are none in JSON but were in scripts.
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def script(nodes: Sequence[Node]) -> SafeString:
    """The nodes as the text of one `application/ld+json` element; nothing in it can end the element."""
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    return SafeString(json.dumps(graph, ensure_ascii=False).translate(_ESCAPES))


def clinic(profile: ClinicProfile, site: str, *, full: bool = False) -> Node:
    """The clinic. `full` is for its front door; other pages only name it. `site` is the address of the site."""
    node: Node = {"@type": "MedicalClinic", "@id": f"{site}/#clinic", "name": profile.name, "url": f"{site}/"}
    if not full:
        return node
    node |= {
        "alternateName": profile.short_name,
        "currenciesAccepted": profile.currency,
        "medicalSpecialty": SPECIALTY,
    }
    node |= {
        name: value
        for name, value in (
            ("telephone", profile.phone),
            ("email", profile.email),
            ("address", _address(profile)),
        )
        if value
    }
    hours = [] if profile._state.adding else profile.opening_hours.all()
    if hours:
        node["openingHoursSpecification"] = [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": when.WEEKDAYS[row.weekday],
                "opens": f"{row.opens:%H:%M}",
                "closes": f"{row.closes:%H:%M}",
            }
            for row in hours
        ]
    return node


def _address(profile: ClinicProfile) -> Node | str:
    """In parts once an editor has filled them, else the lines as one text."""
    if not profile.street:
        return ", ".join(profile.address.split("\n"))
    parts = {
        "streetAddress": ", ".join(profile.street.splitlines()),
        "addressLocality": profile.town,
        "addressRegion": profile.county or profile.get_part_display(),
        "postalCode": profile.postcode,
        "addressCountry": profile.country,
    }
    return {"@type": "PostalAddress"} | {name: value for name, value in parts.items() if value}


def website(profile: ClinicProfile, site: str) -> Node:
    """The site as a whole, for its front door."""
    return {
        "@type": "WebSite",
        "@id": f"{site}/#site",
        "name": profile.name,
        "url": f"{site}/",
        "inLanguage": "en-GB",
        "publisher": {"@id": f"{site}/#clinic"},
    }


def web_page(
    title: str,
    description: str,
    url: str,
    site: str,
    page: Page | None = None,
    about: Sequence[Node] = (),
    sources: Sequence[Cited] = (),
    *,
    invented: bool = False,
    unsigned: bool = False,
) -> Node:
    """The page itself: what it is about, who checked it and when. A text about health is a MedicalWebPage.

    `invented`: the clinic is a demonstration, so whoever checked the page is nobody, and machines are told of no check. Nor
    are they where the page also prints facts that are `unsigned`: they cannot tell these from its text.
    """
    node: Node = {
        "@type": "MedicalWebPage" if page and page.is_about_health else "WebPage",
        "@id": f"{url}#page",
        "url": url,
        "name": title,
        "description": description,
        "inLanguage": "en-GB",
        "publisher": {"@id": f"{site}/#clinic"},
    }
    if about:
        node["about"] = list(about)
    if sources:
        node["citation"] = [citation(row) for row in sources]
    if page:
        node |= _made(page, site, checked=not (invented or unsigned))
    return node


def _made(page: Page, site: str, *, checked: bool) -> Node:
    """Who wrote the page, when its words changed, and, if readers may lean on it, who `checked` it and when."""
    node: Node = {"dateModified": page.updated_at.isoformat()}
    if page.is_about_health:
        node["specialty"] = SPECIALTY
    if page.written_by:
        node["author"] = {"@type": "Organization", "name": page.written_by, "url": f"{site}/"}
    if checked and page.checked_by:
        node["reviewedBy"] = person(page.checked_by, site)
    if checked and page.checked_on:
        node["lastReviewed"] = page.checked_on.isoformat()
    return node


def citation(source: Cited) -> Node:
    """A source that the page leans on, as readers see it at the foot."""
    node: Node = {"@type": "CreativeWork", "name": source.title}
    return node | {"url": source.url} if source.url else node


def person(row: Person, site: str) -> Node:
    """A member of the clinic, with the address of their entry on the page of the team."""
    return {
        "@type": "Person",
        "name": row.name,
        "jobTitle": row.role,
        "url": f"{site}{row.get_absolute_url()}",
    }


def conditions(names: Iterable[str]) -> list[Node]:
    """What a concern page is about."""
    return [{"@type": "MedicalCondition", "name": name} for name in names]


def procedures(treatments: Iterable[Treatment]) -> list[Node]:
    """What a treatment page is about: a procedure if it breaks, heats or changes skin, else a therapy."""
    return [
        {
            "@type": "MedicalProcedure" if row.is_medical_procedure else "MedicalTherapy",
            "name": row.name,
            "howPerformed": row.how,
        }
        for row in treatments
    ]


def questions(faqs: Iterable[tuple[str, str]], url: str) -> list[Node]:
    """(question, answer in HTML) as one FAQPage, or nothing. Answers go out as plain text."""
    entries = [
        {
            "@type": "Question",
            "name": question,
            "acceptedAnswer": {
                "@type": "Answer",
                "text": " ".join(unescape(strip_tags(answer)).split()),
            },
        }
        for question, answer in faqs
    ]
    return (
        [{"@type": "FAQPage", "@id": f"{url}#questions", "url": url, "mainEntity": entries}]
        if entries
        else []
    )


def trail(steps: Mapping[str, str], site: str) -> Node:
    """The way from the front door to the page: names and paths, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": f"{site}{path}"}
            for place, (path, name) in enumerate(steps.items(), 1)
        ],
    }
