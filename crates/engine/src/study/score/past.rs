//! Observed history as scores need it: yearly values up to the origin, and what happened after.

use oxus_pack::region::Series;

/// The value that a series has for a year.
pub(super) fn value(series: &Series, entity: &str, year: i32) -> Option<f64> {
    let list = series.values.get(entity)?;
    list.iter().find(|seen| seen.period.months() == 12 && seen.period.last().year() == year).map(|seen| seen.value)
}

/// The unbroken run of yearly values that ends in `year`; empty where the year itself is missing. Gaps are not filled.
pub(super) fn run_up_to(series: &Series, entity: &str, year: i32) -> Vec<f64> {
    let mut back: Vec<f64> = (0..).map_while(|k| value(series, entity, year - k)).collect();
    back.reverse();
    back
}
