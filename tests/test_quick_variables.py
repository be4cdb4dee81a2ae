"""A name in a template of ours leads to what it leads to by Django's own lookup."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.template import Context, Engine, defaultfilters, engines
from django.template.base import Variable, VariableDoesNotExist
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from alliance.quick_variables import QuickParser, QuickVariable, QuickVariableNode
from alliance.template_layout import LaidOutTemplate
from recommendations.models import Action
from recommendations.statuses import Status


class Silent(Exception):
    silent_variable_failure = True


@dataclass
class Row:
    name: str = "a row"
    rows: list[str] = field(default_factory=lambda: ["first", "second"])
    kept: dict[str, Any] = field(default_factory=lambda: {"items": "an item", "n": 0})
    asked: list[str] = field(default_factory=list)

    @property
    def counted(self) -> Row:
        self.asked.append("counted")
        return self

    @property
    def broken(self) -> str:
        raise AttributeError("of a property")

    @property
    def silent(self) -> str:
        raise Silent

    def told(self) -> str:
        return "told"

    def told_of(self, one: str) -> str:
        return one

    def failing(self) -> str:
        raise TypeError("inside")

    def removed(self) -> str:
        raise AssertionError("It changes data.")

    removed.alters_data = True  # type: ignore[attr-defined]


class Uncalled:
    do_not_call_in_templates = True
    word = "not called"

    def __call__(self) -> str:
        raise AssertionError("It is not to be called.")


VALUES: dict[str, Any] = {
    "row": Row(),
    "rows": [Row(), Row("another")],
    "plain": {"items": "a value", "row": Row(), 1: "one"},
    "counter": Counter(a=2),
    "default": defaultdict(list),
    "status": Status,
    "one": Status.PARTLY,
    "model": Action,
    "action": Action(kind="policy", title="Act"),
    "uncalled": Uncalled(),
    "lazy": SimpleLazyObject(Row),
    "text": "words",
    "nothing": None,
    "number": 7,
}
NAMES = {
    "row": "name rows rows.0 rows.7 kept.n kept.items missing name.upper told told_of failing "
    "removed broken silent counted.counted.name",
    "rows": "0.name 1.name 2 name",
    "plain": "items row.told 1 missing keys",
    "counter": "a b items",
    "default": "items missing",
    "status": "PARTLY PARTLY.label",
    "one": "label value name",
    "model": "objects",
    "action": "title get_kind_display recommendation",
    "uncalled": "word missing",
    "lazy": "name told",
    "text": "upper 0 missing",
    "nothing": "name",
    "number": "real missing",
    "missing": "name",
}
CASES = [f"{first}.{rest}" for first, found in NAMES.items() for rest in found.split()]
CASES += ["row", "uncalled", "nothing", "missing", "flatten", "status"]


@pytest.fixture
def context() -> Context:
    context = Context(VALUES)
    context.template = Engine(string_if_invalid="invalid").from_string("")
    return context


def outcome(variable: Variable, context: Context) -> tuple[str, Any]:
    try:
        return ("value", variable.resolve(context))
    except Exception as error:
        # What is missing is told with the whole context, which need not have any words.
        words = "" if isinstance(error, VariableDoesNotExist) else str(error)
        return (type(error).__name__, words)


@pytest.mark.parametrize("name", CASES)
def test_a_name_leads_where_djangos_lookup_leads(context, name):
    assert str(outcome(QuickVariable(name), context)) == str(outcome(Variable(name), context))


def test_the_cases_are_of_every_kind(context):
    kinds = {outcome(Variable(name), context)[0] for name in CASES}
    assert {"value", "VariableDoesNotExist", "AttributeError", "TypeError"} <= kinds
    invalid = [name for name in CASES if outcome(Variable(name), context)[1] == "invalid"]
    assert {"row.removed", "row.told_of", "row.silent"} <= {*invalid}


def test_a_property_is_asked_once(context):
    row = VALUES["row"]
    row.asked.clear()
    assert QuickVariable("row.counted.told").resolve(context) == "told"
    assert row.asked == ["counted"]


def test_what_is_missing_is_said_as_by_django(context):
    with pytest.raises(VariableDoesNotExist, match="missing"):
        QuickVariable("row.missing").resolve(context)


def test_values_and_what_filters_are_given_are_looked_up_so():
    parser = QuickParser([], builtins=[defaultfilters.register])
    expression: Any = parser.compile_filter('row.name|default:row.told|default:"words"')
    assert type(expression.var) is QuickVariable
    [[_default, [(_is, argument)]], _words] = expression.filters
    assert type(argument) is QuickVariable
    assert expression.resolve(Context({"row": Row(name="")})) == "told"


def test_words_and_numbers_stay_what_they_are():
    for text in ('"words"', "7", "1.5"):
        plain: Any = Engine().from_string(f"{{{{ {text} }}}}").render(Context())
        ours: Any = QuickParser([]).compile_filter(text).resolve(Context())
        assert str(ours) == plain


SHOWN: dict[str, Any] = {
    "words": "R&D <b>",
    "safe": mark_safe("<b>"),
    "number": 1234.5,
    "day": date(2026, 12, 1),
    "lazy": gettext_lazy("Show"),
    "nothing": None,
    "status": Status.PARTLY,
}


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(
    "form", ["{{ %s }}", "{%% autoescape off %%}{{ %s }}{%% endautoescape %%}"]
)
def test_what_is_shown_of_a_value_is_what_django_shows(name, form):
    engine = engines["django"].engine
    ours = LaidOutTemplate(form % name, engine=engine)
    assert ours.nodelist.get_nodes_by_type(QuickVariableNode)
    assert ours.render(Context(SHOWN)) == engine.from_string(form % name).render(Context(SHOWN))
