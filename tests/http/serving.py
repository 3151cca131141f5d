# SPDX-License-Identifier: Apache-2.0
"""A `plumb serve` of its own data for tests, and a client that speaks bytes."""

import json
import re
import signal
import socket
import subprocess
import tempfile


class Server:
    """Starts `plumb serve` on a free port and makes the first account."""

    def __init__(self, plumb, content, *options):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [plumb, "serve", "--data", self.folder.name + "/data", "--listen", "127.0.0.1:0",
             "--content", content, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.host = f"127.0.0.1:{self.port}"
        self.process.stdout.readline()
        self.token = re.search(r"/setup#(\S+)", self.process.stdout.readline()).group(1)
        self.cookie = ""

    def set_up(self):
        body = {"token": self.token, "name": "ada", "password": "four random words"}
        status, head, _ = self.call("POST", "/api/setup", body)
        assert status == 201, status
        self.cookie = re.search(r"Set-Cookie: ([^;]+)", head).group(1)

    def stop(self):
        """End it politely and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()
        return code

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def exchange(self, data, half_close=False):
        """Send bytes on a new connection and read to the end: (answer, was it closed)."""
        with self.connect() as connection:
            try:
                connection.sendall(data)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return read_all(connection)

    def call(self, method, path, body=None, headers=()):
        """(status, head, body) of a well-formed request."""
        text = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", "Connection: close"]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if method not in ("GET", "HEAD"):
            lines += ["Sec-Fetch-Site: same-origin", f"Content-Length: {len(text)}"]
            lines += ["Content-Type: application/json"] if text else []
        lines += headers
        answer, _ = self.exchange("\r\n".join(lines).encode() + b"\r\n\r\n" + text)
        head, _, rest = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode(), rest


def read_all(connection):
    """All bytes until the end: (bytes, was the connection closed by the server)."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    except TimeoutError:
        return b"".join(parts), False
    return b"".join(parts), True
