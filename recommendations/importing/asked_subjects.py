"""The subject of a sentence that asks: "X should", "Led by X,", "We urge X to", 「Xは」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .countries import COUNTRIES, OWNERS
from .imperatives import is_imperative, is_known_verb
from .not_asked import asking_part, without_grants
from .numbering import opening_mark

CAPITAL = r"[A-Z][\w’'&.-]*"
SHORT = r"(?:\s\([A-Z][A-Za-z]{1,7}\))?"
# Those that may be asked and are written without a capital.
COMMON = (
    r"(?:central |local |national |federal |state |devolved |regional )*"
    r"(?:governments?|ministers|parliaments?|local authorities|regulators|councils|departments|"
    r"government departments)"
    r"(?:\s+of\s+the\s+(?:\w+\s+){0,2}(?:nations|countries|states))?"
)
# A flat list of words, which is parted later on: a list of names with lists of words inside of
# them could be read in so many ways that no search among them would end.
BETWEEN = r",?\s+(?:(?:of|for|and|on|in|the|to|all|each|an?|&)\s+){0,3}"
SEVERAL = (
    rf"(?P<names>(?:(?:the|all|each|every|both|an?)\s+)?(?:{CAPITAL}|{COMMON}){SHORT}"
    rf"(?:{BETWEEN}(?:{CAPITAL}|{COMMON}){SHORT}){{0,24}})"
)
ASIDE = r"(?:,[^.;:]{1,160}?,)?"
MODAL = (
    r"\s+(?:(?:each|also|both|now|then|together|therefore|jointly|urgently|further|themselves|all)\s+)"
    r"{0,2}(?:should|shall|must|could|ought to|needs? to|ha(?:s|ve) to|"
    r"(?:is|are) (?:\w+ly )?(?:urged|asked|encouraged|called (?:up)?on|invited|advised) to)\b"
)
# Where a subject may begin: at the start, or after words that introduce it.
START = re.compile(
    r"(?:^|[,;:]\s+|\b(?:that|and|but|so|therefore|furthermore|however)\s+)(?=[A-Za-z])",
    re.IGNORECASE,
)
SUBJECT = re.compile(SEVERAL + ASIDE + MODAL)
# In any letters: counts where each of the names is known.
PLAIN = re.compile(
    rf"(?P<names>[^,.;:()]{{2,80}}?)(?:\s\([A-Z][A-Za-z]{{1,7}}\))?{MODAL}", re.IGNORECASE
)
PLURAL_START = re.compile(rf"Governments?\s+of\s+the\s+(?:\w+\s+){{0,2}}\w+{MODAL}")
RECOMMENDED = re.compile(
    r"\b(?:recommends?|recommended|propose[sd]?)(?:\s+(?:further|also|therefore))?\s+that"
    rf"(?:,[^.;:]{{1,120}}?,)?\s+{SEVERAL}"
)
FIRST_VERB = re.compile(r"\s*(?:and\s+)?(?:(?:not|also|each|both)\s+|\w+ly\s+)?(?P<verb>[a-z]+)\b")
URGE = (
    r"\b(?:(?:[Ww]e|I|report|committee|commission|panel|group|inquiry|authors?)\s+(?:\w+\s+){0,2}|"
    r"and\s+(?:\w+ly\s+)?)(?:urges?|invites?|asks?|calls?\s+(?:up)?on|encourages?|expects?|advises?)\s+"
)
URGED = re.compile(rf"{URGE}{SEVERAL}{ASIDE}\s+to\b")
URGED_PLAIN = re.compile(rf"{URGE}(?P<names>[^,.;:()]{{2,80}}?)\s+to\b")
# "A review led by the Board, which considered"
RELATIVE = re.compile(r",?\s+(?:which|who|that)\b")
LED = re.compile(rf"(?:^|\b)(?:[Ll]ed|[Cc]onvened)\s+by\s+{SEVERAL}")
DONE_BY = re.compile(
    rf"\bbe\s+(?:\w+ly\s+)?\w+(?:ed|en|de|lt|ld|nt|ht|id|wn|un)\s+(?:\w+ly\s+)?by\s+{SEVERAL}"
)
ARTICLE = re.compile(r"^(?:the|all|each|every|both|an?|its|our|their)\s+", re.IGNORECASE)
BORDER = re.compile(r"(,\s+and\s+|,\s+|\s+and\s+)")
# "Ministry of Housing, Communities and Local Government"
LISTING = re.compile(r"\b(?:of|for)\s+(?!the\b)[^,]+$")
# A capitalised name is that of somebody who can act only with one of these in it.
INSTITUTION = re.compile(
    r"\b(?:Administrations?|Agenc(?:y|ies)|Alliance|Archives?|Assembly|Association|Authorit(?:y|ies)|"
    r"Banks?|Boards?|Bureaus?|Bureaux|Cabinet|Cent(?:re|er)s?|Chancellor|Chief|Coastguard|Colleges?|"
    r"Commissions?|Commissioners?|Committees?|Company|Companies|Congress|Corporation|Councils?|Courts?|"
    r"Departments?|Directorates?|Directors?|Executive|Federation|Forces?|Foundation|Funds?|"
    r"Governments?|Governors?|Home Office|House|Inspectorates?|Institutes?|Institution|Judiciary|"
    r"Legislature|Librar(?:y|ies)|Mayors?|Minist(?:ry|ries|ers?)|Navy|Army|Offices?|Officers?|"
    r"Organi[sz]ation|Panel|Parliaments?|Police|Post Office|President|Prime Minister|Regulators?|"
    r"Secretar(?:y|ies)|Senate|Services?|Society|Task Force|Team|Treasury|Tribunals?|Trusts?|Unit|"
    r"Union|University|Universities)\b"
)
# Alone, these are words of the language.
NOBODY = ("Society", "Service", "Services", "Union", "Unit", "House", "Chief", "Team", "Trust")
NOT_A_NAME = re.compile(
    r"(?:This|These|That|Those|There|It|They|We|I|He|She|You|Such|Any|No|Some|In|At|On|To|For|By|If|"
    r"When|Where|While|As|And|But|Further|However|Therefore|Alongside|Along|Together|Apart|Aside|"
    r"Like|Unlike|Besides)\b"
)
# Before the subject, and no part of a name: "Yet the Board", "Still, the Board".
CONJUNCTION = re.compile(
    r"(?:(?:Yet|But|And|So|However|Nor|Or)\b,?\s+|"
    r"(?:Still|Then|Thus|Also|Instead|Meanwhile)(?:,\s+|\s+(?=(?:the|all|each|every|both|an?)\s)))"
)
# "Alongside the Board, the Treasury should"
BESIDE = re.compile(
    r"(?:Alongside|Together with|Along with|In addition to|A(?:part|side) from|Like|Unlike|Besides|"
    r"As well as)\s",
    re.IGNORECASE,
)
COMMA = re.compile(r",\s+")
FIRST_MODAL = re.compile(MODAL)
JAPANESE_BODY = (
    r"[々〆一-鿿ァ-ヴーA-Za-z・]{0,18}(?:省庁|政府|省|庁|局|府|委員会|会議|審議会|国会|議会|市町村|自治体|"
    r"都道府県|機構|機関|協会|銀行|大学|大臣|長官|知事|市長|本部|公社|公団|基金|企業団|裁判所|警察|市|県|都|区|国)"
)
JAPANESE = re.compile(
    rf"(?:^|[、。，]|また|さらに)(?P<names>{JAPANESE_BODY}(?:(?:及び|並びに|と|や|、|・){JAPANESE_BODY}){{0,4}})"
    r"(?:は|が|において(?:は|も)?|に対し(?:て)?)"
)
JAPANESE_BORDER = re.compile("及び|並びに|と|や|、")
HAS_KANJI = re.compile("[一-鿿]")
LONGEST = 1_000
LONGEST_ASIDE = 250
MOST_ASIDES = 4
HELPING = ("be", "should", "shall", "must", "ensure", "do")


@dataclass(frozen=True)
class Subject:
    """Who is asked, as the text names it, and the country that it names as theirs."""

    name: str
    country: str = ""
    # With the country before it.
    whole: str = ""


def subjects_in(
    sentence: str, short_forms: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[Subject]:
    """Yield who is asked in a sentence. `known` are names that need no sign of an institution."""
    mark = opening_mark(sentence)
    text = sentence[mark.end if mark else 0 :][:LONGEST].lstrip(' “"*')
    if HAS_KANJI.search(text):
        yield from _japanese(text)
        return
    text = _from_subject(without_grants(asking_part(text)), known)
    for names in _names_asked(text, known):
        for name in _parted(names):
            if subject := _subject(name, short_forms, known):
                yield subject


def _from_subject(text: str, known: Mapping[str, str]) -> str:
    """Return a sentence without its conjunction, and without whom it names beside its subject."""
    if conjunction := CONJUNCTION.match(text):
        text = text[conjunction.end() :]
    modal = BESIDE.match(text) and FIRST_MODAL.search(text)
    if not modal:
        return text
    # The phrase may have commas of its own: the subject is what stands behind the last of them.
    commas = [comma.end() for comma in COMMA.finditer(text, 0, modal.start())]
    at = next((at for at in reversed(commas) if _subject_at(text, at, known)), 0)
    return text[at:]


def _names_asked(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the words that name who is asked, for each clause that asks."""
    for led in LED.finditer(text):
        is_told_of = led.start() > 0 and RELATIVE.match(text, led.end())
        if not is_told_of or is_imperative(text):
            return [led["names"]]
    for found in RECOMMENDED.finditer(text):
        if _is_followed_by_verb(text[found.end() : found.end() + LONGEST_ASIDE]):
            return [found["names"]]
    plain = URGED_PLAIN.search(text)
    if plain and _are_known(plain["names"], known):
        return [plain["names"]]
    if urged := URGED.search(text):
        return [urged["names"]]
    if names := _subjects_of_modals(text, known):
        return names
    done = DONE_BY.search(text)
    return [done["names"]] if done else []


