"""Measures SCIM of the sandbox by wrk, beside its own empty route and beside scim2-server, and prints tables for docs/performance.md.

Called by script/bench scim, which builds the program and installs what this needs:
    scim.py MUSTER PYTHON_WITH_SCIM2_SERVER [ROUNDS] [PEOPLE ...]
"""
import json
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
READS = ["get", "hit", "miss", "page", "deep"]
WRITES = ["patch", "post"]
BARS = {"get": 55, "hit": 50, "miss": 50, "page": 10, "deep": 10}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wrk(url, kind, people, token, connections, seconds, prefix="p", total=0):
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", os.path.join(HERE, "scim.lua"), url, "--", kind, people,
         token, prefix, str(total)],
        capture_output=True, text=True, timeout=seconds + 60)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", out.stdout)
    if not found:
        raise SystemExit(f"wrk said: {out.stdout}{out.stderr}")
    requests, micros, p50, p99, errors = map(int, found.groups())
    return {"rate": requests / (micros / 1e6), "p50": p50 / 1000, "p99": p99 / 1000, "errors": errors, "requests": requests}


class Sandbox:
    def __init__(self, muster, folder, count):
        self.data = os.path.join(folder, f"people-{count}.db")
        self.env = os.path.join(folder, f"env-{count}")
        self.log = open(os.path.join(folder, f"log-{count}"), "w+")
        self.process = subprocess.Popen(
            [muster, "sandbox", "--listen", "127.0.0.1:0", "--data", self.data, "--seed", f"people:{count}", "--quota", "1000000/1",
             "--token-ttl", "86400", "--credentials-out", self.env], stderr=self.log)
        while True:
            self.log.flush()
            with open(self.log.name) as log:
                if "sandbox ready" in log.read():
                    break
            if self.process.poll() is not None:
                raise SystemExit("the sandbox did not start")
            time.sleep(0.2)
        with open(self.env) as env:
            self.values = dict(re.match(r"(\w+)='(.*)'", line).groups() for line in env)
        form = urllib.parse.urlencode({
            "grant_type": "client_credentials", "client_id": self.values["MIMECAST_GUIDE_CLIENT_ID"],
            "client_secret": self.values["MIMECAST_GUIDE_CLIENT_SECRET"]}).encode()
        with urllib.request.urlopen(self.values["MIMECAST_BASE_URL"] + "/oauth/token", form) as answer:
            self.token = json.load(answer)["access_token"]
        store = sqlite3.connect(f"file:{self.data}?mode=ro", uri=True)
        # Those that a directory owns refuse to be written.
        rows = store.execute(
            "SELECT r.id, r.user_name_folded FROM scim_resources r JOIN sb_accounts a ON a.tenant = r.tenant AND a.id = r.id "
            "WHERE r.type = 'User' AND a.source = 'cloud' LIMIT 20000").fetchall()
        store.close()
        rows = [row for row in rows if re.fullmatch(r"\S+", row[1])]
        random.Random(1).shuffle(rows)
        self.people = os.path.join(folder, f"ids-{count}")
        with open(self.people, "w") as file:
            file.writelines(f"{id} {name}\n" for id, name in rows[:5000])

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def fsyncs(self, kind, seconds):
        """Requests and fdatasyncs of a short run under strace, which slows everything but the ratio."""
        trace = subprocess.Popen(
            ["strace", "-f", "-c", "-e", "trace=fdatasync,fsync", "-p", str(self.process.pid)], stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        result = wrk(self.values["MIMECAST_SCIM_URL"], kind, self.people, self.token, 32, seconds, prefix="s")
        trace.send_signal(2)
        _, report = trace.communicate()
        calls = sum(int(row.split()[3]) for row in report.splitlines() if row.strip().endswith(("fdatasync", "fsync")))
        return result["requests"], calls


def peer(python, folder):
    """scim2-server with a thousand people in its memory; nothing where it cannot be started."""
    port = free_port()
    process = subprocess.Popen(
        [os.path.join(os.path.dirname(python), "scim2-server"), "--hostname", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}/v2"
    for _ in range(100):
        try:
            urllib.request.urlopen(base + "/ServiceProviderConfig").read()
            break
        except OSError:
            time.sleep(0.1)
    people = os.path.join(folder, "peer-ids")
    with open(people, "w") as file:
        for number in range(1000):
            body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": f"person{number}@bench.example",
                    "emails": [{"value": f"person{number}@bench.example", "primary": True}]}
            request = urllib.request.Request(
                base + "/Users", json.dumps(body).encode(), {"Content-Type": "application/scim+json"}, method="POST")
            with urllib.request.urlopen(request) as answer:
                file.write(f"{json.load(answer)['id']} person{number}@bench.example\n")
    return process, base, people


class Medians:
    """What rounds of one kind measured: of each figure the one in the middle. The machine is faster in one minute and slower in the next, so
    that only what was measured in the same round is compared."""

    def __init__(self):
        self.rounds = []

    def add(self, result):
        self.rounds.append(result)

    def of(self, name):
        return statistics.median(result[name] for result in self.rounds)

    def share(self, other):
        return statistics.median(100 * mine["rate"] / theirs["rate"] for mine, theirs in zip(self.rounds, other.rounds))

    def spread(self):
        """p99 as a multiple of p50."""
        return statistics.median(result["p99"] / max(result["p50"], 0.001) for result in self.rounds)

    def row(self, name, share):
        errors = sum(result["errors"] for result in self.rounds)
        bad = f", {errors} errors" if errors else ""
        return f"| {name} | {self.of('rate'):.0f} | {share}{bad} | {self.of('p50'):.2f} | {self.of('p99'):.2f} | {self.spread():.1f} |"


def measure(sandboxes, kinds, connections, rounds, seconds):
    """Each kind in every sandbox once a round, beside the empty route."""
    kinds = ["empty route"] + kinds
    found = {(count, kind): Medians() for count in sandboxes for kind in kinds}

    def ask(count, kind, seconds):
        sandbox = sandboxes[count]
        url = sandbox.values["MIMECAST_BASE_URL"] + "/ping" if kind == "empty route" else sandbox.values["MIMECAST_SCIM_URL"]
        name = "ping" if kind == "empty route" else kind
        return wrk(url, name, sandbox.people, sandbox.token, connections, seconds, total=deep_start(count))

    for _ in range(rounds):
        for count, kind in found:
            # What was not asked for in a while is found anew: a place in the depth of a list, pages of the file.
            ask(count, kind, 1)
            found[count, kind].add(ask(count, kind, seconds))
    return found


def deep_start(count):
    """Where the deep page begins."""
    return max(1, count - 99999 if count > 100000 else count - 99)


def main():
    muster, python = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    sizes = [int(size) for size in sys.argv[4:]] or [1000, 20000, 1000000]
    seconds = 2
    sandboxes = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            for count in sizes:
                sandboxes[count] = sandbox = Sandbox(muster, folder, count)
                deep = deep_start(count)
                request = urllib.request.Request(
                    f"{sandbox.values['MIMECAST_SCIM_URL']}/Users?startIndex={deep}&count=100",
                    headers={"Authorization": f"Bearer {sandbox.token}"})
                start = time.monotonic()
                urllib.request.urlopen(request).read()
                print(f"\nThe first page at startIndex {deep} takes {1000 * (time.monotonic() - start):.0f} ms.", flush=True)
            # Writes come last: after each of them readers see the file anew.
            found = {
                (kinds[0], connections): measure(sandboxes, kinds, connections, rounds, seconds)
                for kinds in (READS, WRITES) for connections in (1, 32)}
            for connections in (1, 32):
                for count in sizes:
                    print(f"\n| {count} people, {connections} connection{'s' * (connections > 1)} | a second | of the empty route | p50 ms | p99 ms | p99/p50 |")
                    print("| --- | --- | --- | --- | --- | --- |")
                    print(found[READS[0], connections][count, "empty route"].row("empty route", ""))
                    for kinds in (READS, WRITES):
                        part = found[kinds[0], connections]
                        for kind in kinds:
                            mark = f" (bar {BARS[kind]} %)" if kind in BARS else ""
                            share = part[count, kind].share(part[count, "empty route"])
                            print(part[count, kind].row(kind, f"{share:.0f} %{mark}"), flush=True)
            if len(sizes) > 1:
                print(f"\n| {sizes[-1]} people against {sizes[0]} | 1 connection | 32 connections |")
                print("| --- | --- | --- |")
                for kinds in (READS, WRITES):
                    for kind in kinds:
                        parts = [found[kinds[0], connections] for connections in (1, 32)]
                        shares = [part[sizes[-1], kind].share(part[sizes[0], kind]) for part in parts]
                        print(f"| {kind} | {shares[0]:.0f} % | {shares[1]:.0f} % |")
            print("\n| under strace, 32 connections | requests | fdatasyncs | requests a flush |")
            print("| --- | --- | --- | --- |")
            for kind in WRITES:
                requests, flushes = sandboxes[sizes[0]].fsyncs(kind, seconds)
                print(f"| {kind} | {requests} | {flushes} | {requests / max(1, flushes):.1f} |", flush=True)
        finally:
            for sandbox in sandboxes.values():
                sandbox.stop()
        process, base, people = peer(python, folder)
        try:
            print("\n| scim2-server, 1000 people in its memory | 1 connection | 32 connections |")
            print("| --- | --- | --- |")
            for kind in READS[:4] + WRITES:
                results = [wrk(base, kind, people, "none", c, 2 * seconds, prefix="q") for c in (1, 32)]
                print(f"| {kind} | {results[0]['rate']:.0f} | {results[1]['rate']:.0f} |", flush=True)
        finally:
            process.terminate()


main()
