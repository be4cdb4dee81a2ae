"""What the heads of columns say that they are, in English and Japanese."""

from __future__ import annotations

import re

from .mapping import Role

# Of a head in lower case, all of it: the first that fits says it. `.*` stands where more may.
WORDS: list[tuple[Role, list[str]]] = [
    (
        "source",
        [
            "address of (a|the) source",
            "(source|evidence) (address|url|link)(es|s)?",
            "link to (the )?(source|evidence)",
            "(出典|根拠|情報源)の?(url|アドレス|リンク)",
        ],
    ),
    ("area", ["policy (area|field)s?( label)?", "areas( label)?", "政策分野"]),
    (
        "kind",
        [
            "kind( label)?",
            "(kind|type) of (action|measure)",
            "(action|measure) (kind|type)",
            "(項目|取組|行動|措置|施策)の?(種別|種類|区分)",
        ],
    ),
    ("due_precision", [".*precision.*", ".*精度.*"]),
    (
        "since",
        [
            r".*\b(as of|since|status date|implementation date)\b.*",
            ".*date of (status|effect|update).*",
            ".*date (implemented|completed|achieved).*",
            ".*(時点|更新日|発効日|措置日|実施日|完了日).*",
        ],
    ),
    (
        "due",
        [
            r".*\b(due|deadline|target date|completion date|by when)\b.*",
            ".*(timescale|timeline|time ?frame).*",
            ".*(期限|期日|時期|目標年).*",
        ],
    ),
    (
        "action_number",
        [
            "number of the action",
            "action (no|num|id|ref|#).*",
            "(項目|取組|行動|措置|アクション)の?番号",
        ],
    ),
    ("level", [r"level\b.*", "type", "区分.*", "種別", "階層.*", "レベル"]),
    (
        "report",
        [
            r"(name of )?(the )?(source )?(report|inquiry|commission|document)s?\b.*",
            ".*報告書(名)?",
            "文書名",
        ],
    ),
    (
        "section",
        [
            "(section|chapter|theme|part|heading|pillar|category|area|topic).*",
            "章|節|部|分野|テーマ|柱",
        ],
    ),
    (
        "status",
        [r".*(status|progress|implementation|\brag\b).*", ".*(進捗|状況|ステータス|達成).*"],
    ),
    (
        "response",
        [
            ".*(response|reply|comment|narrative|update|answer).*",
            ".*(回答|対応|見解|説明|内容).*",
        ],
    ),
    (
        "owner",
        [
            ".*(owner|responsib|addressee|addressed|recipient|assigned|department|agency).*",
            r".*\b(lead|organi[sz]ation|minister|ministers|party|parties|body|bodies|who)\b.*",
            ".*(担当|宛先|所管|主体|省庁|部局|機関|関係者).*",
        ],
    ),
    (
        "number",
        [
            r"(rec\w*|item|paragraph|commitment)?[ .]*(no|nr|num|number|id|ref|reference|#|№)[.]?",
            "(提言|勧告|提案)?の?番号",
            "通番|連番|項番|№|#",
        ],
    ),
    (
        "action",
        [
            "(agreed |planned |proposed |required |specific )?"
            "(action|measure|step|task|deliverable|milestone)s?( .*)?",
            "取組.*",
            "項目|措置|行動|施策|具体策|アクション",
        ],
    ),
    (
        "recommendation",
        [
            r".*(recommendation|commitment|proposal|finding|headline|title|\brec\b|\bask\b).*",
            ".*(提言|勧告|提案|意見|要望|項目名|件名|本文).*",
        ],
    ),
    ("note", [".*(note|remark).*", "備考.*", "メモ"]),
]
PATTERNS = [(role, [re.compile(word) for word in words]) for role, words in WORDS]
LONGEST = 80


def role_of(head: str) -> Role | None:
    """Return what a head says that its column is; None where it is not known.

    Of "Owner / Lead", from two rows of heads, the last part says most.
    """
    if len(head) > LONGEST:
        return None
    parts = [*reversed(head.split(" / ")), head] if " / " in head else [head]
    for part in parts:
        plain = part.replace("_", " ")
        for role, patterns in PATTERNS:
            if any(pattern.fullmatch(plain) for pattern in patterns):
                return role
    return None
