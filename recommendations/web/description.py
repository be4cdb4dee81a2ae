"""What search engines and shared links say of a page: sentences that the page shows itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from recommendations.text.punctuation import gap, stop

# In characters: what search engines show of one, and what says too little.
MOST, LEAST = 160, 50
ENDS = (".", "!", "?", "。", "！", "？")


def described(*sentences: object) -> str:
    """Return as many of the sentences as there is room for, in their order.

    The first is cut where it has no room by itself. What is short is followed by what the whole
    tracker is.
    """
    first, *rest = filter(None, map(_as_sentence, sentences))
    found = _and(_cut(first), rest)
    return found if len(found) >= LEAST else _and(found, [_about_the_tracker()])


def _and(found: str, sentences: Iterable[str]) -> str:
    for sentence in sentences:
        longer = f"{found}{gap()}{sentence}"
        if len(longer) <= MOST:
            found = longer
    return found


def _about_the_tracker() -> str:
    return _("What became of the recommendations of policy reports, and on what evidence.")


def _as_sentence(text: object) -> str:
    words = " ".join(str(text).split())
    return words if not words or words.endswith(ENDS) else f"{words}{stop()}"


def _cut(text: str) -> str:
    if len(text) <= MOST:
        return text
    room = text[: MOST - 1]
    # Where no spaces are between words any place will do.
    words = room if not gap() else room.rpartition(" ")[0] or room
    return f"{words}…"
