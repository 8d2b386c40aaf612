"""The dead letters: `deployctl exec production worker -- .venv/bin/python -m box4kids.dead [requeue]`"""

import sys

from box4kids.database import rows

QUEUES = "callbacks", "messages"


def main():
    for queue in QUEUES:
        if sys.argv[1:] == ["requeue"]:
            found = rows(f"UPDATE {queue} SET state = 'open', attempts = 0, due_at = now() WHERE state = 'dead' RETURNING id, error")
        else:
            found = rows(f"SELECT id, error FROM {queue} WHERE state = 'dead' ORDER BY id")
        for row in found:
            print(f"{queue} {row['id']}: {row['error']}")


if __name__ == "__main__":
    main()
