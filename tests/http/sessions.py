# SPDX-License-Identifier: Apache-2.0
"""Sessions through real HTTP: keys, streams, crashes, secrets. Usage: sessions.py PLUMB [TEST]"""

import concurrent.futures
import http.client
import os
import pathlib
import re
import sys
import tempfile
import threading
import time
import unittest

from served import Events, Server

PLUMB = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("PLUMB_KILLS", "6"))
LOOK = {"do": "look", "what": "people"}
WAIT = {"do": "wait", "for": 1}  # of questions a session takes 64, of seconds some thousands
SAY = {"do": "say", "what": "message", "to": "hana", "text": "how many customers call?"}


class Playing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PLUMB)

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def test_a_session_from_begin_to_end(self):
        server = self.server
        names = [one["name"] for one in server.ask("GET", "/api/scenarios").json()]
        self.assertIn("every-query-is-slow", names)
        session = server.begin(seed=7)
        answer = server.command(session, LOOK, "a-1")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json()["seq"], 1)
        self.assertEqual(answer.json()["answer"]["observation"]["title"], "people")
        refused = server.command(session, {"do": "look", "what": "poeple"})
        self.assertEqual(refused.status, 422)
        self.assertEqual(refused.json()["error"]["code"], "command_refused")
        self.assertIn("people", refused.json()["error"]["message"])
        self.assertEqual(server.ask("GET", f"/api/sessions/{session}/analysis").status, 409)
        shown = server.ask("GET", f"/api/sessions/{session}").json()
        self.assertEqual((shown["seq"], shown["state"]), (1, "live"))
        self.assertEqual(server.command(session, {"do": "close"}).status, 200)
        self.assertEqual(server.ask("GET", f"/api/sessions/{session}").json()["state"], "closed")
        self.assertIn(server.ask("GET", f"/api/sessions/{session}/analysis").status, (200, 202))
        late = server.command(session, LOOK)
        self.assertEqual(late.status, 422)
        self.assertEqual(late.json()["error"]["reason"], "conflict")

    def test_a_scenario_says_what_it_trains_and_a_service_whether_it_has_pools(self):
        cards = {one["name"]: one for one in self.server.ask("GET", "/api/scenarios").json()}
        self.assertIn("errors that grow by themselves", cards["twelve-percent"]["trains"])
        self.assertIn("narrowing down", cards["every-query-is-slow"]["trains"])
        words = self.server.ask("GET", "/api/lexicon?scenario=every-query-is-slow").json()
        pools = {one["name"]: one.get("pools") for one in words["services"]}
        self.assertIs(pools["checkout-api"], True)
        self.assertIsNone(pools["orders-db"])
        words = self.server.ask("GET", "/api/lexicon?scenario=one-customer").json()
        self.assertIs({one["name"]: one.get("pools") for one in words["services"]}["enrich"], False)

    def test_a_live_clock_waits_for_its_player(self):
        session = self.server.begin(seed=7, clock="live")
        path = f"/api/sessions/{session}"
        def row():
            return next(one for one in self.server.ask("GET", "/api/sessions").json()
                        if one["id"] == session)
        time.sleep(1.1)
        shown = self.server.ask("GET", path).json()
        self.assertEqual((shown["running"], shown["t_s"], shown["state"]), (False, 0, "paused"))
        self.assertIs(row()["waiting"], True)
        self.assertEqual(self.server.ask("POST", f"{path}/clock", {"running": True}).status, 200)
        time.sleep(1.1)
        self.assertGreater(self.server.ask("GET", path).json()["t_s"], 1)
        self.assertIs(row()["waiting"], False)
        self.assertEqual(self.server.command(session, {"do": "close"}).status, 200)
        closed_s = self.server.ask("GET", path).json()["t_s"]
        time.sleep(1.1)
        self.assertEqual(self.server.ask("GET", path).json()["t_s"], closed_s)

    def test_the_same_key_at_once_does_it_once(self):
        session = self.server.begin(seed=7)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.server.command(session, LOOK, "once"), range(8)))
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.body for answer in answers}), 1)
        self.assertEqual(len(self.server.entries(session)), 1)

    def test_a_stream_goes_on_where_it_broke(self):
        session = self.server.begin(seed=7)
        seen = []
        for k in range(6):
            self.server.command(session, SAY)
            self.server.command(session, SAY)
            stream = Events(self.server, session, last_id=seen[-1] if seen else 0)
            seen += [int(stream.next("entry")[1]) for _ in range(2)]
            stream.close()
        self.assertEqual(seen, list(range(1, 13)))

    def test_two_sessions_do_not_see_each_other(self):
        one, other = self.server.begin(seed=7), self.server.begin(seed=8)
        stream = Events(self.server, one, after=0)
        self.server.command(other, LOOK, "same-key")
        self.server.command(one, SAY, "same-key")
        kind, number, data = stream.next("entry")
        stream.close()
        self.assertEqual((number, data["kind"]), ("1", "say"))
        self.assertEqual([entry["kind"] for entry in self.server.entries(other)], ["look"])
        self.assertEqual(self.server.ask("GET", "/api/sessions/0123456789abcdef").status, 404)

    def test_a_live_clock_is_told_and_stands(self):
        session = self.server.begin(seed=7, clock="live", speed=10)
        stream = Events(self.server, session, after=0)
        first = stream.next("clock")[2]
        while stream.next("clock")[2]["t_s"] < first["t_s"] + 10:
            pass
        path = f"/api/sessions/{session}/clock"
        stopped = self.server.ask("POST", path, {"running": False}).json()
        self.assertFalse(stopped["running"])
        time.sleep(1.2)
        again = self.server.ask("GET", f"/api/sessions/{session}").json()
        self.assertEqual((again["t_s"], again["state"]), (stopped["t_s"], "paused"))
        stream.close()

    def test_a_panel_is_refreshed_after_a_look(self):
        session = self.server.begin(seed=7, clock="live")
        path = f"/api/sessions/{session}/panel?service=checkout-api&panel=latency"
        self.assertEqual(self.server.ask("GET", path).json()["error"]["code"], "not_seen")
        look = {"do": "look", "what": "panel", "service": "checkout-api", "panel": "latency"}
        self.assertEqual(self.server.command(session, look).status, 200)
        glance = self.server.ask("GET", path)
        self.assertEqual(glance.status, 200)
        self.assertEqual(glance.json()["observation"]["type"], "panel")
        self.assertEqual(len(self.server.entries(session)), 1)

    def test_futures_part_where_they_should(self):
        session = self.server.begin(seed=7)
        self.server.command(session, {"do": "wait", "for": 300})
        flag = {"do": "act", "action": "flag", "args": ["fraud-inline-v2", "0%"]}
        wish = {"at_s": 120, "commands": [flag], "horizon_s": 1500,
                "panels": [{"service": "checkout-api", "panel": "latency"}]}
        path = f"/api/sessions/{session}/whatif"
        self.assertEqual(self.server.ask("POST", path, wish).status, 409)
        self.server.command(session, {"do": "close"})
        answer = self.server.ask("POST", path, wish)
        self.assertEqual(answer.status, 200, answer.body[:300])
        futures = answer.json()
        self.assertLess(futures["damage_tried"], futures["damage_played"])
        before = [point for point in futures["played"]["damage"] if point[0] <= 120]
        self.assertEqual(before, [p for p in futures["tried"]["damage"] if p[0] <= 120])
        self.assertEqual(futures["played"]["panels"][0]["type"], "panel")

    def test_a_session_goes_on_from_a_moment(self):
        session = self.server.begin(seed=7)
        for _ in range(3):
            self.server.command(session, {"do": "wait", "for": 60})
        self.server.command(session, {"do": "close"})
        wish = {"from": {"session": session, "at_s": 130}}
        answer = self.server.ask("POST", "/api/sessions", wish)
        self.assertEqual(answer.status, 201, answer.body[:300])
        fresh = answer.json()["id"]
        self.assertEqual(self.server.entries(fresh), self.server.entries(session)[:2])


