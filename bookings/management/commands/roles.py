"""manage.py roles: who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.management.base import BaseCommand
from django.db.models import Count, Q

_BY_DJANGO = ("view", "add", "change", "delete")


class Command(BaseCommand):
    help = "Show every role: what it may do, in words, and how many people have it."

    def handle(self, *args: Any, **options: Any) -> None:
        groups = Group.objects.annotate(
            active=Count("user", filter=Q(user__is_active=True), distinct=True)
        ).prefetch_related("permissions__content_type")
        for group in groups.order_by("name"):
            self.stdout.write(f"{group.name} ({_people(group.active)})")
            for line in _in_words(list(group.permissions.all())):
                self.stdout.write(f"  {line}")
        everything = User.objects.filter(is_superuser=True, is_active=True).count()
        self.stdout.write(f"Superusers ({_people(everything)})\n  everything, roles and staff as well")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count or 'no'} people"


def _in_words(rights: list[Permission]) -> Iterator[str]:
    """The things Django has four rights for, on one line each: "page: view, change". The others in their own words."""
    if not rights:
        yield "nothing"
    by_kind: dict[str, list[str]] = {}
    own = []
    for right in rights:
        verb, _, model = right.codename.partition("_")
        if verb in _BY_DJANGO and model == right.content_type.model:
            by_kind.setdefault(right.content_type.name, []).append(verb)
        else:
            own.append(right.name)
    for kind, verbs in sorted(by_kind.items()):
        yield f"{kind}: {', '.join(verb for verb in _BY_DJANGO if verb in verbs)}"
    yield from sorted(own)
