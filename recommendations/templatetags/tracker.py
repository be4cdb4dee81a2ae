"""The marks of the site: glyph and word, bars and squares, dates, links that keep a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django import template
from django.db.models import Model
from django.template import Context
from django.template.base import Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from recommendations import charts, statuses
from recommendations.accounts.people import name_of
from recommendations.figures.counts import Counts, headline, phrase, remainder, verdict_on
from recommendations.figures.dashboard import RecommendationRow
from recommendations.models import Action, Recommendation, Report
from recommendations.statuses import (
    Precision,
    RollUp,
    Schedule,
    Status,
)
from recommendations.text.clock import clock_text
from recommendations.text.dates import date_text, publication_text
from recommendations.text.html import conditional_escape, format_html, format_html_join
from recommendations.text.kept import kept_by_language
from recommendations.text.languages import plain, say
from recommendations.text.punctuation import brackets, colon, comma, gap, listed, stop

from .addresses import address
from .content import tagged

if TYPE_CHECKING:
    from recommendations.rows import DetailedAction, ListedAction, ScheduledAction

register = template.Library()
TAG = re.compile("<[^>]*>")
HAS_BRACKETS = re.compile("[(（]")


@register.filter
def clock(at: datetime) -> str:
    """A clock time in the zone of who reads it, which is named."""
    return clock_text(at)


@register.simple_tag
@kept_by_language
def glyph(status: str, css_class: str = "glyph") -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<use href="#s-{}"/></svg>',
        css_class,
        status,
    )


@register.simple_tag
@kept_by_language
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<use href="#i-{}"/></svg>',
        name,
    )


@register.simple_tag(name="status")
@kept_by_language
def status_mark(status: str, size: str = "") -> SafeString:
    """Glyph and word, never a colour alone."""
    return format_html(
        '<span class="status{}">{}<span class="word">{}</span></span>',
        f" {size}" if size else "",
        glyph(status),
        Status(status).label,
    )


@register.simple_tag
@kept_by_language
def fall(fell_from: str) -> SafeString | str:
    """The mark of a status that was further once. Computed from the history, never typed."""
    if not fell_from:
        return ""
    text = _("Lapsed")
    if fell_from != Status.IMPLEMENTED:
        text = _("Fell from “%(status)s”") % {"status": Status(fell_from).label}
    return format_html(
        '<span class="due missed with-icon">{}<span>{}</span></span>', icon("flag"), text
    )


@register.simple_tag
def standing(row: Action | Recommendation | RecommendationRow, size: str = "") -> SafeString:
    """Glyph and word of the status that something has, and what it has fallen from."""
    mark = fall(row.fell_from)
    if not mark:
        return status_mark(row.status, size)
    return format_html('<span class="standing">{} {}</span>', status_mark(row.status, size), mark)


@register.simple_tag
@kept_by_language
def change(before: str, after: str) -> SafeString:
    """From one status to another; one that was confirmed shows once."""
    if before == after:
        return format_html(
            '<span class="change">{}<span class="was">{}</span></span>',
            status_mark(after),
            _("confirmed"),
        )
    # As it is read aloud; the arrow is for the eye.
    words = _("%(before)s changed to %(after)s") % {"before": "\0", "after": "\0"}
    between, behind = words.split("\0")[1:]
    return format_html(
        '<span class="change"><span class="was">{}</span>{}<span class="vh">{}</span>{}{}</span>',
        Status(before).label,
        icon("arrow"),
        between,
        status_mark(after),
        format_html('<span class="vh">{}</span>', behind) if behind else "",
    )


@register.simple_tag
@kept_by_language
def day(on: date | None, precision: str = Precision.DAY) -> SafeString | str:
    """A <time>, or a dash where there is no date."""
    if on is None:
        return "–"
    return _time(on, precision, date_text(on, precision))


@register.simple_tag
def publication_day(report: Report) -> SafeString:
    """When a report came out, no more exact than is known."""
    on, precision = report.published_on, report.published_precision
    return _time(on, precision, publication_text(on, precision))


@register.simple_tag(takes_context=True)
def report_name(context: Context, report: Report, is_short: bool = False) -> SafeString | str:
    """The title of a report: its page here leads on, or the report itself where it has none."""
    title = tagged(plain(report.title, "report.title") if is_short else report.full_title)
    if not report.is_bibliographic:
        return format_html('<a href="{}">{}</a>', address(context, report), title)
    return _outside(report, title)


@register.simple_tag
def report_itself(report: Report) -> SafeString | str:
    """The full title of a report, which leads to the report where its address is known."""
    return _outside(report, tagged(report.full_title))


def _outside(report: Report, title: SafeString | str) -> SafeString | str:
    if not report.url:
        return title
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', report.url, title)


def _time(on: date, precision: str, text: str) -> SafeString:
    stamp = {Precision.DAY: on.isoformat(), Precision.MONTH: f"{on:%Y-%m}"}.get(
        Precision(precision), f"{on:%Y}"
    )
    return format_html('<time datetime="{}">{}</time>', stamp, text)


@kept_by_language
def number_of_actions(n: int) -> str:
    return ngettext("%(n)d verifiable action:", "%(n)d verifiable actions:", n) % {"n": n}


def actions_in_words(n: int) -> str:
    return ngettext("%(n)d verifiable action", "%(n)d verifiable actions", n) % {"n": n}


@register.simple_tag
def stack_bar(
    counts: Counts,
    height: int = 44,
    numbers: bool = True,
    label: str = "",
    links: Mapping[str, str] = charts.NO_LINKS,
) -> SafeString:
    """Return a bar of the whole; its parts lead to the addresses of their statuses in `links`."""
    label = label or number_of_actions(counts.total)
    bar = charts.stack_bar(counts, height=height, numbers=numbers, label=label)
    return charts.draw_stack_bar(bar, links)


# Characters of a title that a square says: a page has squares by the hundred, and says it in full
# where the action stands.
MOST_OF_A_TITLE = 60


@register.simple_tag
def waffle(
    actions: Iterable[Action], size: int = 18, columns: int = 16, names_reports: bool = False
) -> SafeString:
    """Return one square an action. The actions need `recommendation` at hand.

    `names_reports` puts the report beside each number, and needs that at hand too.
    """
    # Asked once: a page has a thousand squares.
    language, statuses = get_language(), _after_titles()
    items = [
        (action.status, _kept_title(action, language, statuses[action.status], names_reports))
        for action in actions
    ]
    return charts.draw_waffle(
        charts.waffle(items, label=number_of_actions(len(items)), size=size, columns=columns)
    )


def _kept_title(action: Action, language: str | None, after: str, names_report: bool) -> SafeString:
    """Return what a square says, escaped; those of each area and body have the same action."""
    kept: dict[tuple[str | None, bool], SafeString] = action.__dict__.setdefault(
        "_square_titles", {}
    )
    key = language, names_report
    if key not in kept:
        kept[key] = conditional_escape(_title(action, language, after, names_report))
    return kept[key]


def _title(action: Action, language: str | None, after: str, names_report: bool) -> str:
    words = say(action.title, "action.title", language).text
    if len(words) > MOST_OF_A_TITLE:
        words = f"{words[: MOST_OF_A_TITLE - 1].rstrip()}…"
    title = f"{action.label} {words}"
    if names_report:
        report = action.recommendation.report
        title += f" · {say(report.title, 'report.title', language).text}"
    title += after
    return _("%(action)s (lapsed)") % {"action": title} if action.is_lapsed else title


@kept_by_language
def _after_titles() -> Mapping[str, str]:
    return {status.value: f"{colon()}{status.label}" for status in Status}


class Mark(template.Node):
    """What stands between words: a tag without arguments, which pages have by the hundred."""

    child_nodelists = ()

    def __init__(self, mark: Callable[[], str]) -> None:
        self.mark = mark

    def render(self, context: Context) -> str:
        return self.mark()


def _register(mark: Callable[[], str]) -> None:
    def parsed(parser: Parser, token: Token) -> Mark:
        if token.contents != mark.__name__:
            raise template.TemplateSyntaxError(f"{mark.__name__} takes no arguments.")
        return Mark(mark)

    register.tag(mark.__name__, parsed)


for one in (colon, comma, gap, stop):
    _register(one)
register.filter("listed", listed)


@register.filter
def bracketed(words: object) -> SafeString:
    """Put words in brackets that follow others, with the space between them if there is one.

    Those that have brackets of their own follow a comma, so that none stand within others.
    """
    before, behind = brackets()
    shown = conditional_escape(words)
    if HAS_BRACKETS.search(TAG.sub("", shown)):
        before, behind = comma(), ""
    return format_html("{}{}{}", before, shown, behind)


register.filter("person", name_of)


@register.simple_tag(name="phrase")
def phrase_tag(status: str, n: int) -> str:
    """A number with the words of its status: what a link says whose number alone is seen."""
    return phrase(status, n)


@register.simple_tag(name="headline")
def headline_tag(counts: Counts) -> str:
    return headline(counts)


@register.simple_tag(name="remainder")
def remainder_tag(counts: Counts) -> str:
    return remainder(counts)


@register.simple_tag
def verdict(derived: RollUp) -> str:
    """The counts that a recommendation's status was derived from, as a sentence."""
    return verdict_on(Counts(derived.counts))


