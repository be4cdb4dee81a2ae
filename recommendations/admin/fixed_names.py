"""Slugs that addresses are made of: read-only once the public record uses them, and saying why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models

from recommendations.models.public_name import FIXED_NAME, PublicName


def is_fixed(obj: models.Model | None) -> bool:
    return isinstance(obj, PublicName) and obj.pk is not None and obj.is_in_record()


class FixedNameMixin(admin.ModelAdmin):
    def get_readonly_fields(self, request, obj=None):
        fixed = ("slug",) if is_fixed(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if is_fixed(obj) else super().get_prepopulated_fields(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if is_fixed(obj):
            kwargs["help_texts"] = {**kwargs.get("help_texts", {}), "slug": FIXED_NAME}
        return super().get_form(request, obj, change=change, **kwargs)


class FixedNameForm(forms.ModelForm):
    """A row of an inline table, whose slug is shown and not changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields and is_fixed(self.instance):
            self.fields["slug"].disabled = True
