"""Each request knows whom its address reaches: cleo+1@ and cleo@ hold times like one.

Addresses with an international domain are kept as people read it from now on. Until now one could only come in as xn--...
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import migrations, models

from clinic.foundation.addresses import kept, mailbox


def fill(apps: Any, schema_editor: Any) -> None:
    requests = apps.get_model("bookings", "ConsultationRequest").objects.filter(erased_at=None)
    for pk, email in requests.values_list("pk", "email").iterator(chunk_size=2000):
        requests.filter(pk=pk).update(mailbox=mailbox(email))
        if "xn--" in email:
            rename(apps, pk, email)


def rename(apps: Any, pk: int, email: str) -> None:
    """The request and its mails that are to go together: one that is not to the request's address is never sent."""
    try:
        new = kept(email)
    except ValidationError:
        return
    apps.get_model("bookings", "ConsultationRequest").objects.filter(pk=pk).update(
        email=new, email_search=new.lower()
    )
    waiting = apps.get_model("bookings", "Message").objects.filter(state__in=("queued", "sending"))
    waiting.filter(request_id=pk, to=email).update(to=new)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_what_was_typed")]

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
