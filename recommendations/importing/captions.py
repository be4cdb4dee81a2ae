"""The lines that name a figure, a table or a box: they are neither headings nor asks."""

from __future__ import annotations

import re

CAPTION = re.compile(
    r"\s*(?:(?:figure|fig\.|table|box|chart|graph|map|exhibit|plate|case\s+stud(?:y|ies))\s*"
    r"(?:[A-Z]?\d+(?:[.-]\d+)*|[A-Z]|[IVX]+)(?=\s*(?:[.:：–—-]|$|\s[A-Z0-9“\"]))|"
    r"(?:図|表|写真|資料|コラム|事例)\s*[0-9０-９一二三四五六七八九十]+)",
    re.IGNORECASE,
)
