"""`make test` as a whole: what makes it red, what its last line says, and which test runs where."""

from __future__ import annotations

import warnings
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import PURE, asks_database

with warnings.catch_warnings():
    # The embedded server warns when the system has no runtime folder, and our warnings are errors.
    warnings.simplefilter("ignore")
    from scripts import test as suite


def part(name: str = "part", code: int = 0, **known: Any) -> suite.Result:
    return suite.Result(name, code, 60.0, 50.0, **known)


GREEN: dict[str, Any] = {"tests": 10, "slow": [(1.5, "part: a.test"), (2.5, "part: another.test")]}


def test_a_green_run_ends_with_its_counts_as_pytest_says_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert suite.summary([part(**GREEN), part("second", tests=3)], 361.5) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "=== 13 passed in 361.50s ==="
    assert "ok     part: 10 tests, 0 failed, 0 skipped, 60 s (50 s of processor time)" in printed
    assert printed.index("   2.5 s part: another.test") < printed.index("   1.5 s part: a.test")


def test_one_red_part_makes_the_run_red(capsys: pytest.CaptureFixture[str]) -> None:
    assert suite.summary([part(**GREEN), part("second", code=1, tests=3, failed=2)], 10) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "=== 2 failed, 11 passed in 10.00s ==="


def test_a_part_that_broke_before_its_tests_makes_the_run_red() -> None:
    assert suite.summary([part(**GREEN), part("second", code=4)], 10) == 1


def test_a_run_without_tests_is_red_and_a_part_without_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert suite.summary([part(**GREEN), part("second", code=suite.NO_TESTS)], 10) == 0
    assert suite.summary([part(code=suite.NO_TESTS), part("second", code=suite.NO_TESTS)], 10) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "=== no tests ran in 10.00s ==="


@pytest.mark.parametrize(("in_ci", "code"), [(False, 0), (True, 1)])
def test_what_is_skipped_is_named_and_in_ci_it_is_red(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, in_ci: bool, code: int
) -> None:
    monkeypatch.setattr(suite, "IN_CI", in_ci)
    assert suite.summary([part(tests=10, skipped=Counter({"a.test: no Chromium": 1}))], 10) == code
    printed = capsys.readouterr().out
    assert "  - part: a.test: no Chromium" in printed
    assert printed.splitlines()[-1] == "=== 9 passed, 1 skipped in 10.00s ==="


@pytest.mark.parametrize(
    ("mark", "fixtures", "asks"),
    [
        (None, [], False),
        (None, ["tmp_path", "settings"], False),
        ("django_db", [], True),
        (None, ["monday_morning", "db", "_django_db_helper", "django_db_setup"], True),
        (None, ["shipped_clinic", "shipped_url", "django_db_setup"], True),
        (None, ["site", "somebody"], False),  # the browser's site brings a database of its own
    ],
)
def test_a_test_asks_for_the_database_by_its_marks_and_fixtures(
    mark: str | None, fixtures: list[str], asks: bool
) -> None:
    item: Any = SimpleNamespace(
        fixturenames=fixtures, get_closest_marker=lambda name: name if name == mark else None
    )
    assert asks_database(item) == asks


def test_where_no_part_looks_for_rows_a_test_with_rows_is_refused() -> None:
    """Else it would run nowhere."""
    assert tuple(f"tests/{name}" for name in PURE) == suite.PURE


def test_what_asks_for_a_database_here_is_known_to(request: pytest.FixtureRequest, db: None) -> None:
    assert asks_database(request.node)


def test_what_asks_for_none_is_known_to(request: pytest.FixtureRequest) -> None:
    assert not asks_database(request.node)
