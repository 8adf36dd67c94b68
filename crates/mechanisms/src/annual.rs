//! Monthly processes that reproduce what is estimated on calendar years.
//!
//! A rate `x` of annualised monthly growth follows `x' = p x + s z`. The growth of a calendar year, December on December, is the mean of
//! its twelve rates. Estimates come from years, so `p` and `s` are chosen such that these means have the stated first-order
//! autocorrelation and standard deviation; both conditions are exact.

/// Months in a year.
const MONTHS: i32 = 12;

/// A monthly first-order autoregression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthlyAr1 {
    /// Share of a deviation that remains after a month.
    pub persistence: f64,
    /// Standard deviation of the monthly shock, for a standard deviation of 1 of the calendar-year means.
    pub shock: f64,
    /// Best guess of the deviation of the last month of a year, for a deviation of 1 of that year's mean.
    pub last_month: f64,
}

/// Sum of the twelve powers of `p` and of the covariances within a year: `(sum p^i, 12 + 2 sum (12 - k) p^k)`.
fn within_year(p: f64) -> (f64, f64) {
    let (mut power, mut sum, mut spread) = (1.0, 1.0, f64::from(MONTHS));
    for k in 1..MONTHS {
        power *= p;
        sum += power;
        spread += 2.0 * f64::from(MONTHS - k) * power;
    }
    (sum, spread)
}

/// First-order autocorrelation of the calendar-year means of a monthly autoregression with persistence `p`.
pub fn annual_autocorrelation(p: f64) -> f64 {
    let (sum, spread) = within_year(p);
    p * sum * sum / spread
}

/// The monthly process whose calendar-year means have this first-order autocorrelation (limited to `[0, 0.98]`: a year's mean of a
/// positive monthly process cannot be negatively autocorrelated, and nearer to 1 no level exists) and a standard deviation of 1.
///
/// Source: sums of the autocovariances of an AR(1); Working, Econometrica 28 (1960), for why averages must not be read as points.
/// Oracle: simulated years (tests).
pub fn monthly_ar1(autocorrelation: f64) -> MonthlyAr1 {
    let target = autocorrelation.clamp(0.0, 0.98);
    // the autocorrelation rises with p from 0 at 0 to 1 at 1; 52 halvings exhaust the digits
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..52 {
        let middle = 0.5 * (low + high);
        if annual_autocorrelation(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let persistence = if target > 0.0 { 0.5 * (low + high) } else { 0.0 };
    let (sum, spread) = within_year(persistence);
    let months = f64::from(MONTHS);
    let stationary = months / spread.sqrt();
    MonthlyAr1 { persistence, shock: stationary * ((1.0 - persistence) * (1.0 + persistence)).sqrt(), last_month: months * sum / spread }
}

/// Monthly processes for a column of annual autocorrelations, recalculated only where one has changed.
#[derive(Default)]
pub struct MonthlyColumn {
    of: Vec<f64>,
    steps: Vec<MonthlyAr1>,
}

impl MonthlyColumn {
    /// The processes for these autocorrelations, in their order.
    pub fn of(&mut self, autocorrelations: &[f64]) -> &[MonthlyAr1] {
        if self.of == autocorrelations {
            return &self.steps;
        }
        if self.of.len() != autocorrelations.len() {
            self.of = autocorrelations.to_vec();
            self.steps = autocorrelations.iter().map(|&a| monthly_ar1(a)).collect();
        }
        for ((known, step), &asked) in self.of.iter_mut().zip(&mut self.steps).zip(autocorrelations) {
            if known.to_bits() != asked.to_bits() {
                *known = asked;
                *step = monthly_ar1(asked);
            }
        }
        &self.steps
    }
}

/// Share of the way to a target that a first-order delay covers in a month: `1 - exp(-1 / (12 delay))`, `delay` in years, above 0.
#[inline(always)]
pub fn monthly_share(delay: f64) -> f64 {
    -oxus_math::exp_m1(-1.0 / (f64::from(MONTHS) * delay))
}

#[cfg(test)]
mod tests {
    use oxus_random::{Key, Stream};

    use super::*;

    #[test]
    fn years_have_the_autocorrelation_and_deviation_asked_for() {
        for asked in [0.0, 0.15, 0.4, 0.7] {
            let step = monthly_ar1(asked);
            assert!((annual_autocorrelation(step.persistence) - asked).abs() < 1e-12);
            let mut stream = Stream::new(Key::new(5, 0, 0), 1, 1, 0);
            let (mut x, years) = (0.0, 60_000);
            let means: Vec<f64> = (0..years)
                .map(|_| {
                    (0..12)
                        .map(|_| {
                            x = step.persistence * x + step.shock * stream.normal();
                            x
                        })
                        .sum::<f64>()
                        / 12.0
                })
                .collect();
            let n = f64::from(years);
            let mean = means.iter().sum::<f64>() / n;
            let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / n;
            let lagged = means.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum::<f64>() / n / variance;
            // Four standard errors: of a variance widened by the autocorrelation, and of an autocorrelation (at most 1 / sqrt n).
            let widened = ((1.0 + asked * asked) / (1.0 - asked * asked)).sqrt();
            assert!((variance - 1.0).abs() < 4.0 * (2.0 / n).sqrt() * widened, "{asked}: {variance}");
            assert!((lagged - asked).abs() < 4.0 / n.sqrt(), "{asked}: {lagged}");
        }
    }

    #[test]
    fn a_column_follows_changes_of_its_parameters() {
        let mut column = MonthlyColumn::default();
        assert_eq!(column.of(&[0.3, 0.5])[1], monthly_ar1(0.5));
        assert_eq!(column.of(&[0.3, 0.1])[1], monthly_ar1(0.1));
        assert_eq!(column.of(&[0.3, 0.1])[0], monthly_ar1(0.3));
    }

    #[test]
    fn unusable_autocorrelations_are_limited() {
        assert_eq!(monthly_ar1(-0.5).persistence, 0.0);
        assert_eq!(monthly_ar1(1.5), monthly_ar1(0.98));
        assert!((monthly_share(1.0) - 0.0800).abs() < 1e-3);
    }
}
