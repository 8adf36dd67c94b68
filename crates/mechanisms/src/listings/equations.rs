//! A shared list of persons as signal detection: who is put on it, who comes off, what it finds. Counts and rates only; nobody is an entity.

use oxus_math::{exp_m1, logistic, logit, normal_cdf, normal_quantile};

/// Rates at which submitted persons pass the test for the list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pass {
    /// Of those linked to violence: hits.
    pub linked: f64,
    /// Of those without such a link and not submitted for dissent: false alarms.
    pub unlinked: f64,
    /// Of those submitted for peaceful dissent.
    pub dissent: f64,
}

/// Rates of passing by equal-variance signal detection (Green and Swets 1966, chapter 3): evidence is normal with deviation 1 around 0
/// without a link, around `sensitivity` with one; who exceeds the criterion `c` is listed, so that `hits = Phi(d' - c)` and
/// `false alarms = Phi(-c)`. The criterion keeps off the share `standard` of those without a link: `c = Phi^-1(standard)`.
///
/// A broad definition of the offence lets dissent itself pass for evidence: dissenters stand at `breadth * d'` (`breadth` 0 to 1).
/// Oracle: Abramowitz and Stegun's table of the normal distribution, equal rates at `d' = 0` (tests).
pub fn pass(sensitivity: f64, standard: f64, breadth: f64) -> Pass {
    let criterion = normal_quantile(standard.clamp(1e-6, 1.0 - 1e-6));
    let above = |mean: f64| normal_cdf(mean - criterion);
    Pass { linked: above(sensitivity), unlinked: above(0.0), dissent: above(breadth.clamp(0.0, 1.0) * sensitivity) }
}

/// Shares of entries that a review strikes: of those without a link `Phi(c)`, of those with one `Phi(c - d')`, at the reviewer's own
/// criterion and sensitivity.
pub fn struck(sensitivity: f64, criterion: f64) -> (f64, f64) {
    (normal_cdf(criterion), normal_cdf(criterion - sensitivity))
}

/// New entries a year, rightful and wrongful, of so many submissions a year: a share `dissent` of them is for peaceful dissent, of the rest
/// a share `prevalence` is linked to violence.
#[inline(always)]
pub fn listed(submissions: f64, dissent: f64, prevalence: f64, pass: Pass) -> (f64, f64) {
    let others = submissions * (1.0 - dissent);
    (others * prevalence * pass.linked, others * (1.0 - prevalence) * pass.unlinked + submissions * dissent * pass.dissent)
}

/// What `years` do to a stock with a constant hazard of leaving: the share kept and what a yearly inflow of 1 adds,
/// `(exp(-h t), (1 - exp(-h t)) / h)`; `(1, t)` without one.
#[inline(always)]
pub fn decay(hazard: f64, years: f64) -> (f64, f64) {
    if hazard * years < 1e-12 {
        return (1.0, years);
    }
    let left = -exp_m1(-hazard * years);
    (1.0 - left, left / hazard)
}

/// Stock after `years` of constant inflow and a constant hazard of leaving: `S exp(-h t) + (F / h) (1 - exp(-h t))`.
///
/// Exact, so that twelve months make a year. Oracle: [`steady`].
#[inline(always)]
pub fn stock_after(stock: f64, inflow: f64, hazard: f64, years: f64) -> f64 {
    let (kept, added) = decay(hazard, years);
    stock * kept + inflow * added
}

/// Stock at which inflow and leaving balance: `F / h`.
pub fn steady(inflow: f64, hazard: f64) -> f64 {
    inflow / hazard
}

/// Plots found a year because of the list: plots, times the share of violent persons on it (`1 - exp(-rightful / pool)`), times the share
/// of entries that services can follow (their capacity over all entries, at most 1), times what following one finds.
///
/// Wrongful entries take up capacity, so that a longer list can find less.
#[inline(always)]
pub fn detected(plots: f64, rightful: f64, pool: f64, persons: f64, capacity: f64, found: f64) -> f64 {
    plots * -exp_m1(-rightful / pool) * (capacity / persons.max(capacity)) * found
}

/// Share of applications for refuge that are refused: the usual share, moved towards the share under the convention by how far it binds.
#[inline(always)]
pub fn refusal(usual: f64, under_duty: f64, duty: f64) -> f64 {
    usual + (under_duty - usual).max(0.0) * duty.clamp(0.0, 1.0)
}

/// Transfers a year of listed persons present in a state: with a court's leave, and faster where the convention sets courts aside.
#[inline(always)]
pub fn transfers(present: f64, usual_rate: f64, speed_up: f64, swift: f64) -> f64 {
    present * usual_rate * (1.0 + speed_up * swift.clamp(0.0, 1.0))
}

/// Share of a state's submissions that are for peaceful dissent: `logistic(logit(usual) + k (repression - repression at the origin) + shift)`.
#[inline(always)]
pub fn dissent(usual: f64, by_repression: f64, repression: f64, at_origin: f64, shift: f64) -> f64 {
    logistic(logit(usual.clamp(1e-6, 1.0 - 1e-6)) + by_repression * (repression - at_origin) + shift)
}
