"""What the edge in front of an example does."""

import http.client
import itertools
from concurrent.futures import ThreadPoolExecutor

from claims import expect


def expect_rate_limited(project):
    """Another client than the traffic's asks more than it may."""
    def many(_):
        connection = http.client.HTTPConnection("127.0.0.1", project.ports["production"], timeout=10, source_address=("127.0.0.2", 0))
        found = []
        for _ in range(150):
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            found.append(answer.status)
        connection.close()
        return found
    with ThreadPoolExecutor(4) as pool:
        statuses = set(itertools.chain(*pool.map(many, range(4))))
    expect(statuses == {200, 429}, "who asks too often is told so, and nothing else fails", statuses)
