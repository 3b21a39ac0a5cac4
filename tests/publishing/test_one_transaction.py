"""One press of a button is one transaction: what was typed and what the button says happen together, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.models import PageEvent, Person, Version
from content.publishing import core
from tests import factories as make
from tests.content.html import errors, filled, filled_from
from tests.publishing import documents, facts

pytestmark = pytest.mark.django_db(transaction=True)

# A field of each kind, as its form calls it. In the grid a cell's reason has no prefix.
TYPED = {
    "page": {"summary": "Shade helps."},
    "treatment": {"price_from": "180"},
    "plan": {"plan-note": "Most people come back."},
    "cell": {"cell-reason_code": "R2"},
    "grid": {"reason_code": "R2"},
}


ROWS: dict[str, Callable[[], Any]] = {
    "page": documents.live,
    "treatment": facts.treatment,
    "plan": facts.plan,
    "cell": facts.cell,
    "grid": facts.cell,
}


@pytest.fixture
def ana(monday: None) -> Client:
    """Ana writes, approves and publishes everything."""
    kinds = ("page", "treatment", "suitability", "exampleplan")
    rights = [f"content.{do}_{kind}" for do in ("view", "change") for kind in kinds]
    user = make.staff("Ana Reyes", *rights, "content.publish_page", "content.review_page")
    Person.objects.create(slug="ana-reyes", name="Dr Ana Reyes", role="Dermatologist", account=user)
    client = Client()
    client.force_login(user)
    return client


def url(name: str, document: Any) -> str:
    if name == "grid":
        key = f"{document.concern.code}.{document.treatment.code}"
        return f"{reverse('admin:content_suitability_changelist')}?cell={key}&edit"
    return reverse(f"admin:content_{document._meta.model_name}_change", args=[document.pk])


def typed(client: Client, name: str, document: Any, do: str) -> dict[str, Any]:
    """The form as it opens, with one field changed and this button pressed."""
    there = url(name, document)
    form = filled_from(client.get(there)) if name == "grid" else filled(client, there)
    return form | TYPED[name] | {"do": do}


def transactions(statements: list[str]) -> list[list[str]]:
    """What was written within each transaction, the session's own left out."""
    found: list[list[str]] = []
    for sql in statements:
        if sql.startswith("BEGIN"):
            found.append([])
        elif found and sql.startswith(("INSERT", "UPDATE", "DELETE")):
            found[-1].append(sql)
    return [writes for writes in found if not all("django_session" in sql for sql in writes)]


@pytest.mark.parametrize("name", ["page", "treatment", "plan"])
def test_what_is_typed_is_saved_and_published_in_one_transaction(ana: Client, name: str) -> None:
    document = ROWS[name]()
    data = typed(ana, name, document, "publish")
    with CaptureQueriesContext(connection) as statements:
        response = ana.post(url(name, document), data)
    assert response.status_code == 303, errors(response.content.decode())
    assert len(transactions([each["sql"] for each in statements])) == 1
    assert facts.told(document)[-2:] == ["save", "publish"]


@pytest.mark.parametrize("name", ["page", "treatment", "plan", "cell", "grid"])
def test_nothing_stays_of_a_press_whose_last_step_fails(
    ana: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    document, do = ROWS[name](), "approve" if name in ("cell", "grid") else "publish"
    data = typed(ana, name, document, do)
    before = (PageEvent.objects.count(), Version.objects.count(), facts.fresh(document).live_id)
    real = core.record

    def breaks(at: Any, verb: str, *args: Any, **more: Any) -> Any:
        if verb == do:
            raise RuntimeError("the disk is full")
        return real(at, verb, *args, **more)

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(core, "record", breaks)
        ana.post(url(name, document), data)
    assert (PageEvent.objects.count(), Version.objects.count(), facts.fresh(document).live_id) == before
    assert ana.post(url(name, document), data).status_code == 303
    assert facts.told(document)[-2:] == ["save", do]


def test_a_rule_that_says_no_undoes_its_own_step_alone(ana: Client) -> None:
    """The draft of what was typed is safe, and the problem is told about it."""
    page = documents.live()
    data = typed(ana, "page", page, "publish") | {"summary": ""}
    assert "1 problem stands in the way" in ana.post(url("page", page), data).content.decode()
    assert facts.told(page) == ["add", "publish", "save"]
