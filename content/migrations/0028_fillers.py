"""A filler is suggested only while the clinic says which kind it uses, what it keeps ready and whom to call.

Rows of treatments that shipped as fillers are marked as such. A clinic that offers one finds on its desk what it now has to
say: until then no page and no guide suggests fillers. Source: corrections.md, facts 101, 105 and 106. Backwards, what was
written is lost, as is what nobody has settled on the desk.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.utils import timezone

SUBJECT = "Clinic profile: fillers"
WHY = (
    "Before a filler people must know which kind it is, what you keep ready if it blocks a blood vessel, and whom to call by "
    "day and at night. Please write all three under “Fillers”. Until then the guide and the lists of what may help suggest "
    "no fillers. The page of fillers prints them where its text has a line with {{ kept-ready }}."
)


def mark(apps: Any, schema_editor: Any) -> None:
    fillers = apps.get_model("content", "Treatment").objects.filter(code="filler")
    fillers.update(is_filler=True)
    for version in apps.get_model("content", "Version").objects.filter(treatment__code="filler"):
        version.data["is_filler"] = True
        version.save(update_fields=["data"])
    clinic = apps.get_model("content", "ClinicProfile").objects.first()
    if clinic and fillers.filter(offered=True).exists():
        apps.get_model("content", "Correction").objects.create(
            subject=SUBJECT,
            admin_path=f"/admin/content/clinicprofile/{clinic.pk}/change/",
            why=WHY,
            made_at=timezone.now(),
        )


def unmark(apps: Any, schema_editor: Any) -> None:
    apps.get_model("content", "Correction").objects.filter(settled_at=None, subject=SUBJECT).delete()
    for version in apps.get_model("content", "Version").objects.filter(treatment__code="filler"):
        version.data.pop("is_filler", None)
        version.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("content", "0027_who_reads_what")]

    operations = [
        migrations.AddField(
            model_name="clinicprofile",
            name="filler_kind",
            field=models.TextField(
                blank=True,
                help_text="The kind and its name, how long it lasts, and whether it can be dissolved.",
                verbose_name="which fillers we use",
            ),
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="filler_kit",
            field=models.TextField(
                blank=True,
                help_text="What is in the room in case a filler blocks a blood vessel: the written plan, what dissolves the gel "
                "and how much of it, and who can prescribe it.",
                verbose_name="what we keep ready",
            ),
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="filler_call",
            field=models.TextField(
                blank=True,
                help_text="By day, at night and at the weekend. If nobody answers then, say so, and until when you give "
                "fillers.",
                verbose_name="whom to call after a filler",
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="is_filler",
            field=models.BooleanField(
                default=False,
                help_text="It can block a blood vessel. No page and no guide suggests it until the clinic's profile says which "
                "kind is used, what is kept ready and whom to call.",
                verbose_name="is a filler",
            ),
        ),
        migrations.RunPython(mark, unmark),
    ]
