//! From a claim's words to the strength of its link: the default table.
//!
//! A claim's hedge and evidence give the probability that its link exists; its evidence gives the size of the effect
//! if it does (spike and slab, Mitchell and Beauchamp 1988). Hedges move existence, never size. The table is a
//! judgement, stated here once, published in the book, varied in sensitivity studies and never tuned to scored years.
//!
//! With several claims on one link, the strongest single claim counts (the one most likely to exist), and each further claim of
//! another claimant that points the same way adds 0.3 to the logit of existence; these and the claim's own
//! `extra_sources` together add at most 0.9. Claims of one claimant recount one observation and count once.

mod table;

use oxus_math::{logistic, logit};
use oxus_random::Distribution;

use crate::region::Claim;

pub use table::{existence, sign_holds, size_if_exists, size_word, voice_shift};

/// What is believed of a link before any run.
#[derive(Clone, Debug)]
pub struct LinkPrior {
    /// Probability that the link exists.
    pub exists: f64,
    /// Size if it exists: change on the target's log or logit scale per typical deviation of the source; log-normal.
    pub size: Distribution,
    /// Probability that the sign is as claimed.
    pub sign_holds: f64,
}

/// On the logit of existence, for each further independent source.
pub const PER_SOURCE: f64 = 0.3;
/// The most that further sources add together.
pub const ALL_SOURCES: f64 = 0.9;

/// The prior of a link that stands for these claims; `None` without a claim.
#[must_use]
pub fn of_claims(claims: &[&Claim]) -> Option<LinkPrior> {
    let alone = |claim: &Claim| logit(existence(claim.hedge, claim.evidence)) + voice_shift(claim.voice);
    let with_own = |claim: &Claim| alone(claim) + further(claim.extra_sources);
    // Ties go to the first id, so that the order in which a link lists its claims does not matter.
    let strongest = claims.iter().copied().max_by(|a, b| with_own(a).total_cmp(&with_own(b)).then(b.id.cmp(&a.id)))?;
    let mut others: Vec<&str> = claims.iter().map(|claim| claim.claimant.as_str()).filter(|&who| who != strongest.claimant).collect();
    others.sort_unstable();
    others.dedup();
    let sources = strongest.extra_sources.saturating_add(u32::try_from(others.len()).unwrap_or(u32::MAX));
    let (median, sigma) = size_if_exists(strongest.evidence);
    Some(LinkPrior {
        exists: logistic(alone(strongest) + further(sources)),
        size: Distribution::LogNormal { median: median * size_word(strongest.size), sigma },
        sign_holds: sign_holds(strongest.hedge),
    })
}

/// The prior of a link that stands for one claim.
#[must_use]
pub fn of_claim(claim: &Claim) -> LinkPrior {
    of_claims(&[claim]).expect("internal: one claim always has a prior")
}

fn further(sources: u32) -> f64 {
    (PER_SOURCE * f64::from(sources)).min(ALL_SOURCES)
}

#[cfg(test)]
mod tests;
