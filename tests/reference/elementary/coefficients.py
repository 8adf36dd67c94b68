"""Polynomial coefficients of oxus-math's elementary functions, as near-minimax Chebyshev fits.

Run: python coefficients.py   (mpmath 1.4.1; 60 digits). Prints the coefficients, lowest power first, and the
largest error of the fit before rounding to double precision.
"""
from mpmath import mp, mpf, mpc, chebyfit, exp, log, sin, cos, pi, sqrt, expm1

mp.dps = 60


def show(name, function, interval, terms):
    coefficients, error = chebyfit(function, interval, terms, error=True)
    print(f"{name}  (fit error {mp.nstr(error, 3)})")
    for c in reversed(coefficients):
        print(f"    {float(c)!r},")


def series_or(function, series):
    """The series near zero, where the formula cancels."""
    return lambda x: series(x) if abs(x) < mpf("1e-8") else function(x)


half_ln2 = log(mpf(2)) / 2
show("EXP_TAIL: (e^r - 1 - r) / r^2, |r| <= ln(2)/2",
     series_or(lambda r: (expm1(r) - r) / r**2, lambda r: mpf(1) / 2 + r / 6 + r**2 / 24 + r**3 / 120 + r**4 / 720),
     [-half_ln2, half_ln2], 11)

s_max = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)
show("LN_TAIL: (2 atanh(s) - 2 s) / s^3 as a function of z = s^2",
     series_or(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) - 2 * sqrt(z)) / sqrt(z)**3,
               lambda z: mpf(2) / 3 + 2 * z / 5 + 2 * z**2 / 7 + 2 * z**3 / 9 + 2 * z**4 / 11),
     [0, s_max**2], 7)

t = 2 * pi
w_max2 = mpf(1) / 64
show("SIN_TAIL: (sin(2 pi w) / w - 2 pi) / w^2 as a function of w^2, |w| <= 1/8",
     series_or(lambda q: (sin(t * sqrt(q)) / sqrt(q) - t) / q,
               lambda q: -t**3 / 6 + t**5 * q / 120 - t**7 * q**2 / 5040 + t**9 * q**3 / 362880),
     [0, w_max2], 6)
show("COS_TAIL: (cos(2 pi w) - 1) / w^2 as a function of w^2, |w| <= 1/8",
     series_or(lambda q: (cos(t * sqrt(q)) - 1) / q,
               lambda q: -t**2 / 2 + t**4 * q / 24 - t**6 * q**2 / 720 + t**8 * q**3 / 40320),
     [0, w_max2], 7)


def split(name, value, keep_bits):
    """value = high + low, high with so few bits that a product with a small integer is exact."""
    scale = mpf(2) ** (keep_bits - 1 - mp.floor(log(value, 2)))
    high = mp.floor(value * scale) / scale
    print(f"{name}: high {float(high)!r} low {float(value - high)!r}")


split("ln 2", log(mpf(2)), 32)
print("2 pi:", repr(float(2 * pi)), "rest", repr(float(2 * pi - mpf(float(2 * pi)))))
