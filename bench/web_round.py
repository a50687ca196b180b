"""A round of a whole city asked for in the web, while others go on using the site: a demo city on SQLite, everybody with ten
wishes among thousands of outings (seeded), the run asked for as the programme lead, the server killed in the middle and
started again, the plan published. Prints what pages cost before and meanwhile, and their ratio. Loopback only, Python's
standard library only.

    bench/web_round.py [--program target/release/freerange] [--people 50000] [--outings 6400] [--port 18121] [--no-kill]
"""
import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid

WEEK = 7 * 86_400 * 1_000_000


def ask(base, path, token=None, body=None):
    """One request; the answer as text."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"accept": "application/json", "content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    request = urllib.request.Request(base + path, data=data, headers=headers, method="POST" if data else "GET")
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refused:
        sys.exit("%s: %s %s" % (path, refused.code, refused.read().decode()[:500]))


def fresh(like):
    """A new id in the form the database keeps them in."""
    new = uuid.uuid4()
    return new.bytes if isinstance(like, bytes) else str(new)


def fill(path, outings, seed):
    """Outings of the season and everybody's wishes, straight into the database: what people would state in weeks."""
    rng = random.Random(seed)
    db = sqlite3.connect(path)
    columns = [row[1] for row in db.execute("PRAGMA table_info(outing)")]
    place_of, at, ends = columns.index("place_id"), columns.index("starts_at"), columns.index("ends_at")
    round_id = db.execute("SELECT id FROM round WHERE stage = 'open'").fetchone()[0]
    model = list(db.execute(
        "SELECT o.* FROM outing o JOIN round_outing x ON x.outing_id = o.id WHERE o.status = 'open' AND o.place_id IS NOT NULL "
        "ORDER BY o.starts_at LIMIT 1").fetchone())
    first, long = model[at], model[ends] - model[at]
    days = db.execute("SELECT julianday(ends_on) - julianday(starts_on) FROM round WHERE id = ?", (round_id,)).fetchone()[0]
    weeks = max(1, int(days // 7) - 2)
    places = [row[0] for row in db.execute("SELECT id FROM place WHERE level = 'neighbourhood'")]
    ids = []
    for number in range(outings):
        row = list(model)
        row[columns.index("id")] = fresh(model[0])
        row[columns.index("title")] = "A morning at counter %d" % number
        row[columns.index("host_name")] = "Counter %d" % (number % max(1, outings // 4))
        row[columns.index("seats")] = rng.randint(6, 14)
        row[place_of] = rng.choice(places)
        row[at] = first + rng.randrange(weeks) * WEEK
        row[ends] = row[at] + long
        db.execute("INSERT INTO outing VALUES (%s)" % ",".join("?" * len(row)), row)
        db.execute("INSERT INTO round_outing (round_id, outing_id, min_group) VALUES (?, ?, 3)", (round_id, row[0]))
        ids.append(row[0])
    wishes = 0
    people = [row[0] for row in db.execute("SELECT id FROM person WHERE active")]
    db.execute("DELETE FROM round_wish"), db.execute("DELETE FROM round_serves"), db.execute("DELETE FROM round_person")
    for person in people:
        db.execute("INSERT INTO round_person (round_id, person_id, wanted, away, access, updated_at) VALUES (?, ?, 1, '[]', '[]', ?)",
                   (round_id, person, first - 30 * WEEK))
        # Some outings are wanted much more than others.
        chosen = {min(int(rng.paretovariate(0.7)) - 1, len(ids) - 1) if rng.random() < 0.3 else rng.randrange(len(ids)) for _ in range(10)}
        for rank, outing in enumerate(sorted(chosen, key=lambda _: rng.random()), 1):
            db.execute("INSERT INTO round_wish (round_id, person_id, outing_id, rank) VALUES (?, ?, ?, ?)", (round_id, person, ids[outing], rank))
            wishes += 1
    db.execute("UPDATE round SET place_cap = ? WHERE id = ?", (max(12, 3 * len(people) // (len(places) * weeks) + 12), round_id))
    db.commit()
    db.close()
    shown = str(uuid.UUID(bytes=round_id)) if isinstance(round_id, bytes) else round_id
    return shown, len(people), wishes


class Visitors:
    """People who go on using the site: each page as soon as the last one came."""

    def __init__(self, base, token, paths, clients):
        self.base, self.token, self.paths, self.on = base, token, paths, True
        self.times = {path: [] for path in paths}
        self.failed = 0
        self.threads = [threading.Thread(target=self.walk, daemon=True) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def walk(self):
        while self.on:
            for path in self.paths:
                began = time.perf_counter()
                try:
                    ask(self.base, path, self.token)
                except (urllib.error.URLError, OSError):
                    self.failed += 1
                    time.sleep(0.05)  # The server is down because this script killed it.
                    continue
                self.times[path].append(time.perf_counter() - began)

    def stop(self):
        self.on = False
        for thread in self.threads:
            thread.join()
        return self.times


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


class Server:
    def __init__(self, program, folder, port):
        self.command = [program, "demo", "--data", folder, "--port", str(port)]
        self.base = "http://127.0.0.1:%d" % port
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        began = time.perf_counter()
        while True:
            try:
                ask(self.base, "/healthz")
                return time.perf_counter() - began
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    sys.exit("the server ended: " + " ".join(self.command))
                time.sleep(0.02)

    def peak(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default="target/release/freerange")
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--outings", type=int, default=6_400)
    parser.add_argument("--port", type=int, default=18121)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--effort", default="quick")
    parser.add_argument("--no-kill", action="store_true")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="freerange-web-round-")
    server = None
    try:
        made = subprocess.run([options.program, "demo", "--data", folder, "--people", str(options.people), "--no-serve"],
                              check=True, capture_output=True, text=True).stdout
        line = next(line for line in made.splitlines() if line.startswith("sign in as programme-lead: "))
        email, password = line.split(": ", 1)[1].split("  password ")
        database = next(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith((".db", ".sqlite")))
        round_id, people, wishes = fill(database, options.outings, 1)
        print("%d people, %d wishes, %d outings more, on SQLite; 2 cores shared by server and visitors" % (people, wishes, options.outings))
        server = Server(options.program, folder, options.port)
        base = server.base
        token = json.loads(ask(base, "/api/v1/session", body={"email": email, "password": password}))["token"]
        paths = ["/", "/people", "/outings", "/challenges"]
        before = Visitors(base, token, paths, options.clients)
        time.sleep(10)  # How long pages are looked at before the run; nothing depends on it.
        before = before.stop()
        idle = server.peak()
        began = time.perf_counter()
        ask(base, "/api/v1/rounds/%s/check" % round_id, token)
        print("looking first: %.1f s" % (time.perf_counter() - began))
        ask(base, "/api/v1/rounds/%s/runs" % round_id, token, {"effort": options.effort})
        number = max(run["number"] for run in json.loads(ask(base, "/api/v1/rounds/%s/runs" % round_id, token))["runs"])
        asked, killed = time.perf_counter(), options.no_kill
        meanwhile = Visitors(base, token, paths, options.clients)
        while True:
            try:
                run = json.loads(ask(base, "/api/v1/rounds/%s/runs/%d" % (round_id, number), token))["run"]
            except (urllib.error.URLError, OSError):
                continue
            if not killed and run["percent"] >= 30 and run["is_under_way"]:
                server.kill()
                back = server.start()
                print("killed with SIGKILL at %d %% of phase %r, answers again after %.2f s" % (run["percent"], run["phase"], back))
                killed = True
            if not run["is_under_way"]:
                break
            time.sleep(0.2)
        took = time.perf_counter() - asked
        times = meanwhile.stop()
        print("run: %s, verified %s, gap %s %%, %.1f s from asking%s" % (
            run["stage"], run["verified"], run["gap"], took, "" if options.no_kill else " (with the kill and the wait for the lease)"))
        for path in paths:
            calm, busy = before[path], times[path]
            print("%-12s before p50 %6.1f p99 %6.1f ms | meanwhile p50 %6.1f p99 %6.1f max %6.1f ms | p50 %.2f times" % (
                path, quantile(calm, .5), quantile(calm, .99), quantile(busy, .5), quantile(busy, .99), quantile(busy, 1),
                quantile(busy, .5) / quantile(calm, .5)))
        began = time.perf_counter()
        ask(base, "/api/v1/rounds/%s/runs/%d/publication" % (round_id, number), token, {"sure": True})
        print("publishing: %.1f s; resident at most %d MiB, %d MiB before the run" % (time.perf_counter() - began, server.peak(), idle))
    finally:
        if server:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
