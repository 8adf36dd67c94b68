//! Pack and mechanisms into a model; cases, ensembles, run folders. Knows no terminal and no HTTP.

pub mod audit;
pub mod belief;
pub mod case;
pub mod compare;
pub mod condition;
pub mod confidence;
pub mod coverage;
pub mod discover;
pub mod draws;
pub mod ensemble;
mod entries;
pub mod fit;
pub mod frame;
pub mod links;
pub mod loops;
mod money;
pub mod outcome;
pub mod quantities;
pub mod run;
pub mod store;
pub mod study;
pub mod summary;
pub mod until;

use oxus_diag::Diagnostics;
use oxus_kernel::Model;
use oxus_pack::region::Region;

pub use case::Case;
pub use ensemble::{Design, Ensemble, Unwatched, Watch};
pub use outcome::Outcomes;
pub use summary::Summary;

/// The model of a region: all mechanisms planned over its frame, its links resolved, its parameters found.
///
/// # Errors
/// Every problem of the planner, the links and the parameters together, as far as each stage can see.
pub fn model(region: &Region) -> Result<Model, Diagnostics> {
    let model = oxus_kernel::plan(frame::frame(region), oxus_mechanisms::MECHANISMS)?;
    let mut problems = Diagnostics::new();
    let links = links::resolve(region, &model).unwrap_or_else(|found| {
        problems.extend(found.into_sorted());
        Vec::new()
    });
    problems.extend(quantities::unused(region, &model).into_sorted());
    problems.extend(entries::unknown(region, &model).into_sorted());
    if let Err(found) = quantities::Quantities::find(region, &model, &Case::default()) {
        problems.extend(found.into_sorted());
    }
    if problems.has_errors() {
        return Err(problems);
    }
    model.with_links(links)
}

/// A short key for names of folders.
pub fn short_hash(text: &str) -> u32 {
    oxus_random::hash64(text) as u32
}

#[cfg(test)]
mod tests;
