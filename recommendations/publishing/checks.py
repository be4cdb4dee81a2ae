"""What speaks against submitting or publishing an update, as sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.statuses import (
    EvidenceItem,
    Status,
    effective_day,
    has_new_source,
    missing_evidence,
)
from recommendations.text.web_addresses import comparable

from .drafts import Stale, deciding_update
from .input_checks import problems_of_copies, problems_of_hosts, problems_of_input
from .surroundings import Surroundings


def authors_of(update: StatusUpdate) -> set[int]:
    """Return the ids of all who may not review the update (one query, unless prefetched)."""
    editors = {editor.pk for editor in update.editors.all()}
    return editors if update.author_id is None else {update.author_id, *editors}


def problems_of(
    update: StatusUpdate,
    *,
    today: date,
    may_be_on_any_host: bool = False,
    around: Surroundings | None = None,
) -> list[str]:
    """Return why this update cannot be published as it stands, as sentences.

    The first data of a report `may_be_on_any_host`: they are loaded as they were made. Who judges
    many hands over what is `around` all of them.
    """
    problems = []
    around = around or Surroundings([update])
    own, relied_on = list(update.evidence.all()), list(update.relies_on.all())
    if update.action_id not in around.actions_in_record:
        problems.append(_("The action is not part of the public record."))
    if update.replaces and not update.replaces.is_counting:
        problems.append(_("The update that it corrects no longer counts."))
    problems += problems_of_input(update, own, today=today)
    problems += [] if may_be_on_any_host else problems_of_hosts(own, around.hosts)
    problems += problems_of_copies(own, around)
    problems += _problems_of_reliance(update, relied_on)
    problems += _problems_of_confirmation(update, own, relied_on, around)
    problems += _lasting_problems(
        update,
        own,
        relied_on,
        today=today,
        status_before=update.action.status,
        new_items=_items_for_change(update, own, around, today=today),
    )
    return problems


def lasting_problems_of(update: StatusUpdate, *, today: date, status_before: str) -> list[str]:
    """Return what the update and its evidence lack, whatever became of the action since.

    `today` is the day of publication, `status_before` the action's status just before it. That a
    changed status needs a source of its own is not asked here: it binds what is published from
    now on, and much stood before it.
    """
    own, relied_on = list(update.evidence.all()), list(update.relies_on.all())
    return _lasting_problems(update, own, relied_on, today=today, status_before=status_before)


def _lasting_problems(
    update: StatusUpdate,
    own: Collection[Evidence],
    relied_on: Collection[StatusUpdate],
    *,
    today: date,
    status_before: str,
    new_items: Collection[EvidenceItem] | None = None,
) -> list[str]:
    problems = []
    if update.effective_from > today:
        problems.append(_("The date of effect lies after the day of publication."))
    if update.searched_on and update.searched_on > today:
        problems.append(_("The date of the search lies in the future."))
    problems += _problems_of_sources(update, own, today=today)
    items = [*own, *(item for other in relied_on for item in other.evidence.all())]
    problems += missing_evidence(
        update.status,
        [item.as_item for item in items],
        has_search_note=update.has_search_note,
        is_confirmation=not own and update.status == status_before and bool(relied_on),
        has_own_items=bool(own),
        new_items=new_items,
        is_correction=bool(update.replaces_id),
    )
    return problems


def has_source_of_its_own(update: StatusUpdate) -> bool:
    """Whether an item of it documents something at an address that the action cites nowhere."""
    cited = addresses_cited_of(update.action)
    return has_new_source(_at_new_addresses(update.evidence.all(), cited))


def addresses_cited_of(action: Action) -> set[str]:
    """Return the addresses that counting updates of an action cite, copies too (one query)."""
    return Surroundings([StatusUpdate(action=action)]).addresses_cited[action.pk]


def _items_for_change(
    update: StatusUpdate, own: Collection[Evidence], around: Surroundings, *, today: date
) -> list[EvidenceItem] | None:
    """Return the items on which it may change the status; None where it does not change it."""
    if not _changes_status(update, around, today=today):
        return None
    if update.replaces_id:
        # A correction tells the same source better: it may cite it again.
        return [item.as_item for item in own]
    return _at_new_addresses(own, around.addresses_cited[update.action_id])


def _at_new_addresses(own: Iterable[Evidence], cited: Collection[str]) -> list[EvidenceItem]:
    return [item.as_item for item in own if comparable(item.url) not in cited]


def _changes_status(update: StatusUpdate, around: Surroundings, *, today: date) -> bool:
    """Whether it says another status than what stands, or than what it corrects.

    Also where it only moves a status back to an earlier day: another one held there.
    """
    before = update.replaces or update.action
    if update.status != before.status:
        return True
    day = effective_day(update.effective_on, update.effective_precision, cap=today)
    by_then = (one for one in around.counting(update.action_id) if one.effective_day <= day)
    standing = next((one for one in by_then if one.pk != update.replaces_id), None)
    return update.status != (standing.status if standing else Status.NOT_ASSESSED)


def _problems_of_sources(
    update: StatusUpdate, items: Iterable[Evidence], *, today: date
) -> Iterable[str]:
    for item in items:
        missing = [] if update.is_baseline else item.missing_facts
        if missing:
            yield _("Evidence %(position)d (%(publisher)s) lacks: %(facts)s.") % {
                "position": item.position,
                "publisher": item.publisher,
                "facts": ", ".join(missing),
            }
        if item.accessed_on and item.accessed_on > today:
            yield _("Evidence %(position)d was accessed in the future.") % {
                "position": item.position
            }


def _problems_of_reliance(
    update: StatusUpdate, relied_on: Collection[StatusUpdate]
) -> Iterable[str]:
    for other in relied_on:
        if other.action_id != update.action_id:
            yield _("It relies on an update of another action.")
        elif other.pk == update.replaces_id:
            yield _("It relies on the update that it corrects.")
        elif not other.is_counting and not (update.is_baseline and _comes_along(other)):
            yield _("It relies on an update that no longer counts.")


def _problems_of_confirmation(
    update: StatusUpdate,
    own: Collection[Evidence],
    relied_on: Collection[StatusUpdate],
    around: Surroundings,
) -> Iterable[str]:
    """Yield where a confirmation rests on other updates than the one that it confirms."""
    if own or update.replaces_id or update.is_baseline or update.status != update.action.status:
        return
    others = {other.pk for other in relied_on}
    if others and not around.reliance[update.action_id] & others:
        yield _("A confirmation relies on the evidence of the status that it confirms.")


def _comes_along(other: StatusUpdate) -> bool:
    """A draft of the baseline is published with the baseline that relies on it."""
    return other.is_baseline and not other.is_published


def beside(update: StatusUpdate) -> StatusUpdate | None:
    """Return what a submission is compared with: what it corrects, or else what stands."""
    return update.replaces if update.replaces_id else deciding_update(update.action)


def seen_version(update: StatusUpdate, around: Surroundings | None = None) -> str:
    """Return what a reviewer has seen of a submission: which text, beside which other."""
    around = around or Surroundings([update])
    other = update.replaces_id or next((one.pk for one in around.counting(update.action_id)), 0)
    return f"{update.revision}.{other}"


def refuse_unseen(
    updates: Iterable[StatusUpdate], seen: Mapping[int, str], around: Surroundings | None = None
) -> None:
    """Refuse what waits for review in another version than the reviewer has seen."""
    for update in updates:
        is_waiting = update.review_state == ReviewState.SUBMITTED
        if is_waiting and seen.get(update.pk) != seen_version(update, around):
            raise Stale(
                _("“%(update)s”, or what it is compared with, changed after you opened the page.")
                % {"update": update}
            )


def reasons_against(
    update: StatusUpdate, reviewer: User, *, today: date, around: Surroundings
) -> Iterable[str]:
    if update.review_state != ReviewState.SUBMITTED:
        yield (
            _("“%(update)s” is not waiting for review: it is %(state)s.")
            % {"update": update, "state": update.get_review_state_display().lower()}
        )
        return
    if reviewer.pk in authors_of(update):
        yield own_draft()
    yield from obstacles_to(update, today=today, around=around)


def obstacles_to(
    update: StatusUpdate, *, today: date, around: Surroundings | None = None
) -> Iterable[str]:
    """Return why nobody can publish this submission as it stands, as sentences."""
    if update.action.status != update.status_at_draft:
        yield (
            _(
                "The status of “%(action)s” changed since the draft was begun: it was %(then)s and "
                "is %(now)s. Return it, so that it is submitted again on the present status."
            )
            % {
                "action": update.action,
                "then": Status(update.status_at_draft).label,
                "now": update.action.get_status_display(),
            }
        )
    yield from problems_of(update, today=today, around=around)


def own_draft() -> str:
    return _("You have saved this draft, so another person has to review it.")
