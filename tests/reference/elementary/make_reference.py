"""Reference values of elementary and special functions at 40 digits (mpmath) and Poisson quantiles (scipy).

Run: python make_reference.py   (numpy 2.4.6, scipy 1.17.1, mpmath 1.4.1). Writes elementary.csv, special.csv, poisson.csv.
A value is written as two doubles, high and low, whose sum is exact to 32 digits, so that errors of a fraction of an ulp can be measured.
"""
import csv
import random

import scipy.stats
from mpmath import mp, mpf
import mpmath as m

mp.dps = 60
rng = random.Random(20130101)
N = 400
COSTLY = 150  # points of the two-parameter functions, whose series are long


def two(value):
    value = mpf(value)
    high = float(value)
    if high in (0.0, float("inf"), float("-inf")):
        return repr(high), "0.0"
    return repr(high), repr(float(value - mpf(high)))


def uniform(low, high):
    return [rng.uniform(low, high) for _ in range(N)]


def magnitudes(low, high, signs=(1, -1)):
    return [rng.choice(signs) * 10.0 ** rng.uniform(low, high) for _ in range(N)]


tau = 2 * m.pi
ELEMENTARY = {
    "exp": (m.exp, uniform(-708, 709.7) + uniform(-1, 1) + magnitudes(-18, 0)),
    "exp_m1": (m.expm1, uniform(-50, 709.7) + uniform(-1, 1) + magnitudes(-300, 0)),
    "ln": (m.log, magnitudes(-323, 308, (1,)) + uniform(0.5, 2) + [1 + x for x in magnitudes(-15, -1)]),
    "ln_1p": (m.log1p, magnitudes(-300, 308, (1,)) + uniform(-0.999999, 2) + magnitudes(-17, -0.001)),
    "sin_turns": (lambda u: m.sin(tau * u), uniform(-2, 2) + uniform(-1e6, 1e6) + [0.5 + x for x in magnitudes(-15, -1)]),
    "cos_turns": (lambda u: m.cos(tau * u), uniform(-2, 2) + uniform(-1e6, 1e6) + [0.25 + x for x in magnitudes(-15, -1)]),
    "tanh": (m.tanh, uniform(-20, 20) + uniform(-1, 1) + magnitudes(-300, 0)),
    "logistic": (lambda x: 1 / (1 + m.exp(-x)), uniform(-700, 40) + uniform(-3, 3) + magnitudes(-18, 0)),
    "logit": (lambda p: m.log(p / (1 - p)), uniform(0, 1) + magnitudes(-300, -0.001, (1,)) + [0.5 + x for x in magnitudes(-16, -1)]),
}

SPECIAL = {
    "normal_cdf": (lambda x: m.erfc(-x / m.sqrt(2)) / 2, [(x,) for x in uniform(-37, 9) + uniform(-3, 3)]),
    "erf": (m.erf, [(x,) for x in uniform(-6, 6) + magnitudes(-300, 0)]),
    "erfc": (m.erfc, [(x,) for x in uniform(-6, 26) + uniform(-1, 1)]),
    "ln_gamma": (m.loggamma, [(x,) for x in magnitudes(-300, 300, (1,)) + uniform(0.001, 30)]),
}


def gamma_points():
    for _ in range(COSTLY):
        a = 10.0 ** rng.uniform(-3, 6)
        x = a + rng.uniform(-8, 8) * a**0.5
        if x <= 0 or (a < 1000 and rng.random() < 0.5):
            x = a * 10.0 ** rng.uniform(-2, 2)
        yield a, x


def beta_points():
    for _ in range(COSTLY):
        a, b = 10.0 ** rng.uniform(-3, 6), 10.0 ** rng.uniform(-3, 6)
        mean = a / (a + b)
        sd = (a * b / (a + b + 1)) ** 0.5 / (a + b)
        x = mean + rng.uniform(-8, 8) * sd
        yield a, b, x if 0 < x < 1 else rng.random()


def gamma_p(a, x):
    """Series of DLMF 8.11.4, all terms positive: exact to the working precision."""
    a, x = mpf(a), mpf(x)
    prefix = m.exp(a * m.log(x) - x - m.loggamma(a + 1))
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -50:
        n += 1
        term *= x / (a + n)
        total += term
    return prefix * total


def beta_inc(a, b, x):
    """Series of DLMF 8.17.7 in the form x^a y^b / (a B) sum (a+b)_n / (a+1)_n x^n, all terms positive."""
    a, b, x = mpf(a), mpf(b), mpf(x)
    # The smaller side keeps its digits; but close to 1 only the series in 1 - x converges in reasonable time.
    if x > (a + 1) / (a + b + 2) or x > 1 - mpf("1e-3"):
        return 1 - beta_inc_series(b, a, 1 - x)
    return beta_inc_series(a, b, x)


def beta_inc_series(a, b, x):
    prefix = m.exp(a * m.log(x) + b * m.log(1 - x) + m.loggamma(a + b) - m.loggamma(a + 1) - m.loggamma(b))
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -50:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return prefix * total


with open("elementary.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["function", "x", "high", "low"])
    for name, (function, points) in ELEMENTARY.items():
        for x in points:
            if name == "ln_1p" and x <= -1:
                continue
            out.writerow([name, repr(x), *two(function(mpf(x)))])

with open("special.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["function", "a", "b", "x", "high", "low"])
    for name, (function, points) in SPECIAL.items():
        for (x,) in points:
            out.writerow([name, "", "", repr(x), *two(function(mpf(x)))])
    for p in uniform(0, 1) + magnitudes(-300, -1, (1,)):
        start = mpf(float(scipy.stats.norm.ppf(p)))
        root = m.findroot(lambda x: m.log(m.erfc(-x / m.sqrt(2)) / 2) - m.log(mpf(p)), start)
        out.writerow(["normal_quantile", "", "", repr(p), *two(root)])
    for a, x in gamma_points():
        p = gamma_p(a, x)
        out.writerow(["gamma_p", repr(a), "", repr(x), *two(p)])
        if p < 1 - mpf("1e-20"):  # or the difference has too few digits left
            out.writerow(["gamma_q", repr(a), "", repr(x), *two(1 - p)])
    for a, b, x in beta_points():
        out.writerow(["beta_inc", repr(a), repr(b), repr(x), *two(beta_inc(a, b, x))])
    for mean in [0.01, 0.7, 5.0, 31.9, 32.1, 400.0, 1e5]:
        for z in [-6, -3, -1, 0, 1, 3, 6]:
            k = max(0, round(mean + z * mean**0.5))
            value = 1 - gamma_p(k + 1, mean)
            out.writerow(["poisson_cdf", "", repr(mean), k, *two(value)])

with open("poisson.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["u", "mean", "k"])
    for _ in range(2 * N):
        u, mean = rng.random(), 10.0 ** rng.uniform(-3, 4)
        out.writerow([repr(u), repr(mean), int(scipy.stats.poisson.ppf(u, mean))])
