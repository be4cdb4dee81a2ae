"""What a row of each table says: the columns of files and the objects of the API alike.

Texts are in the language of the address, as they are on pages; the table of translations has each
original beside them. Codes are those of the vocabularies, which are tables too. A stated date is
written as exactly as it is known (2025-03-24, 2025-03 or 2025), a computed day in full. What is not
known, or not there, is null in JSON and empty in CSV.

Fields keep their names and meanings; new ones are added at the end of a row.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from django.utils.translation import gettext_noop as _


def _of(description: str, *, table: str = "", vocabulary: str = "") -> msgspec.Meta:
    """Say what a field is; of which table its values are the `id`, or of which vocabulary."""
    extra = {"table": table, "vocabulary": vocabulary}
    return msgspec.Meta(description=description, extra=extra)


Id = Annotated[str, _of(_("What it is called for good."))]
Page = Annotated[str, _of(_("Address of its page."))]
ReportId = Annotated[str, _of(_("The report."), table="reports")]
SectionId = Annotated[str, _of(_("The section of the report."), table="sections")]
ActionId = Annotated[str, _of(_("The action that it is about."), table="actions")]
Stated = Annotated[
    str,
    _of(
        _(
            "A date as it was stated: a day, a month or a year; of a quarter or a fiscal year, its "
            "first day, a slash and its last day."
        )
    ),
]
PrecisionCode = Annotated[
    str, _of(_("How exactly the date before it is known."), vocabulary="precision")
]
StatusCode = Annotated[str, _of(_("The status."), vocabulary="status")]
Areas = Annotated[list[str], _of(_("Its policy areas."), vocabulary="area")]
OriginCode = Annotated[str, _of(_("How the report makes it."), vocabulary="recommendation_origin")]
EditionNumber = Annotated[
    int, _of(_("The edition of the tracker that published it."), table="editions")
]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row; `id` is its lasting name, which no two rows of a table share."""


class Report(Row, frozen=True, kw_only=True):
    id: Id
    title: Annotated[str, _of(_("Title with its subtitle."))]
    authors: Annotated[list[str], _of(_("Who wrote it, in the order of the report."))]
    publisher: Annotated[str, _of(_("Who published it."))]
    published_on: Stated
    published_precision: PrecisionCode
    date_note: Annotated[str, _of(_("Where the date is from, if it is not the report's own."))]
    source_url: Annotated[str, _of(_("Where the report can be read."))]
    series: Annotated[str, _of(_("The series that it belongs to."))]
    number_in_series: Annotated[int | None, _of(_("Its number in the series."))]
    summary: Annotated[str, _of(_("What it is about, in our words."))]
    predecessors: Annotated[list[str], _of(_("The reports that it follows."), table="reports")]
    is_bibliographic: Annotated[bool, _of(_("Whether it is named here alone, and not tracked."))]
    is_withdrawn: Annotated[bool, _of(_("Whether it has left the record."))]
    recommendations: Annotated[int, _of(_("How many of its recommendations are counted."))]
    actions: Annotated[int, _of(_("How many of its actions are counted."))]
    actions_implemented: Annotated[int, _of(_("How many of these are implemented."))]
    actions_awaiting_review: Annotated[int, _of(_("How many of these no reviewer has confirmed."))]
    url: Page


class Section(Row, frozen=True, kw_only=True):
    id: Annotated[str, _of(_("Report and section, as in “report/section”."))]
    report: ReportId
    section: Annotated[str, _of(_("Name of the section in addresses."))]
    parent: Annotated[str | None, _of(_("The section that it lies in."), table="sections")]
    title: Annotated[str, _of(_("Its title."))]
    position: Annotated[int, _of(_("Its place in the order of the report."))]


class Recommendation(Row, frozen=True, kw_only=True):
    id: Annotated[str, _of(_("Report and number, as in “report/2.1”."))]
    report: ReportId
    section: SectionId
    recommendation_number: Annotated[str, _of(_("Its number in the report."))]
    recommendation: Annotated[str, _of(_("Its headline."))]
    summary: Annotated[str, _of(_("What it asks for, in our words."))]
    origin: OriginCode
    areas: Areas
    recommendation_status: Annotated[
        str, _of(_("Its status, derived from those of its actions."), vocabulary="status")
    ]
    status_since: Annotated[date | None, _of(_("The day from which the status counts."))]
    status_since_stated: Stated
    status_since_precision: PrecisionCode
    actions: Annotated[int, _of(_("How many of its actions are counted."))]
    actions_implemented: Annotated[int, _of(_("How many of these are implemented."))]
    actions_awaiting_review: Annotated[int, _of(_("How many of these no reviewer has confirmed."))]
    is_withdrawn: Annotated[bool, _of(_("Whether it has left the record."))]
    caveat: Annotated[str, _of(_("What the findings rest on, where nobody confirmed them."))]
    url: Page


