"""Markdown, with front matter or without: Jekyll's posts as well."""

from __future__ import annotations

import re
from typing import Any

import frontmatter
import yaml
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from .document import Facts
from .metadata import date_in, names_of_authors
from .problems import ImportProblem

# Japanese texts put one below the other without a blank line between them.
JAPANESE_ITEM = re.compile(
    r"(?<=[^\n])\n(?P<item>[ \u3000]{0,8}(?:[（(][0-9０-９]{1,2}[)）]|[①-⑳]|[ア-ト][\u3000 .．]))"
)
SUBTITLES = ("subtitle", "description")


def html_of_markdown(text: str) -> tuple[str, Facts]:
    """Return the text as HTML, which is sanitised later on, and what its front matter says."""
    try:
        fields, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError) as error:
        line = str(error).splitlines()[0][:200]
        raise ImportProblem(
            _("The front matter between the lines of “---” is no valid YAML (%(line)s). Mend it.")
            % {"line": line}
        ) from error
    facts = facts_of(fields) if isinstance(fields, dict) else Facts()
    body = JAPANESE_ITEM.sub(r"\n\n\g<item>", body)
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(body), facts


def facts_of(fields: dict[str, Any]) -> Facts:
    lowered = {str(name).strip().lower(): value for name, value in fields.items()}

    def text(*names: str) -> str:
        found = (lowered.get(name) for name in names)
        return next((str(value).strip() for value in found if isinstance(value, str)), "")

    # A group that signs together stands in several places.
    names = (lowered.get(name) for name in ("authors", "author", "consortium", "organisation"))
    authors = next((value for value in names if value), None)
    said = date_in(lowered.get("date") or lowered.get("published"))
    return Facts(
        is_stated=True,
        title=text("title"),
        subtitle=text(*SUBTITLES),
        authors=names_of_authors(authors),
        published_on=said.on if said else None,
        published_precision=said.precision if said else "day",
        publisher=text("publisher", "organization", "organisation"),
        language=text("lang", "language")[:2].lower(),
    )
