"""Deadlines as an iCalendar file that calendars poll: one event an action, never a new one.

Nothing in it depends on the hour at which it is asked for: an unchanged record on an unchanged day
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from alliance.site_name import site_name
from recommendations.figures.caveats import caveat_text, is_unconfirmed
from recommendations.figures.deadlines import STATES, Target, targets_of
from recommendations.models import Edition
from recommendations.models.deadline import DeadlineOrigin
from recommendations.site_row import site
from recommendations.statuses import SCHEDULE_DEFINITIONS, Schedule
from recommendations.text.dates import date_text
from recommendations.text.languages import plain
from recommendations.text.punctuation import comma

if TYPE_CHECKING:
    from recommendations.rows import ScheduledAction

ASK_AGAIN = timedelta(days=1)
FILE_NAME = "deadlines.ics"


def calendar_of(
    actions: Iterable[ScheduledAction],
    *,
    edition: Edition | None,
    research: Mapping[int, Edition],
    root: str,
    name: str,
    left_out: int = 0,
    names_reports: bool = False,
) -> bytes:
    """Return the calendar of actions prepared by for_calendar(), as an edition told them.

    `left_out` is how many deadlines further from today it leaves to the list. With
    `names_reports`, each event has its report in its name: calendars show no more of it.
    `research` is the newest of each report, whose words stand beside what nobody has confirmed.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    language = (get_language() or settings.LANGUAGE_CODE).upper()
    calendar.add("prodid", f"-//{site().name}//Deadlines//{language}")
    calendar.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    if left_out:
        words = _("The deadlines nearest to today. %(n)d further ones stand in the list.")
        for key in ("description", "x-wr-caldesc"):
            calendar.add(key, words % {"n": left_out})
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    if edition:
        for action in actions:
            event = _event(
                action,
                edition=edition,
                research=research,
                root=root,
                names_report=names_reports,
            )
            calendar.add_component(event)
    return calendar.to_ical()


def calendar_name(filters: Iterable[str]) -> str:
    """Return a name that tells two subscriptions with different filters apart."""
    words = pgettext("between the filters in the name of a calendar", "; ").join(filters)
    if words:
        return _("%(site)s: deadlines (%(filters)s)") % {"site": site_name(), "filters": words}
    return _("%(site)s: deadlines") % {"site": site_name()}


def _event(
    action: ScheduledAction,
    *,
    edition: Edition,
    research: Mapping[int, Edition],
    root: str,
    names_report: bool,
) -> Event:
    event, day = Event(), _last_day(action)
    address = f"{root}{action.get_absolute_url()}"
    changed_at = _changed_at(action, edition)
    # From nothing that the address or an edit can change: a new UID would be a second event.
    event.add("uid", f"action-{action.pk}@{site().lasting_feed_name}")
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", _sequence(action, edition))
    event.add("summary", _summary(action, names_report=names_report))
    event.add("description", _description(action, address, research))
    event.add("url", address)
    if areas := [str(area) for area in action.recommendation.areas.all()]:
        event.add("categories", areas)
    # A deadline of others takes up nobody's day.
    event.add("transp", "TRANSPARENT")
    return event


def _last_day(action: ScheduledAction) -> date:
    assert action.due_on is not None  # for_calendar() keeps those with a deadline.
    return action.due_on


def _changed_at(action: ScheduledAction, edition: Edition) -> datetime:
    """Return the moment of publication, or that at which the deadline was missed since."""
    published_at = edition.published_at.astimezone(UTC).replace(microsecond=0)
    if action.schedule != Schedule.OVERDUE:
        return published_at
    missed_at = datetime.combine(_last_day(action) + timedelta(days=1), time(), tzinfo=UTC)
    return max(published_at, missed_at)


def _sequence(action: ScheduledAction, edition: Edition) -> int:
    """Return a number that grows with each edition, and once more on a day that is missed."""
    return 2 * edition.number + (action.schedule == Schedule.OVERDUE)


def _summary(action: ScheduledAction, *, names_report: bool) -> str:
    name = str(action)
    if names_report:
        title = plain(action.recommendation.report.title, "report.title")
        name = f"{name}{comma()}{title}"
    words = {"state": STATES[Schedule(action.schedule)], "action": name}
    return _("%(state)s: %(action)s") % words


def _description(action: ScheduledAction, address: str, research: Mapping[int, Edition]) -> str:
    schedule = Schedule(action.schedule)
    newest = research.get(action.recommendation.report_id) if is_unconfirmed(action) else None
    lines = [
        _("Status: %(status)s.") % {"status": action.get_status_display()},
        _("Lapsed: it was implemented before.") if action.is_lapsed else "",
        _("Schedule: %(state)s. %(definition)s")
        % {"state": STATES[schedule], "definition": SCHEDULE_DEFINITIONS[schedule]},
        *(_target_line(target) for target in targets_of(action)),
        _("Report: %(title)s.") % {"title": action.recommendation.report.full_title},
        _("The status rests on research alone: %(words)s.") % {"words": caveat_text(newest)}
        if newest
        else "",
        address,
    ]
    return "\n".join(line for line in lines if line)


def _target_line(target: Target) -> str:
    deadline = target.deadline
    words = {"day": date_text(deadline.on, deadline.precision)}
    if deadline.origin == DeadlineOrigin.REPORT:
        return _("Deadline set by the report: %(day)s.") % words
    assert deadline.stated_on is not None  # The database asks it of official targets.
    words |= {
        "stated": date_text(deadline.stated_on),
        "by": plain(deadline.publisher, "evidence.publisher") or deadline.url,
    }
    return _("Official target: %(day)s, stated on %(stated)s (%(by)s).") % words
