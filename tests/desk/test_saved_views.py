"""Views of the worklist: those that everybody has, and those that a person keeps, renames and deletes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.limits.lists import VIEWS_A_PERSON
from bookings.models import SavedView
from bookings.workflow import desk
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import WORKLIST, html, names, words

pytestmark = pytest.mark.once
VIEWS = f"{WORKLIST}views/"


def test_everybody_has_mine_clinician_first_phone_first_and_follow_up_today(dee: Client) -> None:
    rail = html(dee.get("/admin/all/"))
    for query in ("tab=open&amp;assigned=me", "tab=open&amp;sort=clinician", "tab=open&amp;sort=phone"):
        assert f"{WORKLIST}?{query}" in rail
    assert "Follow up today" in words(dee.get(WORKLIST))


def test_what_the_list_shows_is_kept_under_a_name(dee: Client) -> None:
    sent = {"do": "keep_view", "name": "To look at", "query": "tab=new&flag=clinician&nonsense=1"}
    answer = dee.post(f"{WORKLIST}?tab=new&flag=clinician", sent)
    assert answer.status_code == 303
    assert SavedView.objects.get().query == "tab=new&flag=clinician"
    page = dee.get(answer.headers["Location"])
    assert '?tab=new&amp;flag=clinician" aria-current="page"' in html(page)
    dee.post(WORKLIST, {**sent, "name": "TO look at", "query": "tab=new"})
    assert SavedView.objects.get().query == "tab=new"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("", "Give the view a name."), ("x" * 50, "Use 40 characters or fewer"), ("!!", "name")],
)
def test_a_name_that_cannot_be_is_refused_beside_the_field(dee: Client, name: str, wrong: str) -> None:
    page = dee.post(
        f"{WORKLIST}?flag=clinician", {"do": "keep_view", "name": name, "query": "flag=clinician"}
    )
    assert page.status_code == 200
    assert wrong in words(page)
    assert f'value="{name}"' in html(page)
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_than_so_many(dee: Client) -> None:
    user = make.staff()
    SavedView.objects.bulk_create(
        [SavedView(user=user, name=f"View {number}", query="tab=new") for number in range(VIEWS_A_PERSON)]
    )
    page = dee.post(WORKLIST, {"do": "keep_view", "name": "One more", "query": "tab=open"})
    assert f"You keep {VIEWS_A_PERSON} views already" in words(page)


def test_two_first_saves_of_one_name_at_once_are_no_error(
    dee: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other press keeps it between the look and the save."""
    count = QuerySet.count

    def late(rows: QuerySet[SavedView]) -> int:
        SavedView.objects.create(user=make.staff(), name="To look at", query="tab=new")
        return count(rows)

    monkeypatch.setattr(QuerySet, "count", late)
    sent = {"do": "keep_view", "name": "To look at", "query": "tab=new&flag=clinician"}
    answer = dee.post(f"{WORKLIST}?tab=new&flag=clinician", sent)
    assert "A view of this name was kept a moment ago." in words(answer)
    assert SavedView.objects.get().query == "tab=new"


def test_ones_own_views_are_renamed_and_deleted_and_others_are_not(dee: Client, eve: Client) -> None:
    mine = SavedView.objects.create(user=make.staff(), name="Mine", query="tab=new")
    other = SavedView.objects.create(user=make.staff(), name="Other", query="tab=new")
    bos = SavedView.objects.create(user=make.staff("Bo Reyes", *make.DEE), name="Bo’s", query="tab=new")
    assert "Bo’s" not in words(dee.get(VIEWS))
    assert dee.post(VIEWS, {"do": "rename", "view": mine.pk, "name": "New name"}).status_code == 303
    taken = dee.post(VIEWS, {"do": "rename", "view": other.pk, "name": "new NAME"})
    assert "You have a view of this name already." in words(taken)
    for key in (other.pk, other.pk, bos.pk, "x", "9" * 40):
        assert dee.post(VIEWS, {"do": "delete", "view": key}).status_code == 303
    assert list(SavedView.objects.values_list("name", flat=True)) == ["New name", "Bo’s"]
    assert eve.get(VIEWS).status_code == 403


def test_a_practitioner_begins_with_their_own_and_what_nobody_has(dee: Client) -> None:
    ana, bo = make.practitioner("Ana Lind"), make.practitioner("Bo Reyes")
    ana.user = make.staff()
    ana.save()
    make.submitted(name="Wants Ana", practitioner_id=ana.pk)
    make.submitted(name="Nobody’s", start=None)
    theirs = make.submitted(name="Bo’s Own", practitioner_id=bo.pk, start=make.at(3, 12))
    sam = make.staff("Sam Idris", *make.DEE)
    desk.assign(theirs, Origin(Actor.staff(make.staff()), make.NOW), user=sam)
    with CaptureQueriesContext(connection) as context:
        page = dee.get(WORKLIST)
    assert len(context) <= 8
    assert sorted(names(page)) == ["Nobody’s", "Wants Ana"]
    assert "Yours and unassigned" in words(page)
    assert "Bo’s Own" in names(dee.get(f"{WORKLIST}?tab=open"))
    ana.user = None
    ana.save()
    assert len(names(dee.get(WORKLIST))) == 3
