"""The search box of the log form: a number, half typed words, a headline or an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.index.keeping import BeingMade
from recommendations.models import Action
from recommendations.suggesting import Suggestion, cited_sentence, suggest
from recommendations.text.languages import plain
from recommendations.text.punctuation import listed

MOST = 12
# A headline with its address; what is typed by hand is shorter.
LONGEST = 2_000
LONGEST_TYPED = 60
NUMBER = re.compile(r"[A-Za-z]{0,2}\d+(\.\d*)+[A-Za-z]{0,3}")


@dataclass(frozen=True, slots=True)
class Choice:
    """An action, the words it was found by, and whether it cites the address that was pasted."""

    action: Action
    words: tuple[str, ...] = ()
    is_citing: bool = False

    @property
    def why(self) -> str:
        """Return what it was found by, as a sentence, or nothing where the number was typed."""
        matched = _("Matched: %(words)s") % {"words": listed(self.words)} if self.words else ""
        citing = _("Cites this address already") if self.is_citing else ""
        return " · ".join(filter(None, (citing, matched)))


@dataclass(frozen=True, slots=True)
class Choices:
    """What was found, the best first.

    `is_certain` says that Enter may take the first: that no other report has as good a one.
    `cited` says which actions cite the address, as words.
    """

    found: list[Choice]
    cited: str = ""

    @property
    def is_certain(self) -> bool:
        return len({one.action.recommendation.report_id for one in self.found}) == 1

    def as_json(self, *, is_report_named: bool) -> dict[str, object]:
        return {
            "actions": [_row(one, is_report_named=is_report_named) for one in self.found],
            "is_certain": self.is_certain,
            "cited": self.cited,
        }


def choices(text: str) -> Choices:
    """Return the actions for what was typed or pasted: an exact number first, then the best fit."""
    text = text[:LONGEST].strip()
    if not text:
        return Choices([])
    actions = Action.objects.in_record().select_related("recommendation__report")
    numbered = [Choice(action) for action in actions.labelled(text)]
    if numbered:
        return Choices(numbered[:MOST])
    # A number that nothing has is no piece of news.
    fitting = [] if NUMBER.fullmatch(text) else _suggested(text)
    typed = actions.suggested(text)[:MOST] if len(text) <= LONGEST_TYPED else []
    found = [Choice(one.action, one.words, bool(one.cited)) for one in fitting]
    citing = [one for one in found if one.is_citing]
    rest = {
        one.action.pk: one
        for one in (*(Choice(action) for action in typed), *found)
        if not one.is_citing
    }
    words = {one.action.pk: one.words for one in found}
    in_order = [Choice(one.action, words.get(pk, ()), one.is_citing) for pk, one in rest.items()]
    return Choices([*citing, *in_order][:MOST], cited_sentence(fitting))


def _suggested(text: str) -> list[Suggestion]:
    # Numbers and half typed words are found without an index.
    try:
        return suggest(text, most=MOST)
    except BeingMade:
        return []


def _row(one: Choice, *, is_report_named: bool) -> dict[str, object]:
    action = one.action
    recommendation = action.recommendation
    return {
        "label": action.label,
        "title": plain(action.title, "action.title"),
        "headline": plain(recommendation.headline, "recommendation.headline"),
        "report": recommendation.report.known_as if is_report_named else "",
        "status": action.status,
        "status_label": action.get_status_display(),
        "why": one.why,
        "url": f"{reverse('admin:log_update')}?action={action.pk}",
    }
