"""Two governments, or any two parties, side by side."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.caveats import counted_caveats
from recommendations.figures.two_parties import TwoParties
from recommendations.filters import Option
from recommendations.filters.fields import CodeField, ParameterForm
from recommendations.filters.vocabularies import Vocabularies
from recommendations.index.keeping import Index, opened_at
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.errors import BadAddress
from recommendations.web.one_state import indexed
from recommendations.web.page import render_page
from recommendations.web.parameters import known_parameters, strict
from recommendations.web.public_request import PublicRequest

SIDES = ("first", "second")


@require_safe
@revalidated
@strict(*SIDES)
@indexed
def party_comparison(request: PublicRequest) -> HttpResponse:
    """Two parties of the record, by default those that most is asked of."""
    record = Record(request.viewpoint)
    options = Vocabularies(record).parties
    compared = _compared(request, options, request.index)
    rows = compared.first.scope.rows | compared.second.scope.rows if compared else None
    context = {
        "options": options,
        "compared": compared,
        "caveats": (counted_caveats(record, request.index.view, rows) if rows else []),
    }
    title = _title(compared)
    about = _("What is asked of each, what of both, and what became of it.")
    return render_page(
        request,
        "recommendations/compare_parties.html",
        context,
        title=title,
        description=described(title, about),
        trail=[(title, request.path)],
    )


def party_comparison_title(request: PublicRequest) -> str:
    with opened_at(request.viewpoint) as index:
        options = Vocabularies(Record(request.viewpoint)).parties
        return _title(_compared(request, options, index))


def _title(compared: TwoParties | None) -> str:
    if compared is None:
        return _("Two parties side by side")
    return _("%(first)s and %(second)s side by side") % {
        "first": compared.first.name,
        "second": compared.second.name,
    }


def _compared(request: PublicRequest, options: list[Option], index: Index) -> TwoParties | None:
    """Return the two that are asked for; None where the record has fewer than two."""
    chosen = _chosen(request, options)
    if len(options) < 2:
        return None
    for name in SIDES:
        if name not in chosen:
            chosen[name] = next(one.code for one in options if one.code not in chosen.values())
    first, second = (chosen[name] for name in SIDES)
    if first == second:
        raise BadAddress([_("Give two different parties: both are “%(slug)s”.") % {"slug": first}])
    record = Record(request.viewpoint)
    found = record.parties((first, second))
    return TwoParties.of(found[first], found[second], record=record, index=index)


def _chosen(request: PublicRequest, options: list[Option]) -> dict[str, str]:
    """Return the parties that the address names, by their side, or raise BadAddress."""
    data = QueryDict(mutable=True)
    for name, values in known_parameters(request).items():
        if name in SIDES and any(values):
            data.setlist(name, [value for value in values if value])
    form = ParameterForm(data)
    choices = [(one.code, one.label) for one in options]
    form.fields |= {name: CodeField(name=name, choices=choices) for name in data}
    if not form.is_valid():
        raise BadAddress([str(line) for lines in form.errors.values() for line in lines])
    return form.cleaned_data
