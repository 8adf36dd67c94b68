//! Methods of processes in time: autoregressions, mean reversion, counts with a yearly effect, debt.

use oxus_analysis::estimate::{EstimateError, autoregression, moments, yearly_counts};
use oxus_numerics::mean_reversion::{MeanReversionError, fit_ou};

use super::Identified;
use super::data::span;
use super::methods::{Estimated, Outcome, Work};

/// Annual means of a random walk change with two thirds of the variance that the walk has in a year (Working, Econometrica 28, 1960).
const WORKING: f64 = 2.0 / 3.0;

impl Work<'_> {
    pub(super) fn autoregression(&self) -> Outcome {
        let mut series = Vec::new();
        let mut later = Vec::new();
        for (_, _, points) in self.entities() {
            let pairs = points.windows(2).filter(|w| w[1].year == w[0].year + 1);
            later.extend(pairs.clone().map(|w| w[1]));
            series.push(pairs.map(|w| (w[0].y, w[1].y)).collect::<Vec<_>>());
        }
        let ar = autoregression(&series).map_err(|e| self.failed(e, ""))?;
        let freedom = (ar.pairs - series.len() - 1) as f64;
        let innovation = (ar.innovation, ar.innovation / (2.0 * freedom).sqrt());
        Ok(Estimated {
            estimates: vec![
                self.estimate("persistence", "", (ar.persistence, ar.error), &later),
                self.estimate("innovation", "", innovation, &later),
            ],
            residuals: self.left(&ar.residuals, &later),
            notes: vec![format!("{:.3} before the correction for {} pairs of years", ar.raw, ar.pairs)],
            ..Estimated::default()
        })
    }

    pub(super) fn mean_reversion(&self, averaged: bool) -> Outcome {
        let stretch = if averaged { WORKING.sqrt() } else { 1.0 };
        let mut found = Estimated::default();
        let (mut rest, mut later) = (Vec::new(), Vec::new());
        for (_, name, points) in self.entities() {
            let values: Vec<f64> = points.iter().map(|p| p.y).collect();
            if points.windows(2).any(|w| w[1].year != w[0].year + 1) {
                return Err(self.failed(EstimateError::TooFew { rows: values.len(), parameters: 3 }, name));
            }
            let changes: Vec<f64> = values.windows(2).map(|w| w[1] - w[0]).collect();
            let m = moments(&changes, 1).map_err(|e| self.failed(e, name))?;
            let mut add = |estimate: &str, value: f64, error: f64| found.estimates.push(self.estimate(estimate, name, (value, error), &points));
            add("change", m.deviation / stretch, m.deviation_error / stretch);
            match fit_ou(&values, 1.0) {
                Ok(ou) => {
                    add("level", oxus_math::exp(ou.level), oxus_math::exp(ou.level) * ou.level_error);
                    add("speed", ou.speed, ou.speed_error);
                    add("volatility", ou.volatility / stretch, ou.volatility_error / stretch);
                    rest.extend(values.windows(2).map(|w| w[1] - ou.intercept - ou.slope * w[0]));
                    later.extend(points[1..].iter().copied());
                    let raised = 4.0 / (values.len() - 1) as f64;
                    found.notes.push(format!(
                        "{name}: lag coefficient {:.3}; in so short a series the speed comes out about {raised:.2} too high (Tang and Chen 2009)",
                        ou.slope
                    ));
                }
                Err(MeanReversionError::NotReverting(slope)) => {
                    found
                        .notes
                        .push(format!("{name}: lag coefficient {slope:.3}, so that no level and no speed can be told; a random walk fits as well"));
                }
                Err(error) => {
                    let problem = self.failed(EstimateError::Constant, name);
                    return Err(Box::new((*problem).found(error.to_string())));
                }
            }
        }
        found.residuals = self.left(&rest, &later);
        Ok(found)
    }

    pub(super) fn yearly_counts(&self) -> Outcome {
        let (first, last) = span(self.points);
        let series: Vec<Vec<Option<f64>>> =
            self.entities().map(|(_, _, points)| (first..=last).map(|year| points.iter().find(|p| p.year == year).map(|p| p.y)).collect()).collect();
        let counts = yearly_counts(&series).map_err(|e| self.failed(e, ""))?;
        let all = self.all();
        let mut found = Estimated {
            estimates: vec![
                self.estimate("sigma", "", (counts.sigma, counts.sigma_error), &all),
                self.estimate("persistence", "", (counts.persistence, counts.persistence_error), &all),
            ],
            identified: Some(Identified {
                condition: None,
                correlation: counts.correlation,
                between: ("sigma".to_owned(), "persistence".to_owned()),
            }),
            ..Estimated::default()
        };
        for ((_, name, points), (rate, error)) in self.entities().zip(counts.rates.iter().zip(&counts.log_rate_errors)) {
            found.estimates.push(self.estimate("rate", name, (*rate, rate * error), &points));
        }
        found.notes.push(format!(
            "the yearly effect is worth {:.1} units of log-likelihood over Poisson counts ({:.1} and {:.1})",
            counts.log_likelihood - counts.poisson,
            counts.log_likelihood,
            counts.poisson
        ));
        Ok(found)
    }

    pub(super) fn stock_flow(&self, interest: f64) -> Outcome {
        let mut found = Estimated::default();
        let (mut rest, mut later) = (Vec::new(), Vec::new());
        for (_, name, points) in self.entities() {
            let mut flows = Vec::new();
            let mut mine = Vec::new();
            for w in points.windows(2).filter(|w| w[1].year == w[0].year + 1) {
                let [balance, growth, inflation] = w[1].x[..] else { continue };
                let factor = oxus_numerics::debt::debt_factor(interest, interest, 0.0, growth, inflation, 0.0);
                flows.push(w[1].y - oxus_numerics::debt::debt_step(w[0].y, factor, balance, 0.0));
                mine.push(w[1]);
            }
            let m = moments(&flows, 1).map_err(|e| self.failed(e, name))?;
            found.estimates.push(self.estimate("mean", name, (m.mean, m.mean_error), &mine));
            found.estimates.push(self.estimate("deviation", name, (m.deviation, m.deviation_error), &mine));
            rest.extend(flows.iter().map(|f| f - m.mean));
            later.extend(mine);
        }
        found.residuals = self.left(&rest, &later);
        Ok(found)
    }
}
