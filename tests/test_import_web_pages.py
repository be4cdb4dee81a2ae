"""HTML: the main part of a page, and what is no text of the report."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations.importing import read

from .importing_reports import headlines_of, proposed, recommendations_of, titles_of

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Plan for the Wells - EXAMPLE.ORG</title>
<meta property="og:site_name" content="EXAMPLE.ORG"><meta name="author" content="webmaster"></head>
<body><div id="cookie-banner" role="region"><h2>Cookies</h2><p>We should set more of them.</p></div>
<div class="breadcrumbs"><ul><li>Home</li></ul></div>
<div role="navigation"><ul><li>Why?</li></ul></div>
{open}<h1>Plan for the Wells</h1><p>By the Well Commission</p><p>Published 3 February 2032</p>
<h2>Recommendations</h2>
<p>1. The Well Agency should clean the wells.<sup><a href="#n1">1</a></sup></p>
<p>2. The board:</p><ul><li>should be named in the open;<a href="#n2">2</a></li>
<li>should have five members.</li></ul>
<p>3. It should stay free of charge.3</p>
{close}<div class="footnotes"><h2>Footnotes</h2><ol><li>Part B, paragraph 2</li></ol></div>
<div class="feedback"><h2>Is this page useful?</h2><p>You should tell us.</p></div>
<div id="footer"><h4>Mail</h4><p>You should write to us.</p></div></body></html>"""


@pytest.mark.parametrize(("opening", "closing"), [("<main>", "</main>"), ("<div>", "</div>")])
def test_a_page_is_read_by_its_main_part(opening, closing):
    data = PAGE.replace("{open}", opening).replace("{close}", closing)
    outline = proposed(data)
    assert (outline.title, outline.publisher) == ("Plan for the Wells", "EXAMPLE.ORG")
    assert outline.authors == ("Well Commission",)
    assert outline.published_on == date(2032, 2, 3)
    assert titles_of(outline) == ["Recommendations"]
    assert recommendations_of(data) == [
        "1 The Well Agency should clean the wells",
        "2 The board",
        "3 It should stay free of charge",
    ]
    assert not [ask for section in outline.sections for ask in section.asks]
    # What follows the main part has no heading that would end the last of them.
    assert [len(one.blocks) for one in outline.recommendations] == [1, 3, 1]
    texts = [action.text for one in outline.recommendations for action in one.actions]
    assert texts[0] == "The Well Agency should clean the wells."


def test_what_is_struck_through_is_no_text():
    assert read(b"<p>By <s>June</s> <del>May</del> July</p>").blocks[0].text == "By July"


def test_a_part_that_is_never_closed_takes_nothing_with_it():
    blocks = read(b'<div class="footer"><p>One</p><p>Two</p>').blocks
    assert [block.text for block in blocks] == ["One", "Two"]


def test_headlines_lose_the_marks_of_notes_and_references():
    text = (
        "# A\n\n## Recommendations\n\n- Clean the wells.[^3]\n- Count them (see paragraph 4.1).\n"
    )
    assert headlines_of(text) == ["Clean the wells", "Count them"]
