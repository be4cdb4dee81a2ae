"""The editions of the tracker, and what each of them changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.counts import Counts, headline, remainder
from recommendations.figures.editions import (
    counts_told_by,
    edition_entries,
    maker_of,
    status_changes,
    structure_of,
)
from recommendations.figures.ended_updates import with_replacements
from recommendations.figures.summary import counts_by_report_of
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.models import Body, Edition, Party, PolicyArea
from recommendations.models.edition import EditionKind
from recommendations.record import Record
from recommendations.text.punctuation import comma
from recommendations.text.revisions import Edit, edits_at, edits_since
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.one_state import indexed
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import page_of, pages_together, paginator_of, strict
from recommendations.web.public_request import PublicRequest

EDITIONS_A_PAGE = 50
UPDATES_A_PAGE = 50
# They stand above the updates of the same page, and are longer.
ENDED_A_PAGE = 20
MOST_TEXTS = 100


@require_safe
@revalidated
@strict("page")
@indexed
def edition_index(request: PublicRequest) -> HttpResponse:
    page = _page(request)
    context = {
        "page": page,
        "entries": edition_entries(Record(request.viewpoint), list(page.object_list)),
    }
    about = _(
        "Every publication of the tracker, newest first. The numbers of each are those of the "
        "whole record that it told on its own day."
    )
    return render_page(
        request,
        "recommendations/editions.html",
        context,
        title=_index_title(page.number),
        description=described(about),
        trail=[(_index_title(1), request.path)],
    )


def editions_title(request: PublicRequest) -> str:
    return _index_title(_page(request).number)


def _page(request: PublicRequest) -> Page:
    editions = Record(request.viewpoint).editions().order_by("-number")
    return page_of(request, editions.with_numbers().select_related("report"), size=EDITIONS_A_PAGE)


def _index_title(page: int) -> str:
    return numbered(_("Editions"), page)


@require_safe
@revalidated
@strict("page")
@indexed
def edition_detail(request: PublicRequest, number: int) -> HttpResponse:
    """An edition as it was on its day. A later one than the viewpoint's did not exist there."""
    edition = _edition(request, number)
    known = Record(request.viewpoint).editions()
    before = known.filter(number__lt=number).order_by("-number").first()
    after = known.filter(number__gt=number).order_by("number").first()
    own_record = _record_of(edition)
    told = counts_told_by(own_record, [one for one in (edition, before) if one])
    lists = _lists(request, edition)
    context = {
        "edition": edition,
        "before": before,
        "after": after,
        "counts": told[number],
        "by_report": counts_by_report_of(own_record),
        "changes": status_changes(told[before.number] if before else Counts({}), told[number]),
        "pages": lists.longer,
        "published": lists.published,
        "maker": maker_of(edition, has_updates=bool(lists.published.paginator.count)),
        "n_ended_since": _ended_since(request, edition),
        "ended": lists.ended,
        "ended_entries": with_replacements(lists.ended.object_list),
        "structure": structure_of(own_record, edition),
        **_texts(request, own_record, edition),
        "digest": getattr(edition, "digested", None),
    }
    title = _edition_title(edition, lists.longer.number)
    above = (_index_title(1), reverse("recommendations:editions"))
    return render_page(
        request,
        "recommendations/edition.html",
        context,
        title=title,
        description=described(title, headline(told[number]), remainder(told[number])),
        trail=[above, (str(edition), edition.get_absolute_url())],
    )


def edition_title(request: PublicRequest, number: int) -> str:
    edition = _edition(request, number)
    return _edition_title(edition, _lists(request, edition).longer.number)


def _edition_title(edition: Edition, page: int) -> str:
    published = _("published")
    title = f"{edition}{comma()}{published} {edition.published_on.isoformat()}"
    return numbered(title, page)


def _edition(request: PublicRequest, number: int) -> Edition:
    known = Record(request.viewpoint).editions()
    return get_object_or_404(known.select_related("report", "digested"), number=number)


def _record_of(edition: Edition) -> Record:
    """Return the record as an edition told it on its own day."""
    return Record(Viewpoint(on=edition.published_on, edition=edition))


@dataclass(frozen=True)
class Lists:
    """One page of what an edition published, and of what it corrected or retracted."""

    published: Page
    ended: Page

    @property
    def longer(self) -> Page:
        return max(self.published, self.ended, key=lambda page: page.paginator.num_pages)


def _lists(request: PublicRequest, edition: Edition) -> Lists:
    updates = _record_of(edition).all_updates()
    published = updates.filter(edition=edition).for_change_log()
    ended = updates.filter(ended_in_edition=edition).for_corrections()
    return Lists(
        *pages_together(
            request,
            paginator_of(published, UPDATES_A_PAGE),
            paginator_of(ended, ENDED_A_PAGE),
        )
    )


def _ended_since(request: PublicRequest, edition: Edition) -> int:
    updates = Record(request.viewpoint).all_updates().filter(edition=edition)
    return updates.ended().count()


def _texts(request: PublicRequest, record: Record, edition: Edition) -> dict[str, object]:
    """Return which texts of an edition read otherwise now, and which it worded itself."""
    reports = record.reports().counted()
    texts: list[models.QuerySet] = [
        reports,
        record.sections().filter(report__in=reports.values("pk")),
        record.recommendations().counted(),
        record.actions().in_record().select_related("recommendation"),
        *_labels(record),
    ]
    since = [edit for rows in texts for edit in edits_since(rows, edition.published_at)]
    is_of_file = edition.kind == EditionKind.STRUCTURE and edition.slug
    own = [
        edit
        for rows in (texts if is_of_file else [])
        for edit in edits_at(rows, edition.published_at)
    ]
    return {
        "n_edited": len(since),
        "edited": [_entry_of(request, edit) for edit in since[:MOST_TEXTS]],
        "worded": [_entry_of(request, edit) for edit in own[:MOST_TEXTS]],
    }


def _labels(record: Record) -> Iterator[models.QuerySet]:
    """Yield the areas, parties and bodies of what ever came into the record, and the groups."""
    with opened_at(record.viewpoint) as index:
        for model, name in ((PolicyArea, "area"), (Party, "party"), (Body, "body")):
            known = [int(key) for key in index.view.values(ACTION, name)]
            yield record.vocabulary(model).filter(pk__in=known)
    yield record.addressee_groups()


@dataclass(frozen=True)
class EditEntry:
    """An edit as the page of an edition lists it. `history` is for staff alone, else empty."""

    edit: Edit
    history: str

    @property
    def has_page(self) -> bool:
        return hasattr(self.edit.text, "get_absolute_url")


def _entry_of(request: PublicRequest, edit: Edit) -> EditEntry:
    name = edit.text._meta.model_name
    may_see = request.user.is_staff and request.user.has_perm(f"recommendations.view_{name}")
    address = reverse(f"admin:recommendations_{name}_history", args=[edit.text.pk])
    return EditEntry(edit, history=address if may_see else "")
