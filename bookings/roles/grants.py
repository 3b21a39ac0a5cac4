"""How a database gets the roles of `table`, and each change of them once. Called by `migrate`, once all is migrated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from bookings.roles import table
from clinic.foundation.models import GivenRole, RoleChange


@transaction.atomic
def give(
    now: datetime,
    roles: Sequence[table.Role] = table.ROLES,
    changes: Sequence[table.Change] = table.CHANGES,
) -> list[str]:
    """Make the roles that this database has never had, then the changes it has not had. Returns what was done, in words.

    A second call does nothing. Raises LookupError for a right that does not exist.
    """
    given = {row.code: row for row in GivenRole.objects.select_related("group")}
    had = set(RoleChange.objects.values_list("name", flat=True))
    done: list[str] = []
    for role in roles:
        its_changes = [change for change in changes if change.role == role.code]
        if role.code not in given:
            group, is_new = _first(role, its_changes)
            given[role.code] = GivenRole.objects.create(code=role.code, group=group)
            if is_new:  # with all that the changes would bring
                had.update(_remember(change, now) for change in its_changes)
                done.append(f"{role.name}: made")
        for change in its_changes:
            if change.name not in had:
                done += _change(change, role, given[role.code].group)
                _remember(change, now)
    return done


def _first(role: table.Role, changes: Sequence[table.Change]) -> tuple[Group | None, bool]:
    """The group that is this role, and whether it was made here. None if the owner deleted it before we kept count."""
    names = [role.name, *(change.formerly for change in changes if change.formerly)]
    found = Group.objects.filter(name__in=names).first()
    if found:
        return found, False
    log = LogEntry.objects.filter(content_type__app_label="auth", content_type__model="group")
    if log.filter(action_flag=DELETION, object_repr__in=names).exists():
        return None, False
    group = Group.objects.create(name=role.name)
    group.permissions.set(_right(label) for label in role.rights)
    return group, True


def _change(change: table.Change, role: table.Role, group: Group | None) -> list[str]:
    """Do it; return it in words. Nothing is done to a role that the owner deleted."""
    if group is None:
        return []
    there = {f"{app}.{code}" for app, code in _held(group)}
    if change.only_if_untouched and _was_saved_by_hand(group):
        lacks = [label for label in change.adds if label not in there]
        return [f"{group.name}: left as somebody saved it, without {', '.join(lacks)}"] if lacks else []
    done = []
    if (
        change.formerly
        and group.name == change.formerly
        and not Group.objects.filter(name=role.name).exists()
    ):
        group.name = role.name
        group.save(update_fields=["name"])
        done.append(f"{change.formerly}: is {role.name} now")
    if adds := [label for label in change.adds if label not in there]:
        group.permissions.add(*map(_right, adds))
        done.append(f"{group.name}: may now {', '.join(adds)}")
    if removes := [label for label in change.removes if label in there]:
        group.permissions.remove(*map(_right, removes))
        done.append(f"{group.name}: may no longer {', '.join(removes)}")
    return done


def _held(group: Group) -> list[tuple[str, str]]:
    return list(group.permissions.values_list("content_type__app_label", "codename"))


def _was_saved_by_hand(group: Group) -> bool:
    """Whether somebody made or changed it in the admin, according to its log."""
    return LogEntry.objects.filter(
        content_type__app_label="auth", content_type__model="group", object_id=str(group.pk)
    ).exists()


def _remember(change: table.Change, now: datetime) -> str:
    return RoleChange.objects.create(name=change.name, at=now).name


def _right(label: str) -> Permission:
    app, codename = label.split(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    if found is None:
        raise LookupError(f"There is no right {label}.")
    return found
