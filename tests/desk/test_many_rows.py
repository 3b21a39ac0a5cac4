"""A form that claims to have a hundred thousand rows is drawn with a few hundred, on every page that has rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from clinic.foundation.limits.rows import FORM_ROWS
from tests import factories as make

INLINES = [
    inline(owner.model, admin.site) for owner in admin.site._registry.values() for inline in owner.inlines
]


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("inline", INLINES, ids=lambda inline: type(inline).__name__)
def test_no_table_has_more_rows_than_it_may(inline: Any) -> None:
    request = RequestFactory().post("/")
    request.user = make.staff(is_superuser=True)
    rows = inline.get_formset(request)
    prefix = rows.get_default_prefix()
    claimed = {f"{prefix}-TOTAL_FORMS": "100000", f"{prefix}-INITIAL_FORMS": "0"}
    assert rows(claimed, prefix=prefix).total_form_count() == FORM_ROWS


def test_there_are_such_tables() -> None:
    assert len(INLINES) >= 3  # the weekly hours are a page of their own, with a row for each weekday
