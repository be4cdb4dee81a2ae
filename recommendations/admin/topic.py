"""Topics, whose filters the list has to know."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest

from recommendations.figures.topics import problems_of_topic
from recommendations.models import Recommendation, Topic
from recommendations.publishing import touch

from .vocabulary import VocabularyAdmin, name_said


class TopicForm(forms.ModelForm):
    """Refuses what the list would refuse."""

    def clean_query(self) -> str:
        query = self.cleaned_data["query"].strip().rpartition("?")[2]
        if problems := problems_of_topic(query):
            raise ValidationError(problems)
        return query


@admin.register(Topic)
class TopicAdmin(VocabularyAdmin):
    """Each save and deletion makes the pages that name topics new."""

    form = TopicForm
    list_display = (name_said, "query", "position")

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        return Recommendation.objects.none()

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        super().delete_model(request, obj)
        touch(())
