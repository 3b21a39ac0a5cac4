"""What a request can be about is kept while no other edition of the pages is out, and an editor's change shows at once."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Concern
from tests import factories as make
from tests.client import walk

FIRST = "/consultations/request/"


def test_it_is_not_read_again_until_an_editor_changes_it(client: Client) -> None:
    concern = make.concern("keloid")
    assert str(concern) in walk.main(client.get(FIRST))
    with CaptureQueriesContext(connection) as asked:
        client.get(FIRST)
    assert len(asked) <= 2, [one["sql"] for one in asked]
    Concern.objects.filter(pk=concern.pk).update(name="Something renamed")
    assert "Something renamed" in walk.main(client.get(FIRST))
    concern.delete()
    assert "Something renamed" not in walk.main(client.get(FIRST))
