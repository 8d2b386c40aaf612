import json
import logging
import os
import time


class Lines(logging.Formatter):
    """One line of JSON for each event, so that what belongs together can be found."""

    def format(self, record):
        what = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)), "level": record.levelname,
            "from": record.name, "said": record.getMessage(), "release": os.environ.get("DEPLOYCTL_RELEASE")}
        if record.exc_info:
            what["failed"] = self.formatException(record.exc_info)
        if request := getattr(record, "request", None):
            what["request"] = getattr(request, "headers", {}).get("X-Request-Id")
        return json.dumps(what, ensure_ascii=False)
