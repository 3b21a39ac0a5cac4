"""Notes everything that a browser asks for and complains about."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError


class Watch:
    """Watches every page of a context. `is_clean` fails if one asked a stranger for something, or drew a complaint."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home = home
        self.strangers: list[str] = []
        self.broken: list[str] = []
        self.complaints: list[str] = []
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", self._failed)

    def is_clean(self) -> None:
        assert not self.strangers, f"Asked somebody else: {self.strangers}"
        assert not self.broken, f"Did not get: {self.broken}"
        assert not self.complaints, f"The browser complained: {self.complaints}"

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.home}/", "data:", "about:", "blob:")):
            self.strangers.append(request.url)

    def _answered(self, response: Response) -> None:
        # A page may well answer 403, 404 or 409; what belongs to a page may not.
        if response.status >= 400 and not response.request.is_navigation_request():
            self.broken.append(f"{response.status} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium says "Failed to load resource" about a page's own status as well; all others are in `broken`.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(str(error.error))
