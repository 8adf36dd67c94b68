"""Makes the files of this folder: python3 make_reference.py (statsmodels 0.15.0, SciPy 1.17.1, NumPy 2.4.6)."""
import json, numpy as np, pandas as pd, statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.multivariate.factor import Factor

rng = np.random.default_rng(20130227)
out = {}

# Regression: three groups, unequal variances.
n = 36
g = np.repeat([0, 1, 2], 12)
x = rng.normal(0.1, 0.15, n); z = rng.normal(2.0, 0.5, n) + 0.5 * x
y = 1.4 * x - 0.3 * z + np.array([0.1, 0.2, -0.1])[g] + rng.normal(0, 0.1, n) * (1 + 2 * np.abs(x))
pd.DataFrame(dict(group=g, x=x, z=z, y=y)).to_csv("regression.csv", index=False, float_format="%.17g")
common = np.column_stack([x, z, np.ones(n)])
own = np.column_stack([x, z] + [(g == k) * 1.0 for k in range(3)])
for name, X in (("common", common), ("own", own)):
    f = sm.OLS(y, X).fit(); h = f.get_robustcov_results("HC3")
    unit = X / np.sqrt((X ** 2).sum(axis=0))
    s = np.linalg.svd(unit, compute_uv=False)
    c = f.cov_params(); d = np.sqrt(np.diag(c))
    out[name] = dict(coefficients=f.params.tolist(), classical=f.bse.tolist(), hc3=h.bse.tolist(), deviation=float(np.sqrt(f.mse_resid)),
                     condition=float(s[0] / s[-1]), correlation=(c / np.outer(d, d)).ravel().tolist(),
                     explained=float(1 - f.ssr / ((y - y.mean()) ** 2).sum()))

# Means drawn together.
means = np.array([7.2, 4.1, 7.6, 12.3, 7.8, 9.3]); errors = np.array([0.99, 1.11, 0.60, 1.02, 0.46, 1.83])
m = combine_effects(means, errors ** 2, method_re="chi2")
w = 1 / (errors ** 2 + m.tau2)
out["shrink"] = dict(means=means.tolist(), errors=errors.tolist(), between=float(m.tau2), centre=float(m.mean_effect_re), centre_error=float(np.sqrt(1 / w.sum())))

# One autoregression with own means: dummies and the lag.
series = []
for k in range(4):
    v = [5.0 + k]
    for _ in range(13):
        v.append((5.0 + k) * 0.6 + 0.4 * v[-1] + rng.normal())
    series.append(v)
pd.DataFrame(np.array(series).T).to_csv("autoregression.csv", index=False, header=[f"s{k}" for k in range(4)], float_format="%.17g")
lag = np.concatenate([np.array(v[:-1]) for v in series]); now = np.concatenate([np.array(v[1:]) for v in series]); who = np.repeat(range(4), 13)
f = sm.OLS(now, np.column_stack([lag] + [(who == k) * 1.0 for k in range(4)])).fit()
out["autoregression"] = dict(raw=float(f.params[0]), error=float(f.bse[0]), innovation=float(np.sqrt(f.mse_resid)))

# One factor.
t = rng.normal(size=40); L = np.array([0.8, 0.7, -0.5, 0.6])
v = np.outer(t, L) + rng.normal(size=(40, 4)) * np.sqrt(1 - L ** 2)
pd.DataFrame(v, columns=list("abcd")).to_csv("factor.csv", index=False, float_format="%.17g")
r = np.corrcoef(v.T)
pa = Factor(corr=r, n_factor=1, method="pa").fit(maxiter=20000, tol=1e-14)
l = pa.loadings[:, 0]; l = l if l.sum() >= 0 else -l
out["factor"] = dict(loadings=l.tolist(), correlation=r.ravel().tolist())

# Counts: without memory the likelihood is a product of Poisson-lognormal chances, by Gauss-Hermite quadrature.
counts = {"a": [0, 1, 13, 4, 2, 3, 3, 2, 34, 33], "b": [1, 6, 3, 6, 4, 5, 4, 4, 5, 1], "c": [3, 6, 13, 1, 2, 3, 0, 1, 0, 0]}
pd.DataFrame(counts).to_csv("counts.csv", index=False)
nodes, weights = np.polynomial.hermite_e.hermegauss(120); weights = weights / weights.sum()
def loglik(rate, sigma, ks):
    lam = rate * np.exp(sigma * nodes - sigma ** 2 / 2)
    return sum(np.log((weights * stats.poisson.pmf(k, lam)).sum()) for k in ks)
def negative(p):
    return -sum(loglik(np.exp(p[i + 1]), np.exp(p[0]), ks) for i, ks in enumerate(counts.values()))
best = optimize.minimize(negative, np.r_[0.0, [np.log(np.mean(k)) for k in counts.values()]], method="Nelder-Mead", options=dict(xatol=1e-9, fatol=1e-11, maxiter=20000, maxfev=20000))
out["counts_without_memory"] = dict(sigma=float(np.exp(best.x[0])), rates=np.exp(best.x[1:]).tolist(), log_likelihood=float(-best.fun))
# With memory: two years of one series, the double integral by tensor quadrature.
rho, sigma, rate, pair = 0.6, 0.9, 3.0, (2, 11)
a, b = np.meshgrid(nodes, nodes, indexing="ij"); w2 = np.outer(weights, weights)
u, v2 = sigma * a, sigma * (rho * a + np.sqrt(1 - rho ** 2) * b)
chance = (w2 * stats.poisson.pmf(pair[0], rate * np.exp(u - sigma ** 2 / 2)) * stats.poisson.pmf(pair[1], rate * np.exp(v2 - sigma ** 2 / 2))).sum()
out["counts_two_years"] = dict(persistence=rho, sigma=sigma, rate=rate, counts=list(pair), log_likelihood=float(np.log(chance)))

# Hazard on the world panel, errors clustered by state.
p = pd.read_csv("../../../packs/central-asia/panels/irregular-exit.csv")
X = np.column_stack([np.ones(len(p)), p.inverted_u - 0.7, p.faction - 0.3, np.log(p.income / 1000), p.conflict - 0.65, p.unrest - 0.25])
rep = np.repeat(np.arange(len(p)), p.months); ev = np.zeros(len(rep)); start = np.r_[0, np.cumsum(p.months)[:-1]]
for s, e in zip(start, p.events):
    ev[s:s + e] = 1
fam = sm.families.Binomial(sm.families.links.CLogLog())
f = sm.GLM(ev, X[rep], family=fam).fit(tol=1e-14, maxiter=200)
codes = p.state.astype("category").cat.codes.to_numpy()[rep]
c = sm.GLM(ev, X[rep], family=fam).fit(tol=1e-14, maxiter=200, cov_type="cluster", cov_kwds=dict(groups=codes))
out["hazard"] = dict(coefficients=f.params.tolist(), expected=f.bse.tolist(), clustered=c.bse.tolist(), log_likelihood=float(f.llf))
json.dump(out, open("reference.json", "w"), indent=1)
