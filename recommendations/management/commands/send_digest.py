from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from recommendations.accounts import digest
from recommendations.management.base import TerminalCommand
from recommendations.models.staff import NoticeKind
from recommendations.text.punctuation import colon, listed

NEWS = {
    NoticeKind.SUBMITTED: gettext_lazy("%(n)d submitted"),
    NoticeKind.RETURNED: gettext_lazy("%(n)d returned"),
    NoticeKind.PUBLISHED: gettext_lazy("%(n)d published"),
    NoticeKind.OVERDUE: gettext_lazy("%(n)d overdue"),
    NoticeKind.DEADLINE: gettext_lazy("%(n)d deadlines"),
}


class Command(TerminalCommand):
    help = gettext_noop(
        "Mails each person of the staff what is new for them, in one mail and never twice. To be "
        "run once a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=_("say what would be mailed, and change nothing"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SITE_URL:
            raise CommandError(
                _(
                    "SITE_URL is not set, and links in mails need it: for example "
                    "SITE_URL=https://tracker.example.org."
                )
            )
        if options["dry_run"]:
            self._tell()
        else:
            self._send()

    def _tell(self) -> None:
        now = timezone.now()
        for person in digest.recipients():
            if counts := Counter(one.kind for one in digest.news_for(person, now=now)):
                news = listed(NEWS[NoticeKind(kind)] % {"n": n} for kind, n in counts.items())
                self.stdout.write(f"{person.get_username()}{colon()}{news}")
        self.stdout.write(_("Nothing was mailed, and nothing changed."))

    def _send(self) -> None:
        now = timezone.now()
        sent, failed = Counter[str](), 0
        for person in digest.recipients():
            if not digest.news_for(person, now=now):
                continue
            try:
                n = digest.send(person, now=now)
            except digest.FAILURES as error:
                failed += 1
                self.stderr.write(f"{person.get_username()}{colon()}{error}")
            else:
                sent.update({"mails": int(n > 0), "news": n})
        told = _("Mails sent: %(mails)d. Pieces of news: %(news)d.")
        self.stdout.write(told % {"mails": sent["mails"], "news": sent["news"]})
        if "console" in settings.EMAIL_BACKEND and sent["mails"]:
            self.stderr.write(
                _("EMAIL_HOST is not set: the mails stand above, and went to nobody.")
            )
        if failed:
            raise CommandError(_("Mails that failed: %(n)d.") % {"n": failed})
