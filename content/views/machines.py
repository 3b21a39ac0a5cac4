"""What search engines and feed readers ask for: /sitemap.xml and /articles/feed/."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree import ElementTree

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from content.display import footer
from content.models import ClinicProfile, Page
from content.queries import public
from content.views.frame import absolute

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Lists that are there even before an editor has written a page of theirs. A search has no page of its own to find.
_ROUTES = ("home", "concerns", "treatments", "costs", "team", "guide", "faqs")
# No feed may hold these, however they came into a text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every address that a stranger may find, with the day of its last change where a page has one.

    None for a demonstration: each of its pages asks search engines to leave it out.
    """
    if ClinicProfile.objects.filter(demo=True).exists():
        return _sitemap({})
    changed: dict[str, datetime | None] = {url: None for name in _ROUTES if (url := footer.address(name))}
    pages = public.addresses()
    # One address may have two rows, such as a second hub page that nobody has unpublished: the first is shown.
    for page in reversed(pages):
        changed[page.get_absolute_url()] = page.updated_at
    if any(page.kind == Page.Kind.ARTICLE for page in pages):
        changed[reverse("content:articles")] = max(
            page.updated_at for page in pages if page.kind == Page.Kind.ARTICLE
        )
    return _sitemap(changed)


def _sitemap(changed: Mapping[str, datetime | None]) -> HttpResponse:
    root = ElementTree.Element("urlset", xmlns=_SITEMAP)
    for path, moment in sorted(changed.items()):
        entry = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(entry, "loc").text = absolute(path)
        if moment:
            ElementTree.SubElement(entry, "lastmod").text = moment.isoformat(timespec="seconds")
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="application/xml")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The articles as an Atom feed, the newest first. The address of an article is its name for ever."""
    clinic = ClinicProfile.current()
    written = Atom1Feed(
        title=f"Articles from {clinic.name}",
        link=absolute(reverse("content:articles")),
        feed_url=absolute(reverse("content:feed")),
        description="",
        language="en-GB",
        author_name=clinic.name,
    )
    for page in sorted(public.articles(), key=lambda article: article.updated_at, reverse=True):
        url = absolute(page.get_absolute_url())
        written.add_item(
            title=_xml(page.title),
            link=url,
            unique_id=url,
            # The feed says that this is HTML.
            description=escape(_xml(page.summary)),
            author_name=_xml(page.written_by) or clinic.name,
            updateddate=page.updated_at,
        )
    response = HttpResponse(written.writeString("utf-8"), content_type=f"{written.content_type}")
    if clinic.demo:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _xml(text: str) -> str:
    return _CONTROL.sub("", text)
