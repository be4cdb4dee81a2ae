"""What other tests are made of: the list of public pages, and their short forms."""

import pytest
from django.http import HttpResponse
from django.urls import include, path

from . import lengths
from .public_pages import example_of, patterns


def view(request: object, **arguments: object) -> HttpResponse:
    return HttpResponse()


def test_a_pattern_without_an_example_is_named_with_what_it_needs() -> None:
    [found] = patterns([path("bodies/<slug:body>/", view, name="body")])
    with pytest.raises(LookupError, match=r"no example of “body” \(bodies/<slug:body>/\): .* body"):
        example_of(*found)


def test_patterns_that_are_included_are_found_under_their_names() -> None:
    inner = [path("list/", view, name="list"), path("<slug:one>/", view, name="one")]
    outer = [path("", view, name="home"), path("more/", include((inner, "more")))]
    assert [(name, route) for name, route, _pattern in patterns(outer)] == [
        ("home", ""),
        ("more:list", "more/list/"),
        ("more:one", "more/<slug:one>/"),
    ]


@pytest.mark.parametrize(("ones", "others"), [("abc", "xy"), ("a", "xyz"), ("abc", "xyz")])
def test_short_forms_leave_out_no_kind(
    monkeypatch: pytest.MonkeyPatch, ones: str, others: str
) -> None:
    monkeypatch.setattr(lengths, "IS_LONG", False)
    short = lengths.pairs(ones, others)
    assert ({one for one, _ in short}, {other for _, other in short}) == (set(ones), set(others))
    monkeypatch.setattr(lengths, "IS_LONG", True)
    assert len(lengths.pairs(ones, others)) == len(ones) * len(others)
    assert set(short) <= set(lengths.pairs(ones, others))
