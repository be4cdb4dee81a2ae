"""Which primary keys the rows of each report have: those that follow on the report before."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Max

from recommendations.models import (
    Action,
    Evidence,
    Recommendation,
    Report,
    RetractionRequest,
    Section,
    Source,
    StatusUpdate,
)

from .outline import SampleReport

SECTIONS = 5
AREAS, PARTIES = Recommendation.areas.through, Action.parties.through
EDITORS, RELIES_ON = StatusUpdate.editors.through, StatusUpdate.relies_on.through
# The first line in the history of each text, and the links of those lines.
LINES: dict[Any, Any] = {
    model: apps.get_model("recommendations", f"Historical{model.__name__}")
    for model in (Report, Section, Recommendation, Action)
}
LINKS_OF_LINES = {
    Recommendation: apps.get_model("recommendations", "HistoricalRecommendation_areas"),
    Action: apps.get_model("recommendations", "HistoricalAction_parties"),
}
# By model.
Numbers = dict[Any, int]


def numbers_of(report: SampleReport) -> Numbers:
    """Return how many keys a report needs of each table."""
    told = list(report.updates())
    texts: Numbers = {
        Report: 1,
        Section: SECTIONS,
        Recommendation: len(report.areas),
        Action: len(report.actions),
    }
    areas = sum(map(len, report.areas))
    parties = sum(len(action.parties) for action in report.actions)
    cited = sum(len(one.kinds) for one in told)
    return {
        **texts,
        **{LINES[model]: n for model, n in texts.items()},
        AREAS: areas,
        PARTIES: parties,
        LINKS_OF_LINES[Recommendation]: areas,
        LINKS_OF_LINES[Action]: parties,
        StatusUpdate: len(told),
        EDITORS: len(told),
        RELIES_ON: sum(one.step.relies_on is not None for one in told),
        # What drafts cite is no source yet: of these some keys are left over.
        Source: cited,
        Evidence: cited,
        RetractionRequest: sum(one.step.is_retracted for one in told),
    }


NUMBERED = (
    *LINES,
    *LINES.values(),
    *LINKS_OF_LINES.values(),
    AREAS,
    PARTIES,
    StatusUpdate,
    EDITORS,
    RELIES_ON,
    Source,
    Evidence,
    RetractionRequest,
)


def first_numbers() -> Numbers:
    """Return the next free key of each table whose keys are given out here."""
    return {model: (_last_key(model) or 0) + 1 for model in NUMBERED}


def _last_key(model: Any) -> int | None:
    return model._base_manager.aggregate(last=Max(model._meta.pk.attname))["last"]