class Action(Row, frozen=True, kw_only=True):
    id: Annotated[str, _of(_("Report and number, as in “report/2.1a”."))]
    report: ReportId
    section: SectionId
    recommendation_number: Annotated[str, _of(_("Number of its recommendation."))]
    recommendation_status: Annotated[
        str, _of(_("Status of its recommendation."), vocabulary="status")
    ]
    origin: OriginCode
    areas: Areas
    action_number: Annotated[str, _of(_("Its number in the report, as in “2.1a”."))]
    action: Annotated[str, _of(_("What was asked, in our words."))]
    place: Annotated[str, _of(_("Where the report asks for it."))]
    kind: Annotated[str, _of(_("What kind of step it is."), vocabulary="action_kind")]
    ask_strength: Annotated[
        str, _of(_("How strongly the report asks for it."), vocabulary="ask_strength")
    ]
    parties: Annotated[list[str], _of(_("Who is responsible for it."), vocabulary="party")]
    addressee: Annotated[
        str, _of(_("The group of parties that it is counted with."), vocabulary="addressee")
    ]
    bodies: Annotated[list[str], _of(_("Offices that lead on it."), vocabulary="body")]
    is_verifiable: Annotated[bool, _of(_("Whether anybody could see that it is done."))]
    verifiability_note: Annotated[str, _of(_("Why it is not verifiable, if it is not."))]
    is_withdrawn: Annotated[bool, _of(_("Whether it has left the record."))]
    status: StatusCode
    status_since: Annotated[date | None, _of(_("The day from which the status counts."))]
    status_since_stated: Stated
    status_since_precision: PrecisionCode
    evidence: Annotated[
        str,
        _of(
            _("The strongest kind of evidence that the status rests on."),
            vocabulary="evidence_strength",
        ),
    ]
    evidence_primary: Annotated[int, _of(_("How many primary sources it rests on."))]
    evidence_official: Annotated[int, _of(_("How many official statements it rests on."))]
    evidence_independent: Annotated[int, _of(_("How many independent studies it rests on."))]
    evidence_press: Annotated[int, _of(_("How many press reports it rests on."))]
    evidence_announcement: Annotated[int, _of(_("How many announcements there are."))]
    lapsed: Annotated[bool, _of(_("Whether it was implemented once, and is no longer."))]
    fell_from: Annotated[
        str, _of(_("The status that it has fallen from, if any."), vocabulary="status")
    ]
    deadline: Annotated[date | None, _of(_("Last day of its deadline."))]
    deadline_precision: PrecisionCode
    schedule: Annotated[str, _of(_("Where it stands against its deadline."), vocabulary="schedule")]
    last_reviewed_on: Annotated[date | None, _of(_("When it was last searched for."))]
    review_due_on: Annotated[date | None, _of(_("By when it is to be looked at again."))]
    second_review: Annotated[
        str, _of(_("Whether a reviewer confirmed it."), vocabulary="second_review")
    ]
    caveat: Annotated[str, _of(_("What the finding rests on, where nobody confirmed it."))]
    url: Page


class Deadline(Row, frozen=True, kw_only=True):
    id: Annotated[
        str,
        _of(
            _(
                "The action and who set it, as in “report/2.1a/deadline/report”; of an official "
                "target also when it was stated and its date."
            )
        ),
    ]
    action: ActionId
    origin: Annotated[str, _of(_("Who set it."), vocabulary="deadline_origin")]
    on: Stated
    precision: PrecisionCode
    last_day: Annotated[date, _of(_("Last day of the date."))]
    stated_on: Annotated[date | None, _of(_("When it was stated; empty for the report's own."))]
    publisher: Annotated[str, _of(_("Who stated it."))]
    source_url: Annotated[str, _of(_("Where it was stated."))]
    note: Annotated[str, _of(_("A note."))]


