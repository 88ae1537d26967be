"""What script/bench history prints: reads that find changes, what they leave in the store, and how fast it is found again.

Arguments: fed or synced, the muster binary, the SandboxBench binary, how many people, how many reads. Everything happens in the working folder.

fed: the rows of each read, and of the vendor's audit log, go straight to the code that a sync puts them into the store with. synced: through
syncs of a sandbox over HTTP, where the vendor costs more than what is measured.
"""
import json, os, signal, sqlite3, subprocess, sys, time, urllib.request

way, muster, bench, people, reads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
changes = max(1, people // 100)
store = "history.db"
os.environ["MUSTER_STORE"] = f"sqlite:{store}"


def run(*command, out="out", ok=(0,)):
    """Runs a command; its seconds."""
    with open(out, "w") as output, open("err", "w") as err:
        begin = time.monotonic()
        code = subprocess.run(command, stdout=output, stderr=err).returncode
        seconds = time.monotonic() - begin
    if code not in ok:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{open('err').read()[-2000:]}")
    return seconds


def best(*command):
    return min(run(*command) for _ in range(7))


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def used():
    """Bytes of the store that hold something."""
    with sqlite3.connect(store) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, free, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size"))
        return (pages - free) * size


def change(addresses, number):
    """Gives people another name, as an administrator in the console would."""
    for start in range(0, len(addresses), 500):
        operations = [{"op": "rename", "emailAddress": address, "name": f"Name {number} of {address.split('@')[0]}"}
                      for address in addresses[start:start + 500]]
        request = urllib.request.Request(
            os.environ["MIMECAST_CONTROL_URL"] + "/directory", json.dumps({"operations": operations}).encode(),
            {"Content-Type": "application/json"})
        urllib.request.urlopen(request).read()


def synced():
    """Reads through a sandbox: bytes and seconds of each, an address, an instant in the middle."""
    log = open("sandbox.log", "w")
    sandbox = subprocess.Popen(
        [muster, "sandbox", "--listen", "127.0.0.1:0", "--data", "people.db", "--seed", f"people:{people}", "--quota", "1000000/1",
         "--token-ttl", "864000", "--credentials-out", "env"], stderr=log, stdout=log)
    try:
        while "sandbox ready" not in open("sandbox.log").read():
            if sandbox.poll() is not None:
                sys.exit(open("sandbox.log").read())
            time.sleep(0.1)
        for line in open("env"):
            name, value = line.rstrip("\n").split("=", 1)
            os.environ[name] = value.strip("'")
        run(muster, "sync", "--dialect", "guide")
        with sqlite3.connect(store) as db:
            addresses = [address for (address,) in db.execute("SELECT key FROM observed_accounts WHERE side = 'internal' ORDER BY n")]
        size, middle, grown, spent = used(), None, [], []
        for number in range(1, reads + 1):
            # Spread over everybody, others each time.
            change(addresses[number % 100::100][:changes], number)
            if number == reads // 2 + 1:
                middle = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                time.sleep(1.1)
            spent.append(run(muster, "sync", "--dialect", "guide"))
            now = used()
            grown.append(now - size)
            size = now
    finally:
        sandbox.send_signal(signal.SIGTERM)
        sandbox.wait()
    return grown, spent, addresses[50], middle


def fed():
    """The same without a vendor."""
    run(bench, "grow", store, "--people", str(people), "--reads", str(reads), out="grown")
    lines = [line.split("\t") for line in open("grown")]
    sizes = [int(line[1]) for line in lines]
    run(bench, "look", store, "--people", str(people), "--reads", str(reads), out="looked")
    someone, middle = open("looked").read().split("\n")[1].split("\t")
    return [after - before for before, after in zip(sizes, sizes[1:])], [float(line[2]) for line in lines[1:]], someone, middle


grown, spent, someone, middle = fed() if way == "fed" else synced()
first = run(muster, "events", "--json", out="feed.ndjson")
length = os.path.getsize("feed.ndjson")
count = sum(1 for _ in open("feed.ndjson"))
feed = min(first, run(muster, "events", "--json", out="/dev/null"), run(muster, "events", "--json", out="/dev/null"))
alone = []
for _ in range(3):
    run(bench, "feed", store)
    alone.append(float(open("out").read()))
start = best(muster, "tenants", "list")
present, past = best(muster, "show", someone, "--json"), best(muster, "show", someone, "--json", "--as-of", middle)
print(f"| {people} people, {reads} reads, {changes} changes each | takes | beside it | ratio | |")
print("| --- | --- | --- | --- | --- |")
growth = sum(grown) / len(grown)
row("growth of the store, a read", f"{growth / 1e6:.2f} MB", f"its events as they are told {length / reads / 1e6:.2f} MB",
    f"{growth * reads / length:.2f} (bar 1.2)", f"{count} events of {length // max(1, count)} bytes; the last read {grown[-1] / 1e6:.2f} MB")
row("a sync that finds them" if way == "synced" else "a read that finds them, without a vendor", f"{sum(spent) / len(spent):.1f} s", "", "", "")
row("one person, --as-of", f"{past * 1000:.0f} ms", f"as of now {present * 1000:.0f} ms", f"{past / present:.2f} (bar 3)",
    f"start of the program {start * 1000:.0f} ms")
if way == "fed":
    now, then = open("looked").read().split("\n")[0].split("\t")
    row("the same without the program's start, medians of 400 people", f"{then} ms", f"as of now {now} ms", f"{float(then) / float(now):.2f} (bar 3)", "")
row(f"feed of {count} events", f"{feed:.2f} s", f"SQLite alone {min(alone):.2f} s", f"{100 * min(alone) / feed:.0f} % of its rate (bar 30 %)",
    f"{count / feed:.0f} events/s")
