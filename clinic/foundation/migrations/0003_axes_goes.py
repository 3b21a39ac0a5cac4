"""django-axes is no longer installed: its log of sign-ins moves into ours, and its tables go.

Its other rows (wrong passwords that still counted) are forgotten, so what was closed is open. A new database has none of
the tables. Backwards nothing comes back; an older version of the site recreates the tables with `migrate axes`, because
the record that they were made goes too.
"""

from __future__ import annotations

from datetime import UTC

from django.db import migrations
from django.utils.dateparse import parse_datetime

from clinic.foundation.network import network_of

# In this order: the first points to the third.
TABLES = ("axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accessattempt", "axes_accesslog")
AT_A_TIME = 1000


def keep_the_log(apps, schema_editor):
    connection = schema_editor.connection
    if "axes_accesslog" not in connection.introspection.table_names():
        return
    SignIn = apps.get_model("foundation", "SignIn")
    with connection.cursor() as cursor:
        cursor.execute("SELECT attempt_time, username, ip_address FROM axes_accesslog ORDER BY id")
        while rows := cursor.fetchmany(AT_A_TIME):
            SignIn.objects.bulk_create(
                SignIn(
                    at=_moment(at),
                    who=(name or "")[:150],
                    network=network_of(address or "0.0.0.0"),
                    outcome="in",
                )
                for at, name, address in rows
            )


def _moment(value):
    """SQLite returns text in UTC, PostgreSQL a moment."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def drop(apps, schema_editor):
    there = schema_editor.connection.introspection.table_names()
    for table in TABLES:
        if table in there:
            schema_editor.execute(f"DROP TABLE {table}")
    schema_editor.execute("DELETE FROM django_migrations WHERE app = 'axes'")
    # With its permissions. The entries about its rows in the admin's history lose only their kind.
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="axes").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0002_sign_in"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.RunPython(keep_the_log, migrations.RunPython.noop),
        migrations.RunPython(drop, migrations.RunPython.noop),
    ]
