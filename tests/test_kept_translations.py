"""`{% translate %}` of fixed words says what Django's does, in the language of each page."""

from __future__ import annotations

import pytest
from django.template import Context, engines
from django.utils.translation import override

from alliance.kept_translations import FixedWords
from alliance.template_layout import LaidOutTemplate

CASES = [
    '{% load i18n %}{% translate "Show" %}',
    '{% load i18n %}{% trans "Show" %}',
    '{% load i18n %}{% translate "Review" context "filter" %}',
    '{% load i18n %}{% translate "100%% sure" %}',
    '{% load i18n %}{% translate "R&D <b>" %}',
    "{% load i18n %}{% translate word %}",
    '{% load i18n %}{% translate "Show"|upper %}',
    '{% load i18n %}{% translate "Show" noop %}',
    '{% load i18n %}{% translate "Show" as shown %}[{{ shown }}]',
    '{% load i18n %}{% autoescape off %}{% translate "Show" %}{% endautoescape %}',
    "{% load i18n %}{% blocktranslate %}Show{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate trimmed %}\n  100% <b>\n  & more{% endblocktranslate %}",
    '{% load i18n %}{% blocktranslate context "filter" %}Review{% endblocktranslate %}',
    "{% load i18n %}{% blocktranslate %}Show {{ word }}{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate with a=word %}Show {{ a }}{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate asvar shown %}Show{% endblocktranslate %}[{{ shown }}]",
    "{% load i18n %}{% blocktranslate count n=2 %}one{% plural %}many{% endblocktranslate %}",
]


def engine():
    return engines["django"].engine


@pytest.mark.parametrize("source", CASES)
def test_words_are_those_of_django(source):
    ours = LaidOutTemplate(source, engine=engine())
    theirs = engine().from_string(source)
    for language in ("en", "ja", "en", "ja"):
        with override(language):
            context = {"word": "Show"}
            assert ours.render(Context(context)) == theirs.render(Context(context))


def test_fixed_words_are_translated_once_and_others_each_time():
    [fixed] = LaidOutTemplate(CASES[0], engine=engine()).nodelist.get_nodes_by_type(FixedWords)
    for language in ("en", "ja", "ja", "en"):
        with override(language):
            fixed.render(Context())
    assert fixed.kept == {("en", True): "Show", ("ja", True): "表示"}
    for source in CASES[10:13]:
        nodes = LaidOutTemplate(source, engine=engine()).nodelist
        assert nodes.get_nodes_by_type(FixedWords)
    for source in (*CASES[5:7], CASES[8], *CASES[13:]):
        nodes = LaidOutTemplate(source, engine=engine()).nodelist
        assert not nodes.get_nodes_by_type(FixedWords)
