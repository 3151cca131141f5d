# SPDX-License-Identifier: Apache-2.0
"""Hostile input over real sockets: each gets a clear 4xx and a closed connection, and the server
goes on. Usage: hostile_test.py PLUMB CONTENT"""

import concurrent.futures
import json
import re
import socket
import sys
import time
import unittest

from serving import Server, read_all

HEADERS = [
    "Content-Security-Policy: default-src 'none';",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: same-origin",
    "Cross-Origin-Opener-Policy: same-origin",
]


def request(*lines, body=b"", end=b"\r\n"):
    return end.join(line if isinstance(line, bytes) else line.encode() for line in lines) \
        + end + end + body


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PLUMB, CONTENT)
        cls.server.set_up()
        cls.host = f"Host: {cls.server.host}"

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def refused(self, name, data, status, code):
        answer, closed = self.server.exchange(data)
        with self.subTest(name):
            head, _, body = answer.partition(b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 %d " % status), answer[:200])
            self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d", answer)), 1, "no second answer")
            self.assertTrue(closed)
            self.assertIn(b"Connection: close", head)
            error = json.loads(body)["error"]
            self.assertEqual(error["code"], code)
            self.assertTrue(error["message"].endswith("."))
            for header in HEADERS:
                self.assertIn(header.encode(), head)

    def setUp(self):
        self.assertEqual(self.server.call("GET", "/healthz")[0], 200)

    tearDown = setUp

    def test_smuggling(self):
        second = b"GET /healthz HTTP/1.1\r\n" + self.host.encode() + b"\r\n\r\n"
        post = ("POST /api/signout HTTP/1.1", self.host, "Content-Type: application/json")
        chunked = "Transfer-Encoding: chunked"
        cases = {
            "both lengths": (post + ("Content-Length: 5", chunked), 400, "bad_request"),
            "both lengths, other order": (post + (chunked, "Content-Length: 5"), 400,
                                          "bad_request"),
            "two lengths": (post + ("Content-Length: 5", "Content-Length: 6"), 400, "bad_request"),
            "two equal lengths": (post + ("Content-Length: 5", "Content-Length: 5"), 400,
                                  "bad_request"),
            "list of lengths": (post + ("Content-Length: 5, 5",), 400, "bad_request"),
            "signed length": (post + ("Content-Length: +5",), 400, "bad_request"),
            "length with a space in it": (post + ("Content-Length: 1 0",), 400, "bad_request"),
            "hexadecimal length": (post + ("Content-Length: 0x5",), 400, "bad_request"),
            "huge length": (post + ("Content-Length: 18446744073709551621",), 400, "bad_request"),
            "space before the colon": (post + ("Content-Length : 5",), 400, "bad_request"),
            "chunked": (post + (chunked,), 411, "length_required"),
            "chunked, capital": (post + ("Transfer-Encoding: CHUNKED",), 411, "length_required"),
            "chunked twice": (post + (chunked, chunked), 400, "bad_request"),
            "chunked after identity": (post + ("Transfer-Encoding: identity, chunked",), 411,
                                       "length_required"),
            "tab before chunked": (post + ("Transfer-Encoding:\tchunked",), 411,
                                   "length_required"),
            "vertical tab before chunked": (post + ("Transfer-Encoding: \x0bchunked",), 400,
                                            "bad_request"),
            "no length": (post, 411, "length_required"),
            "body of a GET": (("GET / HTTP/1.1", self.host, "Content-Length: 5"), 400,
                              "bad_request"),
        }
        for name, (lines, status, code) in cases.items():
            self.refused(name, request(*lines, body=b"0\r\n\r\n" + second), status, code)
        bad_chunks = [b"5\r\nabcde\r\n0\r\n\r\n", b"5;x=\ny\r\nabcde\r\n0\r\n\r\n",
                      b"-5\r\nabcde\r\n", b"0x5\r\nabcde\r\n", b"FFFFFFFFFFFFFFFFF\r\n",
                      b"5\nabcde\n0\n\n"]
        for number, chunks in enumerate(bad_chunks):
            data = request(*post, chunked, body=chunks + second)
            self.refused(f"chunks {number}", data, 411, "length_required")

    def test_framing(self):
        get = "GET /healthz HTTP/1.1"
        cases = {
            "bare LF": (request(get, self.host, end=b"\n"), 400, "bad_request"),
            "one bare LF": (b"GET /healthz HTTP/1.1\r\n" + self.host.encode() + b"\n\r\n", 400,
                            "bad_request"),
            "bare CR": (request(get, self.host, "X: a\rY: b"), 400, "bad_request"),
            "NUL in a header": (request(get, self.host, b"X: a\0b"), 400, "bad_request"),
            "NUL in the path": (request(b"GET /\0 HTTP/1.1", self.host), 400, "bad_request"),
            "folded header": (request(get, self.host, "X: a", " b"), 400, "bad_request"),
            "folded with a tab": (request(get, self.host, "X: a", "\tb"), 400, "bad_request"),
            "first header folded": (request(get, " X: a", self.host), 400, "bad_request"),
            "no colon": (request(get, self.host, "nothing"), 400, "bad_request"),
            "empty name": (request(get, self.host, ": x"), 400, "bad_request"),
            "bytes in a name": (request(get, self.host, b"X\xff: x"), 400, "bad_request"),
            "empty line first": (b"\r\n" + request(get, self.host), 400, "bad_request"),
            "two spaces": (request("GET  /healthz HTTP/1.1", self.host), 400, "bad_request"),
            "no version": (request("GET /healthz", self.host), 400, "bad_request"),
            "HTTP/0.9": (request("GET /healthz HTTP/0.9", self.host), 505, "bad_version"),
            "HTTP/2": (request("PRI * HTTP/2.0", "", "SM"), 505, "bad_version"),
            "unknown method": (request("BREW / HTTP/1.1", self.host), 501, "unknown_method"),
            "CONNECT": (request("CONNECT a:1 HTTP/1.1", self.host), 501, "unknown_method"),
            "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "bad_request"),
        }
        for name, (data, status, code) in cases.items():
            self.refused(name, data, status, code)

    def test_host(self):
        get = "GET /healthz HTTP/1.1"
        cases = {
            "none": ((get,), 400, "bad_host"),
            "two": ((get, self.host, self.host), 400, "bad_host"),
            "empty": ((get, "Host:"), 400, "bad_host"),
            "with a path": ((get, "Host: a/b"), 400, "bad_host"),
            "with a user": ((get, "Host: a@b"), 400, "bad_host"),
            "with a comma": ((get, "Host: a,b"), 400, "bad_host"),
            "another name": ((get, "Host: rebound.example"), 421, "wrong_host"),
            "our address as a label": ((get, "Host: 127.0.0.1.example"), 421, "wrong_host"),
        }
        for name, (lines, status, code) in cases.items():
            self.refused(name, request(*lines), status, code)

    def test_paths(self):
        paths = ["http://127.0.0.1/", "//evil.example/x", "*", "healthz", "/../etc/passwd",
                 "/assets/../../etc/passwd", "/assets/%2e%2e/x", "/assets/.%2E/x", "/./x",
                 "/a//b", "/%00", "/x%00.js", "/a%2fb", "/a%5cb", "/a\\b", "/%", "/%4", "/%zz",
                 "/%0d%0aX:%20y", "/%ff", "/%c0%ae%c0%ae/", "/a?x=%00", "/a?%0a=1", "/#x", "/<x>"]
        for path in paths:
            data = request(f"GET {path} HTTP/1.1", self.host)
            self.refused(path, data, 400, "bad_path")
        long = request("GET /" + "a" * 3000 + " HTTP/1.1", self.host)
        self.refused("long path", long, 414, "path_too_long")
        endless = b"GET /" + b"a" * 100000
        self.refused("path without end", endless, 414, "path_too_long")

    def test_sizes(self):
        get = "GET /healthz HTTP/1.1"
        lines = [f"X-{number}: y" for number in range(70)]
        self.refused("many headers", request(get, self.host, *lines), 431, "head_too_large")
        self.refused("large header", request(get, self.host, "X: " + "y" * 20000), 431,
                     "head_too_large")
        self.refused("head without end", get.encode() + b"\r\nX: " + b"y" * 1000000, 431,
                     "head_too_large")
        post = ("POST /api/signin HTTP/1.1", self.host, "Content-Type: application/json")
        self.refused("large body", request(*post, "Content-Length: 5000", body=b"x" * 5000), 413,
                     "body_too_large")
        self.refused("body that never comes", request(*post, "Content-Length: 99999999"), 413,
                     "body_too_large")

    def test_types_and_other_sites(self):
        post = ("POST /api/signin HTTP/1.1", self.host, "Content-Length: 2")
        json_type = "Content-Type: application/json"
        types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                 "application/json; charset=utf-16", "text/json", ""]
        for kind in types:
            data = request(*post, f"Content-Type: {kind}", body=b"{}")
            self.refused(f"type {kind}", data, 415, "wrong_content_type")
        self.refused("compressed", request(*post, json_type, "Content-Encoding: gzip", body=b"{}"),
                     415, "wrong_content_type")
        sites = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: none",
                 "Origin: https://evil.example", "Origin: null",
                 f"Origin: http://{self.server.host}.evil.example",
                 f"Origin: https://{self.server.host}"]
        for site in sites:
            data = request(*post, json_type, site, body=b"{}")
            self.refused(site, data, 403, "cross_site")
        data = request(*post, json_type, f"Cookie: {self.server.cookie}", body=b"{}")
        self.refused("cookie without origin", data, 403, "cross_site")
        self.refused("read by another site",
                     request("GET /api/sessions HTTP/1.1", self.host, "Sec-Fetch-Site: cross-site"),
                     403, "cross_site")
        self.refused("expectation", request(*post, json_type, "Expect: 200-ok", body=b"{}"), 417,
                     "expectation_failed")

    def test_bodies(self):
        bodies = [b"", b"{", b"[]", b"null", b'{"name":"a","name":"b","password":"c"}',
                  b'{"name":"\xff","password":"c"}', b"[" * 1000, b'{"name":1,"password":[]}',
                  b'{"name":"a\\u0000b","password":"c"}']
        for body in bodies:
            answer, _ = self.server.exchange(request(
                "POST /api/signin HTTP/1.1", self.host, "Content-Type: application/json",
                "Connection: close", f"Content-Length: {len(body)}", body=body))
            with self.subTest(body):
                self.assertTrue(answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 429 ")), answer)

    def test_slow_clients_are_let_go_and_hold_up_nobody(self):
        def drip(begin, rest):
            with self.server.connect() as connection:
                begun = time.monotonic()
                connection.sendall(begin)
                for byte in rest:
                    time.sleep(0.5)
                    try:
                        connection.sendall(bytes([byte]))
                    except OSError:
                        break
                connection.settimeout(30)
                answer, closed = read_all(connection)
                return answer, closed, time.monotonic() - begun

        post = request("POST /api/signin HTTP/1.1", self.host, "Content-Type: application/json",
                       "Content-Length: 100")
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            heads = [pool.submit(drip, b"GET /healthz HTTP/1.1\r\n", b"X: " + b"y" * 17)
                     for _ in range(20)]
            silent = pool.submit(drip, b"", b"")
            body = pool.submit(drip, post, b"")
            time.sleep(1)
            begun = time.monotonic()
            self.assertEqual(self.server.call("GET", "/healthz")[0], 200)
            self.assertLess(time.monotonic() - begun, 0.5)
            for each in heads:
                answer, closed, seconds = each.result()
                self.assertTrue(answer.startswith(b"HTTP/1.1 408 "), answer)
                self.assertTrue(closed)
                self.assertLess(seconds, 14)
            self.assertEqual(silent.result()[:2], (b"", True))
            self.assertTrue(body.result()[0].startswith(b"HTTP/1.1 408 "))

    def test_a_connection_that_is_cut_anywhere_harms_nobody(self):
        whole = request("POST /api/signin HTTP/1.1", self.host, "Content-Type: application/json",
                        "Content-Length: 2", body=b"{}")
        for size in range(0, len(whole), 3):
            with self.server.connect() as connection:
                connection.sendall(whole[:size])
                if size % 2 == 0:
                    linger = (1).to_bytes(4, sys.byteorder) + (0).to_bytes(4, sys.byteorder)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


class Promises(unittest.TestCase):
    """What every route keeps, asked of each in the list that the server gives."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(PLUMB, CONTENT)
        cls.api = json.loads(cls.server.call("GET", "/openapi.json")[2])

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def routes(self):
        for path, methods in self.api["paths"].items():
            for method, call in methods.items():
                path = path.replace("{id}", "0123456789abcdef").replace("{name}", "eve")
                yield method.upper(), path, call

    def test_only_what_is_open_to_anyone_answers_without_sign_in(self):
        for method, path, call in self.routes():
            status, head, _ = self.server.call(method, path, {} if method == "POST" else None)
            with self.subTest(f"{method} {path}"):
                if "security" in call:
                    self.assertEqual(status, 401)
                else:
                    self.assertNotIn(status, (401, 403))

    def test_every_answer_carries_the_security_headers(self):
        paths = ["/", "/signin", "/setup", "/page.css", "/signin.js", "/docs/api", "/kpi",
                 "/metrics", "/openapi.json", "/nowhere", "/assets/nowhere.js", "/api/nowhere"]
        for path in paths + [path for _, path, _ in self.routes()]:
            status, head, _ = self.server.call("GET", path)
            with self.subTest(path):
                for header in HEADERS:
                    self.assertIn(header, head)
                self.assertNotIn("unsafe", head)
                self.assertIn("X-Request-Id: ", head)
                self.assertNotEqual(status, 500)

    def test_no_state_changes_by_a_get(self):
        for method, path, _ in self.routes():
            if method != "GET":
                status, head, _ = self.server.call("GET", path)
                with self.subTest(path):
                    self.assertIn(status, (200, 401, 404, 405))

    def test_the_descriptions_agree_with_themselves(self):
        text = json.dumps(self.api)
        known = self.api["components"]["schemas"]
        names = set(part.split('"')[0] for part in text.split("#/components/schemas/")[1:])
        self.assertLessEqual(names, set(known))
        ids = [call["operationId"] for _, _, call in self.routes()]
        self.assertEqual(len(ids), len(set(ids)))
        page = self.server.call("GET", "/docs/api")[2].decode()
        for path in self.api["paths"]:
            self.assertIn(path, page)


if __name__ == "__main__":
    PLUMB, CONTENT = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
