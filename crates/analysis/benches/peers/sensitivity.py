"""SALib and EMA Workbench on the outputs and rows of the bench `sensitivity`.

usage: python3 sensitivity.py outputs.txt INPUTS RESAMPLES discovery.csv    # prints JSON: milliseconds (medians) and results

Needs SALib, ema_workbench and scikit-learn.
"""
import json, statistics, sys, time, warnings

warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
from SALib.analyze import sobol
from ema_workbench.analysis import cart, prim

outputs, inputs, resamples, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]


def timed(work, times):
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        spent.append(1e3 * (time.perf_counter() - start))
    return statistics.median(spent), result


y = np.loadtxt(outputs)
problem = dict(num_vars=inputs, names=[f"x{j}" for j in range(inputs)], bounds=[[0, 1]] * inputs)
sobol_ms, found = timed(lambda: sobol.analyze(problem, y, calc_second_order=True, num_resamples=resamples, seed=1), 3)

x = pd.read_csv(rows).drop(columns=["alliance"])
outcome = x.pop("y").to_numpy().astype(bool)
prim_ms, box = timed(lambda: prim.Prim(x, outcome, threshold=0.8, peel_alpha=0.05).find_box(), 3)


def tree():
    grown = cart.CART(x, outcome, mass_min=0.05)
    grown.build_tree()
    return grown


cart_ms, grown = timed(tree, 5)
print(json.dumps(dict(
    sobol_ms=sobol_ms, S1=found["S1"].tolist(), ST=found["ST"].tolist(),
    prim_ms=prim_ms, prim_n=[int(n) for n in box.peeling_trajectory["n"]],
    cart_ms=cart_ms, cart_nodes=int(grown.clf.tree_.node_count),
)))
