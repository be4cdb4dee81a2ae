"""Background work, for whoever runs the site: what waits, what is done, what failed and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from alliance.background import queue
from alliance.models import Job, SeenWorker
from recommendations.admin.pages import staff_page
from recommendations.admin.review.ages import waiting_time
from recommendations.copying.jobs import ask_archive, capture_address, keep_upload
from recommendations.drafting.file_reading import read_file
from recommendations.inbox.suggestions import find_actions_later
from recommendations.text.clock import moment
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import page_of, strict

# Its own pages show the rows bare, and let nobody do anything about them.
admin.site.unregister(DBTaskResult)

JOBS_A_PAGE = 50
NAMES: dict[str, str | Promise] = {
    read_file.module_path: gettext_lazy("Read the file of a report"),
    find_actions_later.module_path: gettext_lazy("Find the actions of news"),
    capture_address.module_path: gettext_lazy("Keep a copy of a page"),
    keep_upload.module_path: gettext_lazy("Read and keep an uploaded file"),
    ask_archive.module_path: gettext_lazy("Hand an address to a web archive"),
}


class JobState(StrEnum):
    FAILED = "failed"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"

    @property
    def label(self) -> str:
        return {
            self.FAILED: _("Failed"),
            self.RUNNING: _("Being done"),
            self.WAITING: pgettext("background work", "Waiting"),
            self.DONE: _("Done"),
        }[self]

    @property
    def jobs(self) -> QuerySet[Job]:
        """Return what is in this state; what comes next, or ended last, first."""
        rows = Job.objects.select_related("task")
        waits = rows.filter(is_open=True, holder="").order_by("task__run_after")
        ended = rows.filter(is_open=False).order_by("-task__finished_at")
        return {
            self.FAILED: ended.filter(task__status=TaskResultStatus.FAILED),
            self.RUNNING: rows.filter(is_open=True).exclude(holder="").order_by("leased_until"),
            self.WAITING: waits,
            self.DONE: ended.filter(task__status=TaskResultStatus.SUCCESSFUL),
        }[self]


@dataclass(frozen=True, slots=True)
class ShownJob:
    job: Job
    state: JobState
    now: datetime

    @property
    def name(self) -> str:
        path = self.job.task.task_path
        return str(NAMES.get(path, path))

    @property
    def arguments(self) -> str:
        said = self.job.task.args_kwargs
        return json.dumps([*said["args"], *said["kwargs"].items()], ensure_ascii=False)

    @property
    def attempts(self) -> str:
        said = {"n": self.job.attempts, "most": queue.MOST_ATTEMPTS}
        return _("attempt %(n)d of %(most)d") % said if self.job.attempts else ""

    @property
    def when(self) -> str:
        task = self.job.task
        if self.state == JobState.RUNNING and task.started_at:
            time = waiting_time(task.started_at, now=self.now)
            return _("being done for %(time)s") % {"time": time}
        if self.state == JobState.WAITING:
            later = task.run_after != get_date_max() and task.run_after > self.now
            return _("next at %(moment)s") % {"moment": moment(task.run_after)} if later else ""
        return _("ended on %(moment)s") % {"moment": moment(task.finished_at or self.now)}

    @property
    def queued(self) -> str:
        return _("queued on %(moment)s") % {"moment": moment(self.job.task.enqueued_at)}

    @property
    def facts(self) -> str:
        said = (self.arguments, self.queued, self.attempts, self.when)
        return " · ".join(filter(None, said))

    @property
    def error(self) -> str:
        """Return the last line of the last error, or why there was none."""
        if self.state == JobState.DONE:
            return ""
        if self.job.task.exception_class_path == queue.GIVEN_UP:
            return _("Given up by one of the staff.")
        lines = self.job.task.traceback.strip().splitlines()
        return lines[-1] if lines else ""

    @property
    def traceback(self) -> str:
        told = self.job.task.traceback.strip()
        return told if "\n" in told and self.state != JobState.DONE else ""

    @property
    def may_be_tried(self) -> bool:
        return self.state == JobState.FAILED or (self.state == JobState.WAITING and bool(self.when))

    @property
    def may_be_given_up(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class NumberOfJobs:
    state: JobState
    n: int


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="alliance.view_job")

    return [
        path("background/", page(background_work), name="background_work"),
        path("background/<uuid:pk>/", page(decide_job), name="decide_job"),
    ]


@require_safe
@strict("state", "page", has_viewpoint=False)
def background_work(request: HttpRequest) -> HttpResponse:
    """Show how many jobs are in each state, and those of one: what failed, unless asked for."""
    state, now = _state_of(request), timezone.now()
    page = page_of(request, state.jobs, size=JOBS_A_PAGE)
    context = {
        "numbers": [NumberOfJobs(one, one.jobs.count()) for one in JobState],
        "state": state,
        "page": page,
        "shown": [ShownJob(job, state, now) for job in page],
        "keep": f"state={state}&",
        "workers": [
            (worker.name, waiting_time(worker.seen_at, now=now))
            for worker in SeenWorker.objects.order_by("-seen_at")
        ],
        "is_seen": queue.is_seen(now=now),
        "may_decide": request.user.has_perm("alliance.change_job"),
    }
    return render(request, "admin/background_work.html", context)


def _state_of(request: HttpRequest) -> JobState:
    asked = request.GET.getlist("state") or [JobState.FAILED]
    if len(asked) > 1 or asked[0] not in set(JobState):
        sentence = _("“state” can be one of: %(states)s.")
        raise BadAddress([sentence % {"states": ", ".join(JobState)}])
    return JobState(asked[0])


@require_POST
def decide_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not request.user.has_perm("alliance.change_job"):
        raise PermissionDenied
    job, go = get_object_or_404(Job, pk=pk), request.POST.get("go", "")
    if go == "again":
        _try_again(request, job)
    elif go == "give_up":
        _give_up(request, job)
    else:
        messages.error(request, _("Choose what is to be done with it."))
    return redirect("admin:background_work")


def _try_again(request: HttpRequest, job: Job) -> None:
    try:
        with transaction.atomic():
            is_queued = queue.try_again(job, now=timezone.now())
    except IntegrityError:
        messages.error(request, _("The same work waits already, or is being done."))
        return
    if is_queued:
        messages.success(request, _("It is tried again, at once if a worker is there."))
    else:
        messages.error(request, _("It is done, or being done: nothing was changed."))


def _give_up(request: HttpRequest, job: Job) -> None:
    if queue.give_up(job, now=timezone.now()):
        messages.success(request, _("It is given up. You can have it tried again."))
    else:
        messages.error(request, _("Meanwhile it went on: look at it again."))
