"""The accent of a site: what stands beside it can be read, by day and by night.

Ratios and their least values are those of WCAG 2.2 (1.4.3): 4.5 for text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COLOUR = re.compile(r"#[0-9a-f]{6}")
LEAST = 4.5
# What links and buttons stand on in each appearance, as tokens.css has it: paper, surface, sunken.
LIGHT = ("#fcfcfa", "#ffffff", "#f1f2ee")
DARK = ("#14171b", "#1b1f24", "#20252b")
WHITE, BLACK = "#ffffff", "#0e1420"


@dataclass(frozen=True, slots=True)
class Clash:
    """A colour that cannot be read on what it stands on; `ratio` is rounded down."""

    colour: str
    beside: str
    ratio: float
    is_dark: bool


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def clashes(light: str, dark: str) -> Iterator[Clash]:
    """Yield, for each appearance, the worst of what an accent cannot be read on."""
    for colour, papers, is_dark in ((light, LIGHT, False), (dark, DARK, True)):
        worst = min((*papers, soft(colour, papers[0])), key=lambda paper: ratio(colour, paper))
        found = ratio(colour, worst)
        if found < LEAST:
            yield Clash(colour, worst, int(found * 100) / 100, is_dark)


def lightened(colour: str) -> str:
    """Return a colour mixed with white until it can be read by night."""
    for share in range(0, 101, 5):
        found = mixed(colour, WHITE, share / 100)
        if not any(clash.is_dark for clash in clashes(LIGHT_SAFE, found)):
            return found
    return WHITE


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another, channel by channel."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def soft(colour: str, paper: str) -> str:
    """Return the tint of a colour that marks a chosen row."""
    return mixed(paper, colour, 0.1)


def stylesheet(light: str, dark: str) -> str:
    """Return the tokens that an accent changes, for both appearances."""
    values = {
        "link": (light, dark),
        "link-hover": (mixed(light, "#000000", 0.35), mixed(dark, WHITE, 0.5)),
        "accent": (light, dark),
        "accent-soft": (soft(light, LIGHT[0]), soft(dark, DARK[0])),
        "on-accent": (_on(light), _on(dark)),
        "selected": (mixed(LIGHT[0], light, 0.06), mixed(DARK[0], dark, 0.12)),
    }
    lines = [f"  --{name}: light-dark({day}, {night});" for name, (day, night) in values.items()]
    return "\n".join((":root {", *lines, "}", ""))


def _on(colour: str) -> str:
    """Return white or black, whichever is read better on a colour."""
    return max((WHITE, BLACK), key=lambda one: ratio(one, colour))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


# Any accent that clashes with nothing by day, to ask about the night alone.
LIGHT_SAFE = "#000000"
