"""What script/bench engine prints: the engine at work on a sandbox, each figure beside what its work costs at least.

Arguments: the muster binary, the SandboxBench binary, how many people. Everything happens in the working folder.
"""
import atexit, csv, json, os, signal, sqlite3, subprocess, sys, time

muster, bench, people = sys.argv[1], sys.argv[2], int(sys.argv[3])
creates = min(5000, people)


def run(*command, ok=(0, 2)):
    """Runs a command; seconds, and its most resident memory in KB."""
    with open("out", "w") as out, open("err", "w") as err:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
    code = os.waitstatus_to_exitcode(status)
    if code not in ok:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{open('out').read()[-2000:]}{open('err').read()[-2000:]}")
    return seconds, usage.ru_maxrss


class Sandbox:
    def __init__(self, data, *options):
        self.log = open("sandbox.log", "w")
        self.process = subprocess.Popen(
            [muster, "sandbox", "--listen", "127.0.0.1:0", "--data", data, "--token-ttl", "86400", "--credentials-out", "env", *options],
            stderr=self.log, stdout=self.log)
        # Nothing stays behind where a measurement ends half-way.
        atexit.register(self.stop)
        while "sandbox ready" not in open("sandbox.log").read():
            if self.process.poll() is not None:
                sys.exit(open("sandbox.log").read())
            time.sleep(0.1)
        for line in open("env"):
            name, value = line.rstrip("\n").split("=", 1)
            os.environ[name] = value.strip("'")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def printed(*command):
    """What a command prints, a number of seconds, without the start of its process."""
    run(*command)
    return float(open("out").read().strip().split("\n")[-1])


def rows(store, query):
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
        return list(db.execute(query))


def reading(dialect):
    store = f"{dialect}.db"
    os.environ["MUSTER_STORE"] = f"sqlite:{store}"
    flags = ["--guide"] if dialect == "guide" else []
    discarded = printed(bench, "read", "env", *flags)
    first, memory = run(muster, "sync", "--dialect", dialect)
    inserted = printed(bench, "copy", store, "bare.db")
    os.remove("bare.db")
    decoded = printed(bench, "read", "env", "--decoded", *flags)
    second, _ = run(muster, "sync", "--dialect", dialect)
    third, _ = run(muster, "sync", "--dialect", dialect)
    tables = ["observed_accounts", "observed_taken", "observed_groups", "observed_members"]
    stored = sum(rows(store, f"SELECT count(*) FROM {table}")[0][0] for table in tables)
    written = sum(rows(store, f"SELECT count(*) FROM {table} WHERE since > 1 OR until IS NOT NULL")[0][0] for table in tables)
    floor = discarded + inserted
    row(f"first sync, {dialect}", f"{first:.1f} s", f"pages thrown away {discarded:.1f} s + rows by GRDB alone {inserted:.1f} s",
        f"{first / floor:.2f} (bar 1.5)", f"{memory / 1024:.0f} MB, {stored} rows")
    again = min(second, third)
    row(f"second sync, nothing new, {dialect}", f"{again:.1f} s", f"pages decoded {decoded:.1f} s", f"{again / decoded:.2f} (bar 1.5)",
        f"{written} rows written")
    return store


def planning(store):
    # The directory names everybody, those that it synchronizes included.
    accounts = rows(store, "SELECT CASE address WHEN '' THEN key ELSE address END, name FROM observed_accounts WHERE side = 'internal' ORDER BY n")
    def write(path, lines):
        with open(path, "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["email", "externalId", "name"])
            out.writerows(lines)
    same = [(address, f"E{number}", name or address) for number, (address, name) in enumerate(accounts)]
    write("same.csv", same)
    run(muster, "plan", "--no-sync", "--dialect", "guide", "--from", "same.csv", "--out", "same.plan", ok=(0, 2, 3))
    drift = [(address, id, name + " II") if number % 125 == 7 else (address, id, name) for number, (address, id, name) in enumerate(same)
             if number % 1000 != 3]
    domain = os.environ["MIMECAST_DOMAIN"]
    drift += [(f"joiner{number}@{domain}", f"J{number}", f"Joiner {number}") for number in range(len(same) // 1000)]
    write("drift.csv", drift)
    with open("have", "w") as file:
        file.writelines(f"{address.lower()}\t{name}\n" for address, name in accounts)
    with open("want", "w") as file:
        file.writelines(f"{address.lower()}\t{name}\n" for address, _, name in drift)
    floor = min(run("sh", "-c", "export LC_ALL=C; sort have > have.s; sort want > want.s; join -t '\t' -a 1 -a 2 have.s want.s > joined")[0]
                for _ in range(2))
    planned, memory = min(run(muster, "plan", "--no-sync", "--dialect", "guide", "--from", "drift.csv", "--out", "drift.plan", ok=(0, 2, 3)) for _ in range(2))
    row("plan, 1 % drift, links stored", f"{planned:.1f} s", f"sort and join of the same {floor:.1f} s", f"{planned / floor:.1f} (bar 3)",
        f"{memory * 1024 / len(accounts):.0f} bytes a person (bar 1024)")


def applying(dialect):
    """Creates under a quota that nobody tells of: by calls in the guide's dialect, by a file in the portal's."""
    quota, window = 500, 10
    sandbox = Sandbox(f"small-{dialect}.db", "--seed", "people:1000", "--quota", f"{quota}/{window},hidden")
    os.environ["MUSTER_STORE"] = f"sqlite:small-{dialect}-store.db"
    domain = os.environ["MIMECAST_DOMAIN"]
    with open("joiners.csv", "w") as file:
        file.write("email,externalId,name\n")
        file.writelines(f"joiner{number}@{domain},J{number},Joiner {number}\n" for number in range(creates))
    plan = [muster, "plan", "--dialect", dialect, "--from", "joiners.csv", "--out", "joiners.plan"]
    # So many at once stop at a guard; a limit is raised for a tenant that is known.
    run(*plan, ok=(0, 2, 3))
    run(muster, "guards", "raise", f"additions={creates}", f"seats={creates + 1000}", "--for", "1h", "--reason", "measuring")
    run(*plan)
    seconds, _ = run(muster, "apply", "joiners.plan", "--yes", "--json")
    receipt = json.loads(open("out").read())
    sandbox.stop()
    each = receipt["calls"] / max(1, receipt["done"])
    what = f"apply, {receipt['done']} creates, {dialect}, hidden quota of {quota} in {window} s"
    if dialect == "portal":
        row(what, f"{seconds:.1f} s", "a file that the vendor imports", "", f"{receipt['calls']} calls, {each:.3f} each (bar 1.03)")
    else:
        row(what, f"{seconds:.1f} s", f"{quota / window:.0f} calls/s", f"{100 * receipt['calls'] / seconds * window / quota:.0f} % (bar 95 %)",
            f"{each:.3f} calls each (bar 1.03)")


print(f"| {people} people | takes | beside it | ratio | |")
print("| --- | --- | --- | --- | --- |")
sandbox = Sandbox("people.db", "--seed", f"people:{people}", "--quota", "1000000/1")
reading("portal")
store = reading("guide")
planning(store)
sandbox.stop()
applying("guide")
applying("portal")
