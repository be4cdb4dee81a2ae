from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_slug
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from recommendations.drafting.draft import ReportFacts, new_bodies_in, save_draft
from recommendations.drafting.file_reading import read_patiently
from recommendations.drafting.replaced_text import compare_text, replace_text
from recommendations.importing import ImportProblem, Outline
from recommendations.importing.outline import as_json
from recommendations.importing.outline_text import as_text
from recommendations.importing.problems import LARGEST_FILE
from recommendations.management.base import TerminalCommand, unreadable
from recommendations.models import Report
from recommendations.models.act import Event
from recommendations.planner import analyze
from recommendations.text.punctuation import colon


class Command(TerminalCommand):
    help = gettext_noop(
        "Read a report (Markdown, HTML, DOCX or a PDF with text) and propose its breakdown into "
        "sections, recommendations and actions. With --as-draft the proposal becomes a draft that "
        "editors mend in the admin; nothing of it is public until they publish the report."
    )
    act = Event.IMPORT

    def is_act(self, options: Mapping[str, Any]) -> bool:
        return bool(options["as_draft"])

    def subject(self, options: Mapping[str, Any]) -> str:
        return options["file"].name

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Show the proposal and write nothing.")
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--as-draft", metavar="SLUG", help=_("The short name in addresses."))
        parser.add_argument(
            "--as-text-of",
            metavar="SLUG",
            help=_("Make it the text of this report; with --dry-run, say what would change."),
        )
        parser.add_argument("--title", help=_("Where the file does not say it, or says it wrong."))
        parser.add_argument("--published-on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--add-bodies",
            action="store_true",
            help=_("Add the bodies that the text asks and the tracker lacks, without a party."),
        )

    def handle(self, *args, **options) -> None:
        asked = [options["as_draft"], options["as_text_of"] or options["dry_run"]]
        if sum(map(bool, asked)) != 1:
            raise CommandError(_("Say one of --dry-run, --as-draft SLUG and --as-text-of SLUG."))
        data = self._data(options["file"])
        try:
            outline = read_patiently(data)
            if options["as_text_of"]:
                self._replace(outline, data, options)
                return
            if options["dry_run"]:
                self._show(outline, options["format"])
                return
            if not (outline.published_on or options["published_on"]):
                raise CommandError(
                    _(
                        "%(path)s does not say when the report came out. Say it: --published-on "
                        "YYYY-MM-DD."
                    )
                    % {"path": options["file"]}
                )
            report = save_draft(
                outline,
                slug=self._slug(options["as_draft"]),
                file_name=options["file"].name,
                checksum=hashlib.sha256(data).hexdigest(),
                now=timezone.now(),
                facts=ReportFacts(options["title"] or "", published_on=options["published_on"]),
                new_bodies=new_bodies_in(outline) if options["add_bodies"] else (),
            )
        except ImportProblem as problem:
            raise CommandError(
                _("%(path)s was not imported. %(reason)s")
                % {"path": options["file"], "reason": problem}
            ) from problem
        analyze()
        self._tell(report, outline)

    def _replace(self, outline: Outline, data: bytes, options: dict) -> None:
        report = Report.objects.filter(slug=options["as_text_of"]).first()
        if report is None:
            raise CommandError(
                _("There is no report “%(slug)s”.") % {"slug": options["as_text_of"]}
            )
        found = compare_text(report, outline)
        lost = [f"{mark.action}{colon()}{mark.passage}" for mark in found.lost]
        self._list(pgettext("passages of a text", "moved"), found.moved)
        self._list(pgettext("passages of a text", "changed"), [one.after for one in found.changed])
        self._list(pgettext("passages of a text", "gone"), found.gone)
        self._count(pgettext("passages of a text", "new"), len(found.added))
        self._list(_("marks lost"), lost)
        self._count(_("marks kept in changed words"), len(found.kept))
        self._list(_("recommendations not found"), [str(one) for one in found.missing])
        self._list(
            _("recommendations not in the report yet: take them in the admin, from the same file"),
            [f"{one.found.number} {one.words}" for one in found.offered],  # type: ignore[union-attr]
        )
        self._count(_("passages as before"), found.same)
        if options["dry_run"]:
            return
        text = replace_text(
            report,
            outline,
            file_name=options["file"].name,
            checksum=hashlib.sha256(data).hexdigest(),
            now=timezone.now(),
        )
        told = _("It is version %(n)d of the text.") % {"n": text.version}
        self.stdout.write(self.style.SUCCESS(told))

    def _count(self, label: str, n: int) -> None:
        self.stdout.write(f"{n:5d} {label}")

    def _list(self, label: str, lines: list[str]) -> None:
        self._count(label, len(lines))
        for line in lines:
            self.stdout.write(f"        {line[:100]}")

    def _data(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise unreadable(path, error) from error

    def _slug(self, slug: str) -> str:
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError(
                _("“%(slug)s” is no short name: use letters, digits and hyphens.") % {"slug": slug}
            ) from error
        return slug

    def _show(self, outline: Outline, form: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps(as_json(outline), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(as_text(outline))

    def _tell(self, report: Report, outline: Outline) -> None:
        found = list(outline.recommendations)
        actions = sum(len(one.actions) for one in found)
        asks = sum(len(section.asks) for section in outline.sections)
        for note in outline.notes:
            self.stdout.write(note)
        self._count(_("recommendations, %(n)d actions proposed") % {"n": actions}, len(found))
        self._count(_("more sentences ask for something in running text"), asks)
        told = _("%(report)s is a draft: mend it at %(address)s.") % {
            "report": report,
            "address": reverse("admin:breakdown", args=[report.slug]),
        }
        self.stdout.write(self.style.SUCCESS(told))
