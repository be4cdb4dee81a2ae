"""What stands around a chart in its picture, so that it can be understood wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.utils.translation import get_language

from recommendations.text.licence import LICENCE
from recommendations.text.punctuation import colon

from . import drawing
from .bodies import MARGIN, Body
from .drawing import ACCENT, AMBER, INK_2, INK_3, PAPER, RULE
from .lines import cleaned, shortened, wrapped

WIDTH = 1200
# Of a headline: what networks and messengers show of a page.
CARD_HEIGHT = 630
# A taller one is refused as PNG, which costs four bytes a point while it is made.
TALLEST = 3000
INNER = WIDTH - 2 * MARGIN
# What is below the rule at the foot; lines of caveats that a card has room for in large letters,
# and those of any picture.
FOOT, CARD_LINES, MOST_LINES = 92, 4, 8
# What readers have, whatever their system is; Japanese stands in the second half.
FAMILIES = (
    "Liberation Sans, Arial, Helvetica, Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, "
    "Yu Gothic, Meiryo, sans-serif"
)


@dataclass(frozen=True)
class Around:
    """Words around a chart. `address` is the page that it is of, as permanent as a page can be.

    The title or the `deck` below it has the denominator.
    """

    title: str
    kicker: str
    dated: str
    site: str
    address: str
    caveats: tuple[str, ...] = ()
    deck: str = ""

    @property
    def name(self) -> str:
        """Its title with what it is of, for those who hear it: what is drawn is not read out."""
        if not self.kicker or self.title.startswith(self.kicker):
            return self.title
        return f"{self.kicker}{colon()}{self.title}"


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG. `texts` are all its words, by which a font is judged."""

    inner: str
    height: int
    title: str
    description: str
    language: str

    def svg(self, families: str = FAMILIES) -> str:
        title, description = (
            escape(cleaned(one), quote=False) for one in (self.title, self.description)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.height}"'
            f' viewBox="0 0 {WIDTH} {self.height}" role="img" xml:lang="{self.language}"'
            f' font-family="{escape(families)}" color="{drawing.INK}">'
            f"<title>{title}</title><desc>{description}</desc>"
            f"<defs>{drawing.marks()}</defs>"
            f'<rect width="{WIDTH}" height="{self.height}" fill="{PAPER}"/>'
            f"{self.inner}</svg>\n"
        )


def draw(around: Around, body: Body) -> Picture:
    """Put a chart and the words around it on one sheet.

    A card has one size: where its caveats are long they are written smaller.
    """
    head, top = _head(around)
    caveats = _caveats(around, most=CARD_LINES if body.is_card else MOST_LINES)
    needed = top + body.height + 20 + caveats.height + FOOT
    height = CARD_HEIGHT if body.is_card else max(CARD_HEIGHT, round(needed))
    # On a card the chart stands in the middle of what is left.
    is_centred = body.is_card and body.is_centred
    place = top + max(0, height - needed) / 2 if is_centred else top
    inner = (
        head
        + f'<g transform="translate(0 {drawing.pixels(place)})">{body.drawn}</g>'
        + caveats.drawn_at(height - FOOT - caveats.height)
        + _foot(around, height - FOOT)
    )
    told = " ".join((around.dated, *around.caveats, body.told))
    return Picture(inner, height, around.name, told, get_language() or "en")


def _head(around: Around) -> tuple[str, int]:
    """Return what stands above the chart, and where the chart can begin."""
    title = wrapped(around.title, INNER, 40, most=2, is_bold=True)
    kicker = shortened(around.kicker, INNER, 22)
    drawn = drawing.text(MARGIN, 58, kicker, size=22, fill=INK_3)
    drawn += drawing.lines(MARGIN, 112, title, leading=50, size=40, is_bold=True)
    y = 112 + 50 * (len(title) - 1)
    deck = wrapped(around.deck, INNER, 22, most=2)
    drawn += drawing.lines(MARGIN, y + 42, deck, leading=30, size=22, fill=INK_2)
    return drawn, y + 32 + 32 * len(deck)


@dataclass(frozen=True)
class Caveats:
    lines: list[str]
    size: int

    @property
    def leading(self) -> int:
        return round(self.size * 1.4)

    @property
    def height(self) -> int:
        return self.leading * len(self.lines) + 10 if self.lines else 0

    def drawn_at(self, top: int) -> str:
        if not self.lines:
            return ""
        end = top + self.height - 14
        return drawing.line(
            MARGIN + 3, top, MARGIN + 3, end, stroke=AMBER, width=6
        ) + drawing.lines(
            MARGIN + 22,
            top + self.size,
            self.lines,
            leading=self.leading,
            size=self.size,
            fill=INK_2,
        )


def _caveats(around: Around, *, most: int) -> Caveats:
    for size in (20, 16):
        lines = [
            line for caveat in around.caveats for line in wrapped(caveat, INNER - 22, size, most=4)
        ]
        if len(lines) <= most:
            return Caveats(lines, size)
    return Caveats(lines[:MOST_LINES], size)


def _foot(around: Around, rule: int) -> str:
    """Draw what this is, of when and whose."""
    x, end = MARGIN + 44, WIDTH - MARGIN
    logo = f'<use href="#i-logo" x="{MARGIN}" y="{rule + 24}" width="28" height="28"'
    return "".join(
        (
            drawing.line(MARGIN, rule, end, rule, stroke=RULE, width=1.5),
            f'{logo} color="{ACCENT}"/>',
            drawing.text(x, rule + 38, around.site, size=22, is_bold=True),
            drawing.text(end, rule + 38, around.dated, size=20, anchor="end"),
            drawing.text(
                x, rule + 68, shortened(around.address, INNER - 200, 18), size=18, fill=INK_2
            ),
            drawing.text(end, rule + 68, LICENCE, size=18, fill=INK_2, anchor="end"),
        )
    )
