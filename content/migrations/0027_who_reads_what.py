"""Pages about privacy that do not say who of the team reads what are named on the desk: the front desk reads support needs now.

None is changed here, edited or not, as before (0025): it is a promise that a clinic makes in its own name. A page that says it
already is left in peace, and a new copy is loaded with the right words. Backwards, what nobody has settled goes again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

# What only the new words say.
SAYS_SO = "What support you need for the visit"
WHY = (
    "Please add who of your team reads what. The front desk reads the support that somebody needs for a visit, and the questions, "
    "answers and notes that your staff marked as not about health; clinicians and managers read everything; whoever keeps "
    "the site running sees that an email went or failed, not to whom and none of its words. The words that clients agree to on "
    "the form say the same since this version. Requests from before stay as they were: their support needs are hidden from "
    "the front desk."
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
    dependencies = [("content", "0026_page_events_are_written_once")]

    operations = [migrations.RunPython(name_page, take_back)]
