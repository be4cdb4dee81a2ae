"""What is counted: adding, withdrawing, and changing *verifiable*, an edition each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from recommendations.models import (
    Action,
    Edition,
    Recommendation,
    Report,
    VerifiabilityPeriod,
)
from recommendations.periods import repeated_columns

from .editions import Refused, settle, touch


def include_in(edition: Edition, report_ids: Collection[int], drafts: DraftIds) -> None:
    """Add drafts that nothing speaks against, as part of an edition that is open."""
    stamp(edition, report_ids, drafts.recommendations, drafts.actions)
    settle(edition, drafts.actions, drafts.recommendations)


@dataclass(frozen=True, slots=True)
class DraftIds:
    """The primary keys of what would come into the record together."""

    reports: list[int]
    recommendations: list[int]
    actions: list[int]

    def __bool__(self) -> bool:
        return bool(self.reports or self.recommendations or self.actions)


def drafts_with(
    reports: Collection[Report],
    recommendations: Collection[Recommendation],
    actions: Collection[Action],
) -> DraftIds:
    """Return what comes into the record with these: a report brings all its drafts."""
    report_ids = [report.pk for report in reports]
    implied = Q(recommendation__report__in=report_ids) | Q(recommendation__in=recommendations)
    return DraftIds(
        _drafts(Report, reports, Report.objects.none()),
        _drafts(
            Recommendation, recommendations, Recommendation.objects.filter(report__in=report_ids)
        ),
        _drafts(
            Action,
            actions,
            Action.objects.filter(implied, recommendation__until_edition__isnull=True),
        ),
    )


def refuse_addition(reports: Collection[Report], drafts: DraftIds) -> None:
    if not drafts:
        raise Refused(_("There is no draft to add: all of this is in the record already."))
    report_ids = [report.pk for report in reports]
    refuse_incomplete(report_ids, drafts.recommendations, drafts.actions)


def _drafts(model, chosen: Iterable, implied) -> list[int]:
    ids = {instance.pk for instance in chosen} | set(implied.values_list("pk", flat=True))
    drafts = model.objects.filter(pk__in=ids, from_edition__isnull=True)
    return list(drafts.values_list("pk", flat=True))


def refuse_incomplete(
    report_ids: Collection[int], recommendation_ids: Collection[int], action_ids: Collection[int]
) -> None:
    if problems := incomplete_in(report_ids, recommendation_ids, action_ids):
        raise Refused([sentence for _subject, sentence in problems])


def incomplete_in(
    report_ids: Collection[int], recommendation_ids: Collection[int], action_ids: Collection[int]
) -> list[tuple[Report | Recommendation | Action, str]]:
    """Return what these lack before they can come into the record, each with a sentence."""
    found: list[tuple[Report | Recommendation | Action, str]] = [
        (
            report,
            _("“%(report)s” is a bibliographic record: clear that box first, then add the report.")
            % {"report": report},
        )
        for report in Report.objects.filter(pk__in=report_ids, is_bibliographic=True)
    ]
    without_party = Action.objects.filter(pk__in=action_ids, parties__isnull=True)
    found += [
        (action, _("“%(action)s” names no responsible party.") % {"action": action})
        for action in without_party.select_related("recommendation")
    ]
    without_action = Recommendation.objects.filter(pk__in=recommendation_ids, actions__isnull=True)
    found += [
        (one, _("“%(recommendation)s” has no action yet.") % {"recommendation": one})
        for one in without_action
    ]
    found += [
        (
            whole,
            _("“%(whole)s” is not in the record: what belongs to it cannot be added alone.")
            % {"whole": whole},
        )
        for whole in _absent(report_ids, recommendation_ids, action_ids)
    ]
    return found


def _absent(
    report_ids: Collection[int], recommendation_ids: Collection[int], action_ids: Collection[int]
) -> list[Report | Recommendation]:
    """Return what these belong to and what is neither in the record nor comes with them."""
    recommendations = Recommendation.objects.filter(actions__in=action_ids).exclude(
        pk__in=recommendation_ids
    )
    reports = Report.objects.filter(recommendations__in=recommendation_ids).exclude(
        pk__in=report_ids, from_edition__isnull=True
    )
    is_absent = Q(from_edition__isnull=True) | Q(until_edition__isnull=False)
    return [
        *reports.filter(is_absent).distinct(),
        *recommendations.filter(is_absent | Q(report__until_edition__isnull=False)).distinct(),
    ]


def stamp(
    edition: Edition,
    report_ids: Collection[int],
    recommendation_ids: Collection[int],
    action_ids: Collection[int],
) -> None:
    """Count these from this edition, and remember which actions are verifiable."""
    for model, ids in (
        (Report, report_ids),
        (Recommendation, recommendation_ids),
        (Action, action_ids),
    ):
        said = {"first_review_due_on": F("review_due_on")} if model is Action else {}
        drafts = model.objects.filter(pk__in=ids, from_edition__isnull=True)
        drafts.update(from_edition=edition, **said)
    repeated_columns.refresh(action_ids)
    VerifiabilityPeriod.objects.bulk_create(
        VerifiabilityPeriod(action_id=pk, is_verifiable=is_verifiable, from_edition=edition)
        for pk, is_verifiable in Action.objects.filter(pk__in=action_ids).values_list(
            "pk", "is_verifiable"
        )
    )


def refuse_withdrawal(subject: Report | Recommendation | Action, *, reason: str) -> None:
    subject = type(subject).objects.get(pk=subject.pk)
    if subject.is_draft:
        raise Refused(_("A draft is not in the record: delete it instead."))
    if subject.is_withdrawn:
        raise Refused(_("It was withdrawn already."))
    if not reason.strip():
        raise Refused(_("A withdrawal needs a public reason."))


def withdraw_in(
    edition: Edition, subject: Report | Recommendation | Action, *, reason: str
) -> None:
    """Take something out of every count, for good. It stays readable, with the reason."""
    type(subject).objects.filter(pk=subject.pk).update(
        until_edition=edition, withdrawal_reason=reason
    )
    if isinstance(subject, Action):
        settle(edition, [], [subject.recommendation_id])
    else:
        touch(_recommendations_of(subject))


def _recommendations_of(subject: Report | Recommendation) -> list[int]:
    if isinstance(subject, Recommendation):
        return [subject.pk]
    return list(Recommendation.objects.filter(report=subject).values_list("pk", flat=True))


def set_verifiable_in(
    edition: Edition, action: Action, *, is_verifiable: bool, reason: str
) -> None:
    """Count an action, or leave it out of every count, from an edition on that is open."""
    Action.objects.filter(pk=action.pk).update(
        is_verifiable=is_verifiable, verifiability_note="" if is_verifiable else reason
    )
    action.verifiability_periods.filter(until_edition__isnull=True).update(until_edition=edition)
    VerifiabilityPeriod.objects.create(
        action=action, is_verifiable=is_verifiable, from_edition=edition
    )
    settle(edition, [action.pk])


def refuse_verifiability(action: Action, *, is_verifiable: bool, reason: str) -> None:
    if not Action.objects.in_record().filter(pk=action.pk).exists():
        raise Refused(_("The action is not part of the public record."))
    if action.is_verifiable == is_verifiable:
        raise Refused(_("Nothing would change."))
    if not reason.strip():
        raise Refused(_("Say why. The reason is public."))
