"""Where a client reads how the treatments of a plan are done: on the pages that everybody reads."""

from __future__ import annotations

from bookings.models import Plan
from content.models import Page


def pages_of(plan: Plan) -> dict[int, str]:
    """The address of the page about each treatment of a plan, by the key of its line: one statement. Lines without a page
    are not in it. The plan comes with its lines.
    """
    lines = [line for line in plan.lines.all() if line.treatment_id]
    links = Page.treatments.through._default_manager.filter(
        treatment__in=[line.treatment_id for line in lines],
        page__is_published=True,
        page__kind=Page.Kind.TREATMENT,
    )
    pages = {link.treatment_id: link.page for link in links.select_related("page").order_by("-page__order")}
    return {
        line.pk: pages[line.treatment_id].get_absolute_url() for line in lines if line.treatment_id in pages
    }
