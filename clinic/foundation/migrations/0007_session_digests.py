"""Staff sessions that are open stay open, but their rows no longer hold what a browser's cookie says: a digest instead.

Backwards a digest cannot be undone, so everybody signs in again.
"""

from __future__ import annotations

import hashlib

from django.db import migrations

# A key of Django's has 32 characters, a digest has 40.
DIGEST = 40


def keep_digests(apps, schema_editor):
    Session = apps.get_model("sessions", "Session")
    for key in list(Session.objects.values_list("session_key", flat=True)):
        if len(key) != DIGEST:
            digest = hashlib.sha256(key.encode()).hexdigest()[:DIGEST]
            Session.objects.filter(session_key=key).update(session_key=digest)


def end_them(apps, schema_editor):
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0003_axes_goes"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(keep_digests, end_them)]
