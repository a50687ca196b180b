"""Ours, a compiled greedy and HiGHS on the same instances in one run, side by side. Run it by `make bench-matching`.

Every matcher runs in a process of its own, one after the other; time and peak memory are that process's, reading and
writing included. Figures come from `figures.py`, which judges all alike. Medians over the seeds. Machines are noisy: the ratios
say more than the seconds, and nothing here fails because of a time.

The environment changes it: SIZES, SEEDS, PARTS (round minima exchange rings replan), THREADS, HIGHS=no,
SECONDS_500, SECONDS_5000, SECONDS_50000 (several in quotes), SECONDS_MINIMA_50000, SECONDS_EXCHANGE,
HIGHS_SECONDS_500, HIGHS_SECONDS_5000, HIGHS_SECONDS_50000, HIGHS_SEEDS (for sizes above 1,000).
"""
import json
import os
import platform
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.environ["EXAMPLES"]
RESULTS = os.environ.get("RESULTS", "bench-matching.jsonl")


def words(name, usual):
    return os.environ.get(name, usual).split()


SIZES = [int(size) for size in words("SIZES", "500 5000 50000")]
SEEDS = [int(seed) for seed in words("SEEDS", "1 2 3 4 5")]
PARTS = words("PARTS", "round minima exchange rings replan")
HIGHS = os.environ.get("HIGHS", "yes") != "no"
HIGHS_SEEDS = [int(seed) for seed in words("HIGHS_SEEDS", "1")]
THREADS = os.environ.get("THREADS", "2")


def by_size(name, people, small, middle, large):
    usual = small if people < 2000 else middle if people < 20000 else large
    return words("%s_%d" % (name, people), usual)


def run(command, limit):
    """What the process said, with its wall time, processor time and peak memory. After `limit` seconds it is ended hard."""
    began = time.monotonic()
    complaints = tempfile.TemporaryFile()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints)
    ended = []
    alarm = threading.Timer(limit, lambda: (ended.append(True), os.kill(child.pid, signal.SIGKILL)))
    alarm.start()
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    alarm.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    told = {"wall": time.monotonic() - began, "cpu": used.ru_utime + used.ru_stime}
    # What this process needed when it forked counts as the child's as well: whoever needs less says so itself.
    told["memory"] = used.ru_maxrss / 1024
    if ended:
        return told | {"note": "stopped hard after %d s" % limit}
    if child.returncode != 0:
        complaints.seek(0)
        last = complaints.read().decode(errors="replace").strip().splitlines()[-1:]
        return told | {"note": "failed: " + "".join(last)}
    return told | json.loads(said)


class Instance:
    """A generated instance, and what each matcher did with it."""

    def __init__(self, work, form, people, seed, *settings):
        self.form, self.people, self.seed, self.results = form, people, seed, {}
        self.home = os.path.join(work, "-".join([form, str(people), str(seed), *settings]).replace("--", ""))
        make = [os.path.join(EXAMPLES, "generate"), form, "--people", str(people), "--seed", str(seed)]
        subprocess.run([*make, *settings, "--out", self.home], check=True)

    def keep(self, name, told, solution):
        """Judges the solution, when there is one."""
        if os.path.exists(solution):
            told |= figures.of(self.home, solution)
            if told["broken"]:
                told["note"] = "breaks rules: %s" % told["broken"]
        self.results[name] = told
        about = {"form": self.form, "people": self.people, "seed": self.seed, "instance": os.path.basename(self.home)}
        with open(RESULTS, "a", encoding="utf-8") as file:
            file.write(json.dumps(about | {"matcher": name} | told) + "\n")
        print(".", end="", file=sys.stderr, flush=True)

    def ours(self, name, *limits):
        out, proof = os.path.join(self.home, "ours.csv"), os.path.join(self.home, "ours.json")
        matching = os.path.join(EXAMPLES, "matching")
        told = run([matching, "ours", self.form, self.home, out, proof, "--threads", THREADS, *limits], 900)
        if os.path.exists(proof):
            checked = run([matching, "verify", self.form, self.home, out, proof], 900)
            if not checked.get("holds"):
                told["note"] = "the proof does not hold: %s" % checked
        self.keep(name, told, out)

    def baseline(self, name, word):
        out = os.path.join(self.home, word + ".csv")
        self.keep(name, run([os.path.join(EXAMPLES, "matching"), word, self.home, out], 900), out)

    def highs(self, name, mode, seconds):
        out = os.path.join(self.home, "highs-%s.csv" % mode)
        command = [sys.executable, os.path.join(HERE, "highs.py"), mode, self.home, out, seconds]
        self.keep(name, run(command, 1.5 * float(seconds) + 60), out)


