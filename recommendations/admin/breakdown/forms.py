"""What an editor says of a split, of a merger, and of many actions at once."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.structure import StructureReasonForm
from recommendations.models import Action, Body, Party, PolicyArea
from recommendations.models.action import ActionKind, LeadBasis
from recommendations.models.fields import no_control_characters
from recommendations.publishing.grouping import Grouping

NEW = "new"
MOST_NEW = 10
AS_IT_IS = gettext_lazy("As it is")
ADD, INSTEAD = "add", "instead"
# Which actions of the tree are ticked by one link.
TICKS = {
    "all": gettext_lazy("all"),
    "drafts": gettext_lazy("all drafts"),
    "without-party": gettext_lazy("those without a party"),
    "without-area": gettext_lazy("those without an area"),
    "none": gettext_lazy("none"),
}


def is_meant(action: Action, tick: str) -> bool:
    """Whether a link of TICKS ticks an action, whose grouping was fetched."""
    if action.is_withdrawn:
        return False
    match tick:
        case "all":
            return True
        case "drafts":
            return action.is_draft
        case "without-party":
            return not action.parties.all()
        case "without-area":
            return not action.recommendation.areas.all()
    return False


class NewActionForm(forms.Form):
    """One action to be; a row without a title is none."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        required=False,
        validators=[no_control_characters],
        widget=forms.TextInput(attrs={"class": "wide"}),
        help_text=gettext_lazy("What was asked, in our words."),
    )
    parties = forms.ModelMultipleChoiceField(
        Party.objects.all(),
        label=gettext_lazy("Responsible parties"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("title") and not data.get("parties"):
            self.add_error("parties", _("Choose who is responsible."))
        return data


class NewActionsFormSet(forms.BaseFormSet):
    @property
    def said(self) -> list[dict[str, Any]]:
        """Return the rows with a title."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]


NewActions = cast(
    type[NewActionsFormSet],
    forms.formset_factory(
        NewActionForm, formset=NewActionsFormSet, extra=0, max_num=MOST_NEW, validate_max=True
    ),
)


class ActionsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class SplitForm(StructureReasonForm):
    drafts = ActionsField(
        Action.objects.none(), label=gettext_lazy("Drafts that it is split into"), required=False
    )
    field_order = ("drafts", "reason")

    def __init__(self, *args: Any, drafts: QuerySet[Action], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ActionsField, self.fields["drafts"]).queryset = drafts
        if not drafts:
            del self.fields["drafts"]

    @property
    def chosen(self) -> list[Action]:
        return list(self.cleaned_data.get("drafts", ()))


class MergeForm(StructureReasonForm):
    action = ActionsField(Action.objects.none(), label=gettext_lazy("Actions that are merged"))
    into = forms.ChoiceField(label=gettext_lazy("Merged into"), widget=forms.RadioSelect)
    field_order = ("action", "into", "reason")

    def __init__(
        self, *args: Any, actions: QuerySet[Action], drafts: QuerySet[Action], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(ActionsField, self.fields["action"]).queryset = actions
        self.targets = {str(target.pk): target for target in [*drafts, *actions]}
        cast(forms.ChoiceField, self.fields["into"]).choices = [
            (NEW, _("A new action")),
            *((str(draft.pk), _("The draft %(action)s") % {"action": draft}) for draft in drafts),
            *(
                (
                    str(one.pk),
                    _("%(action)s, which stays and takes in the others") % {"action": one},
                )
                for one in actions
            ),
        ]

    @property
    def target(self) -> Action | None:
        """Return the action that takes the others in, unless it is a new one."""
        return self.targets.get(self.cleaned_data["into"])

    @property
    def merged(self) -> list[Action]:
        target = self.target
        return [one for one in self.cleaned_data["action"] if target is None or one.pk != target.pk]


class GroupingForm(forms.Form):
    """What the ticked actions are given; an empty field leaves each as it is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", AS_IT_IS), *ActionKind.choices],
        required=False,
    )
    parties = forms.ModelMultipleChoiceField(
        Party.objects.all(),
        label=gettext_lazy("Responsible parties"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = forms.ModelMultipleChoiceField(
        PolicyArea.objects.all(),
        label=gettext_lazy("Policy areas"),
        help_text=gettext_lazy("They are of the whole recommendation that a ticked action is of."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Parties and areas"),
        choices=[
            (ADD, gettext_lazy("come to those that there are")),
            (INSTEAD, gettext_lazy("take the place of those that there are")),
        ],
        initial=ADD,
        required=False,
        widget=forms.RadioSelect,
    )
    body = forms.ModelChoiceField(
        Body.objects.select_related("party"),
        label=gettext_lazy("Lead body to add"),
        required=False,
        empty_label=AS_IT_IS,
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("How we know the body"), choices=LeadBasis.choices, required=False
    )

    @property
    def grouping(self) -> Grouping:
        said: dict[str, Any] = self.cleaned_data
        return Grouping(
            kind=said["kind"],
            parties=list(said["parties"]),
            areas=list(said["areas"]),
            body=said["body"],
            basis=said["basis"] or LeadBasis.NAMED,
            is_instead=said["how"] == INSTEAD,
        )
