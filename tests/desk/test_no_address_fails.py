"""No address of the desk answers 5xx: whatever is asked of it, by whichever of the shipped roles.

The addresses come from the resolver and the roles from the demonstration clinic, so new pages and roles are tested too.
Everything happens in one world, made once; each request is rolled back, and goes to the handler itself: the test client
copies the context of every template. What is counted for the rail is the same for every address, so it is counted once.

Every address as everybody, with forms that are empty or garbage: tests/desk/test_who_opens_what.py. Here are rows that are
not there, hostile queries and lookups, and the roles at the lists. Not everything meets everything: every kind comes up on
several models.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import Group, Permission, User
from django.core.signals import got_request_exception
from django.db import models, transaction
from django.test import Client, RequestFactory, TestCase
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from bookings.models import Closure
from bookings.queries import frame
from bookings.queries.clinic import zone
from bookings.roles import grants
from bookings.roles.table import ROLES
from bookings.states import Status
from clinic.foundation.models import SignIn
from content.publishing import due
from tests import factories as make

HUGE = "9" * 23  # past 64 bits
# Rows that are not there, in every spelling that a converter lets through.
NO_ROW = ("9999999", HUGE, "-1", "abc", "_2F", "é" * 200)
# What people add by hand to the address of any list.
QUERIES = (
    "o=99.1.x", "o=-", f"o={HUGE}.-1.1", "p=-1", "p=0", "p=999999999", "p=abc", f"p={HUGE}", "all=x",
    "q=%22", "q=%27%27+%25+%5C", "q=" + "x+" * 5000, "q=" + "%CC%81" * 2000, "q=%EF%BF%BE", "e=1", "_popup=1", "_popup=x",
    "_to_field=id", "_to_field=password", "_facets=x", "x__y__z=1", "pk=abc", f"id__exact={HUGE}", "id__exact=abc",
    "id__in=1,,abc", "id__isnull=maybe", "id__regex=(", "id__year=0", "year=abc&month=13", "_changelist_filters=q%3D%00",
)  # fmt: skip
LOOKUPS = (
    "exact",
    "in",
    "isnull",
    "gt",
    "regex",
    "year",
    "date",
    "contains",
    "search",
    "has_key",
    "0",
    "id__exact",
)
VALUES = ("abc", HUGE, "(", "-1")
HANDLER = ClientHandler(enforce_csrf_checks=False)


@pytest.mark.usefixtures("own_demonstration")
class EveryAddress(TestCase):
    """As each role that ships, as Vic, who may look at everything, and as Sue, who may do everything."""

    failed: str
    sue: User
    people: list[User]

    @classmethod
    def setUpTestData(cls) -> None:
        grants.give(make.NOW)
        make.submitted()
        make.in_state(Status.CONFIRMED, start=make.at(3, 12))
        Closure.objects.create(name="Holidays", first_day="2026-12-24", last_day="2026-12-26")
        SignIn.objects.create(at=make.NOW, who="sue", network="203.0.113.0/24", outcome="in")
        cls.sue = make.staff("Sue Root", is_superuser=True)
        cls.people = [cls._of(role.name) for role in ROLES]
        vic = User.objects.create_user("Vic", is_staff=True)  # not a shipped role, but one that can be made
        vic.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        cls.people.append(vic)

    @staticmethod
    def _of(role: str) -> User:
        person = User.objects.create_user(role, is_staff=True, first_name=role)
        person.groups.add(Group.objects.get(name=role))
        return person

    def setUp(self) -> None:
        logging.disable(logging.CRITICAL)  # each refusal's traceback takes longer than the refusal
        self.addCleanup(logging.disable, logging.NOTSET)
        got_request_exception.connect(self._note)
        self.addCleanup(got_request_exception.disconnect, self._note)
        self._count_once()

    def _count_once(self) -> None:
        """The numbers of the rail: they come from the clock and the database, and not from what is asked."""
        read, now = frame.read, timezone.now()
        numbers = read(0, now, zone(), counted=True).numbers

        def once(user: int, at: Any, place: Any, *, counted: bool) -> frame.Frame:
            return replace(read(user, at, place, counted=False), numbers=numbers if counted else None)

        website = due.counts(now, zone())
        for known in (patch.object(frame, "read", once), patch.object(due, "counts", return_value=website)):
            known.start()
            self.addCleanup(known.stop)

    def _note(self, **kwargs: Any) -> None:
        self.failed = repr(sys.exc_info()[1])[:200]

    def _browser(self, user: User) -> RequestFactory:
        browser, signed_in = RequestFactory(), Client()
        signed_in.force_login(user)
        browser.cookies = signed_in.cookies
        return browser

    def _ask(self, browser: RequestFactory, method: str, url: str, data: Any = None) -> tuple[int, str]:
        """The status, and a line to print if it is 5xx. Signing out or changing anything is undone."""
        self.failed = ""
        request = browser.generic(method, url) if data is None else browser.post(url, data)
        with transaction.atomic():
            response = HANDLER(request.environ)
            if getattr(response, "streaming", False):
                b"".join(response)
            transaction.set_rollback(True)
        return response.status_code, f"{response.status_code} {method} {url[:150]} {self.failed}"

    def test_rows_that_are_not_there(self) -> None:
        """Two spellings at each address, the next two at the next."""
        browser = self._browser(self.sue)
        asked = [
            self._ask(browser, "GET", url)
            for number, row in enumerate(NO_ROW)
            for at, url in enumerate(addresses(row))
            if (at + number) % 3 == 0
        ]
        failed = [line for status, line in asked if status >= 500]
        assert not failed, "\n".join(failed)

    # --- every list ---------------------------------------------------------------------------------------------------

    @pytest.mark.once
    def test_every_list_with_what_hands_can_add_to_its_address(self) -> None:
        browser = self._browser(self.sue)
        asked = [
            self._ask(browser, "GET", f"{url}?{query}") for model, url in lists() for query in queries(model)
        ]
        failed = [line for status, line in asked if status >= 500]
        assert not failed, "\n".join(failed)

    @pytest.mark.once
    def test_every_role_at_the_lists_that_it_may_see(self) -> None:
        """One hostile query at each list, the next at the next."""
        failed = []
        for person in self.people:
            browser, may_see = self._browser(person), set(addresses(may=person))
            open_lists = [url for _, url in lists() if url in may_see]
            for at, url in enumerate(open_lists):
                query = QUERIES[(at + 5 * self.people.index(person)) % len(QUERIES)]
                status, line = self._ask(browser, "GET", f"{url}?{query}")
                failed += [f"{person}: {line}"] if status >= 500 else []
        assert not failed, "\n".join(failed)

    @pytest.mark.once
    def test_every_link_of_every_filter_filters_its_list(self) -> None:
        """An address that a list does not take leads back to the whole list, so a filter that is not let in is dead.

        Every link is followed as far as the list; one of each filter is asked for as a page.
        """
        browser = self._browser(self.sue)
        for model, url in lists():
            whole = self._list(model, url)
            for title in [spec.title for spec in whole.filter_specs]:
                links = [each for each in _choices(whole, title) if each["query_string"] != "?"]
                for link in links:
                    shown = self._list(model, url + link["query_string"])
                    chosen = [each["display"] for each in _choices(shown, title) if each["selected"]]
                    assert chosen == [link["display"]], url + link["query_string"]
                for link in links[:1]:
                    status, line = self._ask(browser, "GET", url + link["query_string"])
                    assert status == 200, line

    def _list(self, model: type[models.Model], url: str) -> ChangeList:
        """The list as Sue gets it, without its page. Raises IncorrectLookupParameters where she would be led back."""
        asking = RequestFactory().get(url)
        asking.user = self.sue
        return admin.site._registry[model].get_changelist_instance(asking)


def _choices(shown: ChangeList, title: object) -> list[Any]:
    return [each for spec in shown.filter_specs if spec.title == title for each in spec.choices(shown)]


def _patterns(resolver: URLResolver, head: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = head + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or "", path


def addresses(row: str = "", may: User | None = None) -> list[str]:
    """Every address of the admin, for the first row of its model. With `row`, only those that name one; with `may`, only
    those of models that this person may look at, and of none."""
    resolver = next(
        entry for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and entry.namespace == "admin"
    )  # fmt: skip
    first = {
        model._meta.label_lower.replace(".", "_"): str(getattr(model._default_manager.first(), "pk", 1))
        for model in admin.site._registry
    }
    asking = RequestFactory().get("/")
    asking.user = may or User(is_superuser=True)
    closed = {
        model._meta.label_lower.replace(".", "_")
        for model, its in admin.site._registry.items()
        if not its.has_view_or_change_permission(asking)
    }
    found = []
    for name, path in _patterns(resolver, "/admin/"):
        path = (
            re.sub(r"\(\?P<\w+>[^)]*\)", "bookings", path)
            .replace("^", "")
            .replace("$", "")
            .replace("\\Z", "")
        )
        if row and "<" not in path:
            continue
        model = "_".join(name.split("_")[:2])
        if model in closed:
            continue
        key = row or first.get(model, "1")
        number = key if key.isdigit() else "1"
        path = re.sub(r"<int:\w+>", number, path)
        found.append(re.sub(r"<[^>]+>", key, path))
    return found


def lists() -> list[tuple[type[models.Model], str]]:
    return [
        (model, f"/admin/{model._meta.app_label}/{model._meta.model_name}/") for model in admin.site._registry
    ]


def queries(model: type[models.Model]) -> list[str]:
    """A sixth of the hostile queries for any list; for each of its filters half of the values and an eighth of the lookups;
    for every sixth field a wrong lookup.

    What makes a list special is in its filters and columns; the rest of it is one base class, which meets every query.
    """
    number = list(admin.site._registry).index(model)
    filters = [filter_name(each) for each in admin.site._registry[model].list_filter]
    asked = [(name, value) for at, name in enumerate(filters) for value in VALUES[(number + at) % 2 :: 2]]
    own = [(name, lookup) for at, name in enumerate(filters) for lookup in LOOKUPS[(number + at) % 8 :: 8]]
    own += [
        (field.name, LOOKUPS[(number + at) % len(LOOKUPS)])
        for at, field in enumerate(model._meta.fields)
        if at % 6 == number % 6
    ]
    asked += [(f"{name}__{lookup}", VALUES[at % len(VALUES)]) for at, (name, lookup) in enumerate(own)]
    return [*QUERIES[number % 6 :: 6], *(urlencode([pair]) for pair in asked)]


def filter_name(listed: Any) -> str:
    """The query parameter of an entry of `list_filter`: a filter of our own, a field, or a field with its filter."""
    name = listed[0] if isinstance(listed, tuple) else listed
    return str(getattr(name, "parameter_name", name))
