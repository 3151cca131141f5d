# SPDX-License-Identifier: Apache-2.0
"""A running `plumb demo` for tests: start it, ask it, kill it, start it again."""

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.parse


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Server:
    """One server over one directory of data."""

    def __init__(self, plumb, keep=True, content=None, environment=None, more=()):
        self.plumb, self.content, self.more = plumb, content, [*more]
        self.environment = {**os.environ, **(environment or {})}
        self.folder = tempfile.TemporaryDirectory() if keep else None
        self.process = None
        self.host = None
        self.start()

    def start(self):
        """Start; returns the seconds until the address was told."""
        command = [self.plumb, "demo", "--no-browser", "--listen", "127.0.0.1:0"]
        if self.folder:
            command += ["--data", self.folder.name]
        if self.content:
            command += ["--content", self.content]
        command += self.more
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        env=self.environment)
        line = self.process.stdout.readline()
        took = time.monotonic() - began
        words = [word for word in line.split() if word.startswith("http://")]
        if len(words) != 1:
            raise AssertionError(f"the address is missing: {line!r}")
        self.host = urllib.parse.urlsplit(words[0]).netloc
        return took

    def kill(self):
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def end(self):
        """End it as its user does; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=120)
        self.process.stdout.close()
        return code

    def close(self):
        if self.process.poll() is None:
            self.end()
        if self.folder:
            self.folder.cleanup()

    def ask(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        headers = dict(headers or {})
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def begin(self, **wish):
        """A new session; returns its id."""
        answer = self.ask("POST", "/api/sessions", {"scenario": "every-query-is-slow", **wish})
        if answer.status != 201:
            raise AssertionError(f"{answer.status} {answer.body[:300]}")
        return answer.json()["id"]

    def command(self, session, command, key=None, timeout=60):
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", f"/api/sessions/{session}/commands", command, headers, timeout)

    def entries(self, session, after=0):
        answer = self.ask("GET", f"/api/sessions/{session}/entries?after={after}")
        if answer.status != 200:
            raise AssertionError(f"{answer.status} {answer.body[:300]}")
        return answer.json()["entries"]


class Events:
    """Server-sent events of a session, read one at a time."""

    def __init__(self, server, session, after=None, last_id=None, timeout=20):
        self.connection = http.client.HTTPConnection(server.host, timeout=timeout)
        path = f"/api/sessions/{session}/events"
        path += f"?after={after}" if after is not None else ""
        headers = {"Last-Event-ID": str(last_id)} if last_id is not None else {}
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def next(self, kind=None):
        """The next event (of a kind) as (kind, id, data)."""
        found = {}
        while True:
            line = self.answer.readline().decode()
            if line == "":
                raise EOFError("the stream has ended")
            line = line.rstrip("\n")
            if line == "" and "data" in found:
                if kind is None or found.get("event") == kind:
                    return found.get("event"), found.get("id"), json.loads(found["data"])
                found = {}
            elif ":" in line and not line.startswith(":"):
                name, value = line.split(":", 1)
                found[name] = value.strip()

    def close(self):
        self.connection.close()
