"""Wrong sentences that shipped reach existing databases: mended where they are as they came, named where somebody wrote."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.test import Client

from clinic.foundation.written_once import lifted
from content.models import FAQ, Correction, Page, PageEvent, Source, Version
from content.publishing import due, states, verbs
from content.publishing.edit import Edit
from content.publishing.errors import NeedsReviewer
from tests import factories as make
from tests.publishing import desk, documents
from tests.publishing.documents import DAY, NOW

MIGRATION = import_module("content.migrations.0012_isotretinoin_and_pregnancy")
CHANGES = {change.slug: change for change in MIGRATION.CHANGES}
NEEDLING = "microneedling"
WAITS = "i-take-or-took-isotretinoin-how-long-must-i-wait"
EXCEPTION = "take no more capsules and call that doctor today"
# Copies, because the texts have changed since. The migration keeps a digest only.
NOW_CORRECT: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "corrected_by_0012.yaml").read_text(encoding="utf-8")
)


def correct() -> None:
    MIGRATION.correct(apps, None)


def take_back() -> None:
    with lifted(PageEvent):  # which goes before that migration does, on the way back
        MIGRATION.take_back(apps, None)


def today(slug: str) -> dict[str, Any]:
    """What the migration leads to: the corrected field of a page or a question, and what it is called."""
    return NOW_CORRECT[slug]


def before(slug: str) -> Any:
    """What the field said when it shipped first."""
    return MIGRATION.corrected(today(slug)[CHANGES[slug].field], CHANGES[slug], back=True)


def shipped(slug: str = NEEDLING, **changes: Any) -> Page:
    """The page as the release before had it, live and approved by Rhea."""
    page = documents.draft(**_said(slug) | changes)
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=documents.NEXT_YEAR)
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    return documents.fresh(page)


def _said(slug: str) -> dict[str, Any]:
    change, values = CHANGES[slug], today(slug)
    for code in (*change.lost, "COC"):
        Source.objects.get_or_create(code=code, defaults={"title": code})
    data = {"slug": slug, "kind": change.kind, "menu_title": values["menu_title"], "body": "Pits."}
    data[change.field] = before(slug)
    if change.field == "at_a_glance":
        data["at_a_glance"] = tuple((label, fact) for label, fact in before(slug))
    return data | {"sources": (*change.lost, "COC"), "review_due": documents.NEXT_YEAR}


def row(page: Page) -> dict[str, Any]:
    """What the page's row says, without the moment when it was saved."""
    values = dict(Page.objects.filter(pk=page.pk).values().get())
    del values["updated_at"]
    return values | {"sources": sorted(page.sources.values_list("code", flat=True))}


def named() -> list[tuple[str, str]]:
    """What the desk is told: subject, why."""
    return list(Correction.objects.values_list("subject", "why"))


# --- the texts, without a database ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", NOW_CORRECT)
def test_the_migration_leads_from_what_shipped_to_what_was_right(slug: str) -> None:
    change = CHANGES[slug]
    assert MIGRATION.as_shipped(before(slug), change)
    assert MIGRATION.corrected(before(slug), change) == today(slug)[change.field]


