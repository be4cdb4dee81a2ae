"""Pictures of charts that are taken away: SVG that needs nothing else, and PNG made of it.

All that a chart needs to be understood elsewhere is drawn in: title, denominator, date, edition,
source, caveat and licence. Numbers in, text out: no query, no request, no clock.
"""

from .bodies import Body, bar_body, history_body, multiples_body, strips_body, words_body
from .frame import CARD_HEIGHT, WIDTH, Around, Picture, draw
from .png import Undrawable, can_draw, png_of

__all__ = [
    "CARD_HEIGHT",
    "WIDTH",
    "Around",
    "Body",
    "Picture",
    "Undrawable",
    "bar_body",
    "can_draw",
    "draw",
    "history_body",
    "multiples_body",
    "png_of",
    "strips_body",
    "words_body",
]
