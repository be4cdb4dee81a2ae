"""The fetching process with a played web: `python -m tests.played_web.child PORT HOST...`."""

import sys

from recommendations.capturing import child

from .connector import named

if __name__ == "__main__":
    port = int(sys.argv[1])
    sys.exit(child.main(named(*sys.argv[2:], ports={80: port})))
