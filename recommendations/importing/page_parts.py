"""The parts of a web page around its main part: menus, banners, feedback, the foot."""

from __future__ import annotations

import re
from collections.abc import Mapping

ROLES = {
    "navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog",
    "doc-endnotes", "menu", "menubar",
}  # fmt: skip
# At the start of a class or id; frameworks put their own name before it.
NAMES = re.compile(
    r"(?<!\S)(?:gem-c-|govuk-|site-|page-|global-)?(?:cookies?|breadcrumbs?|feedback|footer|"
    r"footnotes|endnotes|skip-?link|header-?nav|navbar|navigation|nav|menu|sidebar|share|social|"
    r"newsletter|related|pagination|toc)(?![^\s_-])",
    re.IGNORECASE,
)
NAMED = {"div", "section", "ul", "ol", "header", "p", "span"}
LONGEST_NAMES = 200
MAIN = ("main", "article")


def main_part(ends: Mapping[str, int]) -> str:
    """Return the element that holds the text, by how many of each kind end in the page.

    Empty where there is none, or several articles, of which each would be taken for the whole.
    """
    return next((tag for tag in MAIN if ends.get(tag) == 1), "")


def is_beside_text(tag: str, values: Mapping[str, str]) -> bool:
    """Return whether an element is no part of the text, by its role or by its class and id."""
    if values.get("role", "").lower() in ROLES:
        return True
    if tag not in NAMED:
        return False
    names = f"{values.get('id', '')} {values.get('class', '')}"
    return bool(NAMES.search(names[:LONGEST_NAMES]))
