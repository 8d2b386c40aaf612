"""Runs a command on a terminal of its own, shows what it prints, and types where it asks."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PROMPT = re.compile(r"Type CONFIRM to [^:]*:[ \t]*$")
CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07")


def show(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def plain(text):
    return CONTROL_SEQUENCE.sub("", text).replace("\r\n", "\n")


def run_on_terminal(arguments, folder, environment, answer=None, deadline=120):
    """Runs to the end; returns exit code, everything printed without colour, and whether it asked.

    With `answer`, the answer is typed once the prompt is there. The exit code is None at the deadline.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            os.chdir(folder)
            os.execve(arguments[0], arguments, environment)
        finally:
            os._exit(127)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
    printed, asked = b"", False
    ends = time.monotonic() + deadline
    try:
        while time.monotonic() < ends:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                chunk = b""
            if not chunk:
                return wait_for(pid, ends), plain(printed.decode(errors="replace")), asked
            printed += chunk
            text = chunk.decode(errors="replace")
            show(text if sys.stdout.isatty() else plain(text).replace("\r", "\n"))
            if answer is not None and not asked and PROMPT.search(plain(printed.decode(errors="replace"))):
                asked = True
                os.write(terminal, answer.encode() + b"\n")
        return give_up(pid), plain(printed.decode(errors="replace")), asked
    finally:
        os.close(terminal)


def wait_for(pid, ends):
    """The terminal closed; the process itself may take a moment longer."""
    while time.monotonic() < ends:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    return give_up(pid)


def give_up(pid):
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def run_without_terminal(arguments, folder, environment, typed=None, deadline=120):
    """As above for a command that has no terminal at all, in the shape of a hook or a CI job."""
    process = subprocess.Popen(
        arguments, cwd=folder, env=environment, start_new_session=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, stdin=subprocess.PIPE,
    )
    try:
        if typed is not None:
            process.stdin.write(typed.encode())
        process.stdin.close()
    except BrokenPipeError:
        pass
    printed = b""
    ends = time.monotonic() + deadline
    while time.monotonic() < ends:
        if not select.select([process.stdout], [], [], 0.2)[0]:
            # A service that kept the pipe open must not hold the viewer up.
            if process.poll() is not None:
                break
            continue
        chunk = os.read(process.stdout.fileno(), 65536)
        if not chunk:
            break
        printed += chunk
        show(chunk.decode(errors="replace"))
    try:
        code = process.wait(max(0.1, ends - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        code = None
    process.stdout.close()
    return code, plain(printed.decode(errors="replace"))
