"""What the record knows of an address, for the form of an update that is filled with it."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from recommendations import sources
from recommendations.admin.pages import key_of, staff_page
from recommendations.figures.also_cited import CitingAction, citing
from recommendations.figures.site_reports import has_several_reports
from recommendations.models import Source
from recommendations.models.source import WORDS
from recommendations.record import Record
from recommendations.text.punctuation import brackets
from recommendations.viewpoint import Viewpoint

LONGEST = 2_000


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, source_at, permission="add_statusupdate")
    return [path("sources/at/", page, name="source_at")]


@require_safe
def source_at(request: HttpRequest) -> JsonResponse:
    """Answer with what is known of the source at `url`: words for the fields of an item.

    `cited` says for which actions but `action`, in a sentence (five queries at most). Of an
    address that the record does not know, `words` is null.
    """
    url = request.GET.get("url", "")[:LONGEST]
    source = sources.known_source(url) if url.strip() and "\0" not in url else None
    if source is None:
        return JsonResponse({"words": None, "cited": ""})
    action = key_of(request.GET.get("action", "")) or 0
    return JsonResponse(
        {
            "words": {name: getattr(source, name) for name in WORDS},
            "cited": cited_sentence(source, action),
            "page": reverse("admin:recommendations_source_change", args=[source.pk]),
        }
    )


def cited_sentence(source: Source, action: int) -> str:
    """Return for which actions but one it is cited, as a sentence; nothing where for none."""
    record = Record(Viewpoint.present())
    found = citing(record, [source.pk]).get(source.pk)
    if found is None:
        return ""
    own = record.counting_evidence().filter(source=source, update__action=action)
    others, more = found.besides(action, cites_too=own.exists())
    if not others:
        return ""
    is_named = has_several_reports(record)
    labels = ", ".join(_name_of(one, is_named=is_named) for one in others)
    if more:
        rest = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        labels = f"{labels} {rest}"
    return _("Also cited for %(actions)s.") % {"actions": labels}


def _name_of(one: CitingAction, *, is_named: bool) -> str:
    """Return the number of an action, with its report where there are several."""
    before, behind = brackets()
    return f"{one.label}{before}{one.report}{behind}" if is_named else one.label
