"""What came of a delivery: its drafts, and its statuses as a batch of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations import publishing
from recommendations.admin.pages import user_of
from recommendations.drafting.deliveries.statuses import draft_updates
from recommendations.models import Delivery, DeliveryRow, Evidence, Report, StatusUpdate
from recommendations.models.delivery import EFFECTIVE
from recommendations.models.fields import date_column
from recommendations.models.status_update import ReviewState
from recommendations.publishing.surroundings import Surroundings
from recommendations.viewpoint import today

from .forms import day_input

# So many of each list stand on the page, and are submitted at once.
MOST_DATELESS, MOST_DRAFTS = 50, 200
MOST_SHORTENED = 50
OPEN = (ReviewState.DRAFT, ReviewState.RETURNED)


@dataclass(frozen=True)
class DraftLine:
    """A draft of the batch, and what keeps it from being submitted."""

    row: DeliveryRow
    update: StatusUpdate
    problems: list[str]


class EffectForm(forms.Form):
    """Since when the status of a row holds."""

    on = forms.DateField(
        required=False,
        widget=day_input(),
        validators=[date_column(DeliveryRow, "effective_on").refuse_impossible],
    )
    precision = forms.ChoiceField(choices=EFFECTIVE, required=False)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _delivery(pk))


def _delivery(pk: int) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("imported_by"), pk=pk)


def _show(
    request: HttpRequest,
    delivery: Delivery,
    *,
    data: QueryDict | None = None,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = draft_lines(delivery, on=today())
    dateless = list(_dateless(delivery)[:MOST_DATELESS])
    context = {
        "delivery": delivery,
        "counts": _counts(delivery),
        "reports": Report.objects.filter(
            recommendations__actions__in=delivery.rows.values("action")
        ).distinct(),
        "shortened": _shortened(delivery)[:MOST_SHORTENED],
        "n_shortened": _shortened(delivery).count(),
        "dateless": [(row, _effect_form(row, data)) for row in dateless],
        "lines": lines,
        "n_complete": sum(not line.problems for line in lines),
        "may_log": request.user.has_perm("recommendations.add_statusupdate"),
        "submitted": _to_review(delivery),
        "refusals": refusals or [],
    }
    return render(request, "admin/delivery.html", context, status=status)


def _counts(delivery: Delivery) -> dict[str, int]:
    states = delivery.rows.exclude(status="").aggregate(
        statuses=Count("pk"),
        dateless=Count("pk", filter=Q(effective_on__isnull=True)),
        open=Count("pk", filter=Q(update__review_state__in=OPEN)),
        waiting=Count("pk", filter=Q(update__review_state=ReviewState.SUBMITTED)),
        published=Count("pk", filter=Q(update__review_state=ReviewState.PUBLISHED)),
    )
    cited = Evidence.objects.filter(update=OuterRef("update"))
    drafts = delivery.rows.filter(update__review_state__in=OPEN)
    states["sourceless"] = drafts.exclude(Exists(cited)).count()
    states["rows"] = delivery.rows.count()
    return states


def _dateless(delivery: Delivery):
    rows = delivery.rows.exclude(status="").filter(effective_on__isnull=True)
    return rows.select_related("action__recommendation__report").order_by("row", "pk")


def _shortened(delivery: Delivery):
    """Return the rows whose texts are longer than a headline or a title can be."""
    rows = delivery.rows.filter(said__text__gt="")
    return rows.select_related("action__recommendation__report").order_by("row", "pk")


def _effect_form(row: DeliveryRow, data: QueryDict | None = None) -> EffectForm:
    return EffectForm(data, prefix=f"row-{row.pk}", initial={"precision": "day"})


def draft_lines(delivery: Delivery, *, on: date) -> list[DraftLine]:
    """Return open drafts of the batch, those first that may be complete."""
    cited = Evidence.objects.filter(update=OuterRef("update"))
    rows = delivery.rows.filter(update__review_state__in=OPEN)
    rows = rows.annotate(is_cited=Exists(cited)).order_by(
        F("action__from_edition").asc(nulls_last=True), "-is_cited", "row"
    )
    found = list(rows.select_related("action__recommendation__report")[:MOST_DRAFTS])
    updates = (
        StatusUpdate.objects.filter(pk__in=[row.update_id for row in found])
        .select_related("action__recommendation__report")
        .prefetch_related("evidence", "relies_on__evidence")
        .in_bulk()
    )
    around = Surroundings(list(updates.values()))
    return [
        DraftLine(
            row,
            update := updates[row.update_id],
            publishing.problems_of(update, today=on, around=around),
        )
        for row in found
        if row.update_id in updates
    ]


def _to_review(delivery: Delivery) -> str:
    """Return the address that shows what waits of the batch as one edition, "" for nothing."""
    rows = delivery.rows.filter(update__review_state=ReviewState.SUBMITTED)
    slugs = list(rows.values_list("update__slug", flat=True)[:MOST_DRAFTS])
    query = QueryDict(mutable=True)
    query.setlist("update", slugs)
    return f"{reverse('admin:review_edition')}?{query.urlencode()}" if slugs else ""


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:delivery", args=[pk]))


def give_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Make drafts of the statuses whose date of effect somebody gives."""
    delivery = _delivery(pk)
    if request.method != "POST":
        return _back(pk)
    forms_by_row = {
        row.pk: _effect_form(row, request.POST)
        for row in _dateless(delivery)
        if f"row-{row.pk}-on" in request.POST
    }
    if not all([form.is_valid() for form in forms_by_row.values()]):
        refusals = [_("Some dates cannot be. They are marked below; nothing was saved.")]
        return _show(request, delivery, data=request.POST, refusals=refusals, status=400)
    with transaction.atomic():
        publishing.lock_state()
        rows = [
            row
            for row in _dateless(delivery).filter(pk__in=list(forms_by_row))
            if forms_by_row[row.pk].cleaned_data.get("on")
        ]
        for row in rows:
            said = forms_by_row[row.pk].cleaned_data
            row.effective_on, row.effective_precision = said["on"], said["precision"] or "day"
        n = draft_updates(rows, delivery, by=user_of(request))
        DeliveryRow.objects.bulk_update(rows, ["effective_on", "effective_precision", "update"])
    told = ngettext("%(n)d draft is begun.", "%(n)d drafts are begun.", n)
    messages.success(request, told % {"n": n})
    return _back(pk)


def submit_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the drafts of the batch that lack nothing; the others stay, with what they lack."""
    delivery = _delivery(pk)
    if request.method != "POST":
        return _back(pk)
    n = 0
    for line in draft_lines(delivery, on=today()):
        if line.problems:
            continue
        try:
            publishing.submit(line.update, by=user_of(request))
        except ValidationError as error:
            messages.error(request, f"{line.update}: {' '.join(error.messages)}")
        else:
            n += 1
    told = ngettext("%(n)d draft is submitted.", "%(n)d drafts are submitted.", n)
    messages.success(request, told % {"n": n})
    return _back(pk)