@register.simple_tag
def time_left(
    action: ListedAction | DetailedAction | ScheduledAction, on: date
) -> SafeString | str:
    """Where an action stands against its deadline, in words. It needs `schedule`."""
    if action.due_on is None:
        return ""
    days = (action.due_on - on).days
    match action.schedule:
        case Schedule.OVERDUE:
            text = ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
            return _due("flag", text, "due missed")
        case Schedule.DUE:
            text = _("today") if not days else ngettext("in %(n)d day", "in %(n)d days", days)
            return _due("clock", text % {"n": days} if days else text, "due")
    return format_html('<span class="due">{}</span>', Schedule(action.schedule).label)


def _due(icon_name: str, text: str, css_class: str) -> SafeString:
    return format_html(
        '<span class="{} with-icon">{}<span>{}</span></span>', css_class, icon(icon_name), text
    )


@register.filter
def signed(n: int) -> str:
    """A difference: +2, −1 (with a minus, not a hyphen), 0."""
    return f"{n:+d}".replace("-", "−") if n else "0"


@register.simple_tag
def rule_result(number: int) -> SafeString:
    """The status that a roll-up rule gives."""
    results = statuses.RULE_RESULTS[number]
    return format_html_join(" ", "{}", ((status_mark(status),) for status in results))


@register.filter
def admin_of(instance: Model, page: str) -> str:
    """The name of a page of the admin for the model of a row."""
    return f"admin:recommendations_{instance._meta.model_name}_{page}"
