"""The UID of a visit in calendars is stored whole: it was made from SITE_URL anew for each file, and changed with it.

Requests that exist keep the UID that their invitations carried, with the host of the site as it is now.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import bookings.models.request

_BATCH = 500


def with_host(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    _rewrite(apps, lambda uid: f"{uuid.UUID(uid)}@{host}")


def without_host(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rewrite(apps, lambda uid: uuid.UUID(uid.partition("@")[0]).hex)


def _rewrite(apps: Apps, new: Callable[[str], str]) -> None:
    requests = apps.get_model("bookings", "ConsultationRequest").objects
    rows = list(requests.only("pk", "calendar_uid"))
    for row in rows:
        row.calendar_uid = new(row.calendar_uid)
    requests.bulk_update(rows, ["calendar_uid"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0008_workers_beat_for_their_mails"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consultationrequest",
            name="calendar_uid",
            field=models.CharField(
                default=bookings.models.request.new_calendar_uid, editable=False, max_length=300, unique=True
            ),
        ),
        migrations.RunPython(with_host, without_host),
    ]
