"""Hooks of Schemathesis: what it may be refused, of requests that the description allows."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

# Names of the record, which no description can list, days and editions that there are not, and
# cursors: the description says that they are texts, and only some texts are any.
MAY_BE_REFUSED = {
    *("as_of", "edition", "cursor"),
    *("addressee", "status", "area", "section", "schedule", "body", "party", "review", "kind"),
    *("evidence", "origin", "report", "action", "source", "vocabulary"),
}

# Days that a record of this kind may have, as the format is told in words.
schemathesis.openapi.format("date", st.dates().filter(lambda day: 1900 <= day.year < 2200).map(str))

# Texts that can be printed, as that format is told in words.
schemathesis.openapi.format(
    "printable",
    st.text().filter(lambda text: text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text),
)


@schemathesis.check
def only_names_are_refused(ctx: Any, response: Any, case: Any) -> None:
    if response.status_code != 400 or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    refused = {one["parameter"] for one in json.loads(response.content)["errors"]}
    assert refused and refused <= MAY_BE_REFUSED, refused
