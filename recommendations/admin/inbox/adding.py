"""Put something into the inbox: lines that were pasted, or one address that a browser sends."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from recommendations.admin.pages import staff_page, user_of
from recommendations.inbox import Added, News, add_items
from recommendations.inbox.lines import Line
from recommendations.inbox.suggestions import find_actions
from recommendations.models import InboxItem, ReaderReport
from recommendations.models.inbox_item import CameFrom
from recommendations.suggesting.addresses import addresses_in

from .forms import NewsForm, PasteForm

METHODS = ["GET", "HEAD", "POST"]
# What a browser hands over, by the name of the field.
HANDED_OVER = ("url", "title", "quotation")
LONGEST_HANDED_OVER = 2_000


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="add_inboxitem")

    return [
        path("inbox/paste/", page(paste), name="inbox_paste"),
        path("inbox/add/", page(add), name="inbox_add"),
        path("reader-reports/<int:pk>/inbox/", page(add_report), name="inbox_report"),
    ]


@require_http_methods(METHODS)
def paste(request: HttpRequest) -> HttpResponse:
    """Take in each line that can be read; the others stay in the form, each with what is wrong."""
    form = PasteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/inbox_paste.html", {"form": form, "bad": []})
    lines: list[Line] = form.cleaned_data["lines"]
    bad = [line for line in lines if line.problems]
    good = {line.news: line for line in lines if line.news}
    added = _add(
        request, list(good), came_from=CameFrom.PASTED, to=form.cleaned_data["assigned_to"]
    )
    bad += [
        Line(good[news].number, good[news].text, None, tuple(problems))
        for news, problems in added.refused
    ]
    if not bad:
        return HttpResponseRedirect(reverse("admin:inbox"))
    bad.sort(key=lambda line: line.number)
    context = {"form": form.holding(bad), "bad": bad}
    return render(request, "admin/inbox_paste.html", context)


@require_http_methods(METHODS)
def add(request: HttpRequest) -> HttpResponse:
    """Show a form filled with what a browser or phone sends; nothing is written until it is sent.

    A browser that shares a page may put its address into the text.
    """
    if request.method != "POST":
        form = NewsForm(initial=_handed_over(request))
        return render(request, "admin/inbox_add.html", {"form": form, "refusals": []})
    form = NewsForm(request.POST)
    refusals: list[str] = []
    if form.is_valid():
        to = form.cleaned_data["assigned_to"]
        added = _add(request, [form.news], came_from=CameFrom.BOOKMARKLET, to=to)
        refusals = [sentence for _news, problems in added.refused for sentence in problems]
        for item in (*added.new, *added.there):
            return HttpResponseRedirect(reverse("admin:inbox_item", args=[item.pk]))
    return render(request, "admin/inbox_add.html", {"form": form, "refusals": refusals})


def _handed_over(request: HttpRequest) -> dict[str, Any]:
    said = {
        name: request.GET.get(name, "").replace("\0", "")[:LONGEST_HANDED_OVER].strip()
        for name in HANDED_OVER
    }
    found, rest = addresses_in(said["quotation"])
    if not said["url"] and found:
        said["url"], said["quotation"] = found[0], rest.strip()
    return said | {"assigned_to": user_of(request).pk}


@require_POST
def add_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the address that a reader named into the inbox, once. Nothing else leaves the report."""
    report = get_object_or_404(ReaderReport.objects.exclude(url=""), pk=pk)
    there = report.inbox_items.order_by("-pk").first()
    if there is None:
        added = add_items(
            [News(url=report.url)],
            came_from=CameFrom.READER,
            by=user_of(request),
            reader_report=report,
        )
        find_actions(added.new)
        tell_added(request, added)
        for _news, problems in added.refused:
            for sentence in problems:
                messages.error(request, sentence)
        there = next(iter([*added.new, *added.there]), None)
    if there is None:
        return HttpResponseRedirect(reverse("admin:reader_report", args=[report.pk]))
    # What waited already is the reader's too.
    InboxItem.objects.filter(pk=there.pk, reader_report=None).update(reader_report=report)
    return HttpResponseRedirect(reverse("admin:inbox_item", args=[there.pk]))


def _add(request: HttpRequest, news: list[News], *, came_from: CameFrom, to: User | None) -> Added:
    added = add_items(news, came_from=came_from, by=user_of(request), assigned_to=to)
    find_actions(added.new)
    tell_added(request, added)
    return added


def tell_added(request: HttpRequest, added: Added) -> None:
    """Say how many are new, and how many were there."""
    if added.new:
        said = ngettext("%(n)d is new in the inbox.", "%(n)d are new in the inbox.", len(added.new))
        messages.success(request, said % {"n": len(added.new)})
    if added.there:
        said = ngettext(
            "%(n)d waits in the inbox already.",
            "%(n)d wait in the inbox already.",
            len(added.there),
        )
        messages.info(request, said % {"n": len(added.there)})
    if not added.new and not added.there and not added.refused:
        messages.info(request, _("Nothing was added."))
