"""One line of JSON for each event: with a request's id where there is one, and never with a body or a key."""

import json
import os
import sys
import time


def log(**what):
    what = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **what, "release": os.environ.get("DEPLOYCTL_RELEASE")}
    print(json.dumps(what, ensure_ascii=False), file=sys.stderr, flush=True)
