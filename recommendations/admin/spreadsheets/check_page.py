"""What the page of a spreadsheet shows of its plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from recommendations.drafting.deliveries.changes import Change
from recommendations.drafting.deliveries.decisions import place_of
from recommendations.drafting.deliveries.plan import Plan
from recommendations.importing.tables.rows import IN_PART
from recommendations.importing.tables.status_words import suggested_status
from recommendations.models import Body, Party
from recommendations.models.vocabulary import PartyKind
from recommendations.statuses import Status
from recommendations.text.ranges import ranges

from .forms import MOST_SHOWN, Forms
from .problem_words import group_words, problem_words, value_words

# So many rows of a kind of problem are named; the rest is counted.
MOST_ROWS = 20


def context_of(plan: Plan, forms: Forms) -> dict[str, Any]:
    """Return what is shown of a plan: of each list what is decided on at once."""
    return {
        "plan": plan,
        "mark": plan.mark,
        "source": forms.source,
        "report_forms": forms.reports,
        "form": _ErrorsOf(forms),
        "parties": [
            (party, party.slug in plan.decisions.parties)
            for party in plan.directory.parties.values()
        ],
        "own": [
            plan.directory.parties[slug]
            for slug in sorted(plan.own)
            if slug in plan.directory.parties
        ],  # fmt: skip
        "names": list(_names(plan)),
        "meanings": _meanings(plan),
        "statuses": list(_statuses(plan)),
        "status_choices": Status.choices,
        "groups": list(_groups(plan)),
        "rows": ranges(plan.decisions.rows),
        "likely": plan.likely[:MOST_SHOWN],
        "changes": [_shown_change(plan, change) for change in plan.changes[:MOST_SHOWN]],
        "n_changes": len(plan.changes),
        "gone": plan.gone[:MOST_SHOWN],
        "new": plan.n_new,
    }


class _ErrorsOf:
    """The fields of several forms as one, for the summary of errors."""

    def __init__(self, forms: Forms) -> None:
        self.forms = [form for form in (forms.source, *forms.reports) if form.is_bound]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.forms)

    @property
    def non_field_errors(self) -> list[str]:
        return [str(error) for form in self.forms for error in form.non_field_errors()]

    def __iter__(self) -> Iterator[Any]:
        for form in self.forms:
            yield from form


def _names(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the names to decide on first, then the others; each with who has it elsewhere."""
    names = sorted(plan.names, key=lambda name: (bool(name.meaning), -name.n))
    for name in names[:MOST_SHOWN]:
        yield {
            "name": name,
            "field": f"owner-{place_of(name.key)}",
            "offered": [
                (f"{one._meta.model_name}:{one.slug}", _with_party(one))
                for one in plan.directory.offered(name.key)
            ],
        }


def _with_party(one: Party | Body) -> str:
    party = getattr(one, "party", None)
    return f"{one} ({party})" if party else str(one)


def _meanings(plan: Plan) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return whom a name may mean, in groups."""
    parties = list(plan.directory.parties.values())
    # A table of one country needs not look through the offices of others.
    new_of = [party for party in parties if party.slug in plan.own] or parties
    return [
        ("", [("none", _("Nobody: pass over it"))]),
        (_("Parties"), [(f"party:{one.slug}", str(one)) for one in parties]),
        (
            _("Bodies"),
            [(f"body:{one.slug}", _with_party(one)) for one in plan.directory.bodies.values()],
        ),
        (
            _("A new body of"),
            [
                (f"new-body:{one.slug}", _("New body of %(party)s") % {"party": one})
                for one in new_of
            ],
        ),
        (
            _("A new party"),
            [
                (f"new-party:{code}", _("New party: %(kind)s") % {"kind": label})
                for code, label in PartyKind.choices
            ],
        ),
    ]


def _statuses(plan: Plan) -> Iterator[dict[str, Any]]:
    for word, (spelling, n) in list(plan.statuses.items())[:MOST_SHOWN]:
        known = plan.mapping.statuses.get(word)
        yield {
            "spelling": spelling,
            "n": n,
            "field": f"status-{place_of(word)}",
            "chosen": suggested_status(word) if known is None else known or "none",
            "is_open": known is None,
        }


def _groups(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the wrong cells, alike ones together: those that are decided on stay to be seen."""
    groups: dict[str, list[Any]] = {}
    for problem in plan.reader.problems:
        groups.setdefault(problem.group, []).append(problem)
    for key in plan.decisions.groups:
        groups.setdefault(key, [])
    for key, problems in groups.items():
        yield {
            "key": key,
            "n": len(problems),
            "is_left_out": key in plan.decisions.groups,
            "is_optional": bool(problems) and problems[0].is_optional,
            "is_in_part": bool(problems) and problems[0].kind in IN_PART,
            "title": group_words(key, plan.reader.heads),
            "problems": [problem_words(one, plan.reader.heads) for one in problems[:MOST_ROWS]],
            "more": max(len(problems) - MOST_ROWS, 0),
        }


def _shown_change(plan: Plan, change: Change) -> dict[str, Any]:
    return {
        "change": change,
        "is_taken": plan.is_taken(change),
        "was": value_words(change.name, change.was, plan),
        "becomes": value_words(change.name, change.becomes, plan),
    }
