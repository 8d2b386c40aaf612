"""Kills each process that keeps a release served, again and again, while visitors ask.

kills.py FOLDER PORT ROUNDS VISITORS: FOLDER is the project's, PORT where production is asked. Prints one object:
requests, lost (those that failed), stray (of these, those that did not overlap an outage), refused (those that were
asked between the end of a service and its return), unserved (how many of each kind, by kind), kills and costs (how many
were lost that overlapped an outage, those of the first one) by kind, and
outages (seconds from a kill to the last failure that it caused) and returns (seconds until what was killed runs
again), each sorted.
"""
import http.client, json, os, random, signal, sys, threading, time

folder, port, rounds, visitors = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
place = folder + "/.deployctl/production/"
over, answered, lost = threading.Event(), [], []


def text(path):
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "replace").replace("\0", " ")
    except OSError:
        return ""


def all_processes():
    """By number: what it is, of those of production and the keeper."""
    found, masters = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        command = text(f"/proc/{pid}/cmdline")
        state = text(f"/proc/{pid}/stat").rpartition(") ")[2].split()
        if not command or len(state) < 2 or state[0] in "ZX":
            continue
        if command.startswith("nginx: master") and place in command:
            masters[pid] = "edge" if "/edge/" in command else "front"
            found[int(pid)] = masters[pid]
        elif command.startswith("nginx: worker"):
            found[int(pid)] = ("worker", state[1])
        elif command.rstrip().endswith("boot run") and folder in command:
            found[int(pid)] = "keeper"
        elif "DEPLOYCTL_INSTANCE=" + place in text(f"/proc/{pid}/environ") and "server.py" in command:
            found[int(pid)] = "service"
    for pid, kind in list(found.items()):
        if isinstance(kind, tuple):
            if kind[1] in masters:
                found[pid] = "worker of the " + masters[kind[1]]
            else:
                del found[pid]
    return found


def ask(connection):
    connection.request("GET", "/version")
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise OSError(f"answered {answer.status}")


def visit():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while not over.is_set():
        began = time.monotonic()
        try:
            ask(connection)
            answered.append(began)
        except (OSError, http.client.HTTPException) as problem:
            lost.append((began, time.monotonic(), repr(problem)))
            connection.close()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        time.sleep(0.01)


def is_served():
    try:
        ask(http.client.HTTPConnection("127.0.0.1", port, timeout=10))
        return True
    except (OSError, http.client.HTTPException):
        return False


def kinds(processes):
    """How many there are of each that must be there."""
    return {kind: list(processes.values()).count(kind) for kind in ("edge", "front", "service", "keeper")}


whole = {"edge": 1, "front": 1, "service": 1, "keeper": 1}
threads = [threading.Thread(target=visit, daemon=True) for _ in range(visitors)]
for thread in threads:
    thread.start()
struck, strikes, deaths, returns, count = [], [], [], [], {}
for number in range(rounds):
    time.sleep(random.uniform(0, 1))
    processes = all_processes()
    kind = sorted(set(processes.values()))[number % len(set(processes.values()))]
    victim = random.choice([pid for pid in processes if processes[pid] == kind])
    began = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    count[kind] = count.get(kind, 0) + 1
    while True:
        now = all_processes()
        if victim not in now and kinds(now) == whole and is_served():
            break
        if time.monotonic() - began > 30:
            sys.exit(f"{kind} does not come back: {kinds(now)}, {lost[-1:]}")
        time.sleep(0.02)
    returns.append((round(time.monotonic() - began, 2), kind))
    # Visitors notice by their next request that the connection they keep has ended.
    struck.append((began, time.monotonic() + 0.1))
    strikes.append(kind)
    deaths.append((began, began + returns[-1][0], kind))
    if kind == "keeper":
        # It opens the rooms in which visitors wait.
        time.sleep(1)
time.sleep(1)
over.set()
for thread in threads:
    thread.join(15)
outages, stray = [], []
for began, end in struck:
    of_it = [failed for start, failed, _ in lost if start <= end and failed >= began]
    outages.append(round(max(of_it, default=began) - began, 2))
costs = dict.fromkeys(count, 0)
for start, failed, _ in lost:
    of = [kind for (began, end), kind in zip(struck, strikes) if start <= end and failed >= began]
    if of:
        costs[of[0]] += 1
stray = [problem for start, failed, problem in lost
         if not any(start <= end and failed >= began for began, end in struck)]
unserved = {kind: [problem for start, failed, problem in lost
                   if any(began < start < end and not any(began < other <= failed for other, _ in struck)
                          for began, end, of in deaths if of == kind)]
            for kind in count}
refused = unserved["service"]
print(json.dumps({
    "requests": len(answered) + len(lost), "lost": len(lost), "stray": stray, "refused": refused, "kills": count,
    "costs": costs,
    "unserved": {kind: len(problems) for kind, problems in unserved.items()},
    "outages": sorted(outages, reverse=True), "returns": sorted(returns, reverse=True),
}))
