"""The second step is asked for on a server, and not in a trial, unless somebody says otherwise."""

from __future__ import annotations

from tests.project.test_settings import PRODUCTION, TRIAL, read


def test_it_is_on_on_a_server_and_off_in_a_trial() -> None:
    assert read(PRODUCTION).SECOND_FACTOR is True
    assert read(TRIAL).SECOND_FACTOR is False


def test_either_can_be_told_otherwise() -> None:
    assert read(PRODUCTION | {"SECOND_FACTOR": "false"}).SECOND_FACTOR is False
    assert read(TRIAL | {"SECOND_FACTOR": " Yes "}).SECOND_FACTOR is True
