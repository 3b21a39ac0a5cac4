"""Each request knows whom its address reaches: cleo+1@ and cleo@ hold times like one."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from clinic.foundation.addresses import mailbox


def fill(apps: Any, schema_editor: Any) -> None:
    requests = apps.get_model("bookings", "ConsultationRequest").objects.filter(erased_at=None)
    for pk, email in requests.values_list("pk", "email").iterator(chunk_size=2000):
        requests.filter(pk=pk).update(mailbox=mailbox(email))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="consultationrequest",
            name="mailbox",
            field=models.CharField(blank=True, default="", editable=False, max_length=254),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="consultationrequest",
            index=models.Index(fields=["mailbox"], name="requests_by_mailbox"),
        ),
    ]
