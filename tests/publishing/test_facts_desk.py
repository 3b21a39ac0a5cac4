"""Cells, treatments and example plans in the admin: what is typed is a draft, and every button does as for a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from content.models import ExamplePlan, Page, Suitability, Treatment
from content.publishing import due, verbs
from content.publishing.edit import Edit
from tests import factories as make
from tests.content.html import errors, filled
from tests.publishing import desk, documents, facts
from tests.publishing.desk import html, words
from tests.publishing.facts import GUARANTEED, REASON, fresh

pytestmark = pytest.mark.once
KINDS = ("treatment", "suitability", "exampleplan")
MADE: dict[str, Callable[[], Any]] = {
    "treatment": facts.treatment,
    "suitability": facts.cell,
    "exampleplan": facts.plan,
}
# A field of each, as its form calls it, with another thing to say.
TYPED = {
    "treatment": {"how": "It lifts the top layer of the skin."},
    "suitability": {"cell-reason": "It may lift shallow scars."},
    "exampleplan": {"plan-note": "Most people come back."},
}


@pytest.fixture
def ed(ed: Client) -> Client:
    """Ed edits these three as well."""
    rights = [f"content.{do}_{name}" for name in KINDS for do in ("view", "add", "change", "delete")]
    user = documents.ed()
    for permission in make.staff("All Rights", *rights).user_permissions.all():
        user.user_permissions.add(permission)
    return ed


def url_of(row: Any, page: str = "change") -> str:
    return reverse(f"admin:content_{row._meta.model_name}_{page}", args=[row.pk])


def press(client: Client, row: Any, do: str, **typed: Any) -> Any:
    url = url_of(row)
    return client.post(url, filled(client, url) | typed | {"do": do})


def test_a_promise_in_a_cell_does_not_reach_readers_under_a_clinicians_name(ed: Client) -> None:
    cell = facts.cell()
    page = documents.draft(kind="concern", slug="rolling", body="{{ may-help }}\n", concerns=("rolling",))
    facts.approved(page, 1)
    facts.published(page, 1)
    assert REASON in html(ed.get(page.get_absolute_url()))
    for do in ("save", "publish"):
        # As the form calls its field, now and before there were drafts.
        press(ed, cell, do, **{"cell-reason": GUARANTEED, "reason": GUARANTEED})
    assert GUARANTEED not in html(ed.get(page.get_absolute_url()))
    assert fresh(cell).reason == REASON


@pytest.mark.parametrize("name", ["suitability", "exampleplan"])
def test_saving_keeps_a_draft_and_opening_it_again_shows_it(ed: Client, name: str) -> None:
    row = MADE[name]()
    before = vars(fresh(row))
    [(field, text)] = TYPED[name].items()
    told = desk.message(ed, press(ed, row, "save", note="Clearer", **TYPED[name]))
    assert "Saved as version 2." in told
    assert "Draft: version 2 by Ed Moss, Mon 30 Nov 09:00: Clearer" in told
    after = vars(fresh(row))
    assert {key for key in before if key != "_state" and before[key] != after[key]} == {"live_id"}
    assert filled(ed, url_of(row))[field].strip() == text
    assert "Nothing has changed." in desk.message(ed, press(ed, row, "save"))


@pytest.mark.parametrize("name", ["treatment", "exampleplan"])
def test_every_page_of_it_opens_with_its_versions(ed: Client, name: str) -> None:
    row = MADE[name]()
    assert ed.get(url_of(row, "history")).status_code == 200
    press(ed, row, "save", **TYPED[name])
    told = words(ed.get(url_of(row, "history")))
    assert "Ed Moss saved version 2" in told and "Version 1" in told
    compared = words(ed.get(url_of(row, "compare")))
    assert "From version 1 to version 2" in compared and "[put in:" in compared
    # The first page of the cells is their grid.
    listed = "list" if name == "suitability" else "changelist"
    assert "Live Draft" in words(ed.get(reverse(f"admin:content_{name}_{listed}")))
    for number in (1, 2):
        preview = reverse(f"admin:content_{name}_version", args=[row.pk, number])
        assert ed.get(preview).status_code == 200
    assert ed.get(url_of(row, "delete")).status_code == 403


def test_a_cell_goes_from_draft_to_reviewer_to_readers(ed: Client, rhea: Client) -> None:
    cell = facts.cell()
    response = press(ed, cell, "publish", **TYPED["suitability"])
    assert "A cell of the matrix is medical. A reviewer must approve this version" in errors(html(response))
    told = words(rhea.get(url_of(cell)))
    assert "[put in: may lift] shallow scars" in told.replace("[taken out: lifts] ", "")
    assert desk.buttons(rhea.get(url_of(cell))) >= {"Approve as Dr Rhea Lund", "Send back"}
    back = press(rhea, cell, "send_back", word="Say how much.")
    assert "Version 2 is sent back." in desk.message(rhea, back)
    assert "Rhea Lund: Say how much." in words(ed.get(url_of(cell)))
    assert "Drafts that a reviewer sent back: 1" in words(ed.get(desk.due()))
    assert "Rhea Lund sent version 2 back" in words(ed.get(url_of(cell, "history")))
    press(ed, cell, "save", **{"cell-reason": "It may lift shallow scars a little more."})
    assert "Drafts that wait for a reviewer: 1" in words(rhea.get(desk.due()))
    desk.message(rhea, press(rhea, cell, "approve", next_review="2027-06-01"))
    assert "Version 3 is live." in desk.message(ed, press(ed, cell, "publish"))
    assert (fresh(cell).reason, fresh(cell).reviewed_by) == (
        "It may lift shallow scars a little more.",
        facts.person(),
    )


def test_what_nobody_signed_is_counted_with_the_way_to_it(ed: Client) -> None:
    facts.cell(reviewed_by=None, reviewed_on=None)
    told = ed.get(desk.due())
    assert "Cells of the matrix: 1" in words(told) and "Treatments: 1" not in words(told)
    [link] = re.findall(r'href="([^"]+isempty=1)">Cells', html(told))
    assert "1 suitability" in words(ed.get(link))


def test_a_treatment_to_be_checked_again_is_due(ed: Client) -> None:
    treatment = facts.treatment()
    verbs.approve(treatment, Edit(documents.as_rhea(), documents.NOW, 1), next_review=date(2026, 12, 20))
    found = due.due(documents.NOW, make.LONDON)
    assert [each.document for each in found.late_facts] == [treatment]
    assert due.counts(documents.NOW, make.LONDON).number == found.number == 1
    assert "Treatments and cells to be checked again: 1" in words(ed.get(desk.due()))


def test_a_word_that_is_missing_is_asked_for(ed: Client, rhea: Client) -> None:
    cell = facts.cell()
    press(ed, cell, "save", **TYPED["suitability"])
    response = press(rhea, cell, "send_back", word="")
    assert "Say in a few words what should be different." in errors(html(response))


def test_a_price_goes_live_without_a_reviewer_and_a_fact_does_not(ed: Client) -> None:
    treatment = facts.treatment()
    told = desk.message(ed, press(ed, treatment, "publish", price_from="180"))
    assert "Saved as version 2. Version 2 is live." in told
    assert (fresh(treatment).price_from, fresh(treatment).reviewed_by) == (18000, facts.person())
    refused = press(ed, treatment, "publish", price_from="190", main_risk="None at all")
    assert "is medical, and differs from what a reviewer let readers have" in errors(html(refused))
    compared = words(ed.get(url_of(treatment, "compare")))
    assert "Price from [taken out: 180] [put in: 190]" in compared
    assert fresh(treatment).price_from == 18000


def test_the_preview_of_a_treatment_is_its_page_with_the_draft_in_it(ed: Client) -> None:
    treatment = facts.treatment()
    documents.live(kind="treatment", slug="peels", treatments=("peel",))
    press(ed, treatment, "save", main_risk="A burn")
    shown = html(ed.get(reverse("admin:content_treatment_version", args=[treatment.pk, 2])))
    assert "A burn" in shown and "Sun and scars</h1>" in shown
    typed = filled(ed, url_of(treatment)) | {"main_risk": "A bruise", "page": treatment.pk}
    assert "A bruise" in html(ed.post(reverse("admin:content_treatment_preview"), typed))
    assert "Dark marks" in html(ed.get("/treatments/peels/"))


def test_what_no_page_shows_has_no_preview_and_says_so(ed: Client) -> None:
    treatment = facts.treatment()
    response = ed.get(reverse("admin:content_treatment_version", args=[treatment.pk, 1]))
    assert "No page that readers can open shows this yet" in html(response)
    assert "there is nothing to share" in errors(html(press(ed, treatment, "share")))
    new = filled(ed, reverse("admin:content_suitability_add"))
    assert ed.post(reverse("admin:content_suitability_preview"), new).status_code == 200


def test_a_shared_preview_of_a_treatment_opens_its_page_for_a_day(ed: Client) -> None:
    treatment = facts.treatment()
    documents.live(kind="treatment", slug="peels", treatments=("peel",))
    press(ed, treatment, "save", main_risk="A burn")
    response = ed.get(press(ed, treatment, "share")["Location"])
    [link] = re.findall(r'class="shared" href="([^"]+)"', html(response))
    assert "A burn" in html(Client().get(link))
    verbs_done = press(ed, treatment, "discard")
    assert verbs_done.status_code == 303
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    ("name", "typed", "made"),
    [
        ("treatment", {"name": "Laser", "code": "laser", "short": "Laser", "how": "Warms.", "evidence": "C"}
         | {"evidence_words": "Cases"}, Treatment),
        ("suitability", {"cell-score": "1", "cell-reason": "It may help a little."}, Suitability),
        ("exampleplan", {"plan-title": "Two", "plan-for_whom": "Somebody.", "plan-lines": "Peel | 2"}, ExamplePlan),
    ],
)  # fmt: skip
def test_what_is_new_begins_as_a_draft(ed: Client, name: str, typed: dict[str, str], made: Any) -> None:
    peel = facts.treatment()
    if name == "suitability":
        typed = typed | {"cell-concern": str(make.concern().pk), "cell-treatment": str(peel.pk)}
    url = reverse(f"admin:content_{name}_add")
    response = ed.post(url, filled(ed, url) | typed | {"do": "save"})
    assert "is there as a draft. Nobody can open it yet." in desk.message(ed, response)
    row = made.objects.exclude(pk=peel.pk if made is Treatment else 0).get()
    assert (row.is_published, row.live_id, row.versions.get().number) == (False, None, 1)
    again = ed.post(url, typed | {"do": "save"})
    assert again.status_code == 200 and errors(html(again))
    confirmation = filled(ed, url_of(row, "delete"))
    assert ed.post(url_of(row, "delete"), confirmation | {"post": "yes"}).status_code == 302
    assert not made.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", KINDS)
def test_no_road_of_the_admin_goes_past_the_verbs(monday: None, name: str) -> None:
    row = MADE[name]()
    options = admin.site._registry[type(row)]
    assert not options.list_editable and options.actions is None and not options.inlines
    with pytest.raises(PermissionDenied):
        options.save_model(RequestFactory().post("/"), row, None, True)


@pytest.mark.parametrize("name", KINDS)
def test_who_opens_and_presses_what(ed: Client, rhea: Client, name: str) -> None:
    row = MADE[name]()
    eve = Client()
    eve.force_login(make.staff("Eve Low"))
    cy = Client()
    cy.force_login(make.staff("Cy Wright", f"content.change_{name}"))
    assert eve.get(url_of(row)).status_code == 403
    assert rhea.get(url_of(row)).status_code == 200
    assert rhea.get(reverse(f"admin:content_{name}_changelist")).status_code == 200
    sent = filled(cy, url_of(row)) | TYPED[name]
    assert cy.post(url_of(row), sent | {"do": "publish"}).status_code == 403
    assert rhea.post(url_of(row), sent | {"do": "save"}).status_code == 403
    assert eve.post(url_of(row), sent | {"do": "approve"}).status_code == 403
    assert cy.post(url_of(row), sent | {"do": "save"}).status_code == 303
    assert ed.post(url_of(row), {"do": "unpublish"}).status_code == 303
    assert not fresh(row).is_published


NONSENSE: list[dict[str, Any]] = [
    {"do": "explode"},
    {"do": "restore", "version": "x" * 1000, "seen": "1"},
    {"do": "send_back", "word": "w" * 100_000, "seen": "1-0"},
    {"do": "save", "seen": "9" * 400, "name": "x", "cell-reason": "x", "plan-title": "x"},
    {"do": "save", "seen": "1-0", "price_from": "1e9", "cell-score": "9", "plan-lines": "|||\n" * 5000}
    | {"name": "x", "cell-reason": "x", "plan-title": "x", "sources": ["nine"], "order": "99999999999"},
]


@pytest.mark.parametrize("name", KINDS)
def test_nonsense_gets_an_answer_and_changes_nothing(ed: Client, name: str) -> None:
    row = MADE[name]()
    for sent in NONSENSE if name == "suitability" else NONSENSE[-1:]:
        assert ed.post(url_of(row), sent).status_code in (200, 400, 403, 404)
        assert facts.told(row) == []
    preview = ed.post(reverse(f"admin:content_{name}_preview"), NONSENSE[-1] | {"page": str(row.pk)})
    assert preview.status_code == 200


def test_what_leads_to_a_treatment_is_listed(ed: Client) -> None:
    plan, cell = facts.plan(), facts.cell()
    page = documents.live(kind="treatment", slug="peels", treatments=("peel",))
    told = words(ed.get(url_of(cell.treatment)))
    for line in ("Pages about it: 1", "Its cells of the matrix: 1", "Example plans with it: 1"):
        assert line in told
    assert str(plan) in told and str(page) in told


def test_a_reviewer_finds_the_way_to_what_waits(rhea: Client) -> None:
    assert User.objects.filter(username="rhea").exists()
    assert Page.objects.count() == 0
    rail = html(rhea.get(desk.due()))
    for name in KINDS:
        assert reverse(f"admin:content_{name}_changelist") in rail
