"""Who works here with which role, and what each role may do: drawn from the rights that the groups have now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings.admin.decide import may
from bookings.desk_site import SEE_PEOPLE, DeskSite
from bookings.roles.lines import PARTS, May
from clinic.foundation.signin import factor

EVERYTHING = "Everything"  # what stands in place of roles for a superuser


@dataclass(frozen=True)
class Person:
    """One row: somebody who may sign in. `codes_left`: of the second step; None where there is none."""

    name: str
    practises: bool
    roles: str
    signed_in: datetime | None
    codes_left: int | None
    must_have_one: bool
    url: str


@dataclass(frozen=True)
class Heading:
    """A part of the table of roles, with a row for each of its lines."""

    title: str
    rows: list[tuple[str, list[tuple[str, May]]]]


@may(SEE_PEOPLE)
def page(request: HttpRequest, site: DeskSite) -> HttpResponse:
    """Nothing is changed here: a superuser changes accounts and roles, and is led there."""
    held = _rights()
    groups = list(Group.objects.order_by("pk"))
    people = [_person(user, held, site) for user in _staff()]
    context = site.each_context(request) | {
        "title": "People and roles",
        "people": people,
        "lacking": sum(1 for person in people if person.must_have_one and person.codes_left is None),
        "groups": [group.name for group in groups],
        "headings": list(_table([(group.name, held.get(group.pk, frozenset())) for group in groups])),
        "now": timezone.now(),
        "second_step_is_wanted": settings.SECOND_FACTOR,
        "opts": User._meta,
    }
    return render(request, "admin/people.html", context)


def _staff() -> QuerySet[User]:
    """Whoever may sign in to the desk, with all that a row prints."""
    unused = Count("factor__recovery_codes", filter=Q(factor__recovery_codes__used_at=None))
    staff = User.objects.filter(is_staff=True, is_active=True).annotate(codes_left=unused)
    found = staff.select_related("factor", "practitioner").prefetch_related("groups")
    return found.order_by("first_name", "last_name", "username")


def _rights() -> Mapping[int, frozenset[str]]:
    """What each role may do today, by its key."""
    held: dict[int, set[str]] = {}
    rows = Group.objects.exclude(permissions=None).values_list(
        "pk", "permissions__content_type__app_label", "permissions__codename"
    )
    for key, app, code in rows:
        held.setdefault(key, set()).add(f"{app}.{code}")
    return {key: frozenset(rights) for key, rights in held.items()}


def _person(user: User, held: Mapping[int, frozenset[str]], site: DeskSite) -> Person:
    groups = sorted(user.groups.all(), key=lambda group: group.pk)
    roles = [EVERYTHING] if user.is_superuser else [group.name for group in groups]
    theirs = frozenset[str]().union(*(held.get(group.pk, frozenset()) for group in groups))
    left: int = getattr(user, "codes_left", 0)
    return Person(
        name=user.get_full_name() or user.get_username(),
        practises=hasattr(user, "practitioner"),
        roles=", ".join(roles),
        signed_in=user.last_login,
        codes_left=left if factor.of(user) else None,
        must_have_one=user.is_superuser or bool(theirs & {*site.second_step_for}),
        url=reverse("admin:auth_user_change", args=[user.pk]),
    )


def _table(roles: list[tuple[str, frozenset[str]]]) -> Iterator[Heading]:
    """Each line with a cell for each role: its name and whether it may."""
    for part in PARTS:
        rows = [(line.words, [(name, line.may(rights)) for name, rights in roles]) for line in part.lines]
        yield Heading(part.title, rows)
