"""Pages about privacy that do not say what is counted, and what a calendar app gets, are named on the desk.

None is changed here, edited or not, as before (0025, 0027): it is a promise that a clinic makes in its own name. A page that says
both already is left in peace, and a new copy is loaded with the right words. Backwards, what nobody has settled goes again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

# What only the new words say.
SAYS_SO = ("These are numbers alone", "The app gets your initials and a reference")
WHY = (
    "Please add two things. Your figures count requests by day, what became of them, and the kinds of scar or mark that people "
    "ticked: numbers without a name or a reference, which stay when a request is erased. And a practitioner may read their "
    "visits in a calendar app of their own, which gets a client's initials and a reference, no name and nothing about health."
)


def name_page(apps: Any, schema_editor: Any) -> None:
    Correction = apps.get_model("content", "Correction")
    for page in apps.get_model("content", "Page").objects.filter(kind="duty", slug="privacy"):
        if any(words not in page.body for words in SAYS_SO):
            Correction.objects.create(
                subject=f"Page: {page.title}"[:200],
                admin_path=f"/admin/content/page/{page.pk}/change/",
                why=WHY,
                made_at=timezone.now(),
            )


def take_back(apps: Any, schema_editor: Any) -> None:
    apps.get_model("content", "Correction").objects.filter(why=WHY, settled_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("content", "0031_trade")]

    operations = [migrations.RunPython(name_page, take_back)]
