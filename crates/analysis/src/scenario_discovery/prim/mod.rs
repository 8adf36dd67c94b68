//! The patient rule induction method: peel thin slices off a box while the mean outcome rises, then paste slices back.

mod paste;
mod peel;

use super::data::usable;
use super::{Column, DiscoveryError, Inputs, Limit, Limits};

/// What a candidate box is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// Gain of the mean for each row removed: fair to inputs of few categories (Kwakkel and Jaxa-Rozen 2016, Environ. Modell. Softw. 79:311-321).
    #[default]
    GainByRow,
    /// The mean itself (Friedman and Fisher 1999).
    Mean,
}

/// How boxes are sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Share of the rows in the box that one peel takes off, above 0 and below 0.5.
    pub peel: f64,
    /// Share of the rows beyond a limit that one paste puts back.
    pub paste: f64,
    /// Least share of all rows in a box.
    pub mass_min: f64,
    /// What is raised.
    pub objective: Objective,
    /// Whether a peel that leaves too few rows is passed over for the next best. The reference stops there, which ends the search at once where
    /// an input is 0 in most rows: its one peel leaves few rows and gains most for each.
    pub pass_over_small: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, mass_min: 0.05, objective: Objective::GainByRow, pass_over_small: false }
    }
}

/// One box of a trajectory.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The box.
    pub limits: Limits,
    /// Rows in it.
    pub n: usize,
    /// Rows of interest in it (a sum of shares where outcomes are shares).
    pub k: f64,
}

impl Step {
    /// Share of the rows in the box that are of interest.
    pub fn density(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.k / self.n as f64 }
    }

    /// Columns that the box restricts.
    pub fn restricted(&self, all: &[Limit]) -> Vec<usize> {
        (0..all.len()).filter(|&j| self.limits[j] != all[j]).collect()
    }
}

/// Boxes of one search.
#[derive(Clone, Debug, PartialEq)]
pub struct Search<'d> {
    inputs: &'d Inputs,
    y: &'d [f64],
    all: Limits,
    settings: Settings,
    /// Rows that no earlier box holds.
    pub remaining: Vec<usize>,
    total: f64,
}

impl<'d> Search<'d> {
    /// A search over all rows.
    ///
    /// # Errors
    /// Outcomes outside 0 to 1, all 0 or all 1, or not one a row; settings out of range.
    pub fn new(inputs: &'d Inputs, y: &'d [f64], settings: Settings) -> Result<Self, DiscoveryError> {
        usable(inputs, y)?;
        let share = |x: f64| 0.0 < x && x < 0.5;
        if !(share(settings.peel) && share(settings.paste) && 0.0 < settings.mass_min && settings.mass_min < 1.0) {
            return Err(DiscoveryError::Shape("shares peeled and pasted lie between 0 and 0.5, the least mass between 0 and 1".into()));
        }
        Ok(Self { inputs, y, all: inputs.all(), settings, remaining: (0..inputs.rows()).collect(), total: y.iter().sum() })
    }

    /// The box of all rows.
    pub fn all(&self) -> &Limits {
        &self.all
    }

    /// Share of all rows of interest that a box holds.
    pub fn coverage(&self, step: &Step) -> f64 {
        step.k / self.total
    }

    /// Peels and pastes from all that remains; the first step is the box of everything, the last is where neither helps any more.
    pub fn trajectory(&self) -> Vec<Step> {
        let mut steps = vec![self.step(self.all.clone())];
        peel::peel(self, &mut steps);
        paste::paste(self, &mut steps);
        steps
    }

    /// Rows in a box among those that remain.
    pub fn step(&self, limits: Limits) -> Step {
        let inside = self.remaining.iter().filter(|&&row| self.inputs.within(row, &limits));
        let (mut n, mut k) = (0, 0.0);
        for &row in inside {
            n += 1;
            k += self.y[row];
        }
        Step { limits, n, k }
    }

    /// Takes the rows of a box out of what remains, so that the next trajectory finds another.
    pub fn exclude(&mut self, step: &Step) {
        let inputs = self.inputs;
        self.remaining.retain(|&row| !inputs.within(row, &step.limits));
    }

    /// The inputs searched.
    pub fn inputs(&self) -> &Inputs {
        self.inputs
    }

    /// Whether a candidate holds enough rows to be a box.
    fn enough(&self, n: usize) -> bool {
        n as f64 / self.inputs.rows() as f64 >= self.settings.mass_min
    }

    fn objective(&self, from: (usize, f64), to: (usize, f64)) -> f64 {
        let mean = |(n, k): (usize, f64)| if n == 0 { 0.0 } else { k / n as f64 };
        match self.settings.objective {
            Objective::Mean => mean(to),
            Objective::GainByRow if mean(from) == mean(to) => 0.0,
            Objective::GainByRow => (mean(to) - mean(from)) / from.0.abs_diff(to.0) as f64,
        }
    }
}

/// A box that might be the next: one limit of the present one replaced.
#[derive(Clone, Debug)]
struct Candidate {
    column: usize,
    limit: Limit,
    n: usize,
    k: f64,
}

/// The candidate of the largest objective; among equals the one that restricts fewer inputs, then the first.
fn best(search: &Search<'_>, from: &Step, candidates: Vec<Candidate>) -> Option<(f64, Candidate)> {
    let freed = |c: &Candidate| {
        let (before, after) = (from.limits[c.column] != search.all[c.column], c.limit != search.all[c.column]);
        i32::from(before) - i32::from(after)
    };
    let mut best: Option<(f64, i32, Candidate)> = None;
    for candidate in candidates {
        let (objective, free) = (search.objective((from.n, from.k), (candidate.n, candidate.k)), freed(&candidate));
        if best.as_ref().is_none_or(|b| objective > b.0 || (objective == b.0 && free > b.1)) {
            best = Some((objective, free, candidate));
        }
    }
    best.map(|(objective, _, candidate)| (objective, candidate))
}

/// The value at the place `(n - 1) q` of n ascending values, the mean of its two neighbours; where these are equal, the one on the side of the
/// middle moves away from the tail until they differ, so that a peel always takes something where it can.
fn quantile(n: usize, q: f64, value: impl Fn(usize) -> f64) -> f64 {
    let place = (n - 1) as f64 * q;
    let (mut low, mut high) = (place.floor() as usize, place.ceil() as usize);
    if q > 0.5 {
        while value(low) == value(high) && low > 0 {
            low -= 1;
        }
    } else {
        while value(low) == value(high) && high < n - 1 {
            high += 1;
        }
    }
    (value(low) + value(high)) / 2.0
}

/// Numbers of a column, for columns of numbers.
fn numbers(column: &Column) -> Option<&[f64]> {
    match column {
        Column::Numeric(values) => Some(values),
        Column::Categorical { .. } => None,
    }
}
