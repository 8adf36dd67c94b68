//! The equations of the energy mechanism: pure functions of numbers.

use oxus_kernel::LANES;
use oxus_math::{exp, ln};

use crate::rows::{Row, add};

/// Volumes are counted for the solver in millionths of the network's unit (a thousand cubic metres of gas, a tonne, a MWh).
pub const UNITS_PER_VOLUME: f64 = 1e6;

/// Months of the year whose oil prices make an oil-indexed gas price.
pub const LAG_MONTHS: usize = 9;

/// Conditional means of a standard normal within its five equally likely fifths: a normal in five steps.
///
/// `(phi(a) - phi(b)) / 0.2` for fifth `(a, b)`; the variance kept is 0.897.
pub const FIFTHS: [f64; 5] = [-1.399_809_602_0, -0.531_903_065_4, 0.0, 0.531_903_065_4, 1.399_809_602_0];

/// Volume as a whole number of solver units, halves up; 0 for what is negative or no number.
#[inline(always)]
pub fn to_units(volume: f64) -> i64 {
    // for positive numbers truncation of x + 0.5 rounds, and is one instruction where `round` is a call
    (volume * UNITS_PER_VOLUME + 0.5).max(0.0) as i64
}

/// Solver units as a volume.
#[inline(always)]
pub fn to_volume(units: i64) -> f64 {
    units as f64 / UNITS_PER_VOLUME
}

/// The step of a standard normal that a uniform falls in; see [`FIFTHS`].
pub fn fifth(uniform: f64) -> f64 {
    FIFTHS[((uniform * 5.0) as usize).min(4)]
}

/// Logarithm of the monthly rate of technical outages on a line.
///
/// `rate` per 1000 km and year (EGIG's measure), `length_km`, `shift` on the log scale. Minus infinity where either is zero.
#[inline(always)]
pub fn ln_outage_rate(rate: f64, length_km: f64, shift: f64) -> f64 {
    let monthly = rate * length_km / 12_000.0;
    if monthly > 0.0 { ln(monthly) + shift } else { f64::NEG_INFINITY }
}

/// Whole days of a repair: the started days of a log-normal duration with median `median * exp(shift)`, from 1 to ten years.
pub fn repair_days(median: f64, sigma: f64, shift: f64, normal: f64) -> i64 {
    let days = median * exp(shift + sigma * normal);
    days.ceil().clamp(1.0, 3650.0) as i64
}

/// Long-run availability of a line whose up days end with probability `1 - exp(-lambda)` and whose repairs take `mean_repair` days
/// on average: `mu / (lambda' + mu)` with `mu = 1 / mean_repair` and `lambda' = exp(lambda) - 1`.
///
/// The alternating renewal theorem; only the mean of the repair matters (Praks, Kopustinskas and Masera 2015 use the same ratio).
pub fn availability(lambda: f64, mean_repair: f64) -> f64 {
    1.0 / (1.0 + (exp(lambda) - 1.0) * mean_repair)
}

/// The days of a month (bits, first day lowest) on which something that lasts from day `from` up to, not including, `until` is out.
/// Days are counted from the start of the run; the month starts on day `start` and has `days`.
#[inline(always)]
pub fn day_mask(from: i64, until: i64, start: i64, days: u32) -> u32 {
    let low = (from - start).clamp(0, i64::from(days)) as u32;
    let high = (until - start).clamp(0, i64::from(days)) as u32;
    if high <= low { 0 } else { (u32::MAX >> (32 - (high - low))) << low }
}

/// Capacity of a month in solver units, given the days that the line is out.
#[inline(always)]
pub fn capacity_left(units: i64, days_out: u32, days: u32) -> i64 {
    let up = i64::from(days.saturating_sub(days_out));
    units * up / i64::from(days.max(1))
}

/// Price of an indexed contract: `base * (1 + slope * (index / reference - 1))`, never negative; `base` where there is no reference.
#[inline(always)]
pub fn indexed_price(base: f64, index: f64, reference: f64, slope: f64) -> f64 {
    if reference > 0.0 { (base * (1.0 + slope * (index / reference - 1.0))).max(0.0) } else { base }
}

/// What the buyer owes for volume that it did not ask for: the floor less what it asked, times the price; never negative.
#[inline(always)]
pub fn take_or_pay_due(ramp: f64, floor: f64, asked: f64, price: f64) -> f64 {
    (ramp * floor - asked).max(0.0) * price
}

/// Logarithm of the monthly rate at which a seller cuts a buyer off.
///
/// `rate` a year in a calm month; `stress` the seller's seasonal demand above its mean, as a share (not below 0); `arrears` in months of
/// bills; `dispute` 0 to 1; `shift` on the log scale.
#[inline(always)]
pub fn ln_cutoff_rate(rate: f64, stress: f64, arrears: f64, dispute: f64, effects: [f64; 3], shift: f64) -> f64 {
    if rate <= 0.0 {
        return f64::NEG_INFINITY;
    }
    ln(rate / 12.0) + effects[0] * stress.max(0.0) + effects[1] * arrears + effects[2] * dispute + shift
}

/// Unpaid bills, in months of bills: the unpaid share of what was delivered comes in, a share is settled, more of it while cut off.
#[inline(always)]
pub fn next_arrears(arrears: f64, unpaid: f64, settled: f64) -> f64 {
    arrears * (1.0 - settled.clamp(0.0, 1.0)) + unpaid.max(0.0)
}

/// Release of a linear reservoir over a month, as a ratio to the mean flow: `1 + 12 s / k`, not below 0.
///
/// `stored` is the water above normal in years of mean inflow, `k` the months in which an excess would drain.
pub fn release(stored: f64, drain_months: f64) -> f64 {
    (1.0 + 12.0 * stored / drain_months).max(0.0)
}

/// Water above normal a month later: inflow less release.
pub fn next_stored(stored: f64, inflow_anomaly: f64, released: f64) -> f64 {
    stored + (1.0 + inflow_anomaly - released) / 12.0
}

/// What a state's power plants can give relative to a normal year, when `hydro` of it is hydropower.
///
/// Rounded to hundredths: dispatch then meets the same few supplies again and again, and the solver answers from memory.
pub fn water_factor(hydro: f64, released: f64) -> f64 {
    let factor = 1.0 + hydro * (released - 1.0);
    (factor.max(0.0) * 100.0).round() / 100.0
}

/// Demand of a month relative to its mean: the season, and in heating months (season above 1) the severity of the winter.
#[inline(always)]
pub fn demand_factor(season: f64, severity: f64, cold_sd: f64) -> f64 {
    if season > 1.0 { (season * (1.0 + cold_sd * severity)).max(0.0) } else { season }
}

/// One step of a first-order approach with time constant `months`.
#[inline(always)]
pub fn approach(x: f64, target: f64, months: f64) -> f64 {
    x + (target - x) / months.max(1.0)
}

/// Largest part over the whole, lane by lane; 0 where the whole is 0.
#[inline(always)]
pub(crate) fn largest_share(parts: &[Row]) -> Row {
    let (mut total, mut largest) = ([0.0; LANES], [0.0_f64; LANES]);
    for part in parts {
        add(&mut total, part);
        largest = lanes!(|l| largest[l].max(part[l]));
    }
    lanes!(|l| if total[l] > 0.0 { largest[l] / total[l] } else { 0.0 })
}
