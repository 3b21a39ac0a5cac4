"""A cell of the matrix: changed as a draft, checked, compared, approved or sent back, and only then before readers."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from content import limits
from content.admin.grid.forms import CellActionForm
from content.models import Source, Suitability, Treatment, Version
from tests import factories as make
from tests.content.html import errors, filled_from
from tests.desk.pages import html, words
from tests.publishing import documents, facts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GRID = "/admin/content/suitability/"
ROLLING = f"{GRID}?cell=rolling.peel"


@pytest.fixture
def cell(monday: None) -> Suitability:
    """What readers have: peels may help rolling scars."""
    return a_cell()


def a_cell(concern: str = "rolling", score: int = 2) -> Suitability:
    column, _ = Treatment.objects.get_or_create(
        code="peel", defaults={"name": "Peel", "short": "Peel", "how": "It lifts.", "evidence": "B"}
    )
    row = Suitability.objects.create(
        concern=make.concern(concern), treatment=column, score=score, reason="It lifts the edges."
    )
    row.sources.add(Source.objects.get_or_create(code="KAN", defaults={"title": "Kang 2022"})[0])
    return row


@pytest.fixture
def ed(cell: Suitability) -> Client:
    """Ed's browser: he writes the matrix, and publishes."""
    rights = [f"content.{do}_suitability" for do in ("view", "add", "change")]
    return signed_in("Ed Moss", *rights, "content.publish_page")


@pytest.fixture
def rhea(cell: Suitability) -> Client:
    """Rhea's browser: she reviews, and changes nothing."""
    client = Client()
    client.force_login(documents.rhea())
    return client


def signed_in(name: str, *rights: str) -> Client:
    client = Client()
    client.force_login(make.staff(name, *rights))
    return client


def press(client: Client, do: str, url: str = ROLLING, **typed: Any) -> Any:
    """Open the cell, type this, press that button."""
    return client.post(url, filled_from(client.get(url)) | typed | {"do": do})


def fresh(row: Suitability) -> Suitability:
    return Suitability.objects.get(pk=row.pk)


def told(client: Client, response: Any) -> str:
    assert response.status_code == 303, errors(html(response)) or words(response)
    return words(client.get(response["Location"]))


def test_a_change_is_a_draft_beside_what_readers_see(ed: Client, cell: Suitability) -> None:
    page = told(ed, press(ed, "save", score="1", **{"say-note": "A review"}))
    assert "Saved as version 2, a draft." in page
    assert "Ed Moss, Mon 30 Nov, 09:00: A review Waits for a reviewer" in page
    assert (fresh(cell).score, fresh(cell).reason) == (2, "It lifts the edges.")
    assert 'aria-label="Rolling scars, Peel: 2, may help; not signed; draft: 2 to 1, waits' in html(
        ed.get(GRID)
    )


def test_a_guarantee_is_named_beside_the_reason_and_stays_from_readers(
    ed: Client, rhea: Client, cell: Suitability
) -> None:
    page = told(ed, press(ed, "save", reason=facts.GUARANTEED))
    assert "“GUARANTEED”: Nobody can promise a result." in page
    facts.approved(cell, 2)
    response = press(ed, "publish")
    assert response.status_code == 200 and "problems stand in the way" in errors(html(response))
    assert fresh(cell).reason == "It lifts the edges."


def test_readers_get_it_once_a_reviewer_has_approved_it(ed: Client, rhea: Client, cell: Suitability) -> None:
    facts.saved(cell, score=3)
    assert "A reviewer must approve this version" in errors(html(press(ed, "publish")))
    assert fresh(cell).score == 2
    assert "Version 2 is approved by Dr Rhea Lund." in told(rhea, press(rhea, "approve"))
    assert fresh(cell).score == 2
    assert "Version 2 is live." in told(ed, press(ed, "publish"))
    assert (fresh(cell).score, str(fresh(cell).reviewed_by)) == (3, "Dr Rhea Lund, Dermatologist")


