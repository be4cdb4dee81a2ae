"""The process that reads one feed: `python -m recommendations.capturing.feed_child`.

It is asked on its standard input: eight bytes with the length of the question, the question as
JSON, the body. It answers with the items, packed, or why there are none. Before it looks at the
body it gives up opening anything.
"""

from __future__ import annotations

import sys
from importlib import import_module

import msgspec

from recommendations.importing.child import ANSWERED, LENGTH

from .charsets import load
from .feeds import Fault, FeedAnswer, FeedQuestion, FeedUnread, Unreadable
from .json_feeds import read_api, read_json
from .reading_child import give_up_opening
from .xml_feeds import read_xml


def main() -> int:
    stdin = sys.stdin.buffer
    size = int.from_bytes(stdin.read(LENGTH), "big")
    question = msgspec.json.decode(stdin.read(size), type=FeedQuestion)
    body = stdin.read()
    load()
    import_module("charset_normalizer")
    give_up_opening()
    sys.stdout.buffer.write(msgspec.msgpack.encode(_answer(question, body)))
    return ANSWERED


def _answer(question: FeedQuestion, body: bytes) -> FeedAnswer:
    where = {"content_type": question.content_type, "address": question.address}
    try:
        if question.kind == "api":
            assert question.adapter
            return read_api(body, question.adapter, **where)
        if question.kind == "json":
            return read_json(body, **where)
        return read_xml(body, question.kind, **where)
    except Unreadable as problem:
        return FeedUnread(problem.fault)
    except (MemoryError, RecursionError):
        return FeedUnread(Fault.TOO_LARGE)


if __name__ == "__main__":
    sys.exit(main())
