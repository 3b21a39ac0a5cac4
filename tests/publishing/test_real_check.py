"""The verbs with the check that is really there: the rest of this folder makes do with two rules of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.models import Concern, Page, PageEvent, Source
from content.publishing import check, clock, obstacles, verbs
from content.publishing.edit import Edit
from content.publishing.errors import Blocked
from content.publishing.obstacles import Overrides
from tests import factories as make
from tests.content.html import filled
from tests.publishing import desk, documents
from tests.publishing.conftest import REAL
from tests.publishing.documents import DAY, NOW

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def the_real_check(two_rules: None, monkeypatch: pytest.MonkeyPatch, monday: None) -> None:
    """Instead of this folder's."""
    monkeypatch.setattr(check, "site", REAL[0])
    monkeypatch.setattr(check, "problems", REAL[1])
    Source.objects.create(code="NHSA", title="NHS", url="https://www.nhs.uk/")
    Concern.objects.create(code="ice", name="Ice-pick scars", group="dip", tell="Narrow")


def whole(**changes: object) -> Page:
    return documents.draft(**({"sources": ("NHSA",), "review_due": documents.NEXT_YEAR} | changes))


def codes(blocked: Blocked) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in blocked.problems]


def test_a_page_with_all_it_needs_goes_live(client: Client) -> None:
    page = whole(concerns=("ice",))
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1))
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    assert client.get("/articles/sun/").status_code == 200
    assert [row.code for row in page.concerns.all()] == ["ice"]


def test_what_stands_in_the_way_is_named_by_its_real_name() -> None:
    page = whole(summary="", body="The best hat. ![A hat](/hat.webp)\n")
    with pytest.raises(Blocked) as blocked:
        verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    assert codes(blocked.value) == [
        ("summary_missing", "summary"),
        ("picture_markdown", "body"),
        ("claim_best", "body"),
    ]


def test_a_reason_lets_it_pass_and_the_clock_remembers_it() -> None:
    page = whole(summary="")
    keys = frozenset(
        obstacles.key(problem)
        for problem in obstacles.problems(
            documents.page_snapshot(summary="", sources=("NHSA",)), documents.TODAY
        )
    )
    verbs.schedule(
        page,
        Edit(documents.as_ed(), NOW, 1),
        publish_at=NOW + DAY,
        overrides=Overrides(keys, "It says it all."),
    )
    assert clock.publish_due(NOW + DAY) == 1
    event = PageEvent.objects.get(page=page, verb="publish")
    assert ["summary_missing", "summary", ""] in event.problems


def test_a_row_of_the_matrix_that_is_gone_is_not_lost_without_a_word() -> None:
    page = whole(concerns=("ice",))
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1))
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    documents.saved(page, number=1, title="Hats")
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 2))
    Concern.objects.filter(code="ice").update(code="icepick")
    with pytest.raises(Blocked) as blocked:
        verbs.publish(page, Edit(documents.as_ed(), NOW, 2))
    assert codes(blocked.value) == [("row_gone", "concerns")]
    assert [row.code for row in page.concerns.all()] == ["icepick"]


def test_the_check_is_told_the_clinics_day_and_not_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    page = whole()
    told: list[date] = []

    def site(today: date) -> check.Site:
        told.append(today)
        return REAL[0](today)

    make.profile(time_zone="Pacific/Auckland")
    monkeypatch.setattr(check, "site", site)
    evening = datetime(2026, 11, 30, 20, tzinfo=UTC)  # 9 in the morning of the next day in Auckland
    verbs.publish(page, Edit(documents.as_ed(), evening, 1))
    assert told == [date(2026, 12, 1)]


@pytest.mark.parametrize("model", ["concern", "source", "treatment"])
def test_a_code_is_chosen_once(admin_client: Client, model: str) -> None:
    documents.treatment()
    rows: dict[str, Callable[[], Any]] = {
        "concern": Concern.objects.get,
        "source": Source.objects.get,
        "treatment": documents.treatment,
    }
    row = rows[model]()
    url = reverse(f"admin:content_{model}_change", args=[row.pk])
    form = filled(admin_client, url)
    assert "code" not in form
    assert 'name="code"' in desk.html(admin_client.get(reverse(f"admin:content_{model}_add")))
    admin_client.post(url, form | {"code": "other"})
    before = row.code
    row.refresh_from_db()
    assert row.code == before