def test_blanks_and_line_ends_of_a_form_are_no_edit() -> None:
    change = CHANGES[NEEDLING]
    sent = before(NEEDLING).strip().replace("\n", "\r\n")
    assert MIGRATION.as_shipped(sent, change) and EXCEPTION in MIGRATION.corrected(sent, change)
    assert not MIGRATION.as_shipped(sent + " More.", change)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Nothing about it.", False),
        ("Do not stop isotretinoin.", True),
        ("Do not stop Isotretinoin.\n\nIf you are pregnant, ask.", True),
        ("- Isotretinoin waits.\n- Not while pregnant.", True),
        ("If you take isotretinoin and are pregnant, take no more.", False),
    ],
)
def test_what_a_person_has_to_read(text: str, lacks: bool) -> None:
    assert MIGRATION.lacks_exception(text) is lacks


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_page_as_it_shipped_is_corrected_stays_live_and_loses_its_check(ed: Client) -> None:
    page = shipped()
    correct()
    page = documents.fresh(page)
    assert page.is_published and EXCEPTION in page.body and page.body == today(NEEDLING)["body"]
    assert (page.checked_by, page.checked_on, page.review_due) == (None, None, None)
    assert set(page.sources.values_list("code", flat=True)) == {"COC", "ISN", "UKT"}
    old, new = page.versions.order_by("number")
    assert page.live == new and new.approved_by is None and new.data["body"] == page.body
    assert old.approved_by and EXCEPTION not in old.data["body"], "history is as it was"
    assert named() == []
    seen = desk.words(Client().get(page.get_absolute_url()))
    assert EXCEPTION in seen and "Not checked yet" in seen and "Checked by" not in seen
    assert "The site corrected what came with it, as version 2" in desk.words(ed.get(desk.history(page)))
    assert [str(one) for one in due.due(NOW, make.LONDON).unchecked] == ["Microneedling"]
    assert desk.words(ed.get(desk.page_of(page)))


def test_a_reviewer_signs_the_new_words_and_readers_see_it(ed: Client) -> None:
    page = shipped()
    correct()
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 2), next_review=documents.NEXT_YEAR)
    seen = desk.words(Client().get(page.get_absolute_url()))
    assert "Checked by Dr Rhea Lund" in seen and "no clinician has read" not in seen


def test_what_an_editor_changed_is_left_and_named(ed: Client) -> None:
    page = shipped(body=before(NEEDLING) + "\nOurs.")
    kept = row(page)
    correct()
    assert row(page) == kept and page.versions.count() == 1
    assert named() == [("Page: Microneedling", MIGRATION.WHY_EXCEPTION)]
    told = desk.html(ed.get(desk.due()))
    assert f'<a href="{desk.page_of(page)}">Page: Microneedling</a>' in told


@pytest.mark.parametrize(
    "body",
    [
        "It has nothing to do with medicines.",
        "If you take isotretinoin and are pregnant, take no more capsules and ring the doctor.",
    ],
)
def test_an_edited_page_that_needs_nothing_is_not_named(monday: None, body: str) -> None:
    shipped(body=body)
    correct()
    assert named() == []


def test_a_title_of_the_editors_own_is_kept(monday: None) -> None:
    page = shipped(title="Needling at ours")
    correct()
    page = documents.fresh(page)
    assert page.title == "Needling at ours" and EXCEPTION in page.body and named() == []


def test_an_unpublished_page_stays_so_and_opens_with_the_corrected_text(monday: None) -> None:
    page = shipped()
    verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    kept = row(page)
    correct()
    assert row(page) == kept
    tip = states.of(documents.fresh(page), make.LONDON).tip
    assert tip.number == 2 and EXCEPTION in tip.data["body"] and named() == []
    with pytest.raises(NeedsReviewer):
        verbs.publish(page, Edit(documents.as_ed(), NOW, 2))


def test_a_page_that_readers_never_had_opens_with_the_corrected_text(monday: None) -> None:
    page = documents.draft(**_said(NEEDLING))
    correct()
    page = documents.fresh(page)
    assert not page.is_published and page.live is None and EXCEPTION in page.body
    assert page.versions.count() == 2 and named() == []


def test_a_draft_beside_it_stays_on_top_and_is_named_if_it_lacks_the_exception(ed: Client) -> None:
    page = shipped()
    documents.saved(page, number=1, body=before(NEEDLING) + "\nOurs.")
    correct()
    page = documents.fresh(page)
    state = states.of(page, make.LONDON)
    assert EXCEPTION in page.body and page.live and page.live.number == 3
    assert (state.tip.number, state.is_draft) == (4, True) and state.tip.data["body"].endswith("Ours.")
    assert named() == [("Page: Microneedling", MIGRATION.WHY_EXCEPTION)]


def test_a_draft_that_changes_other_things_is_corrected_with_it(monday: None) -> None:
    page = shipped()
    documents.saved(page, number=1, title="Needling at ours")
    correct()
    tip = states.of(documents.fresh(page), make.LONDON).tip
    assert tip.data["title"] == "Needling at ours" and EXCEPTION in tip.data["body"] and named() == []


