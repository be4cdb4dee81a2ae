"""The fonts that pictures of charts are drawn with."""

from collections.abc import Iterable, Sequence
from glob import glob
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# Where Debian, Ubuntu, Fedora and Alpine put fonts that have the characters of both languages.
LATIN = (
    "/usr/share/fonts/truetype/liberation/LiberationSans-*.ttf",
    "/usr/share/fonts/liberation-sans/LiberationSans-*.ttf",
    "/usr/share/fonts/liberation-sans-fonts/LiberationSans-*.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans[.-]*ttf",
    "/usr/share/fonts/dejavu/DejaVuSans[.-]*ttf",
)
JAPANESE = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-*.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-*.ttc",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
)
# How fonts call the two that are drawn with.
WEIGHTS = ("-Regular", "Sans.", "ipag.", "-Bold.")


def font_files(named: Sequence[str]) -> list[str]:
    """Return the files that are named, or those of this machine where none is.

    Without any there are no pictures as PNG, and all else is as it is.
    """
    for path in named:
        if not Path(path).is_file():
            raise ImproperlyConfigured(f"CHART_FONT_FILES names {path}, which is no file.")
    return list(named) or [*_first_of(LATIN), *_first_of(JAPANESE)]


def _first_of(patterns: Iterable[str]) -> list[str]:
    """Return the regular and the bold font of the first family that is there."""
    for pattern in patterns:
        found = sorted(filter(_is_wanted, glob(pattern)), key=lambda path: "Bold" in path)
        if found:
            return found
    return []


def _is_wanted(path: str) -> bool:
    return any(weight in path for weight in WEIGHTS)
