//! The same cases as several worldviews see the region: same seeds, other beliefs and numbers.

use oxus_analysis::PairedSummary;
use oxus_analysis::disagreement::{Disagreement, Estimate};
use oxus_kernel::Model;
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::ensemble::Watch;
use crate::run::{Request, RunError, run};

/// One outcome under one case, view by view.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The case, without a view.
    pub case: String,
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome combines entities.
    pub entity: String,
    /// End of the period.
    pub horizon: Month,
    /// Whether it happens or not.
    pub binary: bool,
    /// Baseline, case and their difference as each view has them, in the order of the views.
    pub views: Vec<PairedSummary>,
    /// How far the views are apart in the difference (for the baseline as only case: in its level, without an interval).
    pub disagreement: Disagreement,
}

/// All outcomes of all cases under all views.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Views compared.
    pub views: Vec<String>,
    /// Rows in the order of cases and of the pack's outcomes.
    pub rows: Vec<Compared>,
    /// Members simulated under every view.
    pub members: u32,
}

/// Runs the cases of a request (whose views are put aside) under each view and compares the differences from each view's own baseline.
///
/// # Errors
/// Those of [`run`]; the request's folder is not written.
pub fn compare(region: &Region, model: &Model, request: &Request, views: &[String], watch: &dyn Watch) -> Result<Comparison, RunError> {
    let mut rows: Vec<Compared> = Vec::new();
    let mut least = u32::MAX;
    for (at, view) in views.iter().enumerate() {
        let cases = request.cases.iter().map(|case| Case { view: Some(view.clone()), ..case.clone() }).collect();
        let asked = Request { cases, folder: None, ..request.clone() };
        let finished = run(region, model, &asked, &OneOf { at: at as u32, of: views.len() as u32, watch })?;
        least = least.min(finished.members);
        let mut next = rows.iter_mut();
        let mut fresh = Vec::new();
        for (c, case) in request.cases.iter().enumerate().skip(usize::from(request.cases.len() > 1)) {
            for (k, cell) in finished.ensemble.outcomes.cells.iter().enumerate() {
                let Some(row) = finished.summary.row(c, k) else { continue };
                if let Some(earlier) = next.next() {
                    earlier.views.push(row.paired);
                    continue;
                }
                fresh.push(Compared {
                    case: Case { view: None, ..case.clone() }.to_string(),
                    outcome: cell.outcome.clone(),
                    entity: cell.entity.clone(),
                    horizon: cell.horizon,
                    binary: cell.binary,
                    views: vec![row.paired],
                    disagreement: Disagreement { plus: 0, minus: 0, unclear: 0, lowest: 0, highest: 0, range: 0.0, range_in_intervals: 0.0 },
                });
            }
        }
        rows.extend(fresh);
        if finished.members < request.design.members() {
            break;
        }
    }
    let alone = request.cases.len() == 1;
    for row in &mut rows {
        let estimate = |p: &PairedSummary| Estimate { effect: if alone { p.baseline } else { p.difference }, half_width: p.monte_carlo };
        let estimates: Vec<Estimate> = row.views.iter().map(estimate).collect();
        if let Some(found) = Disagreement::of(&estimates) {
            row.disagreement = found;
        }
    }
    let compared = rows.first().map_or(0, |r| r.views.len());
    Ok(Comparison { views: views[..compared].to_vec(), rows, members: least })
}

/// Progress of one run of several.
struct OneOf<'w> {
    at: u32,
    of: u32,
    watch: &'w dyn Watch,
}

impl Watch for OneOf<'_> {
    fn progress(&self, done: u32, of: u32) -> bool {
        self.watch.progress(self.at * of + done, self.of * of)
    }
}
