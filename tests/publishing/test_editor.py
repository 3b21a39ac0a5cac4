"""Ed's page in the admin, without JavaScript: what he types, which buttons there are, and what each leads to."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from content.models import Page, PageEvent
from content.publishing import snapshots, verbs
from content.publishing.edit import Edit
from tests import work
from tests.content.html import errors, filled
from tests.publishing import desk, documents
from tests.publishing.desk import html, words
from tests.publishing.documents import HOUR, NOW

pytestmark = pytest.mark.once


def test_a_new_page_begins_as_a_draft(ed: Client) -> None:
    url = reverse("admin:content_page_add")
    typed = {"title": "Sun and scars", "menu_title": "Sun", "slug": "sun", "body": "Wear a hat."}
    response = ed.post(url, filled(ed, url) | typed | {"do": "save", "note": "First words"})
    page = Page.objects.get()
    assert "Sun is there as a draft. Nobody can open it yet." in desk.message(ed, response)
    assert (page.is_published, page.live, page.versions.get().note) == (False, None, "First words")
    assert ed.get("/articles/sun/").status_code == 404


def test_what_a_new_page_lacks_is_named(ed: Client) -> None:
    documents.draft()
    url = reverse("admin:content_page_add")
    blank = filled(ed, url)
    assert errors(html(ed.post(url, blank))).count("This field is required.") == 1
    taken = blank | {"title": "Sun", "menu_title": "Sun", "slug": "sun", "body": "Kept words."}
    response = ed.post(url, taken)
    assert "Another page of this kind has this address." in errors(html(response))
    assert "Kept words.</textarea>" in html(response)


def test_save_publish_and_look(ed: Client) -> None:
    page = documents.live()
    assert "Live: version 1, published by Ed Moss, Mon 30 Nov 09:00" in words(ed.get(desk.page_of(page)))
    told = desk.message(ed, desk.press(ed, page, "save", title="Hats", note="Shorter"))
    assert "Saved as version 2." in told
    assert "Draft: version 2 by Ed Moss, Mon 30 Nov 09:00: Shorter" in told
    assert "Sun and scars</h1>" in html(ed.get("/articles/sun/"))
    assert "Version 2 is live." in desk.message(ed, desk.press(ed, page, "publish"))
    assert "Hats</h1>" in html(ed.get("/articles/sun/"))


def test_what_leads_to_the_page_is_listed(ed: Client) -> None:
    page = documents.live()
    other = documents.live(
        slug="hats", title="Hats", menu_title="Hats", body="Mind the [sun](/articles/sun/)."
    )
    shown = html(ed.get(desk.page_of(page)))
    assert "Pages that link to it: 1" in shown
    assert f'<a href="{desk.page_of(other)}">Hats</a>' in shown
    assert "Nothing uses it." in html(ed.get(desk.page_of(other)))


def test_publishing_takes_what_was_typed_with_it(ed: Client) -> None:
    page = documents.live()
    told = desk.message(ed, desk.press(ed, page, "publish", title="Hats"))
    assert "Saved as version 2. Version 2 is live." in told
    assert documents.told(page)[-2:] == ["save", "publish"]


def test_pressing_save_without_a_change_keeps_nothing(ed: Client) -> None:
    page = documents.live()
    assert "Nothing has changed." in desk.message(ed, desk.press(ed, page, "save"))
    assert page.versions.count() == 1


def test_a_problem_links_to_its_field_and_takes_a_reason(ed: Client) -> None:
    page = documents.draft(summary="")
    response = desk.press(ed, page, "publish", body="More words.")
    assert response.status_code == 200
    assert "1 problem stands in the way" in errors(html(response))
    assert 'href="#id_summary"' in html(response) and 'id="id_summary"' in html(response)
    assert page.versions.count() == 2  # what was typed is safe
    [key] = re.findall(r'name="override" value="(\w+)"', html(response))
    response = desk.press(ed, page, "publish", override=key)
    assert "Say in a few words why these problems may stay." in errors(html(response))
    assert re.search(rf'value="{key}"\s+checked', html(response))
    desk.message(ed, desk.press(ed, page, "publish", override=key, reason="The title says it all."))
    told = words(ed.get(desk.history(page)))
    assert "Ed Moss published version 2Let pass: no summary, in summaryThe title says it all." in told


def test_a_page_about_a_treatment_waits_for_its_reviewer(ed: Client, rhea: Client) -> None:
    page = documents.draft(kind="treatment", slug="peels")
    response = ed.get(desk.page_of(page))
    assert "No reason overrides that." in words(response)
    assert 'name="override"' not in html(response)
    refused = desk.press(ed, page, "publish", override="x", reason="In a hurry")
    assert "A reviewer must approve this version" in errors(html(refused))
    assert "Approve as Dr Rhea Lund" in desk.buttons(rhea.get(desk.page_of(page)))
    told = desk.message(rhea, desk.press(rhea, page, "approve", next_review="2027-11-30"))
    assert "Version 1 is approved by Dr Rhea Lund." in told
    assert "Version 1 is live." in desk.message(ed, desk.press(ed, page, "publish"))
    assert "To be checked again by 30 November 2027." in html(ed.get("/treatments/peels/"))


def test_the_reviewer_reads_what_is_different(rhea: Client) -> None:
    page = documents.live()
    documents.saved(page, number=1, body="Wear a cap.\n")
    response = rhea.get(desk.page_of(page))
    assert "Wear a [taken out: hat][put in: cap]." in words(response)
    assert 'name="title"' not in html(response)
    assert desk.buttons(response) & {"Save draft", "Publish now", "Unpublish"} == set()


def test_publish_on_a_day_in_the_clinics_own_time(ed: Client) -> None:
    page = documents.draft()
    told = desk.message(ed, desk.press(ed, page, "schedule", publish_at="2027-06-01T10:30"))
    assert "Version 1 goes live on Tuesday 1 June at 10:30am." in told
    assert page.versions.get().publish_at == datetime(2027, 6, 1, 9, 30, tzinfo=UTC)
    assert "Goes live on Tue 1 Jun 10:30: version 1" in told
    told = desk.message(ed, desk.press(ed, page, "unschedule"))
    assert "Version 1 does not go live by itself any more." in told
    assert "Goes live on" not in told


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("", "Choose the day and the time when it should go live."),
        ("yesterday", "Enter a day and a time."),
        ("2026-11-29T09:00", "Choose a time that lies ahead."),
        ("2027-03-28T01:30", "couldn’t be interpreted"),
    ],
)
def test_a_time_that_cannot_be_is_named(ed: Client, moment: str, told: str) -> None:
    page = documents.draft()
    response = desk.press(ed, page, "schedule", publish_at=moment)
    assert response.status_code == 200
    assert told in errors(html(response))
    assert not page.versions.to_publish().exists()


def test_unpublishing_waits_for_no_form(ed: Client) -> None:
    page = documents.live()
    response = desk.press(ed, page, "unpublish", slug="no such slug!")
    assert response.status_code == 200
    assert "Readers cannot open this page any more." in words(response)
    assert "no such slug!" in html(response)
    assert ed.get("/articles/sun/").status_code == 404


def test_unpublishing_keeps_what_was_typed(ed: Client) -> None:
    page = documents.live()
    told = desk.message(ed, desk.press(ed, page, "unpublish", title="Hats"))
    assert "Readers cannot open this page any more. Saved as version 2." in told
    assert "Not published: the last version that readers had is 1" in told


def test_discard_and_restore(ed: Client) -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Hats")
    assert "The draft is discarded." in desk.message(ed, desk.press(ed, page, "discard"))
    seen = desk.change(ed, page)["seen"]
    response = ed.post(desk.page_of(page), {"do": "restore", "version": "2", "seen": seen})
    assert "Version 2 is the draft again, as version 3." in desk.message(ed, response)
    assert "Sun and scars</h1>" in html(ed.get("/articles/sun/"))


def test_two_at_once_the_second_sees_what_the_first_changed(ed: Client) -> None:
    page = documents.live()
    form = desk.change(ed, page)
    documents.saved(page, number=1, body="Wear a cap.\n")
    response = ed.post(desk.page_of(page), form | {"title": "Hats", "do": "publish"})
    told = errors(html(response))
    assert "Ed Moss saved version 2" in told and "[put in: cap]" in told
    assert 'value="Hats"' in html(response)
    assert documents.fresh(page).title == "Sun and scars"


def test_only_a_page_that_readers_never_had_can_be_deleted(ed: Client) -> None:
    live, draft = documents.live(), documents.draft(slug="draft")
    of_draft = reverse("admin:content_page_delete", args=[draft.pk])
    assert ed.post(of_draft, filled(ed, of_draft)).status_code == 302
    assert ed.post(reverse("admin:content_page_delete", args=[live.pk]), {"post": "yes"}).status_code == 403
    verbs.unpublish(live, Edit(documents.as_ed(), NOW))
    assert ed.post(reverse("admin:content_page_delete", args=[live.pk]), {"post": "yes"}).status_code == 403
    assert list(Page.objects.all()) == [live]


def test_no_road_of_the_admin_goes_past_the_verbs(monday: None) -> None:
    options = admin.site._registry[Page]
    assert not options.list_editable and options.actions is None and not options.inlines
    with pytest.raises(PermissionDenied):
        options.save_model(RequestFactory().post("/"), documents.draft(), None, True)


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "explode"},
        {"do": ["save", "publish"], "title": ["a", "b"]},
        {"do": "restore", "version": "x" * 1000, "seen": "1"},
        {"do": "approve", "next_review": "never"},
        {"do": "save", "seen": "9" * 400, "title": "x"},
        {"do": "publish", "seen": "1", "override": ["'", "b" * 10_000], "reason": "r" * 1_000_000},
        {"do": "save", "seen": "1", "title": "x" * 1_000_000, "sources": ["nine"], "kind": "moon"},
        {"do": "save", "seen": "1", "title": "nul\0nul"},
    ],
)
def test_nonsense_gets_an_answer_and_changes_nothing(ed: Client, sent: dict[str, object]) -> None:
    page = documents.live()
    response = ed.post(desk.page_of(page), sent)
    assert response.status_code in (200, 400, 403, 404)
    assert documents.told(page) == ["add", "publish"]


@pytest.mark.parametrize("object_id", ["0", "999999", "x", "1e9", "-1"])
def test_a_page_that_is_not_there_is_not_found(ed: Client, object_id: str) -> None:
    for end in ("change/", "history/"):
        assert ed.get(f"/admin/content/page/{object_id}/{end}").status_code == 404


def test_a_page_made_past_the_verbs_opens_and_is_saved_like_any_other(ed: Client) -> None:
    page = Page()
    snapshots.apply(documents.page_snapshot(), page)
    told = words(ed.get(desk.page_of(page)))
    assert "Live: as it was made" in told and "Draft:" not in told
    assert ed.get(f"/admin/content/page/{page.pk}/preview/1/").status_code == 200
    assert ed.get(desk.history(page)).status_code == 200
    assert "Saved as version 2." in desk.message(ed, desk.press(ed, page, "save", title="Hats"))
    assert documents.fresh(page).live == page.versions.get(number=1)


def test_the_list_says_how_each_page_stands(ed: Client) -> None:
    documents.draft(slug="a", menu_title="A draft")
    beside = documents.live(slug="b", menu_title="B beside")
    documents.saved(beside, number=1, title="New")
    planned = documents.draft(slug="c", menu_title="C planned")
    verbs.schedule(planned, Edit(documents.as_ed(), NOW, 1), publish_at=NOW + HOUR)
    told = words(ed.get(reverse("admin:content_page_changelist")))
    assert "A draft/articles/a/Not published Draft" in told
    assert "B beside/articles/b/Live Draft" in told
    assert "C planned/articles/c/Not published Live on Mon 30 Nov 10:00" in told
    assert PageEvent.objects.filter(verb="schedule").count() == 1


@pytest.mark.parametrize("pasted", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_pasted_line_break_parts_words(ed: Client, pasted: str) -> None:
    page = documents.live()
    typed = {"title": f"Sun{pasted}and skin", "summary": f"One{pasted}two.", "body": f"Before.{pasted}After."}
    desk.message(ed, desk.press(ed, page, "publish", **typed))
    page = documents.fresh(page)
    assert (page.title, page.summary, page.body) == ("Sun and skin", "One\ntwo.", "Before.\nAfter.\n")
    shown = ed.post(
        desk.preview(), desk.change(ed, page) | typed | {"page": page.pk, "drawing": "no-such-drawing"}
    )
    assert "OneTwo" not in shown.content.decode() and "Before.After." not in shown.content.decode()


def test_a_body_of_marks_is_refused_and_its_preview_comes_at_once(ed: Client) -> None:
    page = documents.live()
    drawn = "a" + "\u0301\u0323" * 20_000
    versions = page.versions.count()
    form = desk.change(ed, page) | {"body": drawn, "page": page.pk}
    # The square of the marks takes longer, and nobody else is answered meanwhile.
    refused = work.within(1, lambda: desk.press(ed, page, "save", body=drawn))
    shown = work.within(1, lambda: ed.post(desk.preview(), form))
    assert "too many accents on one letter" in words(refused)
    assert (shown.status_code, page.versions.count()) == (200, versions)


def test_what_nobody_can_see_is_not_kept(ed: Client) -> None:
    page = documents.live()
    body = "Wear\u200b a\x0b hat.  \n\tAnd\u202e a cap.\r\n"
    typed = {"summary": "Keep\x0b the sun\x1f off.", "body": body, "at_a_glance": "Visits\x7f | 3\x02"}
    desk.message(ed, desk.press(ed, page, "publish", **typed))
    page = documents.fresh(page)
    assert (page.summary, page.body) == ("Keep\n the sun off.", "Wear a\n hat.  \n\tAnd a cap.\n")
    assert page.at_a_glance == [["Visits", "3"]]
    assert ed.get("/articles/feed/").status_code == 200
