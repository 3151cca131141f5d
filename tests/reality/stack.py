# SPDX-License-Identifier: Apache-2.0
"""A small real system on loopback: nginx, two pods of the demo service, PostgreSQL.

Everything lives in one temporary directory and on free ports. Processes run as `nobody` when
started by root, are told to die with their parent, and are ended by their own ids. One processor
belongs to PostgreSQL, another one to everything else, so that each has a capacity of its own.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SHM = pathlib.Path("/dev/shm")
ROUTES = ("item", "list", "buy")
ITEMS, CUSTOMERS, STOCK = 500, 100, 10000
SCHEMA = f"""
CREATE TABLE details(item int, body text);
INSERT INTO details SELECT 1 + i % {ITEMS}, md5(i::text)
  FROM generate_series(1, 800 * {ITEMS}) i ORDER BY 1;
CREATE INDEX details_item ON details(item);
CREATE TABLE orders(customer int, amount int, note text);
INSERT INTO orders SELECT 1 + ({CUSTOMERS} * power((i::bigint * 7919 % 100000) / 1e5, 1.6))::int
    % {CUSTOMERS}, i, md5(i::text) FROM generate_series(1, 100000) i;
CREATE INDEX orders_customer ON orders(customer);
CREATE TABLE stock(id int PRIMARY KEY, n int) WITH (fillfactor = 50);
INSERT INTO stock SELECT i, 1000000 FROM generate_series(0, {STOCK} - 1) i;
CREATE TABLE sales(id int, at timestamptz);
"""
NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  upstream pods {{
{servers}
    keepalive 512;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://pods;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream off;
      proxy_read_timeout 60s;
    }}
  }}
}}
"""


class Unavailable(Exception):
    """The machine lacks something that the stack needs."""


def postgres_folder():
    """Folder of the programs of PostgreSQL, which Debian keeps off the path."""
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "postgres").exists():
            return folder
    found = shutil.which("postgres")
    if found is None:
        raise Unavailable("PostgreSQL is not installed; run script/setup.")
    return pathlib.Path(found).resolve().parent


