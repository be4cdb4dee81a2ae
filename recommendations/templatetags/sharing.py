"""What pages say of themselves to those that show them elsewhere."""

from __future__ import annotations

from django import template
from django.template import Context

from recommendations import pictures
from recommendations.models import Recommendation, Report
from recommendations.viewpoint import Viewpoint
from recommendations.web.sharing import Shared, frame
from recommendations.web.sharing import shared as shared_page

from .addresses import page, viewpoint_of

register = template.Library()

# Of the addresses of pictures and embeds of a chart: which pages have one that can be framed.
EMBEDS = {
    ("report", "headline"): ("embed_report", 480),
    ("report", "history"): ("embed_history", 860),
    ("recommendation", "headline"): ("embed_recommendation", 700),
    ("list", "headline"): ("embed_list", 960),
}
# Pages that nobody cites, whose template has their title.
UNTITLED = ("appearance", "report_error", "report_thanks")


@register.simple_tag(takes_context=True)
def sharing(context: Context) -> Shared | None:
    """Return what is said of a public page; nothing of those of staff and of errors."""
    viewpoint, request = viewpoint_of(context), context.get("request")
    match = getattr(request, "resolver_match", None)
    if viewpoint is None or match is None:
        return None
    if not context.get("title") and match.url_name not in UNTITLED:
        return None
    report = context.get("report")
    return shared_page(
        context["request"],
        context["this_site"],
        title=context.get("title") or "",
        description=context.get("description") or "",
        viewpoint=viewpoint,
        featured=report.slug if isinstance(report, Report) else "",
        has_chart=_has_chart(context, viewpoint),
    )


def _has_chart(context: Context, viewpoint: Viewpoint) -> bool:
    """Say whether a page of the record has counts to draw."""
    recommendation = context.get("recommendation")
    report = recommendation.report if recommendation else context.get("report")
    if isinstance(report, Report) and viewpoint.precedes(report):
        return False
    figures, detail = context.get("figures"), context.get("detail")
    return not (figures and not figures.counts) and not (detail and not detail.counted)


@register.inclusion_tag("components/take_along.html", takes_context=True)
def take_along(
    context: Context,
    chart: str,
    scope: str = "",
    recommendation: Recommendation | None = None,
    filters: str = "",
) -> dict[str, object]:
    """Links to the picture of a chart, and how to embed it where that can be.

    It is of a scope ("area=taiwan"), of a recommendation, or of what the filters of a list keep.
    There is none of a draft that staff look at before it is public.
    """
    if context.get("is_preview"):
        return {}
    kind, _mark, slug = scope.partition("=")
    arguments: tuple[str, ...] = (slug,)
    if recommendation:
        kind, arguments = "recommendation", (recommendation.report.slug, recommendation.number)
    elif not scope:
        kind, arguments = "list", ()
    named = arguments if kind == "list" else (*arguments, chart)
    picture = f"recommendations:{kind}_picture"
    name, height = EMBEDS.get((kind, chart), ("", 0))
    framed = page(context, f"recommendations:{name}", *arguments, filters=filters) if name else ""
    address = context["request"].build_absolute_uri(framed)
    return {
        "svg": page(context, picture, *named, "svg", filters=filters),
        "png": page(context, picture, *named, "png", filters=filters)
        if pictures.can_draw("")
        else "",
        "framed": framed,
        "snippet": frame(address, str(context.get("title") or ""), "100%", height),
    }
