"""Who runs the site, by which names it is known, and how it looks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from recommendations.models import Edition, Recommendation, Site, SiteLogo
from recommendations.pictures.logo import MOST_BYTES, Logo, LogoProblem, read_logo
from recommendations.site_row import forget

from .base import WordingAdmin, said_column
from .text_history import TextHistoryMixin


class SiteForm(forms.ModelForm):
    """Takes the logo as a file, and the languages as marks beside their names."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages shown"),
        help_text=Site._meta.get_field("languages").help_text,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    new_logo = forms.FileField(
        label=gettext_lazy("New logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/webp"}),
        help_text=gettext_lazy(
            "PNG or WebP, at best 96 pixels high, up to 1 MB. It stands before the name of the "
            "site, on white and on almost black."
        ),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self.initial.get("languages") or ",".join(code for code, _n in settings.LANGUAGES)
        self.initial["languages"] = shown.split(",")
        self.logo: Logo | None = None
        self.fields["remove_logo"].disabled = not self.instance.logo

    def clean_languages(self) -> str:
        """Return the codes as the row has them: none where all are shown."""
        chosen = self.cleaned_data["languages"]
        codes = [code for code, _name in settings.LANGUAGES if code in chosen]
        return "" if len(codes) == len(settings.LANGUAGES) else ",".join(codes)

    def clean_new_logo(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["new_logo"]
        if file:
            try:
                # One byte more than it may have is enough to refuse it.
                self.logo = read_logo(file.read(MOST_BYTES + 1), size=file.size)
            except LogoProblem as problem:
                raise ValidationError(str(problem)) from problem
        return file

    def save(self, commit: bool = True) -> Site:
        row: Site = self.instance
        if self.logo:
            row.logo, row.logo_width, row.logo_height = (
                self.logo.name,
                self.logo.width,
                self.logo.height,
            )
        elif self.cleaned_data.get("remove_logo"):
            row.logo, row.logo_width, row.logo_height = "", 0, 0
        saved: Site = super().save(commit=commit)
        return saved


@admin.register(Site)
class SiteAdmin(TextHistoryMixin, WordingAdmin):
    """One row, whose save makes pages that readers keep ask again: it is in the foot of all."""

    form = SiteForm
    fields = (
        "name",
        "strapline",
        "new_logo",
        "remove_logo",
        "accent",
        "accent_dark",
        "languages",
        "home",
        "operator",
        "operator_address",
        "operator_url",
        "contact_mail",
        "contact_url",
        "analysts",
        "funding",
        "disputes",
        "feed_name",
    )
    list_display = (said_column(Site, "name"), said_column(Site, "operator"), "feed_name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # There is one from the beginning on.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Site | None = None) -> tuple[str, ...]:
        # With a new one every subscriber gets everything once more.
        return ("feed_name",) if obj and Edition.objects.exists() else ()

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        return Recommendation.objects.none()

    def save_model(self, request: HttpRequest, obj: Site, form: SiteForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.logo:
            SiteLogo.objects.get_or_create(name=form.logo.name, defaults={"data": form.logo.data})
        # What is no longer shown is served no longer.
        SiteLogo.objects.exclude(name=obj.logo).delete()

    def settle(self, obj: models.Model) -> None:
        super().settle(obj)
        forget()
