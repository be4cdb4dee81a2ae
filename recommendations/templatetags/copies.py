"""Beside an item of evidence: what the page has to say of copies of what it cites."""

from __future__ import annotations

from django import forms, template
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def evidence_copy(context: Context, item: forms.BaseForm) -> SafeString | str:
    """The box of an item, where the page has boxes (`admin.log.copy_boxes`)."""
    boxes: dict[str, SafeString] = context.get("copy_boxes") or {}
    return boxes.get(str(item.prefix), "")