def _subjects_of_modals(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the subject of the first clause that asks, and of those that are set beside it.

    "The Board should see that owners must pay" asks the Board alone.
    """
    found: list[str] = []
    until = 0
    for start in START.finditer(text):
        is_beside = start[0].lstrip()[:1] in ",;" or start[0].strip().lower() in ("and", "but")
        if start.start() < until or (found and not is_beside):
            continue
        if names := _subject_at(text, start.end(), known):
            found.append(names)
            until = start.end() + len(names)
    return found


def _subject_at(text: str, at: int, known: Mapping[str, str]) -> str:
    if (plain := PLAIN.match(text, at)) and _are_known(plain["names"], known):
        return plain["names"]
    if plural := PLURAL_START.match(text, at):
        return re.split(MODAL, plural[0])[0]
    match = SUBJECT.match(text, at)
    return match["names"] if match and not NOT_A_NAME.match(match["names"]) else ""


def _is_followed_by_verb(text: str) -> bool:
    """Whether a verb that asks follows a name, at once or after what stands between commas."""
    for part in text.split(",")[:MOST_ASIDES]:
        match = FIRST_VERB.match(part)
        if match and (is_known_verb(match["verb"].removesuffix("s")) or match["verb"] in HELPING):
            return True
    return False


def _are_known(names: str, known: Mapping[str, str]) -> bool:
    parts = BORDER.split(names)[::2]
    return all(ARTICLE.sub("", part, count=1).strip().casefold() in known for part in parts)


def _parted(names: str) -> Iterator[str]:
    """Yield the names of a list. What is inside of one stays: "Health and Social Care"."""
    found: list[str] = []
    sign = ""
    for part in BORDER.split(names):
        if BORDER.fullmatch(part):
            sign = part
            continue
        last, is_and = found[-1] if found else "", sign.strip() == "and"
        is_list = bool(LISTING.search(last)) and not _is_whole(part)
        # "Housing, Communities and Local Government"
        is_list = is_list or (is_and and "," in last and part[:1].isupper())
        is_pair = (
            is_and
            and part[:1].isupper()
            and not (_is_whole(part) and (_is_whole(last) or not last))
        )
        if last and (is_list or is_pair):
            found[-1] = f"{last}{sign}{part}"
        else:
            found.append(part)
    yield from found


def _is_whole(name: str) -> bool:
    plain = ARTICLE.sub("", name, count=1)
    return bool(INSTITUTION.search(plain)) or plain[:1].islower() or plain.isupper()


def _subject(name: str, short_forms: Mapping[str, str], known: Mapping[str, str]) -> Subject | None:
    plain = ARTICLE.sub("", name.strip(), count=1)
    plain = re.sub(r"\s\([A-Z][A-Za-z]{1,7}\)$", "", plain).rstrip("’'., ")
    if not plain:
        return None
    owner = plain.split(" ", 1)[0].removesuffix("’s").removesuffix("'s")
    country = OWNERS.get(owner, owner if owner in COUNTRIES else "")
    if plain.casefold() in known or short_forms.get(plain, "").casefold() in known:
        return Subject(plain)
    rest = plain.partition(" ")[2]
    if country and rest.casefold() in known:
        return Subject(rest, country, plain)
    if plain in short_forms and INSTITUTION.search(short_forms[plain]):
        return Subject(plain)
    is_somebody = INSTITUTION.search(plain) or re.fullmatch(COMMON, plain)
    if plain in NOBODY:
        return None
    return Subject(plain, country) if is_somebody else None


def _japanese(text: str) -> Iterator[Subject]:
    if match := JAPANESE.search(text):
        for name in JAPANESE_BORDER.split(match["names"]):
            if name:
                yield Subject(name)
