"""What is known of an action can be filtered by, or it is said why not."""

from recommendations.filters import RecommendationFilterSet
from recommendations.models import Action

# Filters that reach a field by what is computed from it.
THROUGH = {
    "schedule": {"due_on", "implemented_on", "deadlines"},
    "review": {"review_due_on", "last_reviewed_on"},
    "evidence": {"evidence_counts", "evidence_periods"},
    "q": {"title", "updates"},
}
NOT_FILTERED = {
    "id": "internal",
    "slug": "internal: addresses use the number",
    "number": "its place in the recommendation, found by search",
    "place": "where in the report it stands: a section is what readers know",
    "ask_strength": "how the report words it, which the page of the recommendation shows",
    "verifiability_note": "a note",
    "withdrawal_reason": "a note",
    "is_verifiable": "what is not verifiable stands in no count; lists say how many it is",
    "fell_from": "marked wherever the status stands; the change log has the falls",
    "first_review_due_on": "what review_due_on was before the first update",
    "from_edition": "chosen by the viewpoint, and listed by edition",
    "until_edition": "chosen by the viewpoint, and listed by edition",
    "successors": "split and merged actions lead to one another",
    "predecessors": "split and merged actions lead to one another",
    "leads": "the bodies, with their roles",
    "periods": "the status over time: the viewpoint chooses",
    "verifiability_periods": "the same of what is counted",
    "marks": "places in the text of the report",
    "assignments": "of the staff",
    "notices": "of the staff",
    "codings": "how coders read it, which the method page compares",
    "reader_reports": "of the staff",
    "lowered_hosts": "of the staff",
}


def filtered_fields() -> set[str]:
    filters = RecommendationFilterSet.base_filters
    own = {one.field_name.split("__")[0] for one in filters.values() if one.of != "page"}
    return own.union(*(THROUGH[name] for name in filters if name in THROUGH))


def test_every_field_of_an_action_has_a_filter_or_a_reason_for_none() -> None:
    fields = {field.name for field in Action._meta.get_fields()}
    assert fields - filtered_fields() - set(NOT_FILTERED) == set()


def test_no_reason_is_given_for_what_has_a_filter_or_is_gone() -> None:
    fields = {field.name for field in Action._meta.get_fields()}
    assert set(NOT_FILTERED) & filtered_fields() == set()
    assert set(NOT_FILTERED).union(*THROUGH.values()) <= fields
