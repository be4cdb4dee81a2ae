"""A draft that begins with what was found for an action that this one came of."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations import publishing
from recommendations.admin.base import tell
from recommendations.admin.pages import key_of, user_of
from recommendations.models import Action

from .taking_back import draft_address


@require_POST
def begin_with_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft of an action with what an action said that it came of."""
    actions = Action.objects.in_record().select_related("recommendation__report")
    action = get_object_or_404(actions, pk=pk)
    earlier = action.predecessors.filter(pk=key_of(request.POST.get("earlier", "")) or 0).first()
    if earlier is None:
        raise Http404
    reference = request.POST.get("reference", "")[:120]
    try:
        draft = publishing.begin_with_evidence(
            action, earlier, by=user_of(request), reference=reference
        )
    except publishing.Stale:
        return HttpResponseRedirect(reverse("admin:log_update_draft", args=[reference]))
    except ValidationError as error:
        tell(request, error)
        return HttpResponseRedirect(f"{reverse('admin:log_update')}?action={action.pk}")
    messages.success(
        request, _("The draft is begun. Look through each source: it was found for another action.")
    )
    return HttpResponseRedirect(draft_address(draft))
