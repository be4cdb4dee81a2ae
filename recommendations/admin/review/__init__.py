"""The reviewer's pages, and those that ask for a correction or a retraction."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from recommendations.admin.pages import staff_page

from .batch import review_edition
from .corrections import correct_update, decide_retraction, retract_update
from .queue import review_queue
from .submission import review

__all__ = ["urls"]


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view, permission="review_statusupdate"):
        return staff_page(site, view, permission=permission)

    decide = page(decide_retraction, "review_retractionrequest")
    correct = page(correct_update, "add_statusupdate")
    retract = page(retract_update, "add_retractionrequest")
    return [
        path("review/", page(review_queue), name="review_queue"),
        path("review/edition/", page(review_edition), name="review_edition"),
        path("review/retraction/<int:pk>/", decide, name="review_retraction"),
        path("review/<slug:slug>/", page(review), name="review"),
        path("review/<slug:slug>/correct/", correct, name="correct_update"),
        path("review/<slug:slug>/retract/", retract, name="retract_update"),
    ]
