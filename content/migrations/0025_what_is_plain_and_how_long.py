"""Pages that say what is encrypted and how long it is kept are named on the desk: what shipped was not exact.

None is changed here, edited or not: it is a promise that a clinic makes in its own name. A page that says it already is left in
peace, and a new copy is loaded with the right words. Backwards, what nobody has settled goes again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

# What only the new words say.
SAYS_SO = "A request that is still open"
HOW_LONG = (
    "Please add to what it says about how long you keep things: a request that is still open is erased 6 months after anybody "
    "last did something about it (or after an answer was due, if that is later); the record of a visit 8 years after that "
    "visit, also if nobody noted that the client came; which of your team looked at or changed a request is kept for 8 years."
)
WHY = {
    "privacy": (
        "It names what is not encrypted, and does not name all of it. Please add: how you may reach the client; the times they "
        "asked for; labels (tags) that your desk adds; codes for why you said no or called off a visit, and for which emails "
        f"you sent; what the client agreed to, and when. {HOW_LONG}"
    ),
    "your-data": HOW_LONG,
}


def name_pages(apps: Any, schema_editor: Any) -> None:
    Correction = apps.get_model("content", "Correction")
    for page in apps.get_model("content", "Page").objects.filter(kind="duty", slug__in=WHY).order_by("slug"):
        if SAYS_SO not in page.body:
            Correction.objects.create(
                subject=f"Page: {page.title}"[:200],
                admin_path=f"/admin/content/page/{page.pk}/change/",
                why=WHY[page.slug],
                made_at=timezone.now(),
            )


def take_back(apps: Any, schema_editor: Any) -> None:
    apps.get_model("content", "Correction").objects.filter(why__in=WHY.values(), settled_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("content", "0024_closed_to_requests")]

    operations = [migrations.RunPython(name_pages, take_back)]
