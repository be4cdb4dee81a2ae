"""A person's hand: what it presses is counted, what it types is not."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page


@dataclass
class Hand:
    """Counts the clicks and keys that are not the text itself."""

    page: Page
    steps: int = 0

    def click(self, target: Locator) -> None:
        self.steps += 1
        target.click()

    def press(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def fill(self, target: Locator, text: str) -> None:
        """Go into a field by a click, and type over what stands there."""
        self.click(target)
        target.fill(text)