def gaps(instances):
    """Everybody's gap: to the own bound, which is proven, and to the best bound that anybody has."""
    for instance in instances:
        bounds = [told["bound"] for told in instance.results.values() if told.get("bound") is not None]
        for told in instance.results.values():
            if "objective" in told and told.get("bound"):
                told["gap"] = 100 * (told["bound"] - told["objective"]) / told["bound"]
            if "objective" in told and bounds:
                told["to_best"] = 100 * (min(bounds) - told["objective"]) / min(bounds)


def middle(instances, name, figure):
    found = [instance.results[name].get(figure) for instance in instances if name in instance.results]
    found = [value for value in found if value is not None]
    return statistics.median(found) if found else None


ROUND = [
    ("wall", "wall s", "{:.2f}"), ("cpu", "CPU s", "{:.2f}"), ("memory", "MiB", "{:.0f}"),
    ("objective", "objective", "{:,.0f}"), ("bound", "bound", "{:,.0f}"), ("gap", "own gap %", "{:.4f}"),
    ("to_best", "to best bound %", "{:.4f}"), ("placed", "seats", "{:,.0f}"), ("served", "served %", "share"),
    ("longest", "longest waiting %", "share"), ("dept", "lowest dept %", "share"), ("grade", "lowest grade %", "share"),
]
EXCHANGE = ROUND[:7] + [("placed", "placed", "{:,.0f}"), ("served", "of staff %", "share")]


def show(title, instances, columns):
    gaps(instances)
    lines = [["", "seeds", *(head for _, head, _ in columns), "note"]]
    names = list(dict.fromkeys(name for instance in instances for name in instance.results))
    for name in names:
        cells = [name, str(sum(name in instance.results for instance in instances))]
        for figure, _, shape in columns:
            value = middle(instances, name, figure)
            shown = "{:.1f}".format(100 * value) if shape == "share" and value is not None else ""
            cells.append("-" if value is None else shown or shape.format(value))
        told = [instance.results[name] for instance in instances if name in instance.results]
        notes = dict.fromkeys(one.get("note") or one.get("status") or "" for one in told)
        lines.append(cells + ["; ".join(note for note in notes if note)])
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    print("\n" + title)
    for line in lines:
        cells = [cell.ljust(w) if place in (0, len(line) - 1) else cell.rjust(w) for place, (cell, w) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())


def ratios(instances, ours, other, figure, what):
    """Ours over the other's on each seed, then the median."""
    pairs = [(i.results.get(ours, {}).get(figure), i.results.get(other, {}).get(figure)) for i in instances]
    found = [mine / theirs for mine, theirs in pairs if mine is not None and theirs]
    if found:
        print("  %s: %.3f times %s (median of %d; lowest %.3f)" % (what, statistics.median(found), other, len(found), min(found)))


def first_bound(instances, name):
    known, first = middle(instances, name, "bound_known"), middle(instances, name, "first_answer")
    if known is not None:
        print("  %s: a bound within 0.1 %% of the last after %.2f s" % (name, known)
              + ("" if first is None else "; a first answer after %.2f s" % first))


def rounds(work, people):
    instances = []
    for seed in SEEDS:
        instance = Instance(work, "round", people, seed)
        instances.append(instance)
        for seconds in by_size("SECONDS", people, "2", "5", "15 60"):
            instance.ours("ours, %s s" % seconds, "--seconds", seconds)
        instance.baseline("greedy", "greedy")
        instance.baseline("greedy, restarted", "restarted")
        if HIGHS and (people <= 1000 or seed in HIGHS_SEEDS):
            seconds = by_size("HIGHS_SECONDS", people, "60", "120", "180")[0]
            if people <= 10000:
                instance.highs("HiGHS LP, %s s" % seconds, "lp", seconds)
            instance.highs("HiGHS MIP, %s s" % seconds, "mip", seconds)
        shutil.rmtree(instance.home)
    show("ROUND, %s people" % f"{people:,}", instances, ROUND)
    for seconds in by_size("SECONDS", people, "2", "5", "15 60"):
        name = "ours, %s s" % seconds
        for figure, what in (("objective", "points"), ("served", "people served"), ("memory", "memory")):
            ratios(instances, name, "greedy, restarted", figure, "%s: %s" % (name, what))
        first_bound(instances, name)


def without_minima(work):
    people, instances = max(SIZES), []
    seconds = by_size("SECONDS_MINIMA", people, "2", "10", "30")[0]
    for seed in SEEDS:
        instances.append(Instance(work, "round", people, seed, "--no-minima"))
        instances[-1].ours("ours, %s s" % seconds, "--seconds", seconds)
        instances[-1].baseline("greedy", "greedy")
        shutil.rmtree(instances[-1].home)
    show("ROUND without minima, %s people" % f"{people:,}", instances, ROUND)


