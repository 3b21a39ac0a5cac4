"""The audit says how many and which, and is found by person: managers read it on the desk."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0010_presses")]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "default_permissions": ("view",),
                "ordering": ["-at", "-pk"],
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.AddField(
            model_name="auditentry", name="facts", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["who_id", "at"], name="audit_by_person"),
        ),
    ]
