"""Pictures of charts, as SVG and PNG, at addresses that last."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations import charts, pictures
from recommendations.figures.caveats import Caveat, caveat_sentences
from recommendations.figures.counts import Counts
from recommendations.figures.months import History, month_ends
from recommendations.figures.site_reports import has_several_reports
from recommendations.models import ContextEvent, Party, PolicyArea
from recommendations.record import Record
from recommendations.templatetags.tracker import number_of_actions
from recommendations.text.dates import date_text
from recommendations.text.languages import has_drafts, plain
from recommendations.text.punctuation import colon, comma, gap
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.filtering import LIST_FILTERS
from recommendations.web.first_search import first_search_behind
from recommendations.web.one_state import indexed
from recommendations.web.open_answers import shown_anywhere
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest, newest_edition_of

from .charted import Charted, OneRecommendation, of_label, of_list, of_recommendation, of_report

TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


@require_safe
@shown_anywhere
@revalidated
@strict(is_file=True)
@indexed
def report_picture(request: PublicRequest, report: str, chart: str, suffix: str) -> HttpResponse:
    return _picture_of_many(request, of_report(request, report), chart, suffix)


@require_safe
@shown_anywhere
@revalidated
@strict(is_file=True)
@indexed
def area_picture(request: PublicRequest, slug: str, chart: str, suffix: str) -> HttpResponse:
    return _picture_of_many(request, of_label(request, PolicyArea, slug), chart, suffix)


@require_safe
@shown_anywhere
@revalidated
@strict(is_file=True)
@indexed
def party_picture(request: PublicRequest, slug: str, chart: str, suffix: str) -> HttpResponse:
    return _picture_of_many(request, of_label(request, Party, slug), chart, suffix)


@require_safe
@shown_anywhere
@revalidated
@strict(is_file=True)
def recommendation_picture(
    request: PublicRequest, report: str, number: str, chart: str, suffix: str
) -> HttpResponse:
    found = of_recommendation(request, report, number)
    recommendation, counts = found.detail.recommendation, found.detail.counts
    if not counts:
        raise Http404(f"{number} has no verifiable action.")
    if chart == "multiples":
        raise Http404("A recommendation has no charts side by side.")
    kicker = recommendation.report.full_title
    path = recommendation.get_absolute_url()
    sentences = _sentences(request, found.caveats, is_named=False)
    around = _around(request, found.title, kicker, path, sentences, deck=found.verdict)
    drawn = _bar(counts) if chart == "headline" else _strips(request, found)
    return _answer(pictures.draw(around, drawn), suffix)


@require_safe
@shown_anywhere
@revalidated
@strict(*LIST_FILTERS, is_file=True)
@indexed
def list_picture(request: PublicRequest, suffix: str) -> HttpResponse:
    """The headline of a filtered list."""
    found = of_list(request)
    counts = found.totals.counts
    kicker = found.filters or _("Recommendations and actions")
    query = found.filterset.query()
    path = reverse("recommendations:list") + query
    record = Record(request.viewpoint)
    sentences = _sentences(request, found.caveats, is_named=has_several_reports(record))
    around = _around(request, found.title, kicker, path, sentences)
    label = number_of_actions(counts.total) if found.filterset.is_of_actions else ""
    body = _bar(counts, label=label) if counts else pictures.words_body(found.filters)
    return _answer(pictures.draw(around, body), suffix)


@require_safe
@shown_anywhere
@revalidated
@strict(is_file=True)
@indexed
def site_picture(request: PublicRequest, suffix: str) -> HttpResponse:
    """The card of pages that show no chart: the name of the site, and what it is."""
    words = _(
        "An independent record of what became of the recommendations of policy reports, and on "
        "what evidence. Not affiliated with any government or with the authors of a report."
    )
    path = reverse("recommendations:home")
    around = _around(request, site_name(), "", path, [])
    return _answer(pictures.draw(around, pictures.words_body(words)), suffix)


def _picture_of_many(
    request: PublicRequest, found: Charted, chart: str, suffix: str
) -> HttpResponse:
    history = found.shown.history
    title, deck = found.title, "" if chart == "headline" else _("Status at the end of each month")
    if chart == "headline":
        body = _bar(found.counts)
    elif chart == "history" and history:
        title, body = history.headline, _months(history, found.events)
    elif chart == "multiples" and history and found.side_by_side:
        body = _multiples(found)
    else:
        raise Http404(f"No chart {chart}.")
    is_named = not found.is_of_one_report and has_several_reports(Record(request.viewpoint))
    sentences = _sentences(request, found.shown.caveats(), is_named=is_named)
    around = _around(request, title, found.name, found.path, sentences, deck=deck)
    return _answer(pictures.draw(around, body), suffix)


# What is drawn -----------------------------------------------------------------------------------


def _bar(counts: Counts, *, label: str = "") -> pictures.Body:
    label = label or number_of_actions(counts.total)
    bar = charts.stack_bar(counts, height=76, numbers=True, label=label)
    return pictures.bar_body(bar, counts)


def _months(history: History, events: Iterable[ContextEvent]) -> pictures.Body:
    events = list(events)
    chart = charts.monthly_steps(
        history.months,
        events=[event.on for event in events],
        searches=[search.on for search in history.first_searches],
    )
    notes = [_event_notes(events)] if events else []
    if history.first_searches:
        notes.append(_search_notes(history))
    return pictures.history_body(chart, notes)


def _event_notes(events: list[ContextEvent]) -> str:
    told = [
        f"{n}{colon()}{date_text(event.on)}{colon()}{plain(event.title, 'contextevent.title')}"
        for n, event in enumerate(events, start=1)
    ]
    words = _("Dotted lines, for context; they claim no cause:")
    return f"{words}{gap()}{_between(told)}"


def _search_notes(history: History) -> str:
    told = [
        f"{letter}{colon()}{date_text(search.on)}{comma()}"
        + ngettext("%(n)s action", "%(n)s actions", search.n) % {"n": search.n}
        for letter, search in zip(ascii_uppercase, history.first_searches, strict=False)
    ]
    words = _(
        "Dashed lines: first searched. No event moved these actions from “Not assessed” to “No "
        "action found”, but the first look at them:"
    )
    return f"{words}{gap()}{_between(told)}"


def _between(told: Iterable[str]) -> str:
    return pgettext("between the parts of a sentence", "; ").join(told)


def _strips(request: PublicRequest, found: OneRecommendation) -> pictures.Body:
    since = found.detail.recommendation.report.published_on
    days = month_ends(since, max(request.viewpoint.on, since))
    rows = [
        (charts.line_of(row, days), row.action.label, row.action.status)
        for row in found.detail.strips
    ]
    return pictures.strips_body(rows, charts.month_ticks(days), found.detail.counts)


def _multiples(found: Charted) -> pictures.Body:
    side_by_side = found.shown.multiples(found.side_by_side)
    if not side_by_side.is_chart:
        raise Http404("Nothing stands side by side here.")
    most = side_by_side.most
    drawn = [
        (one.group.label, one.group.counts, charts.small_steps(one.history.months, most=most))
        for one in side_by_side.histories
    ]
    ticks = charts.month_ticks(side_by_side.days)
    return pictures.multiples_body(drawn, ticks, side_by_side.scale)


# What stands around it ---------------------------------------------------------------------------


def _sentences(request: PublicRequest, caveats: list[Caveat], *, is_named: bool) -> list[str]:
    """Return what a page says of its figures: what they rest on, and from before which search."""
    sentences = caveat_sentences(caveats, is_named=is_named)
    if first := first_search_behind(request, request.viewpoint):
        words = _(
            "Nothing was searched before %(day)s: a dated step counts from its day, and all else "
            "shows as “Not assessed”."
        )
        sentences.insert(0, words % {"day": date_text(first)})
    return sentences


def _around(
    request: PublicRequest,
    title: str,
    kicker: str,
    path: str,
    caveats: list[str],
    *,
    deck: str = "",
) -> pictures.Around:
    if has_drafts():
        caveats = [*caveats, _("Some of its words are machine-drafted translations, unreviewed.")]
    return pictures.Around(
        title=title,
        kicker=kicker,
        dated=dated(request),
        site=site_name(),
        address=request.build_absolute_uri(permanent(request, path)),
        caveats=tuple(caveats),
        deck=deck,
    )


def dated(request: PublicRequest) -> str:
    """Return what day and edition an answer is of, in words."""
    on, edition = request.viewpoint.on, request.viewpoint.edition or newest_edition_of(request)
    if edition is None:
        return _("Record as of %(day)s") % {"day": date_text(on)}
    return _("Record as of %(day)s, edition %(number)d") % {
        "day": date_text(on),
        "number": edition.number,
    }


def permanent(request: PublicRequest, path: str) -> str:
    """Return the address of a page that answers the same whatever is published later."""
    edition = request.viewpoint.edition or newest_edition_of(request)
    if edition is None:
        return path
    on = request.viewpoint.on
    return Viewpoint(on=on, as_of=on, edition=edition).address(path)


# How it is answered ------------------------------------------------------------------------------


def _answer(picture: pictures.Picture, suffix: str) -> HttpResponse:
    if suffix == "svg":
        return HttpResponse(picture.svg(), content_type=TYPES["svg"])
    try:
        return HttpResponse(pictures.png_of(picture), content_type=TYPES["png"])
    except pictures.Undrawable as problem:
        return HttpResponse(
            f"{_why_not(problem)}\n", status=404, content_type="text/plain; charset=utf-8"
        )


def _why_not(problem: pictures.Undrawable) -> str:
    if problem.characters:
        return _(
            "There is no PNG of this chart: the fonts here have no “%(characters)s”, and it would "
            "show boxes in their place. The same address with .svg has the picture."
        ) % {"characters": problem.characters}
    return _(
        "There is no PNG of this chart: no font here has the characters of this language. The same "
        "address with .svg has the picture."
    )
