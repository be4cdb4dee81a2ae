"""The form of the steps of a structure file: merge, withdraw, edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

# What each step says, all of it.
STEPS = {
    "merge": {"actions", "into", "reason"},
    "withdraw": {"action", "reason"},
    "edit": {"action", "reason"},
}
# What of an action may be edited, each with what it was and what it becomes.
EDITED = {"title", "place", "kind", "ask_strength", "parties"}
LISTS = {"parties"}


def problems_of_step(entry: dict[str, Any]) -> Iterable[str]:
    """Yield why a step cannot be read, as sentences."""
    step, fields = entry["step"], entry.get("fields")
    if step not in STEPS:
        yield _("“%(step)s” is no step: there are %(steps)s.") % {
            "step": step,
            "steps": ", ".join(STEPS),
        }
        return
    if not isinstance(fields, dict):
        yield _("It needs `model` and `fields`.")
        return
    edited = EDITED & set(fields) if step == "edit" else set()
    for name in sorted(STEPS[step] - set(fields)):
        yield _("It needs `%(field)s`.") % {"field": name}
    for name in sorted(set(fields) - STEPS[step] - edited, key=str):
        yield _("“%(field)s” is no field of the step “%(step)s”.") % {"field": name, "step": step}
    for name in {"action", "into"} & set(fields):
        if not _is_key(fields[name]):
            yield _needs_keys(name)
    if "actions" in fields and not _is_list_of_keys(fields["actions"]):
        yield _needs_keys("actions")
    if "reason" in fields and not (isinstance(fields["reason"], str) and fields["reason"].strip()):
        yield _("Say why. The reason is public.")
    if step == "edit" and not edited:
        yield _("An edit names what it changes: one of %(fields)s.") % {
            "fields": ", ".join(sorted(EDITED))
        }
    for name in sorted(edited):
        yield from _problems_of_edit(name, fields[name])


def _problems_of_edit(name: str, change: Any) -> Iterable[str]:
    if not isinstance(change, dict) or set(change) != {"from", "to"}:
        yield _("`%(field)s` needs `from` and `to`, and nothing else.") % {"field": name}
    elif name in LISTS:
        if not all(_is_list_of_keys(change[end]) for end in ("from", "to")):
            yield _needs_keys(name)
    elif not all(isinstance(change[end], str) for end in ("from", "to")):
        yield _("`%(field)s` needs texts.") % {"field": name}


def _is_key(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_list_of_keys(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_key(key) for key in value)


def _needs_keys(name: str) -> str:
    return _("“%(field)s” needs natural keys, such as [ministry], no numbers.") % {"field": name}
