//! The baseline of events that knows more than their frequency: a logit of regime type, income and recent conflict on states of the world.
//!
//! Covariates are those of the year before the event (Goldstone et al., Am. J. Polit. Sci. 54, 2010, with the regime types in three classes so that there
//! is at most about one coefficient for ten events). A weak ridge keeps the early years, with a score of events, from separating.

use std::cell::RefCell;
use std::collections::BTreeMap;

use oxus_math::{ln, logistic};
use oxus_numerics::hazard::{Binary, Link};
use oxus_pack::region::{Region, Regression};

use super::past::value;

/// Constant, regime in between, factional regime, log income, recent conflict.
const COLUMNS: usize = 5;
/// Penalty of each coefficient but the constant's: a standard deviation of 3 on the log odds, weaker than any effect published.
const RIDGE: f64 = 1.0 / 9.0;
/// Fewest events with a fit.
const LEAST_EVENTS: usize = 5;

/// The regression of one series' events; `None` where the pack names no panel for it.
pub(super) struct Fits<'a> {
    rule: Option<(&'a Regression, &'a str)>,
    /// Coefficients by last year of the data.
    by_year: RefCell<BTreeMap<i32, Option<Vec<f64>>>>,
}

/// The regression for a series of events.
pub(super) fn of<'a>(known: &'a Region, series: &str) -> Fits<'a> {
    let rule = known.restart.regression.as_ref().and_then(|rule| Some((rule, rule.events.get(series)?.id.as_str())));
    Fits { rule, by_year: RefCell::default() }
}

impl Fits<'_> {
    /// Chance of an event in the year after `year`, fitted on events up to `year`; `None` without panel, covariates or events enough.
    pub(super) fn probability(&self, known: &Region, entity: &str, year: i32) -> Option<f64> {
        let (rule, events) = self.rule?;
        let row = covariates(known, rule, entity, year)?;
        let mut fits = self.by_year.borrow_mut();
        let fit = fits.entry(year).or_insert_with(|| fit(known, rule, events, year));
        let eta = fit.as_ref()?.iter().zip(row).map(|(b, x)| b * x).sum();
        Some(logistic(eta))
    }
}

fn covariates(known: &Region, rule: &Regression, entity: &str, year: i32) -> Option<[f64; COLUMNS]> {
    let at = |id: &str| value(known.series.get(id)?, entity, year);
    let (regime, income, conflict) = (at(&rule.regime.id)?, at(&rule.income.id)?, at(&rule.conflict.id)?);
    let is = |yes: bool| f64::from(u8::from(yes));
    Some([1.0, is(regime == 1.0 || regime == 2.0), is(regime == 3.0), ln(income.max(1e-6)), conflict])
}

fn fit(known: &Region, rule: &Regression, events: &str, last: i32) -> Option<Vec<f64>> {
    let (mut design, mut happened) = (Vec::new(), Vec::new());
    for (entity, list) in &known.series.get(events)?.values {
        for seen in list.iter().filter(|seen| seen.period.last().year() <= last) {
            if let Some(row) = covariates(known, rule, entity, seen.period.last().year() - 1) {
                design.extend(row);
                happened.push(seen.value > 0.0);
            }
        }
    }
    if happened.iter().filter(|y| **y).count() < LEAST_EVENTS {
        return None;
    }
    let ridge = [0.0, RIDGE, RIDGE, RIDGE, RIDGE];
    let fit = Binary { design: &design, columns: COLUMNS, events: &happened, link: Link::Logit, ridge: &ridge }.fit().ok()?;
    Some(fit.coefficients)
}