class Update(Row, frozen=True, kw_only=True):
    id: Id
    action: ActionId
    status: StatusCode
    effective_on: Stated
    effective_precision: PrecisionCode
    effective_day: Annotated[date | None, _of(_("The day from which it counts."))]
    note: Annotated[str, _of(_("Why the status is what it is."))]
    search_note: Annotated[str, _of(_("Where and for what was searched."))]
    searched_on: Annotated[date | None, _of(_("When that was searched."))]
    confidence: Annotated[
        str, _of(_("How sure the analyst is, where it was said."), vocabulary="confidence")
    ]
    attribution: Annotated[
        str,
        _of(
            _("Whether it was done because of the report, where it was said."),
            vocabulary="attribution",
        ),
    ]
    relies_on: Annotated[
        list[str], _of(_("Earlier updates whose evidence it rests on."), table="updates")
    ]
    is_research: Annotated[
        bool, _of(_("Whether it is a finding of research, not reviewed by two people."))
    ]
    published_at: Annotated[datetime, _of(_("When it was published (UTC)."))]
    edition: EditionNumber
    replaces: Annotated[str | None, _of(_("The update that it corrects."), table="updates")]
    correction_reason: Annotated[str, _of(_("Why it corrects that."))]
    ended_in_edition: Annotated[
        int | None,
        _of(_("The edition that corrected or retracted it, if one did."), table="editions"),
    ]
    end_reason: Annotated[
        str, _of(_("Whether it was corrected or retracted."), vocabulary="end_reason")
    ]
    end_note: Annotated[str, _of(_("Why it was corrected or retracted."))]
    url: Page


class Evidence(Row, frozen=True, kw_only=True):
    id: Annotated[str, _of(_("The update and the place in it: “update/1”."))]
    update: Annotated[str, _of(_("The update that cites it."), table="updates")]
    action: ActionId
    position: Annotated[int, _of(_("Its place among the items of the update."))]
    kind: Annotated[str, _of(_("What kind of source it is."), vocabulary="evidence_kind")]
    title: Annotated[str, _of(_("Title of the source, as it is written there."))]
    publisher: Annotated[str, _of(_("Who published it."))]
    language: Annotated[str, _of(_("Language of the source (ISO 639)."))]
    is_state_media: Annotated[bool, _of(_("Whether the publisher is a medium of a state."))]
    published_on: Stated
    published_precision: PrecisionCode
    accessed_on: Annotated[date | None, _of(_("When it was read."))]
    source_url: Annotated[str, _of(_("Where it can be read."))]
    archived_url: Annotated[str, _of(_("An archived copy."))]
    supports: Annotated[str, _of(_("What it shows."))]
    quotation: Annotated[str, _of(_("A short quotation."))]
    page: Annotated[str, _of(_("The page that it is on."))]
    source: Annotated[str | None, _of(_("The source that stands at its address."), table="sources")]
    capture_sha256: Annotated[
        str, _of(_("SHA-256 of the copy that it was read in, where we keep or kept one."))
    ]


class Source(Row, frozen=True, kw_only=True):
    """A document at one address, in words that show as now: items have those of their edition."""

    id: Id
    source_url: Annotated[str, _of(_("Where it can be read."))]
    host: Annotated[str, _of(_("The host of its address."))]
    title: Annotated[str, _of(_("Title of the source, as it is written there."))]
    publisher: Annotated[str, _of(_("Who published it."))]
    language: Annotated[str, _of(_("Language of the source (ISO 639)."))]
    kind: Annotated[str, _of(_("What kind of source it is."), vocabulary="evidence_kind")]
    is_state_media: Annotated[bool, _of(_("Whether the publisher is a medium of a state."))]
    published_on: Stated
    published_precision: PrecisionCode
    archived_url: Annotated[str, _of(_("An archived copy."))]
    items: Annotated[int, _of(_("How many items of evidence cite it."))]
    url: Annotated[str, _of(_("Address of the list of actions that rest on it."))]
    dead_since: Annotated[
        date | None,
        _of(
            _("Since when its page is gone, by three checks over three weeks; empty of all others.")
        ),
    ]


