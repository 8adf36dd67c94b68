//! Studies that rerun the model: the same futures in several arms, and what differs between them.
//!
//! - [`contrast`]: weighted differences of arms, member by member.
//! - [`probe`]: a claim's test on the model: the cause raised by one deviation, the effect at the claim's horizon.
//! - [`directions`]: total effects of all tested claims, with false-discovery control.
//! - [`wiring`]: how far an answer rests on the links: without them, with other strengths, and in placebo packs.
//! - [`views`]: the same cases as several worldviews see the region.
//! - [`why`]: chains from a shock to an outcome, each step cut in the same futures.

pub mod contrast;
pub mod directions;
pub mod probe;
pub mod views;
pub mod why;
pub mod wiring;

use oxus_diag::Diagnostics;
use oxus_kernel::Model;
use oxus_pack::region::Region;

/// The model over the first `months` months alone: what happens in them is the same as in the whole run.
///
/// # Errors
/// Those of [`crate::model`].
pub fn shortened(region: &Region, months: u32) -> Result<Model, Diagnostics> {
    let mut short = region.clone();
    let last = region.identity.origin.plus(i32::try_from(months).unwrap_or(i32::MAX));
    if last < region.identity.last {
        short.identity.last = last;
    }
    crate::model(&short)
}
