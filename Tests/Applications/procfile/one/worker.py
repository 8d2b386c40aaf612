import time

from store import ask

while True:
    ask("UPDATE job SET done = 1 WHERE NOT done")
    time.sleep(0.1)
