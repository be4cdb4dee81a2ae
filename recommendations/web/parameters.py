"""Reading the query string strictly: what a page does not know, it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from functools import wraps
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from recommendations.models import Edition
from recommendations.record import Record
from recommendations.viewpoint import PARAMETERS, Viewpoint, today

from .errors import BadAddress, View
from .public_request import PublicRequest, newest_edition_of

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
IGNORED = ("fbclid", "gclid")
IGNORED_PREFIX = "utm_"


def known_parameters(request: HttpRequest) -> dict[str, list[str]]:
    """Return the query string without the marks that other sites add to links."""
    return {
        name: values
        for name, values in request.GET.lists()
        if name not in IGNORED and not name.startswith(IGNORED_PREFIX)
    }


def refuse_unknown(request: HttpRequest, allowed: Collection[str] = ()) -> None:
    """Raise BadAddress if the address has a parameter that the page does not know."""
    unknown = [name for name in known_parameters(request) if name not in allowed]
    if unknown:
        known = ", ".join(sorted(allowed)) or _("none")
        raise BadAddress(
            [
                _("This page does not know the parameter “%(name)s”. It knows: %(known)s.")
                % {"name": name[:80], "known": known}
                for name in unknown
            ],
            parameters=unknown,
        )


def page_number(request: HttpRequest) -> int:
    """Return ?page=, from 1, or raise BadAddress."""
    text = ", ".join(request.GET.getlist("page") or ["1"])
    if not text.isascii() or not text.isdigit() or not int(text[:9]) > 0 or len(text) > 9:
        raise BadAddress([_("“%(text)s” is not a page number.") % {"text": text[:80]}])
    return int(text)


WHOLE = "all"


def is_whole(request: HttpRequest) -> bool:
    """Return whether ?rows= asks for all rows on one page, or raise BadAddress."""
    values = request.GET.getlist("rows")
    if values and values != [WHOLE]:
        raise BadAddress(
            [
                _("“%(value)s” is not a value of “%(name)s”. It can be: %(allowed)s.")
                % {"value": ", ".join(values)[:80], "name": "rows", "allowed": WHOLE}
            ]
        )
    return bool(values)


class KeyedPaginator(Paginator):
    """Finds the keys of a later page first: what rows have besides is asked for those shown alone.

    A database works out all columns of the rows before a page, only to leave them out.
    """

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        if not start:
            return super().page(number)
        rows = cast(QuerySet, self.object_list)
        keys = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)


def page_of(request: HttpRequest, rows: QuerySet | Sequence, *, size: int) -> Page:
    """Return the page that ?page= asks for, or raise BadAddress.

    Three queries of rows, two for the first page.
    """
    paginator = paginator_of(rows, size)
    return paginator.page(_page_up_to(request, paginator.num_pages))


def pages_together(request: HttpRequest, *paginators: Paginator) -> list[Page]:
    """Return the page that ?page= asks for of each of several lists, or raise BadAddress.

    A list that ended on an earlier page has an empty one.
    """
    number = _page_up_to(request, max(one.num_pages for one in paginators))
    return [
        one.page(number) if number <= one.num_pages else Page([], number, one) for one in paginators
    ]


def paginator_of(rows: QuerySet | Sequence, size: int) -> Paginator:
    """Return what cuts rows into pages, by the quickest way that they allow."""
    return KeyedPaginator(rows, size) if isinstance(rows, QuerySet) else Paginator(rows, size)


def _page_up_to(request: HttpRequest, last: int) -> int:
    number = page_number(request)
    if number > last:
        raise BadAddress(
            [
                _("There is no page %(number)d: the last one is %(last)d.")
                % {"number": number, "last": last}
            ]
        )
    return number


def viewpoint_of(request: HttpRequest) -> Viewpoint:
    """Return where the address looks from, or raise BadAddress with what it may say.

    An edition alone shows the day on which it was published (one query; two with a date).
    """
    asked = {name: request.GET.getlist(name) for name in PARAMETERS}
    repeated = [name for name, values in asked.items() if len(values) > 1]
    if repeated:
        raise BadAddress(
            [
                _("“%(name)s” is given more than once. It can have one value.") % {"name": name}
                for name in repeated
            ],
            parameters=repeated,
        )
    edition = _edition(request, *asked["edition"]) if asked["edition"] else None
    if asked["as_of"]:
        earliest = Record(Viewpoint(on=today(), edition=edition)).first_day()
        as_of = _day(*asked["as_of"], earliest=earliest)
        return Viewpoint(on=as_of, as_of=as_of, edition=edition, earliest=earliest)
    return Viewpoint(on=edition.published_on if edition else today(), edition=edition)


def _edition(request: HttpRequest, text: str) -> Edition:
    record = Record(Viewpoint.present())
    last = newest_edition_of(request)
    if last is None:
        raise BadAddress(
            [_("Nothing is published yet, so there is no edition.")], parameters=["edition"]
        )
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= last.number:
        number = int(text)
        found = last if number == last.number else record.editions().filter(pk=number).first()
        if found:
            return found
    raise BadAddress(
        [
            _("There is no edition “%(text)s”. Editions are numbered from 1 to %(last)d.")
            % {"text": text[:40], "last": last.number}
        ],
        parameters=["edition"],
    )


def _day(text: str, *, earliest: date | None) -> date:
    return _date_between("as_of", text, earliest, latest=today())


def day_of(request: HttpRequest, name: str, *, earliest: date, latest: date) -> date | None:
    """Return the day that a parameter gives, None without one, or raise BadAddress."""
    values = [value for value in request.GET.getlist(name) if value]
    if len(values) > 1:
        raise BadAddress(
            [_("“%(name)s” is given more than once. It can have one value.") % {"name": name}],
            parameters=[name],
        )
    return _date_between(name, values[0], earliest, latest=latest) if values else None


def _date_between(name: str, text: str, earliest: date | None, *, latest: date) -> date:
    """Return the date, or raise BadAddress.

    Where it may be today, it may be tomorrow: for readers whose calendar is ahead of UTC it is
    today already.
    """
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    last = latest + timedelta(days=1) if latest == today() else latest
    earliest = earliest or last
    if day and earliest <= day <= last:
        return day
    raise BadAddress(
        [
            _(
                "“%(text)s” is not a date that can be shown. Give one from %(earliest)s to "
                "%(latest)s, written so."
            )
            % {"text": text[:40], "earliest": earliest, "latest": latest}
        ],
        parameters=[name],
    )


def strict(
    *allowed: str, has_viewpoint: bool = True, is_file: bool = False
) -> Callable[[View], View]:
    """Declare the parameters of a view: it refuses any other.

    Public pages look at the record from `request.viewpoint`; those of staff are of the present.
    Whoever asks for a file gets a refusal in plain text instead of a page.
    """

    parameters = (*allowed, *(PARAMETERS if has_viewpoint else ()))

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                refuse_unknown(request, parameters)
                if has_viewpoint:
                    request.viewpoint = viewpoint_of(request)
                response = view(request, *args, **kwargs)
            except BadAddress as error:
                error.is_of_file = is_file
                raise
            if is_file:
                # Search engines list the page that it is of.
                response["X-Robots-Tag"] = "noindex"
            return response

        wrapper.__dict__["parameters"] = parameters
        return wrapper

    return decorate


def parameters_of(view: View) -> Collection[str]:
    """Return the parameters that a view declares."""
    return view.__dict__["parameters"]
