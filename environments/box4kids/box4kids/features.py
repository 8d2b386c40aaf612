"""Which features are on for a family: the share that `deployctl feature` gave last, without a restart."""

import hashlib
import json
import os


def is_on(feature, family):
    """The same for each family whenever it is asked, as long as the share does not fall."""
    return place(family) < shares().get(feature, 0)


def place(family):
    return int.from_bytes(hashlib.sha256(family.encode()).digest()[:4], "big") % 100


def shares():
    try:
        with open(os.environ["DEPLOYCTL_FEATURES"], encoding="utf-8") as file:
            return json.load(file)
    except (KeyError, FileNotFoundError):
        return {}
