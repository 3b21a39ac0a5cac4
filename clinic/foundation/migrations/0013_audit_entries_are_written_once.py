"""The database refuses to change the audit, or to delete it inside its period."""

from __future__ import annotations

from django.db import migrations

from clinic.foundation.written_once import WrittenOnce


class Migration(migrations.Migration):
    dependencies = [("foundation", "0012_second_step")]

    operations = [
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=WrittenOnce(name="audit_entries_are_written_once", days=2921),
        ),
    ]
