"""Pages about privacy that do not say what becomes of a plan after a visit are named on the desk.

None is changed here, edited or not, as before (0025, 0027, 0032). A page that says it already is left in peace, and a new copy is
loaded with the right words. Backwards, what nobody has settled goes again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

# What only the new words say.
SAYS_SO = "what we write to you after it"
WHY = (
    "Please add what is new. Clients may send questions for their visit, and are sent a plan after it, which they may ask about: all "
    "of these words are encrypted. Not encrypted are which treatments a plan names, how many visits, the prices, and what "
    "the client said to each. Practitioners and managers read a plan; the front desk sees that there is one."
)


def name_page(apps: Any, schema_editor: Any) -> None:
    Correction = apps.get_model("content", "Correction")
    for page in apps.get_model("content", "Page").objects.filter(kind="duty", slug="privacy"):
        if SAYS_SO not in page.body:
            Correction.objects.create(
                subject=f"Page: {page.title}"[:200],
                admin_path=f"/admin/content/page/{page.pk}/change/",
                why=WHY,
                made_at=timezone.now(),
            )


def take_back(apps: Any, schema_editor: Any) -> None:
    apps.get_model("content", "Correction").objects.filter(why=WHY, settled_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("content", "0035_how_a_video_call_begins")]

    operations = [migrations.RunPython(name_page, take_back)]
