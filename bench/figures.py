"""What a solution is worth and who gets out, counted from the files alone; every rule is checked. Shares no code with any
matcher, so that ours, the baselines and HiGHS are all judged by the same eyes."""
import json
import os

import numpy as np


def table(folder, name):
    """A table of whole numbers, by column."""
    path = os.path.join(folder, name)
    with open(path, encoding="ascii") as file:
        header = file.readline().strip().split(",")
        rows = np.fromstring(file.read().replace("\n", ","), dtype=np.int64, sep=",").reshape(-1, len(header))
    return {column: rows[:, place] for place, column in enumerate(header)}


def over(keys, cap):
    """How many keys occur more often than `cap(key)` allows."""
    found, count = np.unique(keys, return_counts=True)
    return int((count > cap(found)).sum())


def worth_of(edges, first, second, width, taken, value):
    """The value of each taken pair; pairs that nobody may take count as broken."""
    order = np.argsort(edges[first] * width + edges[second], kind="stable")
    keys = (edges[first] * width + edges[second])[order]
    place = np.searchsorted(keys, taken).clip(0, max(0, len(keys) - 1))
    known = keys[place] == taken if len(keys) else np.zeros(len(taken), bool)
    return np.where(known, value[order][place], 0) if len(keys) else np.zeros(len(taken)), int((~known).sum())


def shares(group, eligible, served):
    """The share served of every group that somebody eligible is in."""
    all_of = np.bincount(group[eligible])
    some = np.bincount(group[eligible & served], minlength=len(all_of))
    return some[all_of > 0] / all_of[all_of > 0]


def of_round(folder, solution):
    people, outings, edges = table(folder, "people.csv"), table(folder, "outings.csv"), table(folder, "edges.csv")
    caps = {name: table(folder, name + "s.csv")["cap"] for name in ("team", "nbhd", "host")}
    seats = table(os.path.dirname(solution), os.path.basename(solution))
    who, what = seats["person"], seats["outing"]
    count, weeks = len(outings["outing"]), outings["week"].max() + 1
    week, nbhd, host = outings["week"][what], outings["nbhd"][what], outings["host"][what]
    score, strange = worth_of(edges, "person", "outing", count, who * count + what, edges["score"])
    held, sitting = np.bincount(what, minlength=count), np.bincount(who, minlength=len(people["k"]))
    broken = {
        "pair": strange,
        "twice": len(who) - len(np.unique(who * count + what)),
        "person": int((sitting > people["k"]).sum()),
        "person-week": over(who * weeks + week, lambda _: 1),
        "group": int(((held > outings["max"]) | ((held > 0) & (held < outings["min"]))).sum()),
        "team-week": over(people["team"][who] * weeks + week, lambda key: caps["team"][key // weeks]),
        "nbhd-week": over(nbhd * weeks + week, lambda key: caps["nbhd"][key // weeks]),
        "host": over(host, lambda key: caps["host"][key]),
    }
    bonus = sum(people["b%d" % nth][sitting >= nth].sum() for nth in (1, 2, 3))
    eligible, served = np.bincount(edges["person"], minlength=len(sitting)) > 0, sitting > 0
    waited = np.sort(people["weeks_since_out"][eligible])
    cuts = waited[[len(waited) * part // 4 for part in (1, 2, 3)]]
    quartiles = shares((people["weeks_since_out"][:, None] >= cuts).sum(1), eligible, served)
    return {
        "broken": {rule: n for rule, n in broken.items() if n},
        "objective": int(score.sum() + bonus),
        "placed": len(who),
        "served": float(served[eligible].mean()),
        "longest": float(quartiles[-1]),
        "dept": float(shares(people["dept"], eligible, served).min()),
        "grade": float(shares(people["grade"], eligible, served).min()),
    }


def of_exchange(folder, solution):
    staff, posts, edges = table(folder, "staff.csv"), table(folder, "posts.csv"), table(folder, "edges.csv")
    cities, pairs = table(folder, "cities.csv"), table(folder, "pairs.csv")
    seats = table(os.path.dirname(solution), os.path.basename(solution))
    who, what, count = seats["staff"], seats["post"], len(cities["city"])
    home, goal = staff["city"][who], posts["city"][what]
    width = len(posts["post"])
    score, strange = worth_of(edges, "staff", "post", width, who * width + what, edges["score"])
    cap = np.full(count * count, np.iinfo(np.int64).max)
    cap[pairs["from"] * count + pairs["to"]] = pairs["cap"]
    broken = {
        "pair": strange,
        "twice": len(who) - len(np.unique(who)),
        "own city": int((home == goal).sum()),
        "post": over(what, lambda key: posts["cap"][key]),
        "way": over(home * count + goal, lambda key: cap[key]),
        "leaving": over(home, lambda key: cities["max_out"][key]),
        "balance": int((np.bincount(home, minlength=count) != np.bincount(goal, minlength=count)).sum()),
    }
    return {
        "broken": {rule: n for rule, n in broken.items() if n},
        "objective": int(score.sum() + staff["bonus"][who].sum()),
        "placed": len(who),
        "served": len(np.unique(who)) / max(1, len(staff["staff"])),
    }


def of(folder, solution):
    with open(os.path.join(folder, "meta.json"), encoding="utf-8") as file:
        form = json.load(file)["form"]
    return of_round(folder, solution) if form == "round" else of_exchange(folder, solution)
