"""Files of one report that follow one another: NAME.yaml, NAME.2.yaml, NAME.3.yaml."""

from __future__ import annotations

import re
from pathlib import Path


def series_of(first: Path) -> list[Path]:
    """Return a file and those beside it that follow it, by their numbers."""
    form = re.compile(rf"{re.escape(first.stem)}\.([1-9][0-9]*){re.escape(first.suffix)}")
    later = [
        (int(match[1]), path)
        for path in first.parent.iterdir()
        if (match := form.fullmatch(path.name))
    ]
    return [first, *(path for _number, path in sorted(later))]