class Crashing(unittest.TestCase):
    """kill -9 while commands come in: what was acknowledged is there, nothing is there twice."""

    def setUp(self):
        self.server = Server(PLUMB)

    def tearDown(self):
        self.server.close()

    def play_until_killed(self, session, name, acknowledged):
        number = 0
        while True:
            number += 1
            key = f"{name}-{number}"
            acknowledged[key] = None
            try:
                answer = self.server.command(session, WAIT, key, timeout=5)
            except (OSError, ValueError, EOFError):
                return
            except Exception as error:  # a broken answer is no acknowledgement
                acknowledged["error"] = error
                return
            if answer.status == 200:
                acknowledged[key] = answer.body
            elif answer.status != 429:
                return

    def await_answers(self, told, count):
        """Until so many commands were acknowledged, so that a kill has something to lose."""
        late = time.monotonic() + 5
        while sum(body is not None for keys in told for body in list(keys.values())) < count:
            if time.monotonic() > late:
                return
            time.sleep(0.002)

    def all_entries(self, session):
        entries = self.server.entries(session)
        while entries and (more := self.server.entries(session, after=len(entries))):
            entries += more
        return entries

    def patiently(self, session, key):
        """Ask again what was asked under a key, as slowly as the server wants it."""
        answer = self.server.command(session, WAIT, key)
        while answer.status == 429:
            time.sleep(0.1)
            answer = self.server.command(session, WAIT, key)
        return answer

    def test_nothing_acknowledged_is_lost_by_kill(self):
        sessions = [self.server.begin(seed=7) for _ in range(3)]
        counts = {session: 0 for session in sessions}
        slowest = 0.0
        for kill in range(KILLS):
            told = [{} for _ in sessions]
            threads = [threading.Thread(target=self.play_until_killed,
                                        args=(session, f"k{kill}", told[i]))
                       for i, session in enumerate(sessions)]
            for thread in threads:
                thread.start()
            self.await_answers(told, 3 + 4 * (kill % 5))
            time.sleep(0.003 * (kill % 7))
            self.server.kill()
            for thread in threads:
                thread.join()
            slowest = max(slowest, self.server.start())
            for session, keys in zip(sessions, told):
                keys.pop("error", None)
                for key, body in keys.items():
                    answer = self.patiently(session, key)
                    self.assertEqual(answer.status, 200, answer.body[:300])
                    if body is not None:
                        self.assertEqual(answer.body, body)
                    counts[session] += 1
                self.assertEqual(len(self.all_entries(session)), counts[session])
        self.assertLess(slowest, 2.0)
        print(f"{KILLS} kills, {sum(counts.values())} entries, ready again in {slowest:.2f} s")

    def test_a_live_clock_stands_during_an_outage(self):
        session = self.server.begin(seed=7, clock="live", speed=10)
        self.server.command(session, SAY)
        before = self.server.entries(session)[-1]["t_s"]
        self.server.kill()
        time.sleep(1.5)
        self.server.start()
        shown = self.server.ask("GET", f"/api/sessions/{session}").json()
        self.assertEqual((shown["t_s"], shown["running"]), (before, False))
        stream = Events(self.server, session, after=0)
        while stream.next("clock")[2]["t_s"] <= before:
            pass
        stream.close()

    def test_it_ends_clean(self):
        self.server.begin(seed=7)
        self.assertEqual(self.server.end(), 0)


