//! The closure of gegravity: multilateral resistances at the base's shares of output and expenditure.

use oxus_math::pow;

use super::{TradeError, length, positive};

/// Iterations before giving up; the alternation converges geometrically, at worst slowly.
const MOST_ITERATIONS: usize = 100_000;
/// Largest change of a log resistance that counts as none: a few units in the last place.
const SETTLED: f64 = 1e-14;

/// Outward and inward resistances, raised to `sigma - 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Resistances {
    /// `P_j^(sigma - 1)` of each importer, 1 for the reference.
    pub inward: Vec<f64>,
    /// `Pi_i^(sigma - 1)` of each exporter.
    pub outward: Vec<f64>,
}

/// Solves `1/x_j = sum_i K_ij y_i w_i`, `1/w_i = sum_j K_ij e_j x_j`, `x_reference = 1` by alternation.
///
/// `accessibility` is `t_ij^(1 - sigma)`, `[from][to]`, above 0; `output` and `expenditure` are shares of the world's.
/// Source: Anderson and van Wincoop, AER 93 (2003), equations 10 and 11 (as the gegravity program normalises them).
pub fn resistances(accessibility: &[f64], output: &[f64], expenditure: &[f64], reference: usize) -> Result<Resistances, TradeError> {
    let n = output.len();
    if n < 2 {
        return Err(TradeError::TooSmall { economies: n, groups: 1 });
    }
    length("the list of expenditures", expenditure.len(), n)?;
    length("the list of accessibilities", accessibility.len(), n * n)?;
    positive("output", output, true)?;
    positive("expenditure", expenditure, true)?;
    positive("accessibility", accessibility, true)?;
    if reference >= n {
        return Err(TradeError::Domain { what: "the reference, economy", position: 0, value: reference as f64, domain: "one of the economies" });
    }
    let (mut inward, mut outward, mut next) = (vec![1.0; n], vec![1.0; n], vec![0.0; n]);
    let outward_at = |inward: &[f64], outward: &mut [f64]| {
        for (i, w) in outward.iter_mut().enumerate() {
            let row = &accessibility[i * n..][..n];
            *w = 1.0 / row.iter().zip(expenditure.iter().zip(inward)).map(|(k, (e, x))| k * (e * x)).sum::<f64>();
        }
    };
    let mut change = f64::INFINITY;
    for _ in 0..MOST_ITERATIONS {
        outward_at(&inward, &mut outward);
        next.fill(0.0);
        for i in 0..n {
            let sold = output[i] * outward[i];
            for (sum, k) in next.iter_mut().zip(&accessibility[i * n..][..n]) {
                *sum += k * sold;
            }
        }
        let scale = next[reference];
        change = 0.0_f64;
        for (x, sum) in inward.iter_mut().zip(&next) {
            let new = scale / sum;
            // the log of a ratio near 1 is the ratio less 1, to the digits that matter here
            change = change.max((new / *x - 1.0).abs());
            *x = new;
        }
        if change < SETTLED {
            outward_at(&inward, &mut outward);
            return Ok(Resistances { inward, outward });
        }
    }
    Err(TradeError::NotConverged { iterations: MOST_ITERATIONS, residual: change })
}

/// Results of the closure `shares_fixed`.
#[derive(Clone, Debug, PartialEq)]
pub struct SharesFixed {
    /// Factory-gate price relative to the base.
    pub price: Vec<f64>,
    /// Inward resistance before, after.
    pub inward: [Vec<f64>; 2],
    /// Outward resistance before, after.
    pub outward: [Vec<f64>; 2],
    /// Trade before, after, `[from][to]`; the second does not clear the markets.
    pub trade: [Vec<f64>; 2],
}

impl SharesFixed {
    /// Real output of an economy relative to the base, `p P0 / P1`.
    pub fn real_output(&self, economy: usize) -> f64 {
        self.price[economy] * self.inward[0][economy] / self.inward[1][economy]
    }
}

/// What gegravity's `OneSectorGE` answers when accessibility changes from `before` to `after`.
///
/// Prices follow in closed form from outward resistances at base shares; trade mixes new shares of output with these resistances. `output`
/// and `expenditure` are levels, `sigma` (above 1) the elasticity of substitution. Source: gegravity 0.3; Yotov et al., *An Advanced Guide to Trade
/// Policy Analysis* (2016), chapter 2.
pub fn shares_fixed(
    before: &[f64],
    after: &[f64],
    output: &[f64],
    expenditure: &[f64],
    reference: usize,
    sigma: f64,
) -> Result<SharesFixed, TradeError> {
    if !(sigma > 1.0 && sigma.is_finite()) {
        return Err(TradeError::Domain { what: "sigma, number", position: 0, value: sigma, domain: "a finite number above 1" });
    }
    let n = output.len();
    let (made, spent): (f64, f64) = (output.iter().sum(), expenditure.iter().sum());
    let y: Vec<f64> = output.iter().map(|x| x / made).collect();
    let e: Vec<f64> = expenditure.iter().map(|x| x / spent).collect();
    let base = resistances(before, &y, &e, reference)?;
    let new = resistances(after, &y, &e, reference)?;
    let price: Vec<f64> = (0..n).map(|i| pow(new.outward[i] / base.outward[i], 1.0 / (1.0 - sigma))).collect();
    let root = |x: &[f64]| x.iter().map(|x| pow(*x, 1.0 / (sigma - 1.0))).collect::<Vec<_>>();
    let valued: f64 = price.iter().zip(output).map(|(p, y)| p * y).sum();
    let flows = |k: &[f64], r: &Resistances, sold: &dyn Fn(usize) -> f64, bought: &dyn Fn(usize) -> f64| -> Vec<f64> {
        (0..n * n).map(|c| k[c] * (sold(c / n) * r.outward[c / n]) * (bought(c % n) * r.inward[c % n])).collect()
    };
    Ok(SharesFixed {
        inward: [root(&base.inward), root(&new.inward)],
        outward: [root(&base.outward), root(&new.outward)],
        trade: [
            flows(before, &base, &|i| y[i], &|j| expenditure[j]),
            flows(after, &new, &|i| price[i] * output[i] / valued, &|j| price[j] * expenditure[j]),
        ],
        price,
    })
}