def exchanges(work, people, settings, title):
    instances, seconds = [], os.environ.get("SECONDS_EXCHANGE", "5")
    for seed in SEEDS:
        instance = Instance(work, "exchange", people, seed, *settings)
        instances.append(instance)
        instance.ours("ours, %s s" % seconds, "--seconds", seconds)
        instance.baseline("two-way swaps", "swaps")
        if HIGHS and (people <= 1000 or seed in HIGHS_SEEDS):
            limit = by_size("HIGHS_SECONDS", people, "60", "120", "180")[0]
            if people <= 10000:
                instance.highs("HiGHS LP, %s s" % limit, "lp", limit)
            if people <= 1000:
                instance.highs("HiGHS MIP, %s s" % limit, "mip", limit)
            if people <= 200:
                instance.highs("most two-way swaps (HiGHS)", "swaps", limit)
        shutil.rmtree(instance.home)
    show(title, instances, EXCHANGE)
    for other in ("two-way swaps", "most two-way swaps (HiGHS)"):
        ratios(instances, "ours, %s s" % seconds, other, "placed", "placed")
    first_bound(instances, "ours, %s s" % seconds)


def changed(home, other, seed):
    """The same instance after one person in a hundred dropped out and one team in a hundred can spare one fewer."""
    shutil.copytree(home, other)
    lines = open(os.path.join(home, "edges.csv"), encoding="utf-8").read().splitlines()
    kept = lines[:1] + [line for line in lines[1:] if int(line.split(",", 1)[0]) % 100 != seed % 100]
    with open(os.path.join(other, "edges.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(kept) + "\n")
    teams = open(os.path.join(home, "teams.csv"), encoding="utf-8").read().splitlines()
    for place, line in enumerate(teams[1:], 1):
        team, dept, size, cap = line.split(",")
        if int(team) % 100 == seed % 100:
            teams[place] = ",".join([team, dept, size, str(max(0, int(cap) - 1))])
    with open(os.path.join(other, "teams.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(teams) + "\n")
    about = json.load(open(os.path.join(home, "meta.json"), encoding="utf-8"))
    about["edges"] = len(kept) - 1
    json.dump(about, open(os.path.join(other, "meta.json"), "w", encoding="utf-8"))


def replan(work):
    people, instances = max(SIZES), []
    first = by_size("SECONDS_MINIMA", people, "2", "5", "15")[0]
    again = os.environ.get("SECONDS_REPLAN", "2")
    matching = os.path.join(EXAMPLES, "matching")
    for seed in SEEDS:
        instance = Instance(work, "round", people, seed)
        instance.ours("the plan before, %s s" % first, "--seconds", first)
        old, proof, other = (os.path.join(instance.home, "ours.csv"), os.path.join(instance.home, "ours.json"), instance.home + "-changed")
        changed(instance.home, other, seed)
        out, certificate = os.path.join(other, "again.csv"), os.path.join(other, "again.json")
        command = [matching, "replan", other, old, proof, out, certificate, "--threads", THREADS, "--seconds", again]
        told = run(command, 900)
        checked = run([matching, "verify", "round", other, out, certificate], 900)
        if not checked.get("holds"):
            told["note"] = "the proof does not hold: %s" % checked
        told["stayed"] = told.get("kept", 0) / 1000
        instance.home, before = other, instance.home
        instance.keep("mended, %s s" % again, told, out)
        instances.append(instance)
        shutil.rmtree(other)
        shutil.rmtree(before)
    show("RE-PLAN after 1 %% of people dropped out and 1 %% of teams spare one fewer, %s people" % f"{people:,}",
         instances, ROUND + [("stayed", "seats kept %", "share"), ("seconds", "solve s", "{:.2f}")])


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30

    def say(*command):
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    print("%s cores (%s), %.0f GiB, load %.2f %.2f %.2f, %s" % (os.cpu_count(), model, memory, *os.getloadavg(), platform.platform()))
    print("%s, Python %s, commit %s" % (say("rustc", "--version"), platform.python_version(), say("git", "rev-parse", "--short", "HEAD")))
    if os.getloadavg()[0] > 0.5:
        print("Something else is running here: seconds will be too long, and what is found in them too little.")
    print("Medians over seeds %s; ours on %s threads." % (" ".join(map(str, SEEDS)), THREADS))


def main():
    sys.stdout.reconfigure(line_buffering=True)
    machine()
    with tempfile.TemporaryDirectory(prefix="freerange-matching-") as work:
        if "round" in PARTS:
            for people in SIZES:
                rounds(work, people)
        if "minima" in PARTS:
            without_minima(work)
        if "exchange" in PARTS:
            for people in SIZES:
                for settings, how in (([], "with"), (["--no-pair-caps"], "without")):
                    exchanges(work, people, settings, "EXCHANGE %s pair caps, %s staff" % (how, f"{people:,}"))
        if "rings" in PARTS:
            settings = ["--cities", "30", "--wishes", "2", "--even", "--no-pair-caps"]
            exchanges(work, 100, settings, "RINGS: 100 people, 30 cities, 2 wishes each")
        if "replan" in PARTS:
            replan(work)
    print("\nEvery run is in %s." % RESULTS)
    print("This process itself needed %d MiB." % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    main()
