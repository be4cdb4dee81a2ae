"""How far two coders of the same actions agree.

Cohen's kappa with its large-sample interval: Fleiss, Cohen and Everitt, "Large sample standard
errors of kappa and weighted kappa", Psychological Bulletin 72 (1969), equation 13.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from .vocabulary import Status

# Two-sided, 95 per cent.
Z = 1.959964


class Coder(models.TextChoices):
    FIRST = "first", gettext_lazy("First coding")
    SECOND = "second", gettext_lazy("Second coding")
    ADJUDICATED = "adjudicated", gettext_lazy("Adjudicated")


class Decision(models.TextChoices):
    """What the comparison of two codings came to, for the history that was published."""

    CONFIRM = "confirm", pgettext_lazy("decision", "Confirmed")
    EXTEND = "extend", pgettext_lazy("decision", "Extended")
    CORRECT = "correct", pgettext_lazy("decision", "Corrected")


# A coder may also find that nobody could tell whether an action was done.
NOT_VERIFIABLE = "not_verifiable"
CODED_STATUSES = [*Status.choices, (NOT_VERIFIABLE, gettext_lazy("Not verifiable"))]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `n` actions `same` were coded alike. Kappa is 1 where all were, 0 as by chance.

    `kappa` and its interval (95 per cent, cut at -1 and 1) are None where chance alone makes all
    alike, or there is nothing to compare.
    """

    n: int
    same: int
    kappa: float | None
    low: float | None
    high: float | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return how far the two codes of each pair agree."""
    n, same = len(pairs), sum(one == other for one, other in pairs)
    if not n:
        return Agreement(0, 0, None, None, None)
    first = Counter(one for one, _other in pairs)
    second = Counter(other for _one, other in pairs)
    observed = same / n
    expected = sum(first[code] * second[code] for code in first) / n**2
    if expected == 1:
        return Agreement(n, same, None, None, None)
    kappa = (observed - expected) / (1 - expected)
    margin = Z * sqrt(_variance(pairs, first, second, observed, expected))
    return Agreement(n, same, kappa, max(-1.0, kappa - margin), min(1.0, kappa + margin))


def _variance(
    pairs: Sequence[tuple[str, str]],
    first: Counter[str],
    second: Counter[str],
    observed: float,
    expected: float,
) -> float:
    """Return the variance of kappa; p is a share of all pairs, as in the source."""
    n = len(pairs)
    p = {cell: count / n for cell, count in Counter(pairs).items()}
    left = {code: count / n for code, count in first.items()}
    right = {code: count / n for code, count in second.items()}
    chance, agreed = 1 - expected, 1 - observed
    diagonal = sum(
        share * (chance - (right.get(one, 0) + left.get(one, 0)) * agreed) ** 2
        for (one, other), share in p.items()
        if one == other
    )
    beside = agreed**2 * sum(
        share * (right.get(one, 0) + left.get(other, 0)) ** 2
        for (one, other), share in p.items()
        if one != other
    )
    rest = (observed * expected - 2 * expected + observed) ** 2
    return max(0.0, (diagonal + beside - rest) / (n * chance**4))


def is_assessed(code: str) -> bool:
    """Say whether a coder gave an action a status at all."""
    return code not in (Status.NOT_ASSESSED, NOT_VERIFIABLE)
