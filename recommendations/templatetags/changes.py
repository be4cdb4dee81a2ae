"""What the change log and the comparison of two days need besides the marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.figures.facets import Finder, finder_of
from recommendations.figures.two_days import TwoDays
from recommendations.filters import Option, RecommendationFilterSet
from recommendations.statuses import MOVE_DEFINITIONS, Move, Status, move
from recommendations.text.html import format_html

from .addresses import address
from .tracker import icon

if TYPE_CHECKING:
    from recommendations.rows import LoggedUpdate

register = template.Library()


@dataclass(frozen=True)
class FilterChoice:
    """A filter as a list to choose from, perhaps with a field that finds what it lists."""

    name: str
    label: str
    options: list[Option]
    chosen: list[str]
    finder: Finder | None


# Those that a short form offers; others in use are kept as they are.
OFFERED = ("status", "area", "party", "report")
# Those that have fields of their own there.
IN_FORM = ("q", "changed_since", "published_since", *OFFERED)


@register.simple_tag
def filter_choices(filterset: RecommendationFilterSet) -> list[FilterChoice]:
    """The filters that a short form offers, where there is something to choose."""
    choices = (
        FilterChoice(
            name,
            str(filterset.filters[name].label),
            filterset.any_of(name).offered(),
            filterset.asked_of(filterset.any_of(name)),
            finder_of(filterset, filterset.any_of(name)),
        )
        for name in OFFERED
    )
    return [choice for choice in choices if len(choice.options) > 1 or choice.finder]


@register.simple_tag
def kept_values(filterset: RecommendationFilterSet) -> list[tuple[str, object]]:
    """Names and values of filters in use that the short form does not offer."""
    return [(name, value) for name, value in filterset.pairs if name not in IN_FORM]


@register.simple_tag
def changed_headline(comparison: TwoDays) -> str:
    moves = comparison.moves
    n, total = comparison.n_changed, comparison.counts_after.total
    if not n:
        return _("None of %(total)d verifiable actions changed its status") % {"total": total}
    sentence = ngettext(
        "%(n)d of %(total)d verifiable actions changed its status: %(rose)d rose, %(fell)d fell",
        "%(n)d of %(total)d verifiable actions changed their status: %(rose)d rose, %(fell)d fell",
        n,
    )
    fell = moves[Move.FELL] + moves[Move.LAPSED]
    return sentence % {"n": n, "total": total, "rose": moves[Move.ROSE], "fell": fell}


@register.simple_tag
def move_definition(direction: str) -> str:
    return str(MOVE_DEFINITIONS[Move(direction)])


@register.simple_tag
def went_down(update: LoggedUpdate) -> SafeString | str:
    """The mark of an update by which an action fell, lapsed or was reopened."""
    direction = move(update.previous_status or Status.NOT_ASSESSED, update.status)
    if direction not in (Move.LAPSED, Move.FELL, Move.REOPENED):
        return ""
    css_class = "due" if direction == Move.REOPENED else "due missed"
    return format_html(
        '<span class="{} with-icon">{}<span>{}</span></span>',
        css_class,
        icon("flag"),
        direction.label,
    )


@register.simple_tag(takes_context=True)
def feed_link(context: Context, feed: str, title: str) -> SafeString:
    """A <link> by which readers of feeds find one, seen from where the page is."""
    return format_html(
        '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">',
        title,
        address(context, feed),
    )


@register.simple_tag
def queries_by_status(filterset: RecommendationFilterSet) -> dict[str, str]:
    """Return a list as it is filtered, of each status alone."""
    return {
        one.value: reverse("recommendations:list") + filterset.query(status=[one.value])
        for one in Status
    }


@register.simple_tag
def feed_of_list(filterset: RecommendationFilterSet) -> str:
    """The address of the feed that the filters of a list keep."""
    return reverse("recommendations:changes_feed") + filterset.query(sort=None, unit=None)
