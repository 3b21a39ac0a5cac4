"""While the clinic is invented, search engines must not find it, and machines are told of no reviewer."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from content.models import ClinicProfile, Page, Person

pytestmark = pytest.mark.django_db
NOINDEX = '<meta name="robots" content="noindex">'
LISTS = [
    "/treatments/",
    "/costs/",
    "/faqs/",
    "/team/",
    "/articles/",
    "/guide/",
    "/search/",
    "/consultations/times/",
]


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content.decode())


@pytest.mark.once
def test_every_page_of_a_demonstration_asks_not_to_be_found(shipped: None, client: Client) -> None:
    for path in [*(page.get_absolute_url() for page in Page.objects.published()), *LISTS]:
        assert NOINDEX in body(client, path), path


@pytest.mark.once
def test_no_structured_data_of_a_demonstration_names_a_reviewer(shipped: None, client: Client) -> None:
    for page in Page.objects.published():
        html = body(client, page.get_absolute_url())
        data = html.partition("application/ld+json")[2].partition("</script>")[0]
        assert "Farrow" not in data and "reviewedBy" not in data and "lastReviewed" not in data, page


def test_its_sitemap_names_nothing_and_its_feed_asks_the_same(shipped: None, client: Client) -> None:
    assert "<loc>" not in body(client, "/sitemap.xml")
    assert client.get("/articles/feed/")["X-Robots-Tag"] == "noindex"


@pytest.mark.once
def test_robots_may_come_and_read_that_they_are_not_wanted(shipped: None, client: Client) -> None:
    """A page that robots.txt forbids is never read, so it could not say noindex."""
    told = body(client, "/robots.txt").splitlines()
    assert "Disallow: /" not in told and "Disallow: /concerns/" not in told


def test_a_real_clinic_wants_to_be_found(shipped: None, client: Client) -> None:
    ClinicProfile.objects.update(demo=False)
    for path in ("/", "/concerns/milia/", "/treatments/", "/faqs/", "/urgent-help/"):
        assert NOINDEX not in body(client, path), path
    aftercare = Page.objects.filter(slug="aftercare")
    aftercare.update(checked_by=Person.objects.get(slug="imogen-farrow"), checked_on=date(2026, 11, 16))
    assert "reviewedBy" in body(client, "/articles/aftercare/")
    assert "<loc>" in body(client, "/sitemap.xml")
    assert "X-Robots-Tag" not in client.get("/articles/feed/")
