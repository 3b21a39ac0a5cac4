"""A link to a draft: good for a day, for anyone who has it, and out of every log and index."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from clinic.logs import mask
from content.publishing import shared_previews, verbs
from content.publishing.edit import Edit
from tests.publishing import desk, documents
from tests.publishing.desk import html, words
from tests.publishing.documents import DAY, NOW

pytestmark = pytest.mark.once


def link(client: Client, page: Any, **typed: Any) -> str:
    """Press the button, and read the link."""
    shown = client.get(desk.press(client, page, "share", **typed)["Location"])
    found: list[str] = re.findall(r'class="shared" href="http://testserver(/preview/[^"]+)"', html(shown))
    return found[0]


def test_somebody_without_an_account_sees_the_draft_and_that_it_is_one(ed: Client) -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Hats")
    response = Client().get(link(ed, page))
    assert "Hats</h1>" in html(response)
    assert "Draft, not published. Whoever has this link can see it until Tuesday 1 December at 9am." in words(
        response
    )
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert not response.cookies
    assert documents.told(page)[-1] == "share"


def test_it_shows_that_version_whatever_is_saved_later(ed: Client) -> None:
    page = documents.draft()
    url = link(ed, page, title="As shared")
    documents.saved(page, number=2, title="Later")
    assert "As shared</h1>" in html(Client().get(url))


def test_it_ends_after_a_day(ed: Client) -> None:
    url = link(ed, documents.draft())
    with time_machine.travel(NOW + DAY - timedelta(seconds=1), tick=False):
        assert Client().get(url).status_code == 200
    with time_machine.travel(NOW + DAY, tick=False):
        response = Client().get(url)
    assert response.status_code == 404
    assert "This preview has ended" in words(response)


def test_it_ends_with_its_page_and_its_draft(ed: Client) -> None:
    gone, discarded = documents.draft(slug="gone"), documents.live()
    documents.saved(discarded, number=1, title="Hats")
    first, second = link(ed, gone), link(ed, discarded)
    verbs.remove(gone, Edit(documents.as_ed(), NOW))
    verbs.discard(discarded, Edit(documents.as_ed(), NOW, 2))
    for url in (first, second):
        assert Client().get(url).status_code == 404


def test_once_readers_have_it_it_leads_to_the_page(ed: Client) -> None:
    page = documents.draft()
    url = link(ed, page)
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    assert Client().get(url)["Location"] == "/articles/sun/"


def test_nobody_can_make_one_up(ed: Client) -> None:
    page = documents.draft()
    good = shared_previews.token(page.versions.get(), NOW)
    forged = signing.dumps([page.versions.get().pk, 9_999_999_999], salt="another")
    for token in (good[:-1], good + "x", good.upper(), forged, "x", "%00", "é", "a" * 5000, "1:2:3"):
        assert Client().get(f"/preview/{token}/").status_code in (400, 404), token
    assert Client().post(f"/preview/{good}/").status_code == 405
    assert Client().get("/preview/").status_code == 404


def test_what_a_mail_program_adds_at_its_ends_is_forgiven(ed: Client) -> None:
    url = link(ed, documents.draft())
    bare = url.removesuffix("/")
    for wrapped in (
        bare,
        f"{url}.",
        f"{bare}.",
        f"{url})",
        f"{bare}%3E",
        f"{url}=20",
        f"{url}%20",
        f"{bare}%C2%A0",
    ):
        assert Client().get(wrapped).status_code == 200, wrapped


def test_every_link_that_opens_nothing_says_whom_to_ask(ed: Client) -> None:
    for path in ("", "x", "x/", "a/b/", "%0A", "é/", "A" * 3000, "1:2:" + "A" * 43):
        response = Client().get(f"/preview/{path}")
        assert response.status_code == 404
        assert "Ask whoever sent it to you for a new one" in words(response), path


def test_its_token_reaches_no_log(ed: Client) -> None:
    url = link(ed, documents.draft())
    assert mask(f"GET {url} 200") == "GET /preview/[token] 200"


def test_one_network_opens_so_many_in_an_hour(ed: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.limits.SHARED_PREVIEWS_PER_NETWORK_HOUR", 2)
    url = link(ed, documents.draft())
    office = [Client().get(url, REMOTE_ADDR="192.0.2.7").status_code for _ in range(3)]
    assert office == [200, 200, 429]
    assert Client().get(url, REMOTE_ADDR="192.0.2.8")["Retry-After"]
    assert Client().get(url, REMOTE_ADDR="198.51.100.7").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert Client().get(url, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_link_that_has_ended_uses_nothing_up(ed: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.limits.SHARED_PREVIEWS_PER_NETWORK_HOUR", 1)
    assert [Client().get("/preview/x/").status_code for _ in range(3)] == [404, 404, 404]
    assert Client().get(link(ed, documents.draft())).status_code == 200


def test_a_link_that_is_out_opens_after_an_update(ed: Client) -> None:
    """Links are signed under this name, whatever the module is called."""
    page = documents.draft()
    version = page.versions.get()
    until = int((NOW + DAY).timestamp())
    out = signing.dumps([version.pk, until], salt="content.publishing.shared")
    assert shared_previews.opened(out, NOW) is not None
