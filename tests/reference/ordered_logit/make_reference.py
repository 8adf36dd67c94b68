"""Probabilities of an ordered logit as statsmodels' OrderedModel gives them; writes probabilities.csv beside this file.

Run: python make_reference.py (statsmodels, numpy). Thresholds and readiness are drawn with a fixed seed.
"""
import csv
import os

import numpy as np
from statsmodels.miscmodels.ordinal_model import OrderedModel

rng = np.random.default_rng(20130227)
here = os.path.dirname(os.path.abspath(__file__))
rows = []
for case in range(60):
    first, gaps, eta = rng.normal(2.0, 1.5), rng.uniform(0.05, 3.0, 4), rng.normal(0.0, 3.0)
    cuts = first + np.concatenate([[0.0], np.cumsum(gaps)])
    model = OrderedModel(np.arange(6), np.linspace(0.0, 1.0, 6)[:, None], distr="logit")
    # statsmodels keeps the first threshold and the logarithms of the gaps
    params = np.concatenate([[eta], [cuts[0]], np.log(np.diff(cuts))])
    probabilities = model.predict(params, exog=np.ones((1, 1)))[0]
    rows.append([repr(float(x)) for x in [eta, *cuts, *probabilities]])
with open(os.path.join(here, "probabilities.csv"), "w", newline="") as out:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["eta", *[f"k{j}" for j in range(1, 6)], *[f"p{j}" for j in range(6)]])
    writer.writerows(rows)