def test_a_reviewer_compares_word_by_word_and_goes_on_to_the_next_draft(
    rhea: Client, cell: Suitability
) -> None:
    for row in (cell, a_cell("boxcar")):
        facts.saved(row, reason="It lifts the soft edges.")
    page = html(rhea.get(ROLLING))
    assert '<ins><span class="visually-hidden">[put in: </span>soft ' in page.replace("</ins>", "")
    assert 'name="score"' not in page
    response = press(rhea, "approve")
    assert response["Location"].endswith("?cell=boxcar.peel#cell")
    assert press(rhea, "approve", response["Location"].partition("#")[0])["Location"].endswith(
        "?cell=boxcar.peel#cell"
    )


def test_a_draft_is_sent_back_with_a_word_that_its_author_reads(
    ed: Client, rhea: Client, cell: Suitability
) -> None:
    facts.saved(cell, score=3)
    response = press(rhea, "send_back")
    assert response.status_code == 200
    assert "Say in a few words what should be different." in errors(html(response))
    assert "Version 2 is sent back." in told(rhea, press(rhea, "send_back", **{"say-word": "By how much?"}))
    page = html(ed.get(ROLLING))
    assert "By how much?" in page and "<small>back</small>" in page
    assert "A reviewer has sent version 2 back." in errors(html(press(ed, "publish")))
    told(ed, press(ed, "save", reason="It lifts the edges by half."))
    assert "<small>waits</small>" in html(ed.get(GRID))


def test_whoever_may_both_approves_and_publishes_in_one_step(
    ed: Client, rhea: Client, cell: Suitability
) -> None:
    facts.saved(cell, score=3)
    documents.rhea().user_permissions.add(Permission.objects.get(codename="publish_page"))
    page = told(rhea, press(rhea, "approve_and_publish"))
    assert "approved by Dr Rhea Lund. Version 2 is live." in page
    assert fresh(cell).score == 3


def test_nobody_does_what_is_not_theirs(ed: Client, rhea: Client, cell: Suitability) -> None:
    facts.saved(cell, score=3)
    eve = signed_in("Eve Nobody")
    assert eve.get(ROLLING).status_code == 403
    for client, do in ((ed, "approve"), (ed, "send_back"), (rhea, "save"), (rhea, "publish"), (eve, "save")):
        assert client.post(ROLLING, {"do": do, "seen": "2-0", "score": "0"}).status_code == 403
    assert ed.post(ROLLING, {"do": "magic"}).status_code == 404
    assert [version.number for version in cell.versions.all()] == [2, 1]


def test_two_editors_of_one_cell_lose_nothing(ed: Client, cell: Suitability) -> None:
    opened = filled_from(ed.get(ROLLING))
    facts.saved(cell, score=0)
    response = ed.post(ROLLING, opened | {"reason": "Mine, not his.", "do": "save"})
    assert response.status_code == 200
    assert "Ed Moss saved version 2" in errors(html(response)) and "0, not suggested" in words(response)
    assert "Mine, not his." in html(response)
    assert cell.versions.count() == 2
    told(ed, ed.post(ROLLING, filled_from(response) | {"do": "save"}))
    assert cell.versions.count() == 3


def test_a_place_without_a_cell_gets_one_as_a_draft(ed: Client, rhea: Client) -> None:
    make.concern("boxcar")
    url = f"{GRID}?cell=boxcar.peel"
    response = press(ed, "save", url)
    assert "Choose a score." in errors(html(response)) and "Say why" in errors(html(response))
    page = told(ed, press(ed, "save", url, score="1", reason="It lifts.", sources=["KAN"]))
    assert "Readers see nothing of it yet." in page and "Nothing: this cell is not published." in page
    assert not Suitability.objects.published().filter(concern__code="boxcar").exists()
    row = Suitability.objects.get(concern__code="boxcar")
    facts.approved(row, 1)
    facts.published(row, 1)
    assert Suitability.objects.published().get(concern__code="boxcar").score == 1


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ({"score": "7"}, "Choose a score."),
        ({"reason": " "}, "Say why, in one plain sentence."),
        ({"reason": "x" * 60_001}, "Use 60000 characters or fewer"),
        ({"sources": ["NOPE"]}, "Select a valid choice"),
        ({"reason_code": "far too long a code"}, "Use 10 characters or fewer"),
        ({"say-note": "x" * 201}, "Use 200 characters or fewer"),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_typed_is_lost(
    ed: Client, cell: Suitability, typed: dict[str, Any], phrase: str
) -> None:
    response = press(ed, "save", **{"say-note": "My note", "reason": "My reason."} | typed)
    assert response.status_code == 200 and phrase in errors(html(response))
    kept = filled_from(response)
    assert "reason" in typed or kept["reason"] == "My reason."
    assert "say-note" in typed or kept["say-note"] == "My note"
    assert not Version.objects.filter(cell=cell).exists()


