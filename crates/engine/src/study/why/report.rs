//! The answer: the effect, each tested step with its words, its evidence in the source, redundant causes and chains.

mod make;
mod source;

use oxus_analysis::necessity::{Causation, ShareGone};
use serde::Serialize;

use super::single::Gone;

pub(super) use make::{fill, start};
pub use source::{ClaimLine, Strength};

/// What is explained.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// Mean of the baseline.
    pub baseline: f64,
    /// Mean of the case.
    pub case: f64,
    /// Mean difference.
    pub difference: f64,
    /// Half-width of its 95 % Monte Carlo interval, clustered by draw.
    pub monte_carlo: f64,
    /// 10 % and 90 % of the draw-level differences.
    pub spread: (f64, f64),
    /// Members compared.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// Members that would be needed for the interval to leave out 0, if the difference stays; `None` when it does already, or when no member differs.
    pub needed: Option<u64>,
}

impl Effect {
    /// Whether the interval leaves out 0.
    pub fn is_clear(&self) -> bool {
        self.difference.abs() > self.monte_carlo
    }
}

/// What a test of a step shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The effect passes through it.
    Carries,
    /// Without it the effect would be larger.
    WorksAgainst,
    /// Neither, beyond chance.
    NotConfirmed,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Carries => "carries the effect in this model",
            Self::WorksAgainst => "works against the effect in this model",
            Self::NotConfirmed => "not confirmed in this model",
        }
    }
}

/// Sorts of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A part of the shock.
    Shock,
    /// A link of the pack.
    Link,
    /// A variable of a mechanism.
    Mechanism,
    /// An event kind.
    Events,
}

/// A probability of necessity or of sufficiency.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Probability {
    /// In the same futures: events paired by their height over the rate, numbers by their keys.
    pub coupled: f64,
    /// Bounds that hold for any coupling (Tian and Pearl 2000).
    pub bounds: (f64, f64),
}

impl From<Causation> for Probability {
    fn from(c: Causation) -> Self {
        Self { coupled: c.coupled, bounds: (c.low, c.high) }
    }
}

/// What goes of the effect when steps are cut.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Necessity {
    /// Share of the effect.
    pub share: f64,
    /// Half-width of its 95 % interval, clustered by draw.
    pub half_width: f64,
    /// p-value that nothing goes.
    pub p: f64,
    /// The smallest false-discovery rate at which it counts.
    pub q: f64,
    /// For an outcome that happens or not: of the futures in which it does in the case, the share in which it does not with the steps cut.
    pub probability: Option<Probability>,
    /// Whether the model could be run with the steps cut in nearly all futures.
    pub testable: bool,
}

impl From<&Gone> for Necessity {
    fn from(g: &Gone) -> Self {
        let ShareGone { share, half_width, p } = g.share;
        Self { share, half_width, p, q: g.q, probability: g.probability.map(Into::into), testable: g.testable }
    }
}

/// A tested step.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Sort.
    pub sort: Sort,
    /// Link, variable, event kind, or target of a part of the shock.
    pub id: String,
    /// In plain words.
    pub title: String,
    /// Source and modifier of a link; mechanism of a variable or kind.
    pub passes: String,
    /// Entities that change most.
    pub entities: Vec<String>,
    /// Mean change where it is largest, in the unit of the variable (of the modifier, for a link); `None` for a part of the shock.
    pub change: Option<f64>,
    /// Root mean square of the change where it is largest, in deviations (a kind: share of events in one case alone).
    pub response: Option<f64>,
    /// Of a link: part of its modifier's change that it carries.
    pub carried: Option<f64>,
    /// What goes when it is cut; `None` for a shock of one part, which is the whole effect.
    pub necessity: Option<Necessity>,
    /// What that shows.
    pub verdict: Verdict,
    /// Of a link: how strong, and how that is known.
    pub strength: Option<Strength>,
    /// Claims it stands for, with places in the source.
    pub claims: Vec<ClaimLine>,
    /// How it is founded, remarks.
    pub notes: Vec<String>,
}

/// Two steps, or a set, cut together.
#[derive(Clone, Debug, Serialize)]
pub struct Joint {
    /// Positions in [`Report::steps`].
    pub steps: Vec<usize>,
    /// What goes with all of them cut.
    pub together: Necessity,
    /// For pairs: what goes beyond the sum of what goes with each, its half-width, and the false-discovery rate at which that counts.
    pub beyond: Option<(f64, f64, f64)>,
    /// Whether that makes them redundant causes: each unnecessary while the other is there.
    pub redundant: bool,
}

/// What stays with one chain alone.
#[derive(Clone, Debug, Serialize)]
pub struct Alone {
    /// Steps of other chains, cut.
    pub cut: Vec<usize>,
    /// Share of the effect that stays.
    pub share: f64,
    /// Half-width of its 95 % interval.
    pub half_width: f64,
    /// Probability of sufficiency, for an outcome that happens or not.
    pub probability: Option<Probability>,
}

/// A chain from the shock to the outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Chain {
    /// Positions in [`Report::steps`], from the shock on.
    pub steps: Vec<usize>,
    /// Strength of its weakest joint: share of the next step's response that goes when a step is cut.
    pub weakest: f64,
    /// The chain alone, where there are others.
    pub alone: Option<Alone>,
}

/// A link that was not tested.
#[derive(Clone, Debug, Serialize)]
pub struct RuledOut {
    /// Link.
    pub id: String,
    /// Why.
    pub because: &'static str,
}

/// The answer of `oxus why`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Case.
    pub case: String,
    /// Its title.
    pub case_title: String,
    /// What it is compared with.
    pub baseline: String,
    /// Outcome.
    pub outcome: String,
    /// Its title.
    pub outcome_title: String,
    /// Unit; `probability` for an outcome that happens or not.
    pub unit: String,
    /// Entity, empty where the outcome combines entities or has one.
    pub entity: String,
    /// Entities the outcome is measured for, where there are several and none was asked for: the clearest difference is explained.
    pub chosen_of: usize,
    /// End of the period.
    pub horizon: String,
    /// Whether it happens or not.
    pub binary: bool,
    /// Seed.
    pub seed: u64,
    /// What is explained.
    pub effect: Effect,
    /// For an outcome that happens or not: of the futures in which it does in the case, the share in which it does not in the baseline.
    pub necessity_of_case: Option<Probability>,
    /// Parts between shock and outcome that respond.
    pub responding: usize,
    /// Most that are tested.
    pub budget: usize,
    /// Tested steps, parts of the shock first.
    pub steps: Vec<Step>,
    /// All links that respond cut together.
    pub links_together: Option<Necessity>,
    /// The links that respond and are not tested one by one, cut together.
    pub untested_together: Option<Necessity>,
    /// Redundant pairs and the smallest set.
    pub joint: Vec<Joint>,
    /// Chains, strongest first.
    pub chains: Vec<Chain>,
    /// Links that were not tested; none of them is confirmed in this model.
    pub ruled_out: Vec<RuledOut>,
}

impl Report {
    /// What is shown of a link; `None` for a link that the model does not have.
    pub fn link(&self, id: &str) -> Option<Verdict> {
        let tested = self.steps.iter().find(|s| s.sort == Sort::Link && s.id == id).map(|s| s.verdict);
        tested.or_else(|| self.ruled_out.iter().any(|r| r.id == id).then_some(Verdict::NotConfirmed))
    }
}