class Failing(unittest.TestCase):
    """A disk that does not flush: nothing is acknowledged, the server ends and says why."""

    def test_a_failed_flush_ends_the_server(self):
        with tempfile.TemporaryDirectory() as folder:
            flag = pathlib.Path(folder) / "no-sync"
            server = Server(PLUMB, environment={"LD_PRELOAD": os.environ["PLUMB_FAILING_SYNC"],
                                                "PLUMB_TEST_NO_SYNC": str(flag)})
            try:
                session = server.begin(seed=7)
                answers = [server.command(session, SAY, f"k{i}") for i in range(3)]
                self.assertEqual([answer.status for answer in answers], [200] * 3)
                flag.touch()
                with self.assertRaises((OSError, http.client.HTTPException)):
                    server.command(session, SAY, "lost", timeout=20)
                self.assertEqual(server.process.wait(timeout=20), 3)
                server.process.stdout.close()
                flag.unlink()
                server.start()
                again = [server.command(session, SAY, f"k{i}") for i in range(3)]
                self.assertEqual([answer.body for answer in again],
                                 [answer.body for answer in answers])
            finally:
                server.close()


class Secrets(unittest.TestCase):
    """What a scenario hides is in no byte that a player can fetch before the end."""

    def hidden(self):
        """Sentences of all causes: title, text and tell."""
        text = (ROOT / "content/scenarios/every-query-is-slow/scenario.yaml").read_text()
        causes = text.split("\ncauses:\n", 1)[1].split("\nred_herrings:", 1)[0]
        sentences = r'^    (?:title|text|tell|trigger|mechanism): "(.{12,}?)"$'
        found = re.findall(sentences, causes, re.M)
        names = re.findall(r"^  ([a-z0-9-]+):$", causes, re.M)
        self.assertGreater(len(found), 24)
        self.assertGreater(len(names), 8)
        return found + [f'"{name}"' for name in names]

    def test_no_secret_before_the_end(self):
        server = Server(PLUMB)
        try:
            session = server.begin(seed=7)
            bodies = []
            looks = ["alerts", "topology", "flags", "people", "status", "changes", "runbook"]
            for what in looks:
                bodies.append(server.command(session, {"do": "look", "what": what}).body)
            for path in ("", "/entries?after=0", "/analysis"):
                bodies.append(server.ask("GET", f"/api/sessions/{session}{path}").body)
            for path in ("/api/scenarios", "/api/sessions", "/api/lexicon", "/metrics",
                         "/openapi.json", "/docs/api", "/"):
                bodies.append(server.ask("GET", path).body)
            for command in ({"do": "actions"}, {"do": "debrief"}, {"do": "lok"}):
                bodies.append(server.command(session, command).body)
            wish = {"at_s": 0, "commands": [], "horizon_s": 60}
            bodies.append(server.ask("POST", f"/api/sessions/{session}/whatif", wish).body)
            wish = {"from": {"session": session, "at_s": 0}}
            bodies.append(server.ask("POST", "/api/sessions", wish).body)
            everything = b"\n".join(bodies).decode()
            leaks = [words for words in self.hidden() if words in everything]
            self.assertEqual(leaks, [])
            # The search itself works: after the end the cause is told.
            debrief = server.command(session, {"do": "close"}).body.decode()
            self.assertTrue([words for words in self.hidden() if words in debrief])
        finally:
            server.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
