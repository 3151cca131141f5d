#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`plumb play` in a real terminal: a pseudo-terminal of 80 columns and 24 rows.

Usage: terminal.py PLUMB CONTENT

Editing, completion, history, questions, colour and its absence, end of input.
"""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
import time

SCENARIO = "slow-till"
COLOUR = re.compile(r"\x1b\[(?:3[0-7]|9[0-7]|1)m")


class Terminal:
    """A child process on its own terminal."""

    def __init__(self, arguments, **environment):
        self.text = ""
        self.child, self.fd = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            # libedit keeps the names of bound functions until the process ends.
            os.environ.update({"TERM": "xterm", "LC_ALL": "C.UTF-8",
                               "ASAN_OPTIONS": "detect_leaks=0", **environment})
            os.execv(arguments[0], arguments)

    def wait_for(self, words, seconds=60):
        """Read until `words` appear after what was seen before."""
        begun = len(self.text)
        end = time.monotonic() + seconds
        while words not in self.text[begun:]:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                sys.exit(f"waited for {words!r}; the terminal shows:\n{self.text[-1500:]}")
            try:
                self.text += os.read(self.fd, 65536).decode("utf-8", "replace")
            except OSError:
                break
        return self.text[begun:]

    def send(self, keys, words):
        os.write(self.fd, keys.encode())
        return self.wait_for(words)

    def finish(self):
        """Read to the end and return the exit code."""
        while True:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            self.text += data.decode("utf-8", "replace")
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def expect(condition, what, text):
    if not condition:
        sys.exit(f"failed: {what}\n{text[-1500:]!r}")


def play(plumb, content, data, **environment):
    return Terminal([plumb, "play", SCENARIO, "--seed", "3", "--content", content, "--data", data],
                    **environment)


def a_session_is_played(plumb, content, data):
    terminal = play(plumb, content, data, PLUMB_DATA=data)
    seen = terminal.wait_for("corner-shop 10:00> ")
    expect("[FIRING:1] TillSlow" in seen, "the page is shown", seen)
    expect(COLOUR.search(seen), "there is colour", seen)
    # The editor sends only what a completion adds.
    terminal.send("pan\t", "el ")
    terminal.send("till\t", "api ")
    terminal.send("poo\t", "l")
    seen = terminal.send("\r", "corner-shop 10:00> ")
    expect("database connections of the pools" in seen, "completed words are obeyed", seen)
    expect("+30 s" in seen, "the cost is shown", seen)
    seen = terminal.send("pannel till pool\r", "[Y/n] ")
    seen = terminal.send("\r", "corner-shop 10:01> ")
    expect("database connections of the pools" in seen, "Enter accepts a correction", seen)
    seen = terminal.send("flag inline 0\r", "[y/N] ")
    expect("100 % -> 0 %" in seen, "an act is previewed", seen)
    seen = terminal.send("\r", "corner-shop 10:01> ")
    expect("in effect" not in seen, "Enter alone does not act", seen)
    terminal.send("\x1b[A", "inline")  # the arrow brings back the last line
    seen = terminal.send("\r", "[y/N] ")
    seen = terminal.send("y\r", "corner-shop 10:01> ")
    expect("in effect from" in seen, "y acts", seen)
    # The editor takes the keyboard over just after it has written its label; an end of input that
    # comes in between belongs to the terminal and not to it.
    time.sleep(1.0)
    terminal.send("\x04", "goes on.")
    expect(terminal.finish() == 0, "the end of input ends the program", terminal.text)


def it_is_resumed_without_colour(plumb, content, data):
    terminal = Terminal([plumb, "play", "--resume", "--content", content, "--data", data],
                        NO_COLOR="1", PLUMB_DATA=data)
    seen = terminal.wait_for("corner-shop 10:01> ")
    expect("3 entries were replayed" in seen, "two looks and an act were kept", seen)
    time.sleep(1.0)
    terminal.send("\x1b[A", "flag inline 0")  # the arrow brings back a line of the run before
    terminal.send("\x15", "")
    seen = terminal.send("wait 1m\r", "corner-shop 10:02> ")
    expect("DONE" in seen, "the act takes effect", seen)
    seen = terminal.send("close\r", "corner-shop 10:02> ")
    expect("What was wrong" in seen, "the debrief is shown", seen)
    expect(not COLOUR.search(terminal.text), "NO_COLOR is obeyed", terminal.text)
    os.write(terminal.fd, b"quit\r")
    expect(terminal.finish() == 0, "quit ends the program", terminal.text)


def the_live_clock_runs(plumb, content, data):
    terminal = Terminal([plumb, "play", SCENARIO, "--seed", "3", "--clock", "live", "--speed", "10",
                         "--content", content, "--data", data])
    terminal.wait_for("corner-shop 10:00> ")
    os.write(terminal.fd, b"panel till-api pool")
    terminal.wait_for("corner-shop 10:01> ")  # a minute takes six seconds
    seen = terminal.send("\r", "corner-shop 10:0")
    expect("database connections" in seen, "what was typed meanwhile is still there", seen)
    os.write(terminal.fd, b"quit\r")
    expect(terminal.finish() == 0, "quit ends the program", terminal.text)


def main():
    plumb, content = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix="plumb-terminal-") as data:
        for check in (a_session_is_played, it_is_resumed_without_colour, the_live_clock_runs):
            check(plumb, content, data)
            print(f"ok {check.__name__}")


if __name__ == "__main__":
    main()
