"""The page of a feed: tried once, switched on and off, and what it brought that fits nothing."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from recommendations import watching
from recommendations.admin.base import tell
from recommendations.admin.pages import staff_page, user_of
from recommendations.capturing.feed_reading import SECONDS_IN_A_REQUEST, SOON
from recommendations.capturing.sandbox import fetch_page
from recommendations.index.keeping import BeingMade
from recommendations.models import Feed, FeedItem
from recommendations.web.parameters import page_of, strict

METHODS = ["GET", "HEAD", "POST"]
CHANGE, ADD = "recommendations.change_feed", "recommendations.add_inboxitem"
ITEMS_A_PAGE, MOST_TRIED = 50, 20


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_feed")

    return [
        path("watching/<int:pk>/", page(watched_feed), name="watched_feed"),
        path("watching/items/<int:pk>/", page(unfold_item), name="unfold_item"),
    ]


@require_http_methods(METHODS)
@strict("page", has_viewpoint=False)
def watched_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a feed and what of it fits no action; try it, or switch it on or off."""
    feed = get_object_or_404(Feed.objects.with_numbers(), pk=pk)
    if request.method != "POST":
        return _show(request, feed)
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    go = request.POST.get("go", "")
    if go == "try":
        return _try(request, feed)
    if go == "on":
        _switch_on(request, feed)
    elif go == "off":
        watching.switch_off(feed, by=user_of(request))
        messages.success(request, _("It is off: nothing more is fetched."))
    else:
        messages.error(request, _("Choose what is to be done with it."))
    return redirect("admin:watched_feed", feed.pk)


def _switch_on(request: HttpRequest, feed: Feed) -> None:
    try:
        watching.switch_on(feed, by=user_of(request), now=timezone.now())
    except ValidationError as error:
        tell(request, error)
    else:
        messages.success(request, _("It is on: the next run of the watch fetches it."))


def _try(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Fetch it now, within the time of a request, and show what would come."""
    reading = watching.try_feed(
        feed,
        by=user_of(request),
        now=timezone.now(),
        fetch=partial(fetch_page, limits=SOON),
        seconds=SECONDS_IN_A_REQUEST,
    )
    feed = Feed.objects.with_numbers().get(pk=feed.pk)
    return _show(request, feed, reading=reading)


def _show(
    request: HttpRequest, feed: Feed, *, reading: watching.Reading | None = None
) -> HttpResponse:
    folded = FeedItem.objects.folded().filter(feed=feed).order_by("-pk")
    context = {
        "feed": feed,
        "page": page_of(request, folded, size=ITEMS_A_PAGE),
        "keep": "",
        "reading": reading,
        "tried": reading.items[:MOST_TRIED] if reading else (),
        "is_capture_on": settings.CAPTURE,
        "may_change": request.user.has_perm(CHANGE),
        "may_add": request.user.has_perm(ADD),
    }
    return render(request, "admin/watched_feed.html", context)


@require_POST
def unfold_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item that fits nothing into the inbox all the same."""
    if not request.user.has_perm(ADD):
        raise PermissionDenied
    item = get_object_or_404(FeedItem, pk=pk)
    try:
        is_added = watching.put_into_inbox(item, by=user_of(request))
    except BeingMade:
        messages.error(request, _("The index is being made: try again in a few minutes."))
    else:
        if is_added:
            messages.success(request, _("It waits in the inbox."))
        else:
            messages.info(request, _("It was put into the inbox already."))
    return redirect("admin:watched_feed", item.feed_id)
