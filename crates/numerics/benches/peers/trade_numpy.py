"""The equations of `oxus_numerics::trade::HatAlgebra` in NumPy, on the problem of the bench `trade`.

usage: python3 trade_numpy.py wiod44_2010.csv    # prints milliseconds (median of 15), then the factor prices

Needs NumPy. The iteration is the usual damped one; the stopping rule (relative excess demand below 1e-13) is that of the bench.
"""
import csv, statistics, sys, time
import numpy as np

rows = list(csv.DictReader(open(sys.argv[1])))
names = sorted({r["exporter"] for r in rows})
n = len(names)
X = np.zeros((n, n))
for r in rows:
    X[names.index(r["exporter"]), names.index(r["importer"])] = float(r["trade_usd_mn"])
theta, china = 4.0, names.index("CHN")
T = np.ones((n, n))
T[china, :] = T[:, china] = 1.1**-theta
T[china, china] = 1.0


def solve():
    Y, E = X.sum(1), X.sum(0)
    pi, phi, W = X / E, E / Y, Y.sum()
    w = np.ones(n)
    for _ in range(200_000):
        num = pi * T * (w**-theta)[:, None]
        spent = phi * w * Y
        demand = (num / num.sum(0)) @ (spent * (w * Y).sum() / spent.sum())
        ratio = demand / (w * Y)
        if np.max(np.abs(ratio - 1)) < 1e-13:
            return w
        w = w * ratio ** (1.0 / (theta + 1.0))
        w = w * W / (w * Y).sum()
    raise SystemExit("no convergence")


times = []
for _ in range(15):
    start = time.perf_counter()
    w = solve()
    times.append(time.perf_counter() - start)
print(1e3 * statistics.median(times))
print(" ".join(repr(float(x)) for x in w))
