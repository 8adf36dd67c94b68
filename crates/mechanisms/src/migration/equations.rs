//! Migration: stocks of workers with linear inflow and outflow, what people believe their number to be, and what they make of it.

use oxus_math::{exp, ln, logistic, logit};

/// Months of a year.
pub const MONTHS: f64 = 12.0;

/// Foreign workers for whom there is work: `(settled + jobs loans + staff) exp(shift)`.
///
/// `settled` traders and others without a project, `jobs` persons for a million dollars a year of loans paid out, `loans` million dollars a
/// year, `staff` foreign staff of sites owned by the sending power.
#[inline(always)]
pub fn wanted(settled: f64, jobs: f64, loans: f64, staff: f64, shift: f64) -> f64 {
    (settled + jobs * loans + staff) * exp(shift)
}

/// A stock after a month of `inflow` persons and of leaving at `rate` a month: `stock + inflow - rate stock`.
///
/// Oracle: [`stock_after`].
#[inline(always)]
pub fn stock(stock: f64, inflow: f64, rate: f64) -> f64 {
    stock + inflow - rate * stock
}

/// The closed form of [`stock`] for constant inflow and rate: `s* + (s - s*)(1 - rate)^months`, `s* = inflow / rate`.
pub fn stock_after(stock: f64, inflow: f64, rate: f64, months: u32) -> f64 {
    let rest = inflow / rate;
    rest + (stock - rest) * (0..months).fold(1.0, |x, _| x * (1.0 - rate))
}

/// What people believe the stock to be: `stock exp(blur (1 - quality))`.
///
/// `quality` of the published data, 0 none to 1 complete; `exp(blur)` is how far rumour without data exceeds the count.
#[inline(always)]
pub fn perceived(stock: f64, blur: f64, quality: f64) -> f64 {
    stock * exp(blur * (1.0 - quality))
}

/// Where anxiety tends to: `start + sensitivity ln(perceived / perceived at the origin) + shift`; counts of at least one.
#[inline(always)]
pub fn anxiety_target(start: f64, sensitivity: f64, perceived: f64, at_origin: f64, shift: f64) -> f64 {
    start + sensitivity * ln(perceived.max(1.0) / at_origin.max(1.0)) + shift
}

/// Where mobilisation tends to: `logistic(logit(start) + slope (anxiety - anxiety at the origin)) + shift`: little at first, then at once.
#[inline(always)]
pub fn mobilisation_target(start: f64, slope: f64, anxiety_change: f64, shift: f64) -> f64 {
    logistic(logit(start.clamp(1e-6, 1.0 - 1e-6)) + slope * anxiety_change) + shift
}

/// Log pull of work abroad: `entry ln(rules) + rouble value + income income`, 0 at the origin.
///
/// `rules` the index of entry (1 at the origin), `value` the log real dollar value of the hosts' currency, `income` the log of migrants' income.
#[inline(always)]
pub fn pull(by_entry: f64, rules: f64, by_rouble: f64, value: f64, by_income: f64, income: f64) -> f64 {
    by_entry * ln(rules.max(1e-3)) + by_rouble * value + by_income * income
}

/// Who goes abroad and which part returns in a month: `(rate start exp(part pull), rate exp(-(1 - part) pull))`, `rate` a year.
///
/// With a constant pull the stock tends to `start exp(pull)`, whatever the `part` that departures take in the adjustment.
#[inline(always)]
pub fn turnover(rate: f64, start: f64, part: f64, pull: f64) -> (f64, f64) {
    (rate / MONTHS * start * exp(part * pull), (rate / MONTHS * exp(-(1.0 - part) * pull)).min(1.0))
}