def test_what_was_to_go_live_by_itself_does_not_undo_it(monday: None) -> None:
    page = shipped()
    documents.saved(page, number=1, title="Needling at ours")
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 2))
    verbs.schedule(page, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + DAY)
    correct()
    assert not Version.objects.to_publish().exists()
    [(subject, why)] = named()
    assert subject == "Page: Microneedling" and "live by itself on 1 December 2026, 09:00 (UTC)" in why


def test_a_page_of_the_editors_own_is_named_too(monday: None) -> None:
    documents.live(slug="medicines", menu_title="Medicines", body="Never stop isotretinoin.")
    documents.live(slug="sun")
    correct()
    assert named() == [("Page: Medicines", MIGRATION.WHY_EXCEPTION)]


@pytest.mark.parametrize("slug", ["boxcar", "ice-pick", "rolling", "skin-tone-and-treatment"])
def test_an_order_of_asking_is_corrected_or_named(monday: None, slug: str) -> None:
    page, field = shipped(slug), CHANGES[slug].field
    correct()
    page = documents.fresh(page)
    assert getattr(page, field) == today(slug)[field] and page.checked_by is None and named() == []
    take_back()
    Page.objects.filter(pk=page.pk).update(**{field: [["Ours", "Yes"]] if field != "body" else "Ours."})
    correct()
    assert named() == [(f"Page: {page.menu_title}", MIGRATION.WHY_ORDER)]


def test_where_there_is_nothing_nothing_is_made(monday: None) -> None:
    correct()
    assert not Correction.objects.exists() and not Source.objects.exists()
    take_back()


def test_a_second_time_changes_nothing(monday: None) -> None:
    page = shipped()
    correct()
    kept = row(page)
    correct()
    assert row(page) == kept and page.versions.count() == 2 and named() == []


# --- questions --------------------------------------------------------------------------------------------------------


def question(slug: str = WAITS, **changes: Any) -> FAQ:
    values = {"question": today(slug)["question"], "answer": before(slug), "group": "safety"} | changes
    return FAQ.objects.create(slug=slug, **values)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [slug for slug in NOW_CORRECT if not CHANGES[slug].kind])
def test_a_question_as_it_shipped_is_corrected_and_goes_back(slug: str) -> None:
    faq = question(slug)
    correct()
    faq.refresh_from_db()
    assert faq.answer == today(slug)["answer"] and named() == []
    take_back()
    faq.refresh_from_db()
    assert faq.answer == before(slug)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [slug for slug in NOW_CORRECT if not CHANGES[slug].kind])
def test_a_question_that_was_edited_is_left_and_named(slug: str) -> None:
    faq = question(slug, answer=before(slug) + " Ours.")
    correct()
    kept = faq.answer
    faq.refresh_from_db()
    assert faq.answer == kept
    assert named() == [(f"Question: {faq.question}"[:200], CHANGES[slug].why)]
    assert Correction.objects.get().admin_path == f"/admin/content/faq/{faq.pk}/change/"


# --- backwards --------------------------------------------------------------------------------------------------------


def test_backwards_every_page_says_what_it_said_with_its_check(monday: None) -> None:
    page, other = (
        shipped(),
        documents.live(slug="laser-resurfacing", menu_title="Laser", body="Never stop isotretinoin."),
    )
    draft = documents.draft(**_said("rolling"))
    documents.saved(page, number=1, title="Needling at ours")
    kept = [row(one) for one in (page, other, draft)]
    correct()
    take_back()
    after = [row(one) for one in (page, other, draft)]
    assert after == kept and named() == []
    assert list(page.versions.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert documents.fresh(page).checked_on == date(2026, 11, 30)
    assert documents.told(page) == ["add", "approve", "publish", "save"]


def test_backwards_a_page_that_somebody_has_gone_on_with_is_left(monday: None) -> None:
    page = shipped()
    correct()
    documents.saved(page, number=2, title="Needling at ours")
    kept = row(page)
    take_back()
    assert row(page) == kept and page.versions.count() == 3
