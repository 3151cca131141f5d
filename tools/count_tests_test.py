# SPDX-License-Identifier: Apache-2.0
"""Tests of tools/count_tests.py: silence and broken steps must never look like success."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent / "count_tests.py"


def last_line(results, *arguments):
    """Write one log per list of results, run the tool, return (exit code, last line)."""
    with tempfile.TemporaryDirectory() as folder:
        logs = []
        for number, names in enumerate(results):
            path = pathlib.Path(folder) / f"{number}.json"
            lines = [json.dumps({"name": f"t{i}", "result": r}) for i, r in enumerate(names)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            logs.append(str(path))
        command = [sys.executable, str(TOOL), *logs, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stdout.rstrip("\n").split("\n")[-1]


class Counting(unittest.TestCase):
    def test_builds_are_summed(self):
        self.assertEqual(last_line([["OK", "OK"], ["OK", "SKIP"]]), (0, "3 passed, 0 failed"))

    def test_every_other_result_is_a_failure(self):
        logs = [["OK", "FAIL", "TIMEOUT", "ERROR", "UNEXPECTEDPASS", "INTERRUPT"]]
        self.assertEqual(last_line(logs), (1, "1 passed, 5 failed"))

    def test_missing_and_empty_logs_fail(self):
        self.assertEqual(last_line([["OK"], []]), (1, "1 passed, 1 failed"))
        self.assertEqual(last_line([["OK"]], "no/such/log"), (1, "1 passed, 1 failed"))

    def test_broken_step_fails(self):
        self.assertEqual(last_line([["OK"]], "--broken", "1"), (1, "1 passed, 1 failed"))


if __name__ == "__main__":
    unittest.main()
