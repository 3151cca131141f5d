# SPDX-License-Identifier: Apache-2.0
"""script/setup with a pretended system: it must do nothing when nothing is missing, install exactly
what is missing, and never use sudo unasked. Nothing is installed: dpkg-query, apt-get and id are
replaced by small scripts in front of PATH."""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Setup(unittest.TestCase):
    def run_setup(self, missing=(), user=0, with_sudo=True):
        """Return (exit code, all output, calls of apt-get)."""
        with tempfile.TemporaryDirectory() as folder:
            base = pathlib.Path(folder)
            calls = base / "calls"
            calls.touch()
            # The scripts see only these programs, so that sudo can be absent.
            for name in ("env", "bash"):
                (base / name).symlink_to(pathlib.Path("/usr/bin") / name)
            pattern = "|".join(missing) or "none-at-all"
            self.program(base / "dpkg-query",
                         f'case "${{@: -1}}" in {pattern}) exit 1 ;; *) printf installed ;; esac')
            self.program(base / "apt-get", f'echo "$@" >>"{calls}"')
            self.program(base / "id", f"echo {user}")
            if with_sudo:
                self.program(base / "sudo", f'echo "sudo $@" >>"{calls}"')
            done = subprocess.run(["/usr/bin/bash", str(ROOT / "script/setup")],
                                  env={"PATH": folder, "HOME": os.environ.get("HOME", "/")},
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr, calls.read_text().splitlines()

    @staticmethod
    def program(path, body):
        path.write_text(f"#!/usr/bin/bash\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def test_nothing_missing_calls_nothing(self):
        code, output, calls = self.run_setup()
        self.assertEqual((code, calls), (0, []), output)
        self.assertIn("nothing to install", output)

    def test_root_installs_exactly_what_is_missing(self):
        code, output, calls = self.run_setup(missing=["libyaml-dev", "python3"])
        self.assertEqual(code, 0, output)
        self.assertEqual(len(calls), 2, calls)
        self.assertEqual(calls[1].split()[-2:], ["libyaml-dev", "python3"])
        self.assertNotIn("libjansson-dev", calls[1])

    def test_user_without_terminal_is_told_and_nothing_happens(self):
        for with_sudo in (True, False):
            code, output, calls = self.run_setup(["python3"], user=1000, with_sudo=with_sudo)
            self.assertEqual((code, calls), (3, []), output)
            self.assertIn("apt-get install python3", output)


if __name__ == "__main__":
    unittest.main()
