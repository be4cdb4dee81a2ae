"""By which key two pieces of news are known to be the same."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

from .source_keys import source_key

HEADLINE = "headline:"


def news_key(url: str, title: str) -> str:
    """Return the key of a source, or of a headline that has no address.

    Two headlines are one that differ in the width of letters, their case or in white space.
    """
    if url.strip():
        return source_key(url)
    folded = " ".join(unicodedata.normalize("NFKC", title).casefold().split())
    return f"{HEADLINE}{sha256(folded.encode()).hexdigest()}"
