"""Writes series.csv and reference.json: an Ornstein-Uhlenbeck series and its fits by statsmodels.

Run: python make_series.py  (numpy, statsmodels)
"""
import json, numpy as np, statsmodels, statsmodels.api as sm
from statsmodels.tsa.ar_model import AutoReg

dt, speed, level, volatility = 1 / 12, 0.9, 4.3, 0.33
g = np.random.default_rng(1997)
b = np.exp(-speed * dt); sd = volatility * np.sqrt((1 - b * b) / (2 * speed))
x = [4.0]
for _ in range(239): x.append(level + (x[-1] - level) * b + sd * g.standard_normal())
x = np.round(x, 6)
np.savetxt("series.csv", x, fmt="%.6f", header="log_price", comments="")
ar = AutoReg(x, 1, trend="c").fit()                       # conditional maximum likelihood
ols = sm.OLS(x[1:], sm.add_constant(x[:-1])).fit()
n = len(x) - 1; s2 = float(ols.ssr / n)                   # maximum-likelihood variance
cov = np.asarray(ols.cov_params()) * ols.df_resid / n     # with the same variance


def derived(p):                                           # (intercept, slope, variance) -> (speed, level, volatility)
    a, b, v = p; k = -np.log(b) / dt
    return np.array([k, a / (1 - b), np.sqrt(2 * k * v / (1 - b * b))])


p = np.array([ols.params[0], ols.params[1], s2]); C = np.zeros((3, 3)); C[:2, :2] = cov; C[2, 2] = 2 * s2 * s2 / n
J = np.column_stack([(derived(p + h) - derived(p - h)) / (2 * h.sum()) for h in np.diag([1e-6, 1e-6, 1e-9])])  # delta method, numerical Jacobian
se = np.sqrt(np.diag(J @ C @ J.T)); d = derived(p)
json.dump(dict(versions=dict(numpy=np.__version__, statsmodels=statsmodels.__version__), dt=dt,
               autoreg=dict(intercept=float(ar.params[0]), slope=float(ar.params[1]), loglik=float(ar.llf), sigma2=float(ar.sigma2)),
               speed=d[0], level=d[1], volatility=d[2], speed_se=se[0], level_se=se[1], volatility_se=se[2]), open("reference.json", "w"), indent=1)
