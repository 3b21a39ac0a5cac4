"""How a page is named elsewhere: its one address, and the card that other sites draw of it."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from content.models import Page
from content.pictures import drawings
from tests.content.html import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SITE = "https://clinic.example"


@pytest.fixture(autouse=True)
def site_url(settings: Settings) -> None:
    settings.SITE_URL = SITE


def tags(client: Client, path: str) -> dict[str, str]:
    """What the head says: canonical, and each og: and twitter: tag by its name. None comes twice."""
    tree = parsed(client.get(path).content.decode())
    found = [("canonical", e.get("href") or "") for e in tree.iter("link") if e.get("rel") == "canonical"]
    for e in tree.iter("meta"):
        name = e.get("property") or e.get("name") or ""
        if name.startswith(("og:", "twitter:")):
            found.append((name, e.get("content") or ""))
    assert len(found) == len(dict(found)), path
    return dict(found)


def test_a_page_has_one_address_and_a_card(
    shipped: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "og_url", lambda name: f"/static/drawings/og-{name}.png")
    page = Page.objects.get(slug="ice-pick")
    assert tags(client, "/concerns/ice-pick/?utm_source=x") == {
        "canonical": f"{SITE}/concerns/ice-pick/",
        "og:type": "website",
        "og:site_name": "Alder Row Skin Clinic",
        "og:locale": "en_GB",
        "og:title": page.title,
        "og:description": page.summary,
        "og:url": f"{SITE}/concerns/ice-pick/",
        "og:image": f"{SITE}/static/drawings/og-ice-pick.png",
        "twitter:card": "summary_large_image",
        "twitter:image": f"{SITE}/static/drawings/og-ice-pick.png",
        "twitter:title": page.title,
        "twitter:description": page.summary,
    }


def test_without_a_picture_no_tag_promises_one(
    shipped: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "og_url", lambda name: "")
    told = tags(client, "/concerns/ice-pick/")
    assert told["twitter:card"] == "summary"
    assert not [name for name in told if name.endswith("image")]


def test_where_nobody_drew_a_picture_the_sites_own_stands() -> None:
    assert drawings.og_url("no-such-thing") == drawings.og_url() != ""


@pytest.mark.parametrize(
    "path", ["/", "/concerns/", "/treatments/", "/costs/", "/team/", "/articles/", "/privacy/"]
)
def test_every_kind_of_page_has_them(shipped: None, client: Client, path: str) -> None:
    told = tags(client, path)
    assert told["canonical"] == told["og:url"] == SITE + path
    assert told["og:title"] and told["og:description"]


def test_a_title_with_quotes_stays_inside_its_tag(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(title='"> <script>')
    assert tags(client, "/concerns/milia/")["og:title"] == '"> <script>'


def test_a_request_has_no_card_and_no_canonical_address(shipped: None, client: Client) -> None:
    assert tags(client, "/consultations/times/") == {}
