"""Line breaks of our HTML templates are layout of the source: what is dropped, and what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.template.base import Lexer, Template
from django.template.loader import get_template

from alliance.template_layout import LaidOutTemplate, without_layout


def laid_out(source: str) -> str:
    """Return a template as it is compiled: its texts trimmed, tags and variables as written."""
    marks = {1: "{{{{ {} }}}}", 2: "{{% {} %}}", 3: "{{# {} #}}"}
    return "".join(
        marks.get(token.token_type.value, "{}").format(token.contents)
        for token in without_layout(Lexer(source).tokenize())
    )


def engine_of(folder: Path, *, debug: bool = False, **packages: str) -> Engine:
    """Return an engine with our templates in a folder, and packages' templates in memory."""
    memory = ("django.template.loaders.locmem.Loader", packages)
    loaders = ["django.template.loaders.filesystem.Loader", memory]
    return Engine(
        dirs=[folder],
        debug=debug,
        loaders=[("alliance.template_layout.Loader", loaders)],
        libraries={"i18n": "django.templatetags.i18n"},
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n", "<ul><li>one</li><li>two</li></ul>"),
        ("<p>\n  {{ a }}\n  {{ b }}\n</p>", "<p>{{ a }}{{ b }}</p>"),
        ("{% if a %}\n  yes\n{% endif %}", "{% if a %}yes{% endif %}"),
        ("<p>\r\n\t one  \r\n\r\n</p>", "<p>one</p>"),
        ("<b>one</b>\n{# why #}\n<b>two</b>", "<b>one</b>{# why #}<b>two</b>"),
    ],
)
def test_line_breaks_beside_elements_tags_and_variables_are_dropped(
    source: str, expected: str
) -> None:
    assert laid_out(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "<b>one</b> <b>two</b>",
        "{{ a }} {{ b }}",
        "{% if a %} ({{ a }}){% endif %} end",
        "two words\n  on two lines",
        "{{ a }}\N{NO-BREAK SPACE}{{ b }}",
    ],
)
def test_spaces_inside_a_line_and_between_words_stay(source: str) -> None:
    assert laid_out(source) == source


def test_a_no_break_space_at_a_line_break_stays() -> None:
    assert laid_out("{{ a }}\N{NO-BREAK SPACE}\n  {{ b }}") == "{{ a }}\N{NO-BREAK SPACE}{{ b }}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<a\n  class="quiet"\n  href="/"\n>', '<a class="quiet" href="/">'),
        ('<use\n  href="#i"\n/>', '<use href="#i"/>'),
        (
            '<input\n  name="a"\n  {% if b %}checked{% endif %}\n>',
            '<input name="a" {% if b %}checked{% endif %}>',
        ),
        ('<p class="one\n  two">\n  x', '<p class="one two">x'),
        ('<p title="a > b"\n  id="c">\n', '<p title="a > b" id="c">'),
        ("<p title='it\"s > '\n  id='c'>\n", "<p title='it\"s > ' id='c'>"),
    ],
)
def test_inside_a_tag_a_line_break_is_one_space(source: str, expected: str) -> None:
    assert laid_out(source) == expected


@pytest.mark.parametrize("name", ["pre", "textarea", "script", "style"])
def test_elements_whose_white_space_counts_keep_it(name: str) -> None:
    kept = f"<{name}>\n  {{{{ a }}}}\n  <b>\n  x\n</b></{name}>"
    assert laid_out(f"<p>\n{kept}\n</p>") == f"<p>{kept}</p>"


@pytest.mark.parametrize("name", ["blocktranslate", "blocktrans", "comment", "verbatim"])
def test_blocks_that_others_read_keep_their_white_space(name: str) -> None:
    kept = f"{{% {name} %}}\n  one\n  <b>two</b>\n{{% end{name} %}}"
    assert laid_out(f"<p>\n{kept}\n</p>") == f"<p>{kept}</p>"


def test_tags_inside_a_kept_block_do_not_confuse_what_follows() -> None:
    source = (
        "{% comment %}<a \" {% endcomment %}\n{% verbatim %}{{ '<pre>' }}{% endverbatim %}\n<b>"
    )
    assert laid_out(source).endswith("{% endverbatim %}<b>")


def test_our_html_templates_are_laid_out_and_their_texts_for_mail_are_not(tmp_path: Path) -> None:
    source = "{% if 1 %}\n  yes\n{% endif %}\n"
    for name in ("page.html", "mail.txt"):
        (tmp_path / name).write_text(source)
    engine = engine_of(tmp_path)
    assert engine.get_template("page.html").render(Context()) == "yes"
    assert engine.get_template("mail.txt").render(Context()) == "\n  yes\n\n"


def test_templates_of_packages_are_as_they_were_written(tmp_path: Path) -> None:
    (tmp_path / "ours.html").write_text('<b>\n  {% include "theirs.html" %}\n</b>')
    engine = engine_of(tmp_path, **{"theirs.html": "<i>\n  x\n</i>\n"})
    assert engine.get_template("ours.html").render(Context()) == "<b><i>\n  x\n</i>\n</b>"


def test_a_page_and_the_package_page_that_it_extends_keep_to_their_own_rule(
    tmp_path: Path,
) -> None:
    (tmp_path / "page.html").write_text(
        '{% extends "page.html" %}\n\n{% block a %}\n  {{ block.super }}\n  x\n{% endblock %}\n'
    )
    engine = engine_of(tmp_path, **{"page.html": "<p>\n{% block a %}\n.{% endblock %}\n</p>"})
    assert engine.get_template("page.html").render(Context()) == "<p>\n\n.x\n</p>"


def test_messages_are_those_that_the_files_hold(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "{% load i18n %}\n<p>\n  {% blocktranslate %}\n a\n {% endblocktranslate %}\n"
        "  {% blocktranslate trimmed %}\n    b\n    c\n  {% endblocktranslate %}\n</p>\n"
    )
    assert engine_of(tmp_path).get_template("page.html").render(Context()) == "<p>\n a\n b c</p>"


def test_a_template_is_compiled_once(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>\n</p>")
    engine = engine_of(tmp_path)
    assert engine.get_template("page.html") is engine.get_template("page.html")


@pytest.mark.parametrize("debug", [True, False])
def test_an_error_names_its_own_line(tmp_path: Path, debug: bool) -> None:
    (tmp_path / "page.html").write_text("<p>\n\n  <b>\n  {% nothing %}\n</b></p>")
    with pytest.raises(TemplateSyntaxError, match="line 4"):
        engine_of(tmp_path, debug=debug).get_template("page.html")


def test_the_debug_page_shows_the_source_around_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>\n\n  <b>\n  {{ a }}{{ fails }}\n</b></p>\n")
    template = engine_of(tmp_path, debug=True).get_template("page.html")

    def fails() -> None:
        raise ValueError

    with pytest.raises(ValueError) as raised:
        template.render(Context({"fails": fails}))
    told = raised.value.template_debug  # type: ignore[attr-defined]  # Django sets it
    assert (told["line"], told["during"]) == (4, "{{ fails }}")
    assert told["name"] == str(tmp_path / "page.html")


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("base.html", True),
        ("components/header.html", True),
        ("admin/change_form.html", False),
        ("mail/digest.txt", False),
    ],
)
def test_the_settings_lay_out_our_templates_alone(name: str, is_ours: bool) -> None:
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # the backend's
    assert isinstance(template, LaidOutTemplate) is is_ours
