"""One spelling of English words that Britain and the United States spell in two ways.

Search compares words by it: whichever way a text or a reader spells them, they are the same. Words
come in small letters and leave as the United States spell them, which no page shows.
"""

from __future__ import annotations

import re

# What no ending tells, with what follows it in the word: "defence" and "defences".
WORDS = {
    "aeroplane": "airplane",
    "aluminium": "aluminum",
    "analogue": "analog",
    "cheque": "check",
    "defence": "defense",
    "fulfil": "fulfill",
    "grey": "gray",
    "instal": "install",
    "licence": "license",
    "licenced": "licensed",
    "manoeuvre": "maneuver",
    "manoeuvred": "maneuvered",
    "offence": "offense",
    "plough": "plow",
    "practise": "practice",
    "practised": "practiced",
    "pretence": "pretense",
    "centred": "centered",
    "metred": "metered",
    "programme": "program",
    "sceptic": "skeptic",
    "sulphur": "sulfur",
    "tyre": "tire",
    "enrol": "enroll",
}
ENDINGS = r"(?P<rest>s|less|lessness|ment|ments|ly|al|ally|ism|ists?|able|ability)?"
WHOLE = re.compile(rf"(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))}){ENDINGS}")
# "organise", "organisation", "analyse"; the words that everybody spells with an s stand below.
WITH_S = re.compile(
    r"(?P<stem>[a-z]{2,}?(?P<vowel>[iy]))s(?P<rest>e|es|ed|er|ers|ing|ingly|ation|ations|ational)"
)
SAME_WITH_S = re.compile(
    r"""(?x) ( adv | dev | rev | superv | telev | improv | disgu | gu | w | likew | otherw
    | clockw | lengthw | r | ar | upr | sunr | moonr | ra | pra | appra | repra | bra | enterpr
    | surpr | compr | appr | repr | pr | br | cr | prem | prom | comprom | dem | m | exerc | exc
    | inc | circumc | conc | prec | franch | disenfranch | merchand | parad | expert | treat | no
    | po | turquo | porpo | torto | advert | chast | bru | cru | lia | mala | val | an | v | d
    ) is [a-z]*"""
)
# "labour", "neighbouring"; not "four" or "tourism".
WITH_U = re.compile(
    r"(?P<stem>arb|arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean"
    r"|neighb|od|parl|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig)our(?P<rest>[a-z]*)"
)
WITH_RE = re.compile(
    r"(?P<stem>(?:[a-z]*)(?:calib|cent|fib|lit|lust|meag|met|och|reconnoit|sabot|sepulch|somb|spect"
    r"|theat))re(?P<rest>s)?"
)
WITH_LL = re.compile(
    r"(?P<stem>cancel|channel|counsel|dial|equal|fuel|initial|label|level|marshal|model|panel"
    r"|pedal|refuel|rival|signal|total|travel|tunnel)l(?P<rest>ed|er|ers|ing|ings)"
)
WITH_OGUE = re.compile(r"(?P<stem>(?:cata|dia|epi|mono|pro|homo|ana)log)ue(?P<rest>s|d|r|rs)?")
WITH_E = re.compile(r"(?P<stem>(?:acknowledg|judg|lodg|abridg))e(?P<rest>ments?|mental)")


def american(word: str) -> str:
    """Return an English word in small letters as the United States spell it."""
    if found := WHOLE.fullmatch(word):
        return WORDS[found["word"]] + (found["rest"] or "")
    if (found := WITH_S.fullmatch(word)) and not SAME_WITH_S.fullmatch(word):
        return f"{found['stem']}z{found['rest']}"
    if found := WITH_U.fullmatch(word):
        return f"{found['stem']}or{found['rest']}"
    if found := WITH_RE.fullmatch(word):
        return f"{found['stem']}er{found['rest'] or ''}"
    if found := WITH_LL.fullmatch(word) or WITH_OGUE.fullmatch(word) or WITH_E.fullmatch(word):
        return found["stem"] + (found["rest"] or "")
    return word
