"""The daily digest: what is new for one person, in one mail.

An event is mailed at most once: its notices are claimed before the mail goes out, so that neither
two runs at the same time nor one that dies in between tells it twice. What a server refused
plainly is given back for the next run; what got lost on the way is not sent again.
"""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.site_name import site_name
from recommendations.figures.site_reports import has_several_reports
from recommendations.models import Notice
from recommendations.models.staff import PASSED, NoticeKind, deadline_key
from recommendations.querysets import ActionQuerySet
from recommendations.record import Record
from recommendations.text.dates import date_text
from recommendations.text.punctuation import colon, comma
from recommendations.viewpoint import Viewpoint

from .people import deadline_points_of, mail_language_of, name_of
from .signature import signature

# What is older is no news: nobody gets months at once when mail is first set up.
NEWS_LASTS = timedelta(days=14)
LINES = 50
HEADINGS = {
    NoticeKind.SUBMITTED: gettext_lazy("Waiting for a review"),
    NoticeKind.RETURNED: gettext_lazy("Returned to you with a note"),
    NoticeKind.PUBLISHED: gettext_lazy("Your updates that were published"),
    NoticeKind.DEADLINE: gettext_lazy("Deadlines that near or have passed"),
    NoticeKind.OVERDUE: gettext_lazy("Past the date of their next review"),
}
# The server has said no, so it has not sent the mail.
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
# A ValueError is an address that no mail can be made for.
FAILURES = (smtplib.SMTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class DigestLine:
    text: str
    url: str


def recipients() -> QuerySet[User]:
    """Return the people who work here now and can be reached."""
    people = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return people.select_related("preference").order_by("pk")


def news_for(person: User, *, now: datetime) -> list[Notice]:
    """Return what a digest would tell now, and write nothing (three queries)."""
    waiting = Notice.objects.unsent(person, since=now - NEWS_LASTS).for_digest()
    return current([*waiting, *_of_days(person, on=now.date())], on=now.date())


def _of_days(person: User, *, on: date) -> list[Notice]:
    """Return the notices, not stored yet, of what came with the day and was not told so far."""
    notices = [*_overdue(person, on=on), *_deadlines(person, on=on)]
    actions = {notice.action_id for notice in notices}
    told = set(
        Notice.objects.filter(recipient=person, action__in=actions).values_list("key", flat=True)
    )
    return [notice for notice in notices if notice.key not in told]


def _assigned_to(person: User) -> ActionQuerySet:
    actions = Record(Viewpoint.present()).actions().assigned_to(person)
    return actions.select_related("recommendation__report")


def _overdue(person: User, *, on: date) -> list[Notice]:
    return [
        Notice(
            recipient=person,
            kind=NoticeKind.OVERDUE,
            key=f"{NoticeKind.OVERDUE}:{action.pk}:{action.review_due_on}",
            action=action,
        )
        for action in _assigned_to(person).in_record().needing_review(on=on)
    ]


def _deadlines(person: User, *, on: date) -> list[Notice]:
    """Return a notice of each open deadline that is at a point of which the person is told.

    A deadline that is moved is told anew. One that passed longer ago than NEWS_LASTS is no news.
    """
    points = deadline_points_of(person)
    if not points:
        return []
    actions = _assigned_to(person).counted()
    near = actions.due_soon(on=on, days=max(points))
    passed = actions.newly_missed(on=on, days=NEWS_LASTS.days)
    found = []
    for action in (*near, *passed):
        if key := deadline_key(action, on=on, points=points):
            found.append(Notice(recipient=person, kind=NoticeKind.DEADLINE, key=key, action=action))
    return found


def current(notices: Iterable[Notice], *, on: date) -> list[Notice]:
    """Return those that still hold, once for each thing: who was faster needs no reminder."""
    holding = [notice for notice in notices if notice.holds(on=on)]
    return list({(one.kind, one.update_id, one.action_id): one for one in holding}.values())


def send(person: User, *, now: datetime) -> int:
    """Mail one person's digest and return how many pieces of news it has.

    Raises one of FAILURES; where no server answers, nothing is claimed.
    """
    with mail.get_connection() as connection:
        claimed = _claim(person, now=now)
        notices = current(claimed, on=now.date())
        if not notices:
            return 0
        try:
            message = compose(person, notices)
            message.connection = connection
            message.send()
        except (*REFUSALS, ValueError):
            Notice.objects.filter(pk__in=[one.pk for one in claimed]).update(sent_at=None)
            raise
    return len(notices)


@transaction.atomic
def _claim(person: User, *, now: datetime) -> list[Notice]:
    Notice.objects.bulk_create(_of_days(person, on=now.date()), ignore_conflicts=True)
    waiting = Notice.objects.unsent(person, since=now - NEWS_LASTS).select_for_update()
    ids = list(waiting.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=ids).update(sent_at=now)
    return list(Notice.objects.filter(pk__in=ids).for_digest())


def compose(person: User, notices: Sequence[Notice]) -> mail.EmailMessage:
    """Return the mail, plain text, in the language of its reader."""
    with translation.override(mail_language_of(person)):
        n = len(notices)
        subject = ngettext(
            "%(site)s: %(n)d piece of news",
            "%(site)s: %(n)d pieces of news",
            n,
        ) % {"n": n, "site": site_name()}
        context = {
            "name": name_of(person),
            "sections": _sections(notices),
            "workspace": _absolute(reverse("admin:index")),
            "head": Record(Viewpoint.present()).newest_digest(),
        }
        body = render_to_string("mail/digest.txt", context) + signature()
    return mail.EmailMessage(
        subject, body, to=[person.email], headers={"Auto-Submitted": "auto-generated"}
    )


def _sections(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    counts = Counter(notice.kind for notice in notices)
    is_named = has_several_reports(Record(Viewpoint.present()))
    return [
        {
            "heading": heading,
            "lines": [_line(one, is_named=is_named) for one in notices if one.kind == kind][:LINES],
            "n_more": max(0, counts[kind] - LINES),
        }
        for kind, heading in HEADINGS.items()
        if counts[kind]
    ]


def _line(notice: Notice, *, is_named: bool) -> DigestLine:
    report = notice.subject.recommendation.report
    action = str(notice.subject)
    if is_named:
        action = f"{action}{comma()}{report.known_as}"
    if notice.update is None:
        text = _sentence_of(notice) % {"action": action, "day": date_text(_day_of(notice))}
    else:
        text = f"{action}{colon()}{notice.update.get_status_display()}"
    return DigestLine(text, _absolute(_path(notice)))


def _day_of(notice: Notice) -> date:
    action = notice.subject
    if notice.kind == NoticeKind.DEADLINE and action.due_on:
        return action.due_on
    return action.review_due_on


def _sentence_of(notice: Notice) -> str:
    if notice.kind == NoticeKind.OVERDUE:
        return _("%(action)s: due on %(day)s")
    if notice.key.endswith(f":{PASSED}"):
        return _("%(action)s: its deadline passed on %(day)s")
    return _("%(action)s: its deadline is %(day)s")


def _path(notice: Notice) -> str:
    update = notice.update
    if update is None:
        return f"{reverse('admin:log_update')}?action={notice.action_id}"
    if notice.kind == NoticeKind.SUBMITTED:
        return reverse("admin:review", args=[update.slug])
    if notice.kind == NoticeKind.RETURNED:
        return reverse("admin:log_update_draft", args=[update.slug])
    return update.get_absolute_url()


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
