"""What a way through the site costs somebody: pages to load, taps, words to read, controls to look past."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

# What is counted apart: the words of consents are the law's, and a time is looked up, not read.
_APART = ".agree label, button[name=slot], .week"
_CONTROLS = "main :is(a, button, summary, input:not([type=hidden]), select, textarea):visible"


@dataclass
class Effort:
    """Counted along the way, at the page as it opens: what is folded is not read."""

    page: Page
    loads: list[str] = field(default_factory=list)  # one line a page, to be printed
    taps: int = 0
    words: int = 0
    controls: int = 0

    def here(self) -> Effort:
        """Look at the page that is open, which nobody had to tap for."""
        self._look()
        return self

    def tap(self, what: Locator) -> None:
        """Put a finger on something that stays on its page."""
        what.click()
        self.taps += 1

    def go(self, button: Locator) -> None:
        """Put a finger on what leads to another page, and look at that."""
        with self.page.expect_navigation():
            button.click()
        self.taps += 1
        self._look()

    def _look(self) -> None:
        words = len(self.page.locator("main").inner_text().split())
        words -= sum(len(text.split()) for text in self.page.locator(_APART).all_inner_texts())
        controls = self.page.locator(_CONTROLS).count()
        self.words += words
        self.controls += controls
        self.loads.append(f"{self.page.locator('h1').inner_text()}: {words} words, {controls} controls")

    def __str__(self) -> str:
        total = f"{len(self.loads)} loads, {self.taps} taps, {self.words} words, {self.controls} controls"
        return "\n".join([*self.loads, total])
