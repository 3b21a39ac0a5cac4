"""The roles of staff: there after `migrate`, changed only as a version names it, and the owner's from then on."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from bookings.roles import grants, table
from bookings.roles.table import Change, Role
from clinic.foundation.models import GivenRole, RoleChange
from tests import factories as make

pytestmark = pytest.mark.once

SHIPPED = {role.name: set(role.rights) for role in table.ROLES}
SEE = "foundation.view_signin"


FORMERLY = {"reception": "Reception", "clinicians": "Clinicians"}
HAD = {"reception": ("bookings.delete_practitioner", "bookings.change_bookingrules")}


def output_of(command: str, *names: str, **options: object) -> str:
    out = StringIO()
    call_command(command, *names, stdout=out, **options)
    return out.getvalue()


def rights(name: str) -> set[str]:
    held = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in held}


def take(name: str, label: str) -> None:
    app, codename = label.split(".")
    Group.objects.get(name=name).permissions.remove(
        Permission.objects.get(content_type__app_label=app, codename=codename)
    )


def logged(name: str, pk: int, flag: int) -> None:
    """As the admin writes it when somebody saves or deletes a role."""
    LogEntry.objects.create(
        user=make.staff("Sue Root", is_superuser=True),
        content_type=ContentType.objects.get_for_model(Group),
        object_id=str(pk),
        object_repr=name,
        action_flag=flag,
    )


@pytest.fixture
def older(db: None) -> None:
    """A clinic from before: no groups, no memory of any."""
    for rows in (GivenRole, RoleChange, Group):
        rows.objects.all().delete()


@pytest.fixture
def from_the_demo(older: None) -> Group:
    """As `demo` of a version without a log of sign-ins left the Managers. Mo is one."""
    managers = Group.objects.create(name="Managers")
    managers.user_set.add(User.objects.create_user("mo"))
    return managers


def test_migrate_makes_the_roles_once(older: None) -> None:
    assert "Role Front desk: made." in output_of("migrate", verbosity=1)
    assert {name: rights(name) for name in SHIPPED} == SHIPPED
    assert "Role" not in output_of("migrate", verbosity=1)


@pytest.mark.parametrize("options", [{"plan": True}, {"check_unapplied": True}, {"app_label": "content"}])
def test_a_part_of_migrate_leaves_roles_alone(older: None, options: dict[str, object]) -> None:
    output_of("migrate", verbosity=0, **options)
    assert not Group.objects.exists()


def test_every_right_of_the_table_exists_and_its_words_are_used_once(db: None) -> None:
    for label in {*sum((role.rights for role in table.ROLES), ()), *sum((c.adds for c in table.CHANGES), ())}:
        grants._right(label)
    for keys in ([role.code for role in table.ROLES], [change.name for change in table.CHANGES]):
        assert len(keys) == len(set(keys))
    shipped = {role.code: role for role in table.ROLES}
    for change in table.CHANGES:
        # What a change adds a new clinic has from the start, and what it takes away a new clinic never has.
        assert set(change.adds) <= set(shipped[change.role].rights), change.name
        assert not set(change.removes) & set(shipped[change.role].rights), change.name


@pytest.mark.django_db
def test_a_right_that_does_not_exist_is_named_and_nothing_is_half_done(older: None) -> None:
    with pytest.raises(LookupError, match=r"bookings\.fly"):
        grants.give(make.NOW, [Role("a", "A", ()), Role("b", "B", ("bookings.fly",))], [])
    assert not Group.objects.exists()


# --- what is the owner's ----------------------------------------------------------------------------------------------


def test_what_an_owner_changed_stays(older: None) -> None:
    grants.give(make.NOW)
    take("Managers", SEE)
    take("Front desk", "bookings.send_again")
    Group.objects.filter(name="Editors").update(name="Writers")
    Group.objects.get(name="Reviewers").delete()
    Group.objects.get(name="Practitioners").permissions.add(Permission.objects.get(codename="erase_request"))
    assert grants.give(make.NOW) == []
    assert SEE not in rights("Managers")
    assert "bookings.send_again" not in rights("Front desk")
    assert "bookings.erase_request" in rights("Practitioners")
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Front desk", "Practitioners", "Managers", "Writers", "Operators",
    }  # fmt: skip


# --- a later version --------------------------------------------------------------------------------------------------

GIVE = Change("editors-export", "editors", adds=(SEE,), removes=("content.publish_page",))


def later(*changes: Change, name: str = "Editors") -> list[str]:
    roles = [replace(role, name=name) if role.code == "editors" else role for role in table.ROLES]
    return grants.give(make.NOW, roles, [*table.CHANGES, *changes])


def test_a_later_version_changes_what_it_names_and_nothing_else(older: None) -> None:
    grants.give(make.NOW)
    take("Editors", "content.delete_page")
    assert later(GIVE) == [
        "Editors: may now foundation.view_signin",
        "Editors: may no longer content.publish_page",
    ]
    assert rights("Editors") == (SHIPPED["Editors"] | {SEE}) - {"content.publish_page", "content.delete_page"}
    take("Editors", SEE)
    assert later(GIVE) == []
    assert SEE not in rights("Editors")


def test_a_later_version_reaches_a_role_that_the_owner_renamed_and_none_that_is_gone(older: None) -> None:
    grants.give(make.NOW)
    Group.objects.filter(name="Editors").update(name="Writers")
    Group.objects.get(name="Managers").delete()
    later(GIVE, Change("managers-erase", "managers", adds=("content.publish_page",)))
    assert SEE in rights("Writers")
    assert not Group.objects.filter(name__in=("Managers", "Editors")).exists()


def test_a_new_name_keeps_the_members_and_the_owners_own_name_stays(older: None) -> None:
    grants.give(make.NOW)
    ed = User.objects.create_user("ed")
    ed.groups.add(Group.objects.get(name="Editors"))
    renamed = Change("editors-are-writers", "editors", formerly="Editors")
    assert later(renamed, name="Writers") == ["Editors: is Writers now"]
    assert list(ed.groups.values_list("name", flat=True)) == ["Writers"]
    Group.objects.filter(name="Writers").update(name="Scribes")
    again = replace(renamed, name="writers-are-authors", formerly="Writers")
    assert later(renamed, again, name="Authors") == []
    assert list(ed.groups.values_list("name", flat=True)) == ["Scribes"]


def test_a_new_name_that_another_role_has_is_left_to_it(older: None) -> None:
    grants.give(make.NOW)
    Group.objects.create(name="Writers")
    assert later(Change("editors-are-writers", "editors", formerly="Editors"), name="Writers") == []
    assert Group.objects.filter(name="Editors").exists()


# What has come since, to a role whoever has saved it: for what there was not when they did.
NEWER = {
    right
    for change in table.CHANGES
    if change.role == "managers" and not change.only_if_untouched
    for right in change.adds
}


# --- a clinic from before ---------------------------------------------------------------------------------------------


def test_a_role_that_is_there_keeps_members_and_gets_what_older_versions_forgot(from_the_demo: Group) -> None:
    grants.give(make.NOW)
    assert rights("Managers") == {SEE} | NEWER  # and no other right: what they may do was the owner's
    assert from_the_demo.user_set.get().username == "mo"
    assert rights("Front desk") == SHIPPED["Front desk"]  # which was not there
    take("Managers", SEE)
    grants.give(make.NOW)
    assert rights("Managers") == NEWER


def test_reception_becomes_the_front_desk_and_its_rules_the_managers(older: None) -> None:
    """A clinic of the version before: Dee was in Reception and Ana a clinician, and both keep their role."""
    before = [
        replace(role, name=FORMERLY.get(role.code, role.name), rights=(*role.rights, *HAD.get(role.code, ())))
        for role in table.ROLES
        if role.code != "operators"
    ]
    new = next(n for n, change in enumerate(table.CHANGES) if change.formerly)
    grants.give(make.NOW, before, table.CHANGES[:new])
    dee, ana = make.staff(), make.staff("Ana Lind")
    dee.groups.add(Group.objects.get(name="Reception"))
    ana.groups.add(Group.objects.get(name="Clinicians"))
    assert "Reception: is Front desk now" in grants.give(make.NOW)
    assert {name: rights(name) for name in SHIPPED} == SHIPPED
    assert [user.groups.get().name for user in (dee, ana)] == ["Front desk", "Practitioners"]
    assert grants.give(make.NOW) == []


def test_a_role_that_somebody_saved_in_the_admin_gets_nothing(from_the_demo: Group) -> None:
    logged("Managers", from_the_demo.pk, CHANGE)
    assert "Managers: left as somebody saved it, without foundation.view_signin" in grants.give(make.NOW)
    assert rights("Managers") == NEWER


def test_a_role_that_somebody_deleted_in_the_admin_is_not_made(older: None) -> None:
    logged("Reviewers", 7, DELETION)
    grants.give(make.NOW)
    assert not Group.objects.filter(name="Reviewers").exists()
    assert Group.objects.filter(name="Editors").exists()


def test_a_role_of_a_former_name_is_found_and_renamed(older: None) -> None:
    ed = User.objects.create_user("ed")
    ed.groups.add(Group.objects.create(name="Editors"))
    later(Change("editors-are-writers", "editors", formerly="Editors"), name="Writers")
    assert list(ed.groups.values_list("name", flat=True)) == ["Writers"]
    assert not Group.objects.filter(name="Editors").exists()


# --- shown ------------------------------------------------------------------------------------------------------------


def test_roles_are_shown_with_rights_in_words_and_people(older: None) -> None:
    grants.give(make.NOW)
    desk = Group.objects.get(name="Front desk")
    for name, active in (("dee", True), ("dan", True), ("gone", False)):
        desk.user_set.add(User.objects.create_user(name, is_active=active))
    Group.objects.create(name="Guests")
    shown = output_of("roles")
    assert "Front desk (2 people)\n  booking rules: view\n" in shown
    assert "  Can answer requests: offer, confirm, ask, decline\n" in shown
    assert "Guests (no people)\n  nothing\n" in shown
    assert "Practitioners (no people)\n  booking rules: view\n" in shown
    assert "bookings." not in shown
