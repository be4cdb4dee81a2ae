"""How far the background is with a file that takes long to read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus

from alliance.background import queue
from alliance.models import Job
from recommendations.admin.pages import user_of
from recommendations.admin.review.ages import waiting_time
from recommendations.drafting.file_reading import read_file
from recommendations.importing.sandbox import SECONDS
from recommendations.models import FileToRead


@dataclass(frozen=True, slots=True)
class Progress:
    """`job` is none where it was dropped with the old ones."""

    file: FileToRead
    job: Job | None

    @property
    def is_open(self) -> bool:
        return not self.file.problem and self.job is not None and self.job.is_open

    @property
    def is_being_read(self) -> bool:
        return self.is_open and bool(self.job and self.job.holder)

    @property
    def has_failed(self) -> bool:
        return not self.file.problem and not self.is_open

    @property
    def is_after_failure(self) -> bool:
        """Whether it waits for another attempt."""
        return self.is_open and bool(self.job and self.job.attempts and not self.job.holder)

    @property
    def time(self) -> str:
        """Return for how long it is being read."""
        since = self.job.task.started_at if self.job else None
        return waiting_time(since, now=timezone.now()) if since else ""

    @property
    def n_before(self) -> int:
        return queue.number_before(self.job) if self.job else 0

    @property
    def lacks_worker(self) -> bool:
        return self.is_open and not queue.is_seen()


def import_reading(request: HttpRequest, pk: int) -> HttpResponse:
    files = FileToRead.objects.defer("data").select_related("report")
    file = files.filter(pk=pk, uploaded_by=user_of(request)).first()
    if file is None:
        messages.error(request, _("This file is not here any more: it was given up or accepted."))
        return HttpResponseRedirect(reverse("admin:import_report"))
    if file.read_as_id:
        return HttpResponseRedirect(reverse("admin:import_preview", args=[file.read_as_id]))
    if request.method == "POST":
        return _act(request, file)
    context = {
        "progress": Progress(file, queue.newest(read_file, file.pk)),
        "minutes": SECONDS // 60,
    }
    return render(request, "admin/import_reading.html", context)


def _act(request: HttpRequest, file: FileToRead) -> HttpResponse:
    if "give_up" in request.POST:
        _give_up(file)
        messages.success(request, _("The import was given up; nothing of it is kept."))
        return HttpResponseRedirect(reverse("admin:import_report"))
    if "again" in request.POST and not file.problem:
        read_file.enqueue(file.pk)
    return HttpResponseRedirect(reverse("admin:import_reading", args=[file.pk]))


def _give_up(file: FileToRead) -> None:
    job = queue.newest(read_file, file.pk)
    if job and job.task.status != TaskResultStatus.SUCCESSFUL:
        queue.give_up(job, now=timezone.now())
    file.delete()
