"""What was measured, as tables in Markdown, and the requirements that hold or do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def milliseconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of which the first column is of names, and the others are of numbers."""
    print(f"\n| {' | '.join(titles)} |")
    print(f"| --- |{' ---: |' * (len(titles) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)


class Report:
    """Requirements and comparisons, told as they are known. One that fails fails the command."""

    def __init__(self) -> None:
        self.n_held = 0
        self.failed: list[str] = []

    def require(self, what: str, value: float, *, at_most: float) -> None:
        self._note(f"{what}: {value:,.3g}, at most {at_most:,.3g}", value <= at_most)

    def require_each(self, what: str, values: Mapping[str, float], *, at_most: float) -> None:
        """Require it of several things: told of the greatest, or of those that are too great."""
        beyond = {name: value for name, value in values.items() if value > at_most}
        for name in beyond or [max(values, key=values.__getitem__)]:
            told = f"{what}, {name}" if beyond else f"{what}, most of {len(values)}: {name}"
            self.require(told, values[name], at_most=at_most)

    def require_least(self, what: str, value: float, *, at_least: float) -> None:
        self._note(f"{what}: {value:,.3g}, at least {at_least:,.3g}", value >= at_least)

    def agree(self, what: str, differences: Sequence[str]) -> None:
        told = f"DIFFER: {'; '.join(differences)}" if differences else "AGREE"
        self._note(f"{what}: {told}", not differences)

    def _note(self, line: str, is_held: bool) -> None:
        if is_held:
            self.n_held += 1
        else:
            self.failed.append(line)
        print(f"- {'pass' if is_held else 'FAIL'}: {line}", flush=True)

    def conclude(self) -> int:
        """Return what the command ends with."""
        print(f"\n{self.n_held} passed, {len(self.failed)} failed")
        return 1 if self.failed else 0
