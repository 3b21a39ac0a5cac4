"""The rules that a plan goes past say what somebody takes or has: they are encrypted, those of the plans that exist too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations, models

from clinic.foundation.crypto import EncryptedTextField, decrypt, encrypt

HELP = "The rules that it goes past, as codes of bookings/plan_rules.py with spaces; why is in a note."


def seal(apps: Any, schema_editor: Any) -> None:
    _rewrite(apps, encrypt)


def unseal(apps: Any, schema_editor: Any) -> None:
    _rewrite(apps, decrypt)


def _rewrite(apps: Any, rewritten: Callable[[str], str]) -> None:
    Plan = apps.get_model("bookings", "Plan")
    for key, codes in Plan.objects.exclude(although="").values_list("pk", "although"):
        Plan.objects.filter(pk=key).update(although=rewritten(codes))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0040_sessions_are_found")]

    operations = [
        # As text, so that a token fits and the rows can be read as they are stored.
        migrations.AlterField(
            model_name="plan", name="although", field=models.TextField(blank=True, default="", help_text=HELP)
        ),
        migrations.RunPython(seal, unseal),
        migrations.AlterField(
            model_name="plan",
            name="although",
            field=EncryptedTextField(blank=True, default="", help_text=HELP),
        ),
    ]
