"""Times commands, and asks the kernel what one process used without its children."""

import ctypes
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS = 0, 7, 0x4200
TRACE_CLONE, TRACE_EXIT = 1 << 3, 1 << 6
EVENT_CLONE, EVENT_EXIT = 3, 6
WAIT_ALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


class Command:
    """Words, a folder and variables; ends the measurement when it fails."""

    def __init__(self, *words, folder=None, variables=None):
        self.words, self.folder, self.variables = [str(word) for word in words], folder, variables

    def seconds(self):
        began = time.perf_counter()
        result = subprocess.run(
            self.words, cwd=self.folder, env=self.variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        took = time.perf_counter() - began
        # git answers with 1 where it was asked for settings that nobody made.
        if result.returncode > ("--get-regexp" in self.words):
            raise SystemExit(
                f"bench: {' '.join(self.words)} exits {result.returncode}:\n{result.stderr.decode(errors='replace')}"
            )
        return took

    def output(self):
        return subprocess.run(
            self.words, cwd=self.folder, env=self.variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True,
        ).stdout


def in_turn(measures, runs):
    """Medians of each measure, all of them once before any of them again."""
    found = [[] for _ in measures]
    for measure in measures:
        measure()
    for _ in range(runs):
        for taken, measure in zip(found, measures):
            taken.append(measure())
    return [statistics.median(taken) for taken in found]


def own_use(command):
    """Seconds of processor time and peak bytes of the process alone, read at the moment it exits.

    wait4 cannot tell a process from its children, and /proc counts in hundredths of a second; so the
    process is stopped by ptrace at its exit, where its schedstat and VmHWM still can be read.
    """
    pid = os.fork()
    if pid == 0:
        run_traced(command)
    os.waitpid(pid, 0)
    trace(PTRACE_SETOPTIONS, pid, TRACE_CLONE | TRACE_EXIT)
    trace(PTRACE_CONT, pid, 0)
    nanoseconds, peak = 0, 0
    while True:
        stopped, status = os.waitpid(-1, WAIT_ALL)
        if not os.WIFSTOPPED(status):
            if stopped == pid:
                break
            continue
        event, number = status >> 16, os.WSTOPSIG(status)
        if event == EVENT_EXIT:
            nanoseconds += int(read(f"/proc/{pid}/task/{stopped}/schedstat").split()[0])
            peak = max(peak, peak_bytes(pid))
        harmless = event or number in (signal.SIGSTOP, signal.SIGTRAP)
        trace(PTRACE_CONT, stopped, 0 if harmless else number)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"bench: {' '.join(command.words)} fails when traced")
    return nanoseconds / 1e9, peak


def run_traced(command):
    try:
        if command.folder:
            os.chdir(command.folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        os.execvpe(command.words[0], command.words, command.variables or os.environ)
    finally:
        os._exit(127)


def trace(request, pid, data):
    if libc.ptrace(request, pid, None, data) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")


def read(path):
    with open(path) as file:
        return file.read()


def peak_bytes(pid):
    found = re.search(r"VmHWM:\s+(\d+) kB", read(f"/proc/{pid}/status"))
    return int(found[1]) * 1024 if found else 0


def seconds_on_disk(command):
    """Seconds the process itself, not its children, was blocked until data or names were on disk."""
    calls = "fsync,fdatasync,sync,syncfs,rename,renameat,renameat2"
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as record:
        Command(
            "strace", "-T", "-e", f"trace={calls}", "-o", record.name, *command.words,
            folder=command.folder, variables=command.variables,
        ).seconds()
        return sum(float(took) for took in re.findall(r"<([0-9.]+)>$", record.read(), re.MULTILINE))


def can_trace():
    return shutil.which("strace") is not None and os.path.exists("/proc/self/schedstat")
