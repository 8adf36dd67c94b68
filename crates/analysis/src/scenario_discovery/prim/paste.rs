//! Pasting: beyond each limit of the box, a slice of the rows that this limit alone keeps out.

use super::{Candidate, Column, Limit, Search, Step, best, quantile};

/// Adds boxes to the trajectory while a paste raises the mean.
pub(super) fn paste(search: &Search<'_>, steps: &mut Vec<Step>) {
    while let Some(from) = steps.last() {
        let restricted = from.restricted(&search.all);
        let outside = kept_out(search, from, &restricted);
        let found = restricted.iter().zip(&outside).flat_map(|(&j, rows)| candidates(search, from, j, rows)).collect();
        let Some((objective, candidate)) = best(search, from, found) else { return };
        let risen = candidate.k * from.n as f64 > from.k * candidate.n as f64;
        if !(search.enough(candidate.n) && candidate.n > from.n && objective > 0.0 && risen) {
            return;
        }
        let mut limits = from.limits.clone();
        limits[candidate.column] = candidate.limit;
        steps.push(Step { limits, n: candidate.n, k: candidate.k });
    }
}

/// For each restricted column the rows that it could add: those that no other column keeps out.
fn kept_out(search: &Search<'_>, from: &Step, restricted: &[usize]) -> Vec<Vec<usize>> {
    let mut outside = vec![Vec::new(); restricted.len()];
    for &row in &search.remaining {
        let mut by = restricted.iter().enumerate().filter(|&(_, &j)| !search.inputs.columns[j].within(row, &from.limits[j]));
        match (by.next(), by.next()) {
            (Some((at, _)), None) => outside[at].push(row),
            (None, _) => outside.iter_mut().for_each(|rows| rows.push(row)),
            _ => {}
        }
    }
    outside
}

/// `rows`: those inside the box, and those that this column alone keeps out.
fn candidates(search: &Search<'_>, from: &Step, column: usize, rows: &[usize]) -> Vec<Candidate> {
    let with = |limit: Limit| {
        let inside = rows.iter().filter(|&&row| search.inputs.columns[column].within(row, &limit));
        let (n, k) = inside.fold((0, 0.0), |(n, k), &row| (n + 1, k + search.y[row]));
        Candidate { column, limit, n, k }
    };
    match (&search.inputs.columns[column], &from.limits[column], &search.all[column]) {
        (Column::Numeric(values), &Limit::Range(low, high), &Limit::Range(lowest, highest)) => {
            // rows at the limit itself count as beyond it, as they do in the reference
            let sorted = |beyond: &dyn Fn(f64) -> bool| {
                let mut list: Vec<f64> = rows.iter().map(|&row| values[row]).filter(|&v| beyond(v)).collect();
                list.sort_by(f64::total_cmp);
                list
            };
            let share = search.settings.paste;
            let at = |list: Vec<f64>, q: f64, end: f64| if list.is_empty() { end } else { quantile(list.len(), q, |i| list[i]) };
            let lower = at(sorted(&|v| v <= low), 1.0 - share, lowest);
            let upper = at(sorted(&|v| v >= high), share, highest);
            vec![with(Limit::Range(lower, high)), with(Limit::Range(low, upper))]
        }
        (_, Limit::Among(allowed), _) => {
            let and = |c: usize| {
                let mut more = allowed.clone();
                more[c] = true;
                with(Limit::Among(more))
            };
            (0..allowed.len()).filter(|&c| !allowed[c]).map(and).collect()
        }
        _ => Vec::new(),
    }
}
