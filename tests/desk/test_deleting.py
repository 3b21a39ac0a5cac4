"""What a confirmation shows is what it may delete: alone and by the dozen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from bookings.models import Practitioner
from clinic.foundation.admin.confirmed import ConfirmedAdmin
from content.models import Page, Synonym, Version
from content.publishing import snapshots, verbs
from content.publishing.edit import Edit, Editor
from tests import factories as make
from tests.content.html import filled, filled_from
from tests.desk.pages import html, words

WORDS = "/admin/content/synonym/"
CHANGED = "changed since this page was opened"


@pytest.fixture
def sue() -> Client:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    return client


def _delete(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])


def test_what_was_confirmed_is_deleted(sue: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    assert sue.post(_delete(bo), filled(sue, _delete(bo))).status_code == 302
    assert not Practitioner.objects.filter(pk=bo.pk).exists()


@pytest.mark.parametrize("what", ["the row", "a row beside it", "nothing shown"])
def test_what_has_changed_since_is_shown_again_and_not_deleted(sue: Client, what: str) -> None:
    bo = make.practitioner("Bo Reyes")
    data = filled(sue, _delete(bo))
    if what == "the row":
        Practitioner.objects.filter(pk=bo.pk).update(name="Dr Bo Reyes")
    elif what == "a row beside it":
        bo.time_off.create(starts_at=make.at(7, 9), ends_at=make.at(8, 9))
    else:
        data["seen"] = ""
    page = sue.post(_delete(bo), data)
    assert page.status_code == 200
    assert CHANGED in words(page)
    assert Practitioner.objects.filter(pk=bo.pk).exists()
    # Now that it has been shown, it may be deleted.
    assert sue.post(_delete(bo), filled_from(page)).status_code == 302
    assert not Practitioner.objects.filter(pk=bo.pk).exists()


def test_what_is_gone_already_is_told_with_who_it_was(sue: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    data = filled(sue, _delete(bo))
    gus = Client()
    gus.force_login(make.staff("Gus Early", is_superuser=True))
    assert gus.post(_delete(bo), filled(gus, _delete(bo))).status_code == 302
    page = sue.post(_delete(bo), data, follow=True)
    assert "This practitioner is gone already: Gus Early deleted it just now." in words(page)
    assert "<h1>Practitioners</h1>" in html(page)


def test_new_words_in_a_page_are_not_deleted_unseen(sue: Client) -> None:
    snapshot = snapshots.PageSnapshot(kind=Page.Kind.ARTICLE.value, slug="ice", title="Ice pick scars")
    page = verbs.add_page(Edit(Editor("Ed Moss"), make.NOW), snapshot)
    data = filled(sue, _delete(page))
    newer = snapshots.PageSnapshot(
        kind=Page.Kind.ARTICLE.value, slug="ice", title="Ice pick scars", body="More.\n"
    )
    verbs.save_draft(page, Edit(Editor("Ed Moss"), make.NOW, 1), newer)
    again = sue.post(_delete(page), data)
    assert CHANGED in words(again)
    assert Version.objects.count() == 2
    assert sue.post(_delete(page), filled_from(again)).status_code == 302
    assert not Page.objects.exists()


# --- by the dozen -----------------------------------------------------------------------------------------------------


def _chosen(sue: Client, *rows: Synonym) -> dict[str, Any]:
    """The confirmation for these rows, as it would be sent."""
    page = sue.post(WORDS, {"action": "delete_selected", "_selected_action": [row.pk for row in rows]})
    seen = re.search(r'name="seen" value="([^"]+)"', html(page))
    return {
        "action": "delete_selected",
        "_selected_action": [row.pk for row in rows],
        "post": "yes",
        "seen": seen.group(1) if seen else "",
    }


@pytest.fixture
def pairs(db: None) -> list[Synonym]:
    return [Synonym.objects.create(phrase=phrase, means="scar") for phrase in ("dent", "pit", "hole")]


def test_those_that_were_confirmed_are_deleted(sue: Client, pairs: list[Synonym]) -> None:
    kept = Synonym.objects.exclude(pk__in=[row.pk for row in pairs[:2]]).count()
    assert sue.post(WORDS, _chosen(sue, *pairs[:2])).status_code == 302
    assert Synonym.objects.count() == kept
    assert LogEntry.objects.count() == 2


def test_one_that_changed_or_went_meanwhile_stops_all_of_them(sue: Client, pairs: list[Synonym]) -> None:
    data, before = _chosen(sue, *pairs), Synonym.objects.count()
    pairs[0].means = "acne"
    pairs[0].save()
    pairs[1].delete()
    page = sue.post(WORDS, data)
    assert page.status_code == 200
    assert CHANGED in words(page)
    assert Synonym.objects.count() == before - 1
    again = _chosen(sue, pairs[0], pairs[2])
    assert sue.post(WORDS, again).status_code == 302
    assert Synonym.objects.count() == before - 3


def test_those_that_were_confirmed_twice_are_deleted(sue: Client, pairs: list[Synonym]) -> None:
    data = _chosen(sue, *pairs) | {"csrfmiddlewaretoken": "one"}
    assert sue.post(WORDS, data).status_code == 302
    page = sue.post(WORDS, data, follow=True)
    assert "Deleted." in words(page) and "gone already" not in words(page)


def test_a_second_press_that_began_before_the_first_was_done(
    sue: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has found the row, and then waits until the first has deleted it."""
    bo = make.practitioner("Bo Reyes")
    data = filled(sue, _delete(bo))
    stored = ConfirmedAdmin.as_stored

    def slowly(self: Any, row: Any, *, lock: bool = False) -> str:
        monkeypatch.setattr(ConfirmedAdmin, "as_stored", stored)
        assert sue.post(_delete(bo), data).status_code == 302
        return stored(self, row, lock=lock)

    monkeypatch.setattr(ConfirmedAdmin, "as_stored", slowly)
    page = sue.post(_delete(bo), data, follow=True)
    assert "was deleted successfully" in words(page) and "changed since" not in words(page)


def test_all_of_them_gone_already_is_said(sue: Client, pairs: list[Synonym]) -> None:
    data = _chosen(sue, *pairs)
    Synonym.objects.all().delete()
    assert "They are gone already." in words(sue.post(WORDS, data, follow=True))
