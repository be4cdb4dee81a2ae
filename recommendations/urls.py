from django.urls import path, register_converter

from .views import (
    changes,
    citation_files,
    corrections,
    dashboards,
    deadlines,
    editions,
    pages,
    proof,
    reader_reports,
    recommendation,
    recommendation_list,
    report_text,
    reports,
)


class NumberConverter:
    """Number of a recommendation in its report: 3, 2.1, T4."""

    regex = r"[A-Za-z]{0,2}\d{1,4}(?:\.\d{1,4}){0,3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class LabelConverter(NumberConverter):
    """Number of an action as shown: 3b, 2.1a, T4aa."""

    regex = NumberConverter.regex + "[A-Za-z]{1,3}"


register_converter(NumberConverter, "number")
register_converter(LabelConverter, "label")

app_name = "recommendations"

urlpatterns = [
    path("", dashboards.home, name="home"),
    path("reports/", reports.report_index, name="reports"),
    path("reports/<slug:report>/", dashboards.report_dashboard, name="report"),
    path("reports/<slug:report>/text/", report_text.report_text, name="text"),
    path("reports/<slug:report>/earlier/", reports.earlier_reports, name="earlier"),
    path(
        "reports/<slug:report>/<number:number>/",
        recommendation.recommendation_detail,
        name="detail",
    ),
    path(
        "reports/<slug:report>/<number:number>/report-an-error/",
        reader_reports.report_error,
        name="report_error",
    ),
    path(
        "reports/<slug:report>/<number:number>/report-an-error/thanks/",
        reader_reports.report_thanks,
        name="report_thanks",
    ),
    path("reports/<slug:report>/<label:label>/", recommendation.action_redirect, name="action"),
    path("recommendations/", recommendation_list.recommendation_list, name="list"),
    path("recommendations.csv", recommendation_list.recommendation_csv, name="list_csv"),
    path("deadlines/", deadlines.deadline_page, name="deadlines"),
    path("deadlines.ics", deadlines.deadline_calendar, name="deadlines_ics"),
    path("areas/<slug:slug>/", dashboards.area_scorecard, name="area"),
    path("parties/<slug:slug>/", dashboards.party_scorecard, name="party"),
    path(
        "reports/<slug:report>/<number:number>/feed.atom", changes.recommendation_feed, name="feed"
    ),
    path("changes/", changes.change_log, name="changes"),
    path("changes/feed.atom", changes.change_feed, name="changes_feed"),
    path("changes/compare/", changes.change_comparison, name="compare"),
    path("corrections/", corrections.correction_log, name="corrections"),
    path("editions/", editions.edition_index, name="editions"),
    path("editions/<int:number>/", editions.edition_detail, name="edition"),
    path("editions/<int:number>/record.json", proof.edition_record, name="edition_record"),
    path("cite.bib", citation_files.cite_bibtex, name="cite_bibtex"),
    path("cite.ris", citation_files.cite_ris, name="cite_ris"),
    path("methodology/", pages.methodology, name="methodology"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("appearance/", pages.appearance, name="appearance"),
]
