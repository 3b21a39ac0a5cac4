"""A running site for the whole session, and browsers that say when something is wrong with a page."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.site import Site, fresh_database, serving
from tests.browser.watch import Watch
from tests.messages.sink import listening

# Chromium's own errands would be requests to strangers. Without a graphics card it would draw as if there were
# one, which takes half a core: the plain way shows the same pages.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-software-rasterizer",
)
PATIENCE = 60_000  # milliseconds; the machine may be busy, and only what is wrong waits so long
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *QUIET]}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Site, worker and mail server as real processes, with the demonstration clinic, Dee and Ana."""
    folder = tmp_path_factory.mktemp("site")
    with listening() as sink, fresh_database(folder) as url, serving(url, sink, folder) as site:
        yield site


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test says where each browser stood, since nobody else was there to look."""
    report = yield
    opened: list[tuple[BrowserContext, Watch]] = getattr(item, "funcargs", {}).get("opened", [])
    if report.failed and call.when == "call":
        for page in [page for context, _ in opened for page in context.pages]:
            report.sections.append((f"The browser at {page.url}", page.locator("body").inner_text()[:4000]))
    return report


@pytest.fixture
def opened() -> list[tuple[BrowserContext, Watch]]:
    """Every browser that this test has opened, with the notes taken on it."""
    return []


@pytest.fixture
def somebody(browser: Browser, site: Site, opened: list[tuple[BrowserContext, Watch]]) -> Iterator[Open]:
    """Gives somebody a browser of their own: somebody(width=390, scripts=False). Each is watched, and checked at the end."""

    def somebody(width: int = 1280, scripts: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844 if width < 600 else 800},
            java_script_enabled=scripts,
            # Far from the clinic: what the pages say must not depend on where the browser is.
            timezone_id="Pacific/Auckland",
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        opened.append((context, Watch(context, site.url)))
        return context.new_page()

    yield somebody
    for context, _ in opened:
        context.close()
    for _, watch in opened:
        watch.is_clean()