def nginx_path():
    """The nginx program; /usr/sbin is not on everybody's path."""
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        raise Unavailable("nginx is not installed; run script/setup.")
    return found


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def processor_s(process, children=False):
    """Processor seconds that a process and its threads (or children) have used."""
    total = 0
    folders = list(pathlib.Path(f"/proc/{process}/task").glob("*"))
    if children:
        text = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text()
        folders += [pathlib.Path(f"/proc/{child}") for child in text.split()]
    for folder in folders:
        try:
            total += int((folder / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total * 1e-9


class Run:
    """What the users of one load saw. Times in seconds."""

    def __init__(self, report, path):
        self.report = report
        self.ops = []
        with open(path, encoding="ascii") as lines:
            for line in lines:
                due, attempt, sent, done, kind, status, outcome, attempts = map(int, line.split())
                self.ops.append((due * 1e-9, attempt * 1e-9, sent * 1e-9, done * 1e-9,
                                 ROUTES[kind], status, outcome, attempts))

    def latencies(self, after, before, route=None):
        """Latencies of the requests due in a time span that were answered well."""
        return sorted(op[3] - op[0] for op in self.ops
                      if after <= op[0] < before and op[6] == 1 and route in (None, op[4]))


class Stack:
    """The running system; a context manager. `start_service` has to be called before a load."""

    def __init__(self, programs, fair=False, pin=True):
        self.programs = pathlib.Path(programs).resolve()
        self.processes = {}
        self.root = os.geteuid() == 0
        cores = sorted(os.sched_getaffinity(0))
        if pin and len(cores) < 2:
            raise Unavailable("Two processors are needed, one for PostgreSQL and one for the rest.")
        self.cores = {"database": cores[0], "rest": cores[1]} if pin else None
        self.realtime = not fair and self.works(["chrt", "-r", "2"])
        self.nice = not self.realtime and self.works(["nice", "-n", "-10"])
        self.memory = shutil.disk_usage("/dev/shm").free > 2 << 30 if SHM.is_dir() else False
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="plumb-reality-",
                                                    dir=SHM if self.memory else None))
        self.port, *self.pod_ports = free_ports(3)

    @staticmethod
    def works(prefix):
        """Whether this prefix of a command is allowed here."""
        done = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        return done.returncode == 0 and not done.stderr

    def __enter__(self):
        try:
            self.start_database()
            self.start_nginx()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End what was started, by id, and remove the directory."""
        for name in list(self.processes):
            self.stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, words, core, death="KILL"):
        """The command with its processor, priority and user."""
        prefix = []
        if self.realtime:
            prefix += ["chrt", "-r", "1"]
        if self.nice:
            prefix += ["nice", "-n", "-10"]
        if self.cores:
            prefix += ["taskset", "-c", str(self.cores[core])]
        prefix += ["setpriv", f"--pdeathsig={death}"]
        if self.root:
            prefix += ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        return prefix + [str(word) for word in words]

    def start(self, name, words, core, death="KILL", **more):
        """Start a process under a name."""
        log = open(self.folder / f"{name}.out", "ab")
        self.processes[name] = subprocess.Popen(self.command(words, core, death), stderr=log,
                                                stdin=subprocess.DEVNULL, cwd=self.folder, **more)
        log.close()
        return self.processes[name]

    def stop(self, name, sign=signal.SIGTERM):
        """End a process by id and wait for it."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.send_signal(signal.SIGQUIT if name == "postgres" else sign)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start_database(self):
        """A fresh cluster in the directory, on a Unix socket only, with the tables filled."""
        programs = postgres_folder()
        data = self.folder / "data"
        if self.root:
            shutil.chown(self.folder, "nobody", "nogroup")
        subprocess.run(self.command([programs / "initdb", "-D", data, "-A", "trust", "-U", "plumb",
                                     "--locale=C", "--encoding=UTF8", "--no-sync"], "database"),
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder,
                    "shared_buffers": "128MB", "max_connections": 64, "jit": "off",
                    "max_parallel_workers_per_gather": 0, "autovacuum": "off",
                    "checkpoint_timeout": "30min", "max_wal_size": "4GB"}
        words = [programs / "postgres", "-D", data]
        for key, value in settings.items():
            words += ["-c", f"{key}={value}"]
        self.start("postgres", words, "database", "QUIT", stdout=subprocess.DEVNULL)
        self.psql = [programs / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder),
                     "-U", "plumb", "postgres"]
        for _ in range(200):
            if subprocess.run([*self.psql, "-c", "SELECT 1"], capture_output=True,
                              check=False).returncode == 0:
                break
            time.sleep(0.05)
        self.sql(SCHEMA)
        self.sql("VACUUM ANALYZE")
        self.sql("CHECKPOINT")

    def sql(self, text):
        """Run SQL and return its output."""
        done = subprocess.run([*self.psql, "-f", "-"], input=text, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout

    def start_nginx(self):
        """The proxy, which sends to the pods in turn."""
        servers = "\n".join(f"    server 127.0.0.1:{port} max_fails=0;" for port in self.pod_ports)
        config = self.folder / "nginx.conf"
        config.write_text(NGINX.format(folder=self.folder, port=self.port, servers=servers))
        self.start("nginx", [nginx_path(), "-e", self.folder / "nginx.log", "-c", config], "rest",
                   "TERM", stdout=subprocess.DEVNULL)

    def keep_awake(self, awake):
        """Keep the processors from sleeping between requests, or let them."""
        for name, core in (self.cores or {}).items():
            if awake and f"awake-{name}" not in self.processes:
                self.processes[f"awake-{name}"] = subprocess.Popen(
                    ["chrt", "--idle", "0", "taskset", "-c", str(core),
                     self.programs / "reality_awake"],
                    stdin=subprocess.DEVNULL)
            elif not awake:
                self.stop(f"awake-{name}")

    def awake_s(self):
        """Processor seconds that went into keeping awake."""
        return sum(processor_s(process.pid) for name, process in self.processes.items()
                   if name.startswith("awake-"))

    def watch(self):
        """Watch whether the processors stand still; nothing where the priority is not allowed."""
        if not self.realtime:
            return []
        return [subprocess.Popen(["chrt", "-r", "3", "taskset", "-c", str(core),
                                  self.programs / "reality_watch"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, text=True) for core in self.cores.values()]

    @staticmethod
    def watched(watches):
        """End the watches; returns the longest stall of any processor in seconds."""
        longest = 0.0
        for process in watches:
            process.terminate()
            text, _ = process.communicate(timeout=10)
            longest = max(longest, int(text.split()[0]) * 1e-9)
        return longest

    def start_service(self, setup, profile=False):
        """Start the pods anew: `setup` is a dictionary, works[i] is the work of pod i."""
        self.stop_service()
        for i, port in enumerate(self.pod_ports):
            traces = self.folder / f"pod{i}.traces"
            traces.unlink(missing_ok=True)
            process = self.start(
                f"pod{i}",
                [self.programs / "reality_service", port, setup["workers"], setup["pool"],
                 setup["acquire_ms"], setup["queue"], setup["works"][i], setup["slow"],
                 int(profile), f"host={self.folder} user=plumb dbname=postgres", traces],
                "rest", stdout=subprocess.PIPE)
            if process.stdout.readline() != b"ready\n":
                raise RuntimeError((self.folder / f"pod{i}.out").read_text())

    def stop_service(self, only=None):
        """End the pods; they write their traces. Returns these, or those of one pod, as lists of
        words."""
        rows = []
        for i in range(len(self.pod_ports)):
            self.stop(f"pod{i}")
            path = self.folder / f"pod{i}.traces"
            if path.exists() and only in (None, i):
                rows += [line.split() for line in path.read_text().splitlines()]
        return rows

    def processor(self):
        """Processor seconds used so far by each part."""
        nginx = self.processes["nginx"].pid
        return {"postgres": processor_s(self.processes["postgres"].pid, True),
                "nginx": processor_s(nginx, True),
                "service": sum(processor_s(self.processes[f"pod{i}"].pid)
                               for i in range(len(self.pod_ports)))}

    def load(self, rate, seconds, seed, mix, law="poisson"):
        """Send a load; returns its Run, with the processor seconds of each part in the report."""
        path = self.folder / "ops"
        prefix = ["chrt", "-r", "2"] if self.realtime else []
        if self.nice:
            prefix = ["nice", "-n", "-15"]
        if self.cores:
            prefix += ["taskset", "-c", str(self.cores["rest"])]
        before = self.processor()
        watches = self.watch() if self.cores else []
        done = subprocess.run(
            prefix + [str(word) for word in
                      [self.programs / "reality_load", self.port, law, rate, seconds, seed,
                       mix["list"], mix["buy"], mix.get("hot", 0), mix.get("patience_ms", 0),
                       mix.get("retries", 0), mix.get("after_ms", 0), path]],
            capture_output=True, text=True, check=False)
        stall = self.watched(watches)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        after = self.processor()
        report = json.loads(done.stdout)
        report["processor_s"] = {name: after[name] - before[name] for name in after}
        report["stall_s"] = stall
        return Run(report, path)
