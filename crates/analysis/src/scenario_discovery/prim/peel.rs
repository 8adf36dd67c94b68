//! Peeling: from each input a slice off its lower or its upper end, or one of its categories.

use super::{Candidate, Column, Limit, Search, Step, best, numbers, quantile};

/// Rows in the box, by column in ascending order of its values (of categories: in any order).
struct Sorted {
    order: Vec<Vec<u32>>,
}

impl Sorted {
    fn of(search: &Search<'_>) -> Self {
        let rows: Vec<u32> = search.remaining.iter().map(|&row| row as u32).collect();
        let sorted = |column: &Column| {
            let mut order = rows.clone();
            if let Some(values) = numbers(column) {
                order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
            }
            order
        };
        Self { order: search.inputs.columns.iter().map(sorted).collect() }
    }

    /// Keeps the rows that are within a limit of a column.
    fn keep(&mut self, column: &Column, limit: &Limit) {
        for order in &mut self.order {
            order.retain(|&row| column.within(row as usize, limit));
        }
    }
}

/// Adds boxes to the trajectory while a peel gains, takes something and leaves enough.
pub(super) fn peel(search: &Search<'_>, steps: &mut Vec<Step>) {
    let mut sorted = Sorted::of(search);
    while let Some(from) = steps.last() {
        if from.n == 0 {
            return;
        }
        let mut found: Vec<Candidate> = (0..search.all.len()).flat_map(|j| candidates(search, from, &sorted.order[j], j)).collect();
        if search.settings.pass_over_small {
            found.retain(|candidate| search.enough(candidate.n));
        }
        let Some((objective, candidate)) = best(search, from, found) else { return };
        if !(search.enough(candidate.n) && candidate.n < from.n && objective > 0.0) {
            return;
        }
        sorted.keep(&search.inputs.columns[candidate.column], &candidate.limit);
        let mut limits = from.limits.clone();
        limits[candidate.column] = candidate.limit;
        steps.push(Step { limits, n: candidate.n, k: candidate.k });
    }
}

fn candidates(search: &Search<'_>, from: &Step, order: &[u32], column: usize) -> Vec<Candidate> {
    let y = search.y;
    match (&search.inputs.columns[column], &from.limits[column]) {
        (Column::Numeric(values), &Limit::Range(low, high)) => {
            let value = |at: usize| values[order[at] as usize];
            let interest = |rows: &[u32]| rows.iter().map(|&row| y[row as usize]).sum::<f64>();
            let upper = quantile(order.len(), 1.0 - search.settings.peel, value);
            let lower = quantile(order.len(), search.settings.peel, value);
            // what is taken off is small and is summed; what stays is the rest
            let kept = order.len() - order.iter().rev().take_while(|&&row| values[row as usize] > upper).count();
            let taken = order.iter().take_while(|&&row| values[row as usize] < lower).count();
            vec![
                Candidate { column, limit: Limit::Range(low, upper), n: kept, k: from.k - interest(&order[kept..]) },
                Candidate { column, limit: Limit::Range(lower, high), n: order.len() - taken, k: from.k - interest(&order[..taken]) },
            ]
        }
        (Column::Categorical { of, .. }, Limit::Among(allowed)) if allowed.iter().filter(|a| **a).count() > 1 => {
            let (mut n, mut k) = (vec![0; allowed.len()], vec![0.0; allowed.len()]);
            for &row in order {
                n[of[row as usize] as usize] += 1;
                k[of[row as usize] as usize] += y[row as usize];
            }
            let without = |c: usize| {
                let mut rest = allowed.clone();
                rest[c] = false;
                Candidate { column, limit: Limit::Among(rest), n: from.n - n[c], k: from.k - k[c] }
            };
            (0..allowed.len()).filter(|&c| allowed[c]).map(without).collect()
        }
        _ => Vec::new(),
    }
}
