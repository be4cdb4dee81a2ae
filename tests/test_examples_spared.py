"""PostgreSQL has some of many examples, never none, and all of what guards the record."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from . import conftest
from .conftest import EVERY, MOST_EXAMPLES, spare_examples


def examples(module: str, n: int) -> list[Any]:
    path = Path(f"tests/test_{module}.py")
    return [SimpleNamespace(path=path, nodeid=f"{path}::test_one[{one}]") for one in range(n)]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "IS_LONG", False)


def test_of_many_examples_some_are_left() -> None:
    many = examples("pages", 3 * EVERY)
    spared = list(spare_examples(many))
    assert [one for one in many if one not in spared] == many[::EVERY]


def test_few_examples_are_all_left() -> None:
    assert list(spare_examples(examples("pages", MOST_EXAMPLES))) == []


def test_examples_of_guards_are_all_left() -> None:
    assert list(spare_examples(examples("constraints", 40))) == []


def test_the_long_form_has_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "IS_LONG", True)
    assert list(spare_examples(examples("pages", 40))) == []
