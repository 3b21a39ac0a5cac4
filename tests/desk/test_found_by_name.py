"""A client is found however the name is typed: any apostrophe or none, any hyphen or none, either half, without accents."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import QuerySet

from bookings.models import ConsultationRequest
from bookings.queries import desk
from tests import factories as make

MIGRATION: Any = import_module("bookings.migrations.0013_names_found_by_any_spelling")


def found(term: str) -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.filter(desk.matching(term))


BRIEN = (
    "O'Brien",
    "O’Brien",
    "oʼbrien",
    "O‘Brien",
    "O`Brien",
    "O´Brien",
    "obrien",
    "O Brien",
    "brien",
    "siobhan obr",
)
MARIE = (
    "anne-marie",
    "anne‐marie",
    "annemarie",
    "anne marie",
    "marie",
    "anne",
    "jones",
    "smith–jo",
    "smithjones",
)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Siobhán O’Brien", BRIEN),
        ("Siobhan O'Brien", BRIEN),
        ("Siobhan OʼBrien", BRIEN),
        ("Anne-Marie Smith-Jones", MARIE),
        ("Anne‑Marie Smith–Jones", MARIE),
        ("Μαρία-Άννα Γιώργου", ("μαρια", "ΜΑΡΙΑ", "αννα", "γιωργου", "Γιώργου", "μαριααννα")),
        ("Kalaniʻōpuʻu Kea", ("kalani'opu'u", "kalaniopuu", "Kalaniʻōpuʻu")),
    ],
)
def test_however_it_is_typed(name: str, typed: tuple[str, ...]) -> None:
    consultation = make.submitted(name=name)
    make.submitted(name="Ann Other", start=None)
    assert {term: list(found(term)) for term in typed} == dict.fromkeys(typed, [consultation])


@pytest.mark.parametrize("typed", ["'", "’", "-", "–", "- '", "\\", "a\\'b:*", "rien", "arie"])
def test_a_mark_alone_and_the_middle_of_a_word_find_nobody(typed: str) -> None:
    make.submitted(name="Anne-Marie O’Brien")
    assert not found(typed).exists()


def test_the_longest_name_is_found_by_its_end() -> None:
    consultation = make.submitted(name="Anne-Marie " * 9 + "Smith-Jones-Last")
    assert list(found("last")) == [consultation]


def test_a_name_that_becomes_much_longer_for_searching_is_kept_and_found() -> None:
    """PostgreSQL has no place for a word of 2 KB in an index; sent and searched, it is only cut there."""
    consultation = make.submitted(name="㌖" * 120)
    assert len(consultation.name_search.encode()) > 2_046
    assert list(found("㌖" * 90)) == list(found("㌖" * 9)) == [consultation]


def test_rows_that_exist_are_found_after_the_update_and_as_before_after_going_back() -> None:
    """Anyone who was erased stays without a name."""
    consultation, gone = make.submitted(name="Siobhán O’Brien"), make.submitted(name="Ann Other", start=None)
    ConsultationRequest.objects.filter(pk=gone.pk).update(name="", name_search="", erased_at=make.NOW)
    ConsultationRequest.objects.filter(pk=consultation.pk).update(name_search=" siobhan o’brien")
    assert not found("obrien").exists()
    MIGRATION.fill(apps, None)
    assert list(found("obrien")) == [consultation]
    assert set(ConsultationRequest.objects.values_list("name_search", flat=True)) == {
        "",
        " siobhan obrien o brien",
    }
    MIGRATION.empty(apps, None)
    assert set(ConsultationRequest.objects.values_list("name_search", flat=True)) == {"", " siobhan o’brien"}