def test_an_older_version_becomes_the_draft_and_a_draft_is_discarded(ed: Client, cell: Suitability) -> None:
    facts.saved(cell, score=0)
    facts.saved(cell, number=2, score=3)
    assert "Version 1 is the draft again, as version 4." in told(ed, press(ed, "restore", version="1"))
    assert "The draft is discarded." in told(ed, press(ed, "discard"))
    assert "No drafts" in words(ed.get(GRID))


def test_it_goes_live_later_and_is_taken_from_readers_at_once(
    ed: Client, rhea: Client, cell: Suitability
) -> None:
    facts.saved(cell, score=3)
    facts.approved(cell, 2)
    response = press(ed, "schedule")
    assert "Choose the day and the time" in errors(html(response))
    page = told(ed, press(ed, "schedule", **{"say-publish_at": "2026-12-24T10:00"}))
    assert "Version 2 goes live on Thursday 24 December" in page
    assert "<small>later</small>" in html(ed.get(GRID))
    told(ed, press(ed, "unschedule"))
    told(ed, press(ed, "unpublish"))
    assert not fresh(cell).is_published
    assert "readers are told nothing" in html(ed.get(GRID))
    told(ed, press(ed, "discard"))
    assert filled_from(ed.get(ROLLING))["reason"] == "It lifts the edges."
    assert "Publish again" in words(ed.get(ROLLING))
    assert "Sign as it is" in html(rhea.get(ROLLING))
    facts.approved(cell, 1)
    told(ed, press(ed, "publish"))
    assert fresh(cell).is_published


def test_a_reviewer_signs_what_readers_see(rhea: Client, cell: Suitability) -> None:
    told(rhea, press(rhea, "approve"))
    assert str(fresh(cell).reviewed_by) == "Dr Rhea Lund, Dermatologist"
    assert fresh(cell).reviewed_on == documents.TODAY


def test_no_other_form_changes_a_cell(cell: Suitability) -> None:
    """Each of these saved at once, under whatever reviewer's name somebody chose."""
    boss = make.staff("Max Boss", is_superuser=True)
    client = Client()
    client.force_login(boss)
    typed = {"reason": "GUARANTEED to remove every scar.", "score": "3"}
    own = typed | {f"cell-{name}": value for name, value in typed.items()} | {"post": "yes"}
    for url in (f"{GRID}{cell.pk}/change/", f"{GRID}{cell.pk}/delete/"):
        client.post(url, filled_from(client.get(url)) | own)
    url = f"/admin/content/concern/{cell.concern_id}/change/"
    rows = {
        "suitability-TOTAL_FORMS": "1",
        "suitability-INITIAL_FORMS": "1",
        "suitability-0-id": str(cell.pk),
    }
    beside = {f"suitability-0-{name}": value for name, value in typed.items()}
    client.post(url, filled_from(client.get(url)) | rows | beside)
    assert [(row.score, row.reason) for row in Suitability.objects.all()] == [(2, "It lifts the edges.")]


def test_a_reviewer_approves_nothing_that_changed_meanwhile(rhea: Client, cell: Suitability) -> None:
    facts.saved(cell, score=3)
    opened = filled_from(rhea.get(ROLLING))
    facts.saved(cell, number=2, reason=facts.GUARANTEED)
    response = rhea.post(ROLLING, opened | {"do": "approve"})
    assert "Nothing was done. Look at what it says now" in errors(html(response))
    assert "[put in: GUARANTEED" in words(response)
    assert not cell.versions.filter(approved_by__isnull=False).exists()


def test_the_form_says_how_early_a_check_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REVIEW_SOON_DAYS", 21)
    assert "21 days before" in str(CellActionForm().fields["next_review"].help_text)
