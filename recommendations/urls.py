from django.urls import include, path, register_converter

from .exports.tables.registry import TABLES
from .views import (
    brief,
    changes,
    citation_files,
    compared_parties,
    copies,
    corrections,
    dashboards,
    data,
    data_files,
    deadlines,
    editions,
    embeds,
    list_files,
    oembed,
    pages,
    pictures,
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


class TableConverter(NumberConverter):
    """Name of a table of the record: actions, updates."""

    regex = "|".join(TABLES)


register_converter(TableConverter, "table")


class ChartConverter(NumberConverter):
    """A chart of a page, by the name that its picture has for good."""

    regex = "headline|history|multiples"


class SuffixConverter(NumberConverter):
    """The kind of a picture."""

    regex = "svg|png"


register_converter(NumberConverter, "number")
register_converter(LabelConverter, "label")
register_converter(ChartConverter, "chart")
register_converter(SuffixConverter, "suffix")

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
    path("recommendations.csv", list_files.recommendation_csv, name="list_csv"),
    path("recommendations.xlsx", list_files.recommendation_xlsx, name="list_xlsx"),
    path("recommendations.jsonl", list_files.recommendation_jsonl, name="list_jsonl"),
    path("data/", data.data_index, name="data"),
    path("data/codebook.md", data.codebook_text, name="codebook"),
    path("data/codebook.csv", data.codebook_table, name="codebook_csv"),
    path("data/datapackage.json", data.package, name="data_package"),
    path("data/catalog.jsonld", data.catalog, name="data_catalog"),
    path("data/record.xlsx", data_files.record_workbook, name="record_xlsx"),
    path("data/<table:table>.csv", data_files.table_csv, name="table_csv"),
    path("data/<table:table>.jsonl", data_files.table_jsonl, name="table_jsonl"),
    path("data/editions/<int:number>.zip", data_files.edition_archive, name="edition_zip"),
    path("brief/", brief.brief_page, name="brief"),
    path("brief.docx", brief.brief_file, name="brief_docx"),
    path("deadlines/", deadlines.deadline_page, name="deadlines"),
    path("deadlines.ics", deadlines.deadline_calendar, name="deadlines_ics"),
    path("areas/<slug:slug>/", dashboards.area_scorecard, name="area"),
    path("parties/compare/", compared_parties.party_comparison, name="compare_parties"),
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
    path("sources/<slug:source>/copies/<slug:sha256>", copies.copy_file, name="copy_file"),
    path("cite.bib", citation_files.cite_bibtex, name="cite_bibtex"),
    path("cite.ris", citation_files.cite_ris, name="cite_ris"),
    path("api/v1/", include("recommendations.api.urls")),
    path("methodology/", pages.methodology, name="methodology"),
    path("about/", pages.about, name="about"),
    # Pictures of charts, at addresses that last: docs/embedding.md.
    path(
        "reports/<slug:report>/<chart:chart>.<suffix:suffix>",
        pictures.report_picture,
        name="report_picture",
    ),
    path(
        "reports/<slug:report>/<number:number>/<chart:chart>.<suffix:suffix>",
        pictures.recommendation_picture,
        name="recommendation_picture",
    ),
    path(
        "areas/<slug:slug>/<chart:chart>.<suffix:suffix>",
        pictures.area_picture,
        name="area_picture",
    ),
    path(
        "parties/<slug:slug>/<chart:chart>.<suffix:suffix>",
        pictures.party_picture,
        name="party_picture",
    ),
    path("recommendations/headline.<suffix:suffix>", pictures.list_picture, name="list_picture"),
    path("card.<suffix:suffix>", pictures.site_picture, name="site_picture"),
    # The only pages that pages of other sites may frame.
    path("embed/reports/<slug:report>/", embeds.embed_report, name="embed_report"),
    path("embed/reports/<slug:report>/history/", embeds.embed_history, name="embed_history"),
    path(
        "embed/reports/<slug:report>/<number:number>/",
        embeds.embed_recommendation,
        name="embed_recommendation",
    ),
    path("embed/recommendations/", embeds.embed_list, name="embed_list"),
    path("oembed", oembed.oembed, name="oembed"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("appearance/", pages.appearance, name="appearance"),
]