class Capture(Row, frozen=True, kw_only=True):
    """A copy that is or was kept of a source; which of them readers may have is not said here."""

    id: Annotated[str, _of(_("The source and the number of the copy: “source/1”."))]
    source: Annotated[str, _of(_("The source that it is a copy of."), table="sources")]
    made_at: Annotated[datetime, _of(_("When it was made (UTC)."))]
    way: Annotated[str, _of(_("How it came to the tracker."), vocabulary="capture_way")]
    sha256: Annotated[str, _of(_("SHA-256 of its bytes."))]
    size: Annotated[int, _of(_("How many bytes it has."))]
    media_type: Annotated[str, _of(_("What kind of file it is."))]
    archived_url: Annotated[str, _of(_("An archived copy."))]
    removed_at: Annotated[datetime | None, _of(_("When the file was removed, if it was (UTC)."))]
    removal_reason: Annotated[str, _of(_("Why it was removed."))]


class Edition(Row, frozen=True, kw_only=True):
    id: Annotated[int, _of(_("Number of the edition."))]
    kind: Annotated[str, _of(_("What kind of edition it is."), vocabulary="edition_kind")]
    published_at: Annotated[datetime, _of(_("When it was published (UTC)."))]
    note: Annotated[str, _of(_("Its public note."))]
    report: Annotated[str | None, _of(_("The report, if it is about one alone."), table="reports")]
    method: Annotated[str, _of(_("How the research was done."))]
    horizon_on: Annotated[date | None, _of(_("The last day that the research looked at."))]
    updates: Annotated[int, _of(_("How many updates it published."))]
    corrected: Annotated[int, _of(_("How many updates it corrected."))]
    retracted: Annotated[int, _of(_("How many updates it retracted."))]
    digest: Annotated[str, _of(_("SHA-256 over all that it published and the digest before it."))]
    url: Page


class Coding(Row, frozen=True, kw_only=True):
    id: Id
    action: Annotated[str, _of(_("The action that was coded."), table="actions")]
    coder: Annotated[str, _of(_("Who coded it."), vocabulary="coder")]
    status: Annotated[str, _of(_("The status that the coder gave it."), vocabulary="coded_status")]
    effective_on: Stated
    effective_precision: PrecisionCode
    coded_on: Annotated[date | None, _of(_("When it was coded."))]
    first_status: Annotated[
        str, _of(_("The status that it was compared with, if any."), vocabulary="status")
    ]
    decision: Annotated[
        str, _of(_("What the comparison of two codings came to."), vocabulary="decision")
    ]
    reason: Annotated[str, _of(_("Why it was decided so."))]
    edition: EditionNumber


class Relation(Row, frozen=True, kw_only=True):
    id: Id
    recommendation: Annotated[
        str | None, _of(_("The later recommendation."), table="recommendations")
    ]
    report: Annotated[
        str | None, _of(_("The later report, where it asks for it no more."), table="reports")
    ]
    earlier: Annotated[
        str,
        _of(_("The earlier recommendation. It may be of a report that is named here alone.")),
    ]
    kind: Annotated[
        str, _of(_("How the later one stands to the earlier one."), vocabulary="relation_kind")
    ]
    publisher: Annotated[str, _of(_("Who published the source that shows it."))]
    source_url: Annotated[str, _of(_("Where that can be read."))]
    note: Annotated[str, _of(_("A note."))]


class Term(Row, frozen=True, kw_only=True):
    """An entry of a vocabulary: of those that the code fixes, and of areas, parties and bodies.

    Vocabularies are strings with an address, so that one which is fixed today may become data.
    """

    id: Annotated[str, _of(_("Vocabulary and code, as in “status/partly”."))]
    vocabulary: Annotated[str, _of(_("The vocabulary."))]
    code: Annotated[str, _of(_("The code that other tables have."))]
    label: Annotated[str, _of(_("What it is called."))]
    definition: Annotated[str, _of(_("What it means."))]
    parent: Annotated[str, _of(_("Of a body the party that it is an office of."))]
    position: Annotated[int, _of(_("Its place in the order of the vocabulary."))]
    url: Annotated[str, _of(_("Address of its page, or of the vocabulary."))]


class Translation(Row, frozen=True, kw_only=True):
    id: Id
    kind: Annotated[str, _of(_("Table and field of the text."))]
    original: Annotated[str, _of(_("The text as it was written."))]
    language: Annotated[str, _of(_("Language of the translation."))]
    text: Annotated[str, _of(_("The translation."))]
    is_confirmed: Annotated[bool, _of(_("Whether an editor has confirmed it."))]
