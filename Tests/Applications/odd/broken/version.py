"""Goes into the background, as daemons do."""
import os, sys

VERSION = "broken"
for _ in range(2):
    if os.fork():
        os._exit(0)
    os.setsid()
