"""New migrations let the version before go on, and hold nobody up; docs/upgrade.md says how a change takes two versions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from clinic.postgresql.operations import AddIndexBeside, IndexBesideInSQL

# The newest migrations of the last version. Whoever releases one writes down where it ends.
RELEASED = {"bookings": 33, "content": 32, "foundation": 13}
# What is there in millions after some years.
BIG = {
    "consultationrequest",
    "event",
    "message",
    "note",
    "answers",
    "appointment",
    "auditentry",
    "consent",
    "wishwindow",
}
# (app, migration): why what is said against it does no harm. "The version before no longer uses it" is such a reason.
EXEMPT: dict[tuple[str, str], str] = {}


@cache
def loader() -> MigrationLoader:
    """The migrations as files: no database is asked."""
    return MigrationLoader(None, ignore_no_migrations=True)


def new() -> list[migrations.Migration]:
    return [
        migration
        for (app, name), migration in sorted(loader().disk_migrations.items())
        if app in RELEASED and int(name[:4]) > RELEASED[app]
    ]


def made_since() -> set[str]:
    """Models that the last version does not know: nobody uses their tables yet."""
    operations = [operation for migration in new() for operation in migration.operations]
    return {one.name_lower for one in operations if isinstance(one, migrations.CreateModel)}


def against(migration: migrations.Migration, before: ProjectState) -> Iterator[str]:
    """What speaks against running this while the version before serves, one sentence each."""
    for operation in migration.operations:
        model = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
        if isinstance(operation, migrations.RunPython | migrations.RunSQL) and not operation.reversible:
            yield "There is no way back: give it a reverse, RunPython.noop or RunSQL.noop if there is nothing to do."
        elif model not in made_since():
            yield from against_one(operation, model, before.models.get((migration.app_label, model)))


def against_one(operation: Operation, model: str, before: Any) -> Iterator[str]:
    what = operation.describe()
    match operation:
        case migrations.DeleteModel() | migrations.RemoveField():
            yield f"{what}: the version before still uses it. First a version that does not, then one that takes it away."
        case migrations.RenameModel() | migrations.RenameField() | migrations.AlterModelTable():
            yield f"{what}: the version before knows the old name. Add the new one beside it, or rename in Python alone."
        case migrations.AddField(field=field):
            if not (field.null or field.has_db_default() or field.many_to_many):
                yield (
                    f"{what}: the version before inserts rows without it, and would be refused. Give it null=True or a"
                    " db_default (Django's default is no default of the column)."
                )
            if model in BIG and (getattr(field, "db_index", False) or field.unique):
                yield f"{what}: its index would hold up all who write. Add it with db_index=False, then AddIndexBeside."
        case migrations.AlterField(field=field, name=name):
            yield from (f"{what}: {words}" for words in narrower(before.fields[name], field))
        case AddIndexBeside() | IndexBesideInSQL():
            pass
        case migrations.AddIndex():
            if model in BIG:
                yield f"{what}: it holds up all who write. Use AddIndexBeside of clinic/postgresql/operations.py."
        case migrations.AddConstraint():
            yield f"{what}: the version before may write what it refuses, and every row is read under a lock."


def narrower(old: Any, new: Any) -> Iterator[str]:
    if type(old) is not type(new):
        yield "another kind of column writes the whole table anew. Add a second one beside it."
    if old.null and not new.null:
        yield "the version before may write NULL."
    if (new.max_length or 0) < (old.max_length or 0):
        yield "the version before may write what is longer."
    if new.unique and not old.unique:
        yield "the version before may write it twice."


@pytest.mark.parametrize("migration", new(), ids=str)
def test_a_new_migration_lets_the_version_before_go_on(migration: migrations.Migration) -> None:
    key = (migration.app_label, migration.name)
    said = list(against(migration, loader().project_state(key, at_end=False)))
    assert bool(said) == (key in EXEMPT), "\n".join(said) or f"{key} needs no reason in EXEMPT"


def test_what_was_released_is_there() -> None:
    for app, number in RELEASED.items():
        assert any(
            name.startswith(f"{number:04}_") for known, name in loader().disk_migrations if known == app
        )


OLD = ProjectState()
OLD.add_model(
    migrations.state.ModelState(
        "bookings",
        "Message",
        [("id", models.BigAutoField(primary_key=True)), ("kind", models.CharField(max_length=20, null=True))],
    )
)
INDEX = models.Index(fields=["kind"], name="by_kind")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.RemoveField("message", "kind"), "still uses it"),
        (migrations.DeleteModel("Message"), "still uses it"),
        (migrations.RenameField("message", "kind", "sort"), "old name"),
        (migrations.AddField("message", "sort", models.CharField(default="", max_length=9)), "db_default"),
        (migrations.AddField("message", "sort", models.CharField(db_default="", max_length=9)), ""),
        (migrations.AddField("tag", "sort", models.CharField(null=True, unique=True)), ""),
        (
            migrations.AddField("message", "sort", models.CharField(null=True, db_index=True)),
            "AddIndexBeside",
        ),
        (migrations.AlterField("message", "kind", models.CharField(max_length=20)), "NULL"),
        (migrations.AlterField("message", "kind", models.CharField(max_length=9, null=True)), "longer"),
        (migrations.AlterField("message", "kind", models.TextField(null=True)), "whole table"),
        (migrations.AlterField("message", "kind", models.CharField(max_length=40, null=True)), ""),
        (migrations.AddIndex("message", INDEX), "holds up all who write"),
        (migrations.AddIndex("tag", INDEX), ""),
        (AddIndexBeside("message", INDEX), ""),
        (IndexBesideInSQL("message", "by_kind", "(kind)"), ""),
        (migrations.RunSQL("SELECT 1"), "no way back"),
        (migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop), ""),
    ],
)
def test_what_is_said_against_it(operation: Operation, words: str) -> None:
    migration = type("Migration", (migrations.Migration,), {"operations": [operation]})(
        "9999_new", "bookings"
    )
    said = " ".join(against(migration, OLD))
    assert words in said and bool(words) == bool(said), said
