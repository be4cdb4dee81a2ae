"""The number that a report's own paragraph begins with, which is no part of what it asks for."""

from __future__ import annotations

import re

# "4.2 The", "4.2. The", "12. The", "(3) The", "b) The", "IV. The", "①", "（１）". A figure that the
# sentence itself is about ("1.5 per cent of", "12 ships") has no capital behind it, or no mark.
OWN_NUMBER = re.compile(
    r"""
    \s*
    (?:
        (?:§|¶|第)?\s*\d{1,3}(?:[.．]\d{1,3}){1,4}[.．)）:]?[\s\u3000]+(?=[^\Wa-z\d_]|[“"'‘「『])
      | \d{1,3}[.．)）、]\s*(?=[^\Wa-z\d_]|[“"'‘「『])
      | [(（\[]\s*(?:\d{1,3}|[a-z]|[ivx]{1,5}|[A-Z])\s*[)）\]]\s*(?=[^\W\d_]|[“"'‘「『])
      | (?:[a-z]|[ivx]{1,5})[)）][\s\u3000]+(?=[^\W\d_])
      | [IVX]{1,5}\.\s+(?=[A-Z“"])
      | [①-⑳]\s*
    )
    """,
    re.VERBOSE,
)


def without_own_number(text: str) -> str:
    """Return a sentence without the number of its paragraph; of nothing but a number, all of it.

    >>> without_own_number("4.2 The Ferry Company should sell one ticket.")
    'The Ferry Company should sell one ticket.'
    """
    found = OWN_NUMBER.match(text)
    return (text[found.end() :].strip() or text) if found else text
