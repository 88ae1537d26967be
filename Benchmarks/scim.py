"""Measures SCIM of the sandbox by wrk, beside its own empty route and beside scim2-server, and prints tables for docs/performance.md.

Called by script/bench scim, which builds the program and installs what this needs:
    scim.py MUSTER PYTHON_WITH_SCIM2_SERVER [SECONDS] [PEOPLE ...]
"""
import json
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["get", "hit", "miss", "page", "deep", "patch", "post"]
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


def main():
    muster, python = sys.argv[1:3]
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    sizes = [int(size) for size in sys.argv[4:]] or [1000, 20000, 1000000]
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in sizes:
            sandbox = Sandbox(muster, folder, count)
            url = sandbox.values["MIMECAST_SCIM_URL"]
            deep = max(1, count - 99999 if count > 100000 else count - 99)
            try:
                request = urllib.request.Request(f"{url}/Users?startIndex={deep}&count=100", headers={"Authorization": f"Bearer {sandbox.token}"})
                start = time.monotonic()
                urllib.request.urlopen(request).read()
                print(f"\nThe first page at startIndex {deep} takes {1000 * (time.monotonic() - start):.0f} ms.")
                for connections in (1, 32):
                    ping = wrk(sandbox.values["MIMECAST_BASE_URL"] + "/ping", "ping", sandbox.people, sandbox.token, connections, seconds)
                    print(f"\n| {count} people, {connections} connection{'s' * (connections > 1)} | a second | of the empty route | p50 ms | p99 ms | p99/p50 |")
                    print("| --- | --- | --- | --- | --- | --- |")
                    print(f"| empty route | {ping['rate']:.0f} | | {ping['p50']:.2f} | {ping['p99']:.2f} | {ping['p99'] / max(ping['p50'], 0.001):.1f} |")
                    for kind in KINDS:
                        # What is asked for the first time is found anew: a place in the depth of a list, pages of the file.
                        wrk(url, kind, sandbox.people, sandbox.token, connections, 1, total=deep, prefix="w")
                        result = wrk(url, kind, sandbox.people, sandbox.token, connections, seconds, total=deep)
                        rates[count, connections, kind] = result["rate"]
                        share = 100 * result["rate"] / ping["rate"]
                        mark = f" (bar {BARS[kind]} %)" if kind in BARS else ""
                        bad = f", {result['errors']} errors" if result["errors"] else ""
                        print(f"| {kind} | {result['rate']:.0f} | {share:.0f} %{mark}{bad} | {result['p50']:.2f} | {result['p99']:.2f} | {result['p99'] / max(result['p50'], 0.001):.1f} |", flush=True)
                if count == sizes[0]:
                    print("\n| under strace, 32 connections | requests | fdatasyncs | requests a flush |")
                    print("| --- | --- | --- | --- |")
                    for kind in ("patch", "post"):
                        requests, flushes = sandbox.fsyncs(kind, seconds)
                        print(f"| {kind} | {requests} | {flushes} | {requests / max(1, flushes):.1f} |", flush=True)
            finally:
                sandbox.stop()
            if os.path.getsize(sandbox.data) > 1 << 30:
                for suffix in ("", "-wal", "-shm"):
                    if os.path.exists(sandbox.data + suffix):
                        os.remove(sandbox.data + suffix)
        if len(sizes) > 1:
            print(f"\n| {sizes[-1]} people against {sizes[0]} | 1 connection | 32 connections |")
            print("| --- | --- | --- |")
            for kind in KINDS:
                shares = [100 * rates[sizes[-1], c, kind] / rates[sizes[0], c, kind] for c in (1, 32)]
                print(f"| {kind} | {shares[0]:.0f} % | {shares[1]:.0f} % |")
        process, base, people = peer(python, folder)
        try:
            print("\n| scim2-server, 1000 people in its memory | 1 connection | 32 connections |")
            print("| --- | --- | --- |")
            for kind in ("get", "hit", "miss", "page", "patch", "post"):
                results = [wrk(base, kind, people, "none", c, seconds, prefix="q") for c in (1, 32)]
                print(f"| {kind} | {results[0]['rate']:.0f} | {results[1]['rate']:.0f} |", flush=True)
        finally:
            process.terminate()


main()
