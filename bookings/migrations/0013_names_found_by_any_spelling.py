"""The desk finds O’Brien by o'brien, obrien and brien, and Anne-Marie by either half: what is searched is made anew."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from clinic.foundation.text import fold, name_key


def fill(apps: Any, schema_editor: Any) -> None:
    _fill(apps, name_key)


def empty(apps: Any, schema_editor: Any) -> None:
    """What the version before searched: one folded copy, as long as its column."""
    _fill(apps, lambda name: f" {fold(name)}"[:140])


def _fill(apps: Any, key: Any) -> None:
    requests = apps.get_model("bookings", "ConsultationRequest").objects
    named = requests.filter(erased_at=None).values_list("pk", "name")
    for pk, name in named.iterator(chunk_size=2000):
        requests.filter(pk=pk).update(name_search=key(name))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0012_agreed_zone")]

    operations = [
        migrations.AlterField(
            model_name="consultationrequest",
            name="name_search",
            field=models.TextField(editable=False, help_text="clinic.foundation.text.name_key of the name."),
        ),
        migrations.RunPython(fill, empty),
    ]
