//! Rows of a run: what was drawn beside what came of it.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};

use super::{Asked, Bad, DiscoverError};
use crate::loops::one;
use crate::store::{Column, Measured, RunReader, RunRecord, read_inputs, read_outcomes};

/// Rows with their inputs.
pub(super) struct Rows {
    /// Names of the inputs that vary.
    pub names: Vec<String>,
    /// `[input][row]`.
    pub values: Vec<Vec<f64>>,
    /// Draw of each row.
    pub draw: Vec<u32>,
    /// Share of the row's futures that go wrong.
    pub bad: Vec<f64>,
    /// Where going wrong begins, and whether above it.
    pub threshold: (f64, bool),
    /// Futures read.
    pub futures: usize,
    /// Entity.
    pub entity: String,
    /// Whether rows are single futures.
    pub by_future: bool,
}

type Member = (u32, u32);

pub(super) fn read(asked: &Asked, record: &RunRecord, case: &str, horizon: &str, observed: Option<&str>) -> Result<Rows, DiscoverError> {
    let baseline = record.cases.first().cloned().unwrap_or_default();
    let keep = |c: &Column| {
        let outcome = c.outcome == asked.outcome && c.horizon == horizon && (c.case == case || (asked.difference && c.case == baseline));
        outcome || (Some(c.horizon.as_str()) == observed && c.case == case)
    };
    let measured = read_outcomes(&asked.folder, &keep)?;
    let of_outcome: Vec<&Measured> = measured.iter().filter(|m| m.column.outcome == asked.outcome && m.column.horizon == horizon).collect();
    if of_outcome.is_empty() {
        return Err(unknown_outcome(asked)?.into());
    }
    let entity = entity(asked, &of_outcome)?;
    let of = |case: &str| {
        let rows = of_outcome.iter().filter(|m| m.column.case == case && m.column.entity == entity);
        rows.map(|m| ((m.draw, m.replicate), m.value)).collect::<BTreeMap<Member, f64>>()
    };
    let mut values = of(case);
    if asked.difference {
        let base = of(&baseline);
        values = values.into_iter().filter_map(|(member, v)| Some((member, v - base.get(&member)?))).collect();
    }
    let inputs = read_inputs(&asked.folder)?;
    let known = inputs.values().map(Vec::len).min().unwrap_or(0) as u32;
    values.retain(|(draw, _), _| *draw < known);
    let threshold = threshold(asked.bad, values.values().copied().collect())?;
    let bad = |v: f64| f64::from(u8::from(if threshold.1 { v > threshold.0 } else { v < threshold.0 }));
    let mut rows = Rows {
        names: Vec::new(),
        values: Vec::new(),
        draw: Vec::new(),
        bad: Vec::new(),
        threshold,
        futures: values.len(),
        entity,
        by_future: observed.is_some(),
    };
    let mut members: Vec<Member> = Vec::new();
    for (&(draw, replicate), &value) in &values {
        if rows.by_future || rows.draw.last() != Some(&draw) {
            rows.draw.push(draw);
            rows.bad.push(0.0);
            members.push((draw, replicate));
        }
        if let Some(sum) = rows.bad.last_mut() {
            *sum += bad(value);
        }
    }
    if !rows.by_future {
        let count = |draw: u32| values.range((draw, 0)..=(draw, u32::MAX)).count().max(1) as f64;
        rows.bad.iter_mut().zip(&rows.draw).for_each(|(sum, &draw)| *sum /= count(draw));
    }
    for (name, drawn) in inputs {
        let column: Vec<f64> = rows.draw.iter().map(|&draw| drawn[draw as usize]).collect();
        rows.add(name, column);
    }
    if let Some(month) = observed {
        rows.observe(&measured, month, &members);
    }
    Ok(rows)
}

impl Rows {
    /// Adds an input that varies over the rows.
    fn add(&mut self, name: String, column: Vec<f64>) {
        if column.iter().all(|v| v.is_finite()) && column.iter().any(|v| *v != column[0]) {
            self.names.push(name);
            self.values.push(column);
        }
    }

    /// Adds what is known of every outcome at an earlier month.
    fn observe(&mut self, measured: &[Measured], month: &str, members: &[Member]) {
        let mut columns: BTreeMap<String, BTreeMap<Member, f64>> = BTreeMap::new();
        for m in measured.iter().filter(|m| m.column.horizon == month) {
            let at = if m.column.entity.is_empty() { String::new() } else { format!("/{}", m.column.entity) };
            columns.entry(format!("by {month}: {}{at}", m.column.outcome)).or_default().insert((m.draw, m.replicate), m.value);
        }
        for (name, values) in columns {
            self.add(name, members.iter().map(|member| values.get(member).copied().unwrap_or(f64::NAN)).collect());
        }
    }
}

fn unknown_outcome(asked: &Asked) -> Result<Diagnostics, DiscoverError> {
    let reader = RunReader::open(&asked.folder)?;
    let mut names: Vec<&str> = reader.columns().iter().map(|column| column.outcome.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let problem = Diagnostic::error(codes::E003, format!("the run has no outcome `{}`", asked.outcome));
    let problem = problem.expected(names.join(", ")).help_maybe(did_you_mean(&asked.outcome, names.iter().copied()));
    Ok(one(problem.help("`oxus run --all` records every outcome of the pack")))
}

fn entity(asked: &Asked, rows: &[&Measured]) -> Result<String, Diagnostics> {
    let mut entities: Vec<&str> = rows.iter().map(|m| m.column.entity.as_str()).collect();
    entities.sort_unstable();
    entities.dedup();
    match (asked.entity.as_deref(), entities.as_slice()) {
        (None, [one]) => Ok((*one).to_owned()),
        (Some(name), all) if all.contains(&name) => Ok(name.to_owned()),
        (Some(name), all) => {
            let problem = Diagnostic::error(codes::E003, format!("outcome `{}` has no entity `{name}`", asked.outcome));
            Err(one(problem.expected(all.join(", ")).help_maybe(did_you_mean(name, all.iter().copied()))))
        }
        (None, all) => {
            let problem = Diagnostic::error(codes::E003, format!("outcome `{}` has several entities", asked.outcome));
            Err(one(problem.expected(format!("`--entity` with one of {}", all.join(", ")))))
        }
    }
}

/// The value at which going wrong begins. A share of the worst leaves out values equal to the threshold, so that it may be smaller than asked.
fn threshold(bad: Bad, mut values: Vec<f64>) -> Result<(f64, bool), Diagnostics> {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (share * values.len() as f64).floor() as usize;
        values.get(place.min(values.len().saturating_sub(1))).copied()
    };
    let found = match bad {
        Bad::Above(x) => Some((x, true)),
        Bad::Below(x) => Some((x, false)),
        Bad::Highest(share) => at(1.0 - share).map(|x| (below_the_top(&values, x), true)),
        Bad::Lowest(share) => at(share).map(|x| (above_the_bottom(&values, x), false)),
    };
    found.ok_or_else(|| one(Diagnostic::error(codes::A014, "the run has no futures with known inputs")))
}

/// The threshold, or the largest value below it where it is itself the largest, so that something lies above.
fn below_the_top(values: &[f64], x: f64) -> f64 {
    match values.last() {
        Some(&top) if x >= top => values.iter().rev().find(|v| **v < top).copied().unwrap_or(x),
        _ => x,
    }
}

fn above_the_bottom(values: &[f64], x: f64) -> f64 {
    match values.first() {
        Some(&bottom) if x <= bottom => values.iter().find(|v| **v > bottom).copied().unwrap_or(x),
        _ => x,
    }
}
