"""Figures of actions that a test chooses, counted as a dashboard counts."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from recommendations.figures.dashboard import Overview
from recommendations.querysets import ActionQuerySet


def overview(actions: ActionQuerySet, *, on: date) -> Overview:
    return Overview(cast("list[Any]", list(actions.counted().for_scorecard(on=on))), on)
