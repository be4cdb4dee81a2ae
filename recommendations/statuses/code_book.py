"""How two coders come to the same status: shown to readers and to whoever codes, from here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

CODE_BOOK = [
    gettext_lazy(
        "A status falls no further than its evidence. Where the proof of one does not reach, the "
        "next lower one that it reaches holds. “No action found” is left for actions of which "
        "nothing, or nothing but announcements, was found."
    ),
    gettext_lazy(
        "“Partly implemented” begins with the first part of what was asked that is in force, in "
        "operation or delivered after the report, however small it is. “Implemented” takes every "
        "part that the ask names: its verbs, objects and parties. Examples (“such as”, “could”, "
        "“including”) are no parts."
    ),
    gettext_lazy(
        "Open-ended asks (to support, to deepen, to step up) are partly implemented once something "
        "that was asked for runs or was delivered. They are implemented only where the ask says "
        "what would fulfil it."
    ),
    gettext_lazy(
        "Lasting asks (to sustain, to continue) are implemented as long as they can be shown to "
        "run, from the first documented time after the report. When they end, they lapse."
    ),
    gettext_lazy(
        "A law that was asked for is implemented on the day it passes, an office or operation on "
        "the day it begins to work. A bill before a legislature is in progress; a draft or a plan "
        "is an announcement."
    ),
    gettext_lazy(
        "What the report asks to keep or to expand, and a documented decision ended, is rejected. "
        "Where it came to a halt without a decision, it is stalled."
    ),
    gettext_lazy(
        "“Overtaken by events” is left for what can no longer be done, or has lost its reason. "
        "Another policy in its place is not enough."
    ),
    gettext_lazy(
        "Conditions that come with a thing done do not lower its status, unless the report names "
        "them, or they take away what was asked."
    ),
    gettext_lazy(
        "A joint statement is a step only where agreeing or talking is what was asked, or where it "
        "sets something up. Talks that took place are a step where talks were asked for."
    ),
    gettext_lazy("What held for a time stays in the history, with a dated update of its own."),
]
