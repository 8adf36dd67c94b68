use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_random::Distribution;

use super::{Intervention, Name};

/// How the region is started at an earlier month than the pack's own (`backtest.toml`).
#[derive(Clone, Debug, Default)]
pub struct Restart {
    /// Series of output in current dollars: money amounts of a state keep their share of it.
    pub output: Option<Name>,
    /// Series of trade with a partner, by partner: the flows of the base follow it.
    pub trade: BTreeMap<String, Name>,
    /// States that cannot be started earlier, and series that say nothing of their own, with the reason; they are not scored.
    pub without: BTreeMap<String, String>,
    /// Parameters estimated anew from what was known, by parameter id.
    pub parameters: BTreeMap<String, Reestimate>,
    /// When a year counts as one of conflict.
    pub conflict: Option<Threshold>,
    /// The regression that forecasts of exits are compared with.
    pub regression: Option<Regression>,
    /// Numbers without works that appeared after the as-of day, by parameter id.
    pub strict: BTreeMap<String, Stricter>,
    /// Shocks of the past, given as they were known, by id.
    pub replays: BTreeMap<String, Replay>,
}

/// A shock of the past and what followed (the observed values are those of the series).
#[derive(Clone, Debug)]
pub struct Replay {
    /// Title for people.
    pub title: String,
    /// Year at whose end the region is started.
    pub origin: i32,
    /// What is imposed.
    pub interventions: Vec<Intervention>,
    /// Contracts whose nominated volumes are those that came.
    pub contracts: Vec<Name>,
    /// What is looked at.
    pub checks: Vec<ReplayCheck>,
    /// Where the shock is known from, and what it leaves out.
    pub note: String,
    /// The table.
    pub span: Span,
}

/// A value that followed a shock.
#[derive(Clone, Debug)]
pub struct ReplayCheck {
    /// Series.
    pub series: Name,
    /// Entity of the series.
    pub entity: String,
    /// Year.
    pub year: i32,
}

/// A series and the value from which something counts as happening.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The series.
    pub series: Name,
    /// Smallest value that counts.
    pub threshold: f64,
}

/// Series of a panel of states: what a regression of events reads.
#[derive(Clone, Debug)]
pub struct Regression {
    /// Type of regime, 0 to 4, by election of the executive and competition (Goldstone et al. 2010).
    pub regime: Name,
    /// Output a head, positive.
    pub income: Name,
    /// Recent conflict, 0 or 1.
    pub conflict: Name,
    /// Events of the panel, by the series that is forecast.
    pub events: BTreeMap<String, Name>,
}

/// What stands in for a number that rests on later work.
#[derive(Clone, Debug)]
pub struct Stricter {
    /// The number without it, in the parameter's unit.
    pub value: Distribution,
    /// What could be judged.
    pub reason: String,
    /// The table.
    pub span: Span,
}

/// How a parameter is found anew from a series up to the origin.
#[derive(Clone, Debug)]
pub struct Reestimate {
    /// Parameter.
    pub parameter: Name,
    /// What is computed.
    pub statistic: Statistic,
    /// From which series; `None` for [`Statistic::Stated`] and [`Statistic::Share`].
    pub series: Option<Name>,
    /// At most this many last years.
    pub years: u32,
    /// Factor on what is computed.
    pub scale: f64,
    /// Factor on its standard error; 0 takes it as exact.
    pub error: f64,
    /// The value of [`Statistic::Stated`].
    pub value: f64,
    /// Why so.
    pub reason: String,
    /// The table.
    pub span: Span,
}

/// What is computed of the last years of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistic {
    /// The last value.
    Last,
    /// Their mean.
    Mean,
    /// Their mean as a log rate: the mean of `ln(1 + x / 100)`; `scale` comes after.
    LogRate,
    /// Their standard deviation.
    Deviation,
    /// The standard deviation of their log rates, `ln(1 + x / 100)`.
    LogDeviation,
    /// Their mean as a positive number, lognormal with `error` as deviation of the logarithm; of counts at least half a one in the years looked at.
    PositiveMean,
    /// The pack's number, in its share of the state's output.
    Share,
    /// A stated number, where a value at the origin is missing.
    Stated,
}
