"""HTML put together by our own functions is what Django's would put together."""

from __future__ import annotations

import pytest
from django.utils import html as djangos
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from recommendations.statuses import Status
from recommendations.text import html


class Drawn:
    """What says by itself how it is shown, as markup of other libraries does."""

    def __html__(self) -> str:
        return "<i>drawn</i>"


TEXTS = st.text(alphabet="a<>&\"'{} 日", max_size=8)
VALUES = (
    TEXTS
    | TEXTS.map(mark_safe)
    | TEXTS.map(lazystr)
    | st.integers()
    | st.none()
    | st.sampled_from(list(Status))
    | st.builds(Drawn)
)


@given(VALUES)
def test_a_value_is_escaped_as_by_django(value):
    shown = html.conditional_escape(value)
    assert shown == djangos.conditional_escape(value)
    assert shown.__html__() == shown


@given(VALUES, VALUES)
def test_a_form_is_filled_as_by_django(first, second):
    form = '<a title="{}">{}</a>{{}}'
    assert html.format_html(form, first, second) == djangos.format_html(form, first, second)


@given(TEXTS, st.lists(st.tuples(VALUES, VALUES), max_size=3))
def test_rows_are_put_together_as_by_django(between, rows):
    form = "<b>{}</b>{}"
    ours = html.format_html_join(between, form, rows)
    assert ours == djangos.format_html_join(between, form, rows)
    assert ours.__html__() == ours


@given(TEXTS, st.lists(VALUES, max_size=3))
def test_parts_are_put_together_each_escaped(between, parts):
    rows = ((part,) for part in parts)
    assert html.joined(parts, between) == djangos.format_html_join(between, "{}", rows)


def test_html_is_not_escaped_again():
    once = html.format_html("<b>{}</b>", "<&>")
    assert once == "<b>&lt;&amp;&gt;</b>"
    assert html.format_html("<p>{}</p>", once) == f"<p>{once}</p>"


@pytest.mark.parametrize("values", [(), ("a",)])
def test_too_few_values_are_an_error(values):
    with pytest.raises(IndexError):
        html.format_html("{}{}", *values)
