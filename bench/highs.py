"""HiGHS on one instance, in a process of its own, and a line of JSON about it.

    highs.py lp|mip|swaps DIR OUT.csv SECONDS

`lp` relaxes the whole numbers and writes no solution; `swaps` (exchanges) lets as many go from one city to another as come
back from there, and places as many as it can: the most that two-way swaps alone can do. The model is the one a textbook would write.
"""
import json
import os
import sys
import time

import highspy
import numpy as np

from figures import table


class Model:
    """Columns and rows as they come."""

    def __init__(self):
        self.cost, self.upper, self.whole = [], [], []
        self.at_row, self.at_col, self.value = [], [], []
        self.low, self.high = [], []
        self.cols = self.rows = 0

    def columns(self, cost, whole):
        cost = np.asarray(cost, float)
        first, self.cols = self.cols, self.cols + len(cost)
        self.cost.append(cost)
        self.upper.append(np.ones(len(cost)))
        self.whole.append(np.full(len(cost), whole))
        return np.arange(first, self.cols)

    def constraints(self, low, high):
        low, high = np.broadcast_arrays(np.asarray(low, float), np.asarray(high, float))
        first, self.rows = self.rows, self.rows + len(low)
        self.low.append(low)
        self.high.append(high)
        return np.arange(first, self.rows)

    def put(self, rows, cols, value=1.0):
        rows, cols, value = np.broadcast_arrays(rows, cols, value)
        self.at_row.append(rows)
        self.at_col.append(cols)
        self.value.append(np.asarray(value, float))

    def group(self, cols, keys, low, high_of):
        """A row for each key that occurs: at most `high_of(its first place)` of its columns."""
        _, first, row = np.unique(keys, return_index=True, return_inverse=True)
        self.put(self.constraints(low, high_of(first))[row], cols)

    def lp(self, relaxed):
        row, col, value = map(np.concatenate, (self.at_row, self.at_col, self.value))
        order = np.lexsort((row, col))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.cols, self.rows
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_upper_ = np.concatenate(self.cost), np.concatenate(self.upper)
        lp.col_lower_ = np.zeros(self.cols)
        lp.row_lower_, lp.row_upper_ = np.concatenate(self.low), np.concatenate(self.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.r_[0, np.cumsum(np.bincount(col, minlength=self.cols))].astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = row[order].astype(np.int32), value[order]
        if not relaxed:
            kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
            lp.integrality_ = [kinds[int(whole)] for whole in np.concatenate(self.whole)]
        return lp


def round_model(folder):
    people, outings, edges = table(folder, "people.csv"), table(folder, "outings.csv"), table(folder, "edges.csv")
    caps = {name: table(folder, name + "s.csv")["cap"] for name in ("team", "nbhd", "host")}
    model = Model()
    seats = model.columns(edges["score"], True)
    who, what = edges["person"], edges["outing"]
    week, weeks = outings["week"][what], outings["week"].max() + 1
    person = model.constraints(np.zeros(len(people["k"])), 0.0)
    model.put(person[who], seats)
    for step in (1, 2, 3):
        able = np.flatnonzero(people["k"] >= step)
        model.put(person[able], model.columns(people["b%d" % step][able], False), -1.0)
    several = people["k"][who] > 1
    model.group(seats[several], (who * weeks + week)[several], -np.inf, lambda first: np.ones(len(first)))
    runs = model.columns(np.zeros(len(outings["min"])), True)
    for bound, low, high in (("max", -np.inf, 0.0), ("min", 0.0, np.inf)):
        rows = model.constraints(np.full(len(runs), low), high)
        model.put(rows[what], seats)
        model.put(rows, runs, -outings[bound].astype(float))
    team, nbhd, host = people["team"][who], outings["nbhd"][what], outings["host"][what]
    model.group(seats, team * weeks + week, -np.inf, lambda first: caps["team"][team[first]])
    model.group(seats, nbhd * weeks + week, -np.inf, lambda first: caps["nbhd"][nbhd[first]])
    model.group(seats, host, -np.inf, lambda first: caps["host"][host[first]])
    return model, who, what, "person,outing"


def exchange_model(folder, swaps):
    staff, posts, edges = table(folder, "staff.csv"), table(folder, "posts.csv"), table(folder, "edges.csv")
    cities, pairs = table(folder, "cities.csv"), table(folder, "pairs.csv")
    who, what, count = edges["staff"], edges["post"], len(cities["city"])
    home, goal = staff["city"][who], posts["city"][what]
    model = Model()
    points = edges["score"] + staff["bonus"][who]
    placed = model.columns(points + 1000 * points.max(initial=0) if swaps else points, True)
    model.group(placed, who, -np.inf, lambda first: np.ones(len(first)))
    model.group(placed, what, -np.inf, lambda first: posts["cap"][what[first]])
    model.group(placed, home, -np.inf, lambda first: cities["max_out"][home[first]])
    cap = np.full(count * count, -1)
    cap[pairs["from"] * count + pairs["to"]] = pairs["cap"]
    way = home * count + goal
    capped = cap[way] >= 0
    model.group(placed[capped], way[capped], -np.inf, lambda first: cap[way[capped][first]])
    if swaps:
        there, two = home < goal, np.minimum(home, goal) * count + np.maximum(home, goal)
        _, row = np.unique(two, return_inverse=True)
        even = model.constraints(np.zeros(row.max(initial=-1) + 1), 0.0)
        model.put(even[row], placed, np.where(there, 1.0, -1.0))
    else:
        even = model.constraints(np.zeros(count), 0.0)
        model.put(even[home], placed)
        model.put(even[goal], placed, -1.0)
    return model, who, what, "staff,post"


def main():
    began = time.monotonic()
    mode, folder, out, seconds = sys.argv[1:]
    with open(os.path.join(folder, "meta.json"), encoding="utf-8") as file:
        form = json.load(file)["form"]
    model, who, what, header = round_model(folder) if form == "round" else exchange_model(folder, mode == "swaps")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("threads", 2)
    solver.passModel(model.lp(mode == "lp"))
    built = time.monotonic() - began
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    best = status == highspy.HighsModelStatus.kOptimal
    has = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    told = {"built": round(built, 2), "status": solver.modelStatusToString(status), "rows": model.rows, "cols": model.cols}
    if mode == "swaps":
        pass  # Counts people; says nothing about points.
    elif mode == "lp":
        told["bound"] = info.objective_function_value if best else None
    else:
        told["bound"] = info.mip_dual_bound if abs(info.mip_dual_bound) < 1e15 else None
    if mode != "lp" and has:
        taken = np.flatnonzero(np.asarray(solver.getSolution().col_value)[: len(who)] > 0.5)
        with open(out, "w", encoding="utf-8") as file:
            file.write(header + "\n")
            file.writelines("%d,%d\n" % pair for pair in zip(who[taken], what[taken]))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
