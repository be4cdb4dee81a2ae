"""The number of a paragraph in the report stands in no title; a figure of the sentence stays."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from recommendations.drafting.own_numbers import without_own_number
from recommendations.models import Action, Mark

pytestmark = pytest.mark.run_once


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("4.2 The port should dredge.", "The port should dredge."),
        ("4.2. The port should dredge.", "The port should dredge."),
        ("§ 4.2.1 The port should dredge.", "The port should dredge."),
        ("12. The port should dredge.", "The port should dredge."),
        ("12) The port should dredge.", "The port should dredge."),
        ("(3) The port should dredge.", "The port should dredge."),
        ("(b) dredge the harbour", "dredge the harbour"),
        ("iv) dredge the harbour", "dredge the harbour"),
        ("IV. The port should dredge.", "The port should dredge."),
        ("①港を浚渫すべきである。", "港を浚渫すべきである。"),
        ("（１）港を浚渫すべきである。", "港を浚渫すべきである。"),
        ("1．港を浚渫すべきである。", "港を浚渫すべきである。"),
        ("2.1　港を浚渫すべきである。", "港を浚渫すべきである。"),
    ],
)
def test_the_number_of_the_paragraph_goes(text, kept) -> None:
    assert without_own_number(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "The port should dredge.",
        "1.5 per cent of the budget should go to the port.",
        "12 ships should be built.",
        "12 Allied ships should be built.",
        "2027年度までに港を浚渫すべきである。",
        "3か国は港を浚渫すべきである。",
        "第1に港を浚渫すべきである。",
        "A port should be dredged.",
        "I. e., the port",
        "U.S. ports should be dredged.",
        "4.2",
        "",
    ],
)
def test_a_figure_of_the_sentence_stays(text) -> None:
    assert without_own_number(text) == text


@pytest.mark.django_db
def test_titles_of_an_imported_draft_have_none() -> None:
    path = settings.BASE_DIR / "fixtures" / "reports" / "numbered.md"
    call_command("import_report", path, as_draft="ferries", verbosity=0, stdout=StringIO())
    titles = list(Action.objects.values_list("title", flat=True))
    assert "The Ferry Company should sell one ticket for all lines." in titles
    assert not [title for title in titles if title[0].isdigit()]
    # What is marked in the text is the sentence as the report has it.
    mark = Mark.objects.get(action__title="The Ferry Company should sell one ticket for all lines.")
    assert mark.words.endswith("sell one ticket for all lines.")
