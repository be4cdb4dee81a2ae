"""The process that fetches one page: `python -m recommendations.capturing.child`.

It is asked on its standard input, as JSON, and answers on its standard output, packed. It knows
no database, no settings and no secret, and has the network.
"""

from __future__ import annotations

import signal
import sys
from functools import partial

import msgspec

from .answers import Answer, Refusal
from .connecting import Connector
from .fetching import check, fetch
from .problems import Reason
from .questions import GRACE, Question


def main(connector: Connector | None = None) -> int:
    """`connector` is the way into the net, which nothing that is asked can choose."""
    question = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    # Ends the process by itself, should the one that asked be gone.
    signal.setitimer(signal.ITIMER_REAL, question.limits.wall + GRACE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(_answer(question, connector)))
    return 0


def _answer(question: Question, connector: Connector | None) -> Answer:
    ask = check if question.act == "check" else partial(fetch, etag=question.etag)
    try:
        return ask(
            question.address, agent=question.agent, connector=connector, limits=question.limits
        )
    except MemoryError:
        return Refusal(question.address, Reason.TOO_LARGE, question.address)


if __name__ == "__main__":
    sys.exit(main())
