//! Every case of joined runs against its reference, outcome by outcome.

use oxus_analysis::{Cluster, Paired, PairedSummary};

use super::joined::Joined;
use crate::run::RunError;
use crate::store::Column;

/// One outcome of one case against its reference.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The case's outcome.
    pub column: Column,
    /// The case it is set against.
    pub reference: String,
    /// Means, difference and its intervals.
    pub paired: PairedSummary,
}

/// What a case is set against: `against` if given; else the baseline of its own view if the runs have it; else the first case.
pub fn reference<'a>(case: &str, cases: &'a [String], against: Option<&'a str>) -> Option<&'a str> {
    if against.is_some() {
        return against;
    }
    let own = case.split_once('@').filter(|(parts, _)| *parts != "baseline").map(|(_, view)| format!("baseline@{view}"));
    let of_view = own.and_then(|own| cases.iter().find(|c| **c == own));
    of_view.or_else(|| cases.iter().find(|c| *c == "baseline")).or(cases.first()).map(String::as_str)
}

/// Paired differences of every column from its reference, in the order of outcomes, then cases.
///
/// # Errors
/// When a file cannot be read.
pub fn differences(joined: &Joined, against: Option<&str>) -> Result<Vec<Compared>, RunError> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, column) in joined.columns.iter().enumerate() {
        let Some(reference) = reference(&column.case, &joined.cases, against) else { continue };
        let alone = joined.cases.len() == 1;
        if (column.case != reference || alone)
            && let Some(from) = joined.column(reference, &column.outcome, &column.entity, &column.horizon)
        {
            pairs.push((from, at));
        }
    }
    let mut paired = vec![Paired::default(); pairs.len()];
    joined.each_draw(|draw| {
        for (sums, &(from, to)) in paired.iter_mut().zip(&pairs) {
            sums.add(&Cluster { members: draw.values[from].iter().copied().zip(draw.values[to].iter().copied()).collect() });
        }
    })?;
    let rows = pairs.iter().zip(&paired).filter_map(|(&(from, to), sums)| {
        let (column, reference) = (joined.columns[to].clone(), joined.columns[from].case.clone());
        Some(Compared { column, reference, paired: sums.summary()? })
    });
    let mut rows: Vec<Compared> = rows.collect();
    let first = |c: &Column| joined.columns.iter().position(|k| (&k.outcome, &k.entity, &k.horizon) == (&c.outcome, &c.entity, &c.horizon));
    let case = |c: &Column| joined.cases.iter().position(|k| *k == c.case);
    rows.sort_by_key(|row| (first(&row.column), case(&row.column)));
    Ok(rows)
}
