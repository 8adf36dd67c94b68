//! Confidence in a result, apart from its likelihood (ICD 203, part D.6.e.2.b): by stated rules, from the pack and the run.
//!
//! *low* when no observed series exists for the outcome, when more than half of the varying numbers of the mechanism that owns it are
//! assumed, or when fewer than two thirds of the draws agree on the sign of the difference; *moderate* otherwise. *High* needs a
//! back-test of the outcome, which a run does not have.

use oxus_analysis::PairedSummary;
use oxus_kernel::Model;
use oxus_pack::region::{Number, Parameter, Region, Status};

/// How much weight a result can bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// See the module.
    Low,
    /// See the module.
    Moderate,
}

impl Confidence {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
        }
    }
}

/// Share of the numbers of a mechanism that are assumed, counting those that vary; `None` when none varies.
pub fn assumed_share(region: &Region, mechanism: &str) -> Option<f64> {
    let of = |p: &&Parameter| p.id.split_once('.').is_some_and(|(m, _)| m == mechanism);
    let numbers = region.parameters.values().filter(of).flat_map(|p| p.default.iter().chain(p.entities.values()));
    let varying: Vec<&Number> = numbers.filter(|n| !n.value.is_fixed()).collect();
    let assumed = varying.iter().filter(|n| n.status == Status::Assumed).count();
    (!varying.is_empty()).then(|| assumed as f64 / varying.len() as f64)
}

/// Confidence in an outcome's row, with the reason in a few words.
pub fn confidence(region: &Region, model: &Model, outcome: &str, row: &PairedSummary) -> (Confidence, String) {
    let Some(outcome) = region.outcomes.get(outcome) else { return (Confidence::Low, "unknown outcome".into()) };
    if !outcome.observable {
        return (Confidence::Low, "no observed series".into());
    }
    let owner = outcome.of.id.split_once('.').map_or("", |(m, _)| m);
    debug_assert!(model.mechanism(owner).is_some(), "internal: the model's variables are named after their owners");
    if let Some(share) = assumed_share(region, owner)
        && share > 0.5
    {
        return (Confidence::Low, format!("{:.0} % of the numbers assumed", 100.0 * share));
    }
    if row.difference != 0.0 && row.sign_agreement < 2.0 / 3.0 {
        return (Confidence::Low, "draws disagree on the sign".into());
    }
    (Confidence::Moderate, "observed; most numbers not assumed".into())
}
