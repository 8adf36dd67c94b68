//! Estimates as they stand in a file: rounded to what their error bears.

use oxus_pack::region::{FitForm, FitTarget};
use oxus_random::Distribution;

use super::methods::Estimate;

/// A value as text of the pack format and as what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Rounded {
    /// Text.
    pub text: String,
    /// Distribution.
    pub value: Distribution,
}

/// What is written for an estimate with the factors of its target; bounds as the target states them, or else as `shipped` has them.
///
/// The error keeps two digits and the estimate as many decimals; a number without an error keeps two digits.
pub fn rounded(estimate: &Estimate, target: &FitTarget, shipped: &Distribution) -> Option<Rounded> {
    let times = target.factor(&estimate.entity);
    let (value, error) = (estimate.value * times, (estimate.error * times).abs() * target.widen);
    let (inner, distribution) = match target.form {
        FitForm::Point => {
            let (text, value) = two_digits(value)?;
            return Some(Rounded { text, value: Distribution::Fixed(value) });
        }
        FitForm::Normal => {
            let decimals = decimals(error)?;
            let (mean, mean_value) = number(value, decimals)?;
            let (sd, sd_value) = number(error, decimals)?;
            (format!("normal = {{ mean = {mean}, sd = {sd} }}"), Distribution::Normal { mean: mean_value, sd: sd_value })
        }
        FitForm::LogNormal => {
            let (median, median_value) = two_digits(value)?;
            let (sigma, sigma_value) = two_digits(error / value)?;
            (format!("lognormal = {{ median = {median}, sigma = {sigma} }}"), Distribution::LogNormal { median: median_value, sigma: sigma_value })
        }
        FitForm::Beta => {
            let (successes, failures) = estimate.counted?;
            // a wider error is a smaller number of cases
            let shrink = 1.0 / (target.widen * target.widen);
            let (a, a_value) = number((successes + 0.5) * shrink, 1)?;
            let (b, b_value) = number((failures + 0.5) * shrink, 1)?;
            (format!("beta = {{ a = {a}, b = {b} }}"), Distribution::Beta { a: a_value, b: b_value })
        }
    };
    let (low, high) = match (target.low, target.high, shipped) {
        (None, None, Distribution::Truncated { low, high, .. }) => (*low, *high),
        (low, high, _) => (low, high),
    };
    let bound = |name: &str, bound: Option<f64>| bound.map_or_else(String::new, |bound| format!(", {name} = {bound}"));
    let text = format!("{{ {inner}{}{} }}", bound("low", low), bound("high", high));
    let value = if low.is_none() && high.is_none() { distribution } else { Distribution::Truncated { inner: Box::new(distribution), low, high } };
    value.validate().is_ok().then_some(Rounded { text, value })
}

/// Decimals that show two digits of a positive number.
fn decimals(error: f64) -> Option<usize> {
    let size = error.abs();
    if !(size > 0.0 && size.is_finite()) {
        return None;
    }
    let mut decimals = 0;
    // 0.0995 is 0.100 at three decimals: that it has a digit more does no harm
    let mut scaled = size;
    while scaled < 9.95 && decimals < 12 {
        scaled *= 10.0;
        decimals += 1;
    }
    Some(decimals)
}

fn number(value: f64, decimals: usize) -> Option<(String, f64)> {
    let text = format!("{value:.decimals$}");
    let value: f64 = text.parse().ok().filter(|x: &f64| x.is_finite())?;
    // -0.00 is 0.00
    Some(if value == 0.0 { (format!("{:.decimals$}", 0.0), 0.0) } else { (text, value) })
}

fn two_digits(value: f64) -> Option<(String, f64)> {
    if value == 0.0 {
        return Some(("0".to_owned(), 0.0));
    }
    number(value, decimals(value)?)
}
