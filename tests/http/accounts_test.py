#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`plumb serve --require-mfa --proxy` and its audit log, over sockets. Usage: PLUMB CONTENT."""

import base64
import hashlib
import hmac
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import time
import unittest

from serving import Server

PLUMB = pathlib.Path(sys.argv.pop(1)).resolve()
CONTENT = sys.argv.pop(1)
SOMEBODY = ("X-Forwarded-For: 10.1.1.1, 192.0.2.7",)


def code_of(secret):
    """RFC 6238."""
    key = base64.b32decode(secret)
    hashed = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = hashed[-1] & 15
    return f"{(struct.unpack('>I', hashed[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def run(*words):
    return subprocess.run([PLUMB, *words], capture_output=True, text=True, check=False)


class Accounts(unittest.TestCase):
    def setUp(self):
        self.server = Server(PLUMB, CONTENT, "--require-mfa", "--proxy", "127.0.0.1")
        self.data = pathlib.Path(self.server.folder.name) / "data"

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0)

    def test_nobody_plays_without_codes_and_all_of_it_is_in_the_audit_log(self):
        server = self.server
        server.set_up()
        status, _, body = server.call("GET", "/api/sessions", headers=SOMEBODY)
        self.assertEqual(status, 403)
        self.assertIn("/account", json.loads(body)["error"]["hint"])
        status, head, _ = server.call("GET", "/")
        self.assertEqual(status, 303)
        self.assertIn("Location: /account\r\n", head + "\r\n")
        proof = {"password": "four random words"}
        status, _, body = server.call("POST", "/api/me/codes", proof)
        self.assertEqual(status, 200)
        code = code_of(json.loads(body)["secret"])
        self.assertEqual(server.call("POST", "/api/me/codes/confirm", {"code": code})[0], 200)
        self.assertEqual(server.call("GET", "/api/sessions")[0], 200)
        self.assertEqual(server.call("POST", "/api/me/codes/remove", {**proof, "code": code})[0],
                         401)  # the code was used
        server.cookie = ""
        wrong = {"name": "ada", "password": "four wrong words"}
        self.assertEqual(server.call("POST", "/api/signin", wrong, headers=SOMEBODY)[0], 401)
        time.sleep(0.5)  # events are written beside the answers
        self.look_at_the_log()

    def look_at_the_log(self):
        done = run("audit", "--data", self.data, "--refused", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(event["what"], event["of"], event["from"]) for event in events],
                         [("forbidden", "/api/sessions", "192.0.2.7"),
                          ("prove_again", "", "127.0.0.1"),
                          ("sign_in", "ada", "192.0.2.7")])
        text = run("audit", "--data", self.data).stdout
        self.assertIn("each fits into the chain", text)
        self.assertIn("confirm_codes", text)
        self.assertNotIn("set_up", run("audit", "--data", self.data, "--after", "1").stdout)
        copy = pathlib.Path(self.server.folder.name) / "copy"
        copy.mkdir()
        shutil.copy(self.data / "audit.ndjson", copy)
        log = copy / "audit.ndjson"
        log.write_text(log.read_text().replace("192.0.2.7", "192.0.2.8", 1))
        broken = run("audit", "--data", copy)
        self.assertNotEqual(broken.returncode, 0)
        self.assertIn("does not follow", broken.stderr)
        checks = {check["check"]: check for check in
                  json.loads(run("doctor", "--data", copy, "--json").stdout)}
        self.assertEqual(checks["audit log"]["grade"], "BAD")

    def test_a_proxy_without_an_address_is_refused(self):
        done = run("serve", "--data", self.data, "--proxy", "proxy.example")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no address of a proxy", done.stderr)


if __name__ == "__main__":
    unittest.main()
