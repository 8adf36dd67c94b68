use std::collections::BTreeMap;

use oxus_diag::Span;

use super::{Entry, Name, Number, Quantity};

/// Something the source says (`claims/*.toml`), paraphrased.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Stable id (`M041`).
    pub id: String,
    /// What is said, in the pack's words.
    pub says: String,
    /// Who says it.
    pub claimant: String,
    /// In whose interest it is said.
    pub voice: Voice,
    /// How firmly it is said.
    pub hedge: Hedge,
    /// How large the effect is said to be.
    pub size: SizeWord,
    /// What stands behind it.
    pub evidence: EvidenceKind,
    /// Further independent sources.
    pub extra_sources: u32,
    /// Places in the source.
    pub at: Vec<String>,
    /// What becomes of it in the model.
    pub role: Role,
    /// Why it is background, or another remark on the role.
    pub why: Option<String>,
    /// A computable test of it.
    pub test: Option<Test>,
    /// The figure it states, if it states one.
    pub quantity: Option<Quantity>,
    /// What takes it up, beside what names it.
    pub enters: Vec<Entry>,
    /// Claims that cannot hold together with it; written on one side, true of both.
    pub contradicts: Vec<Name>,
    /// The table's header.
    pub span: Span,
}

/// In whose interest a claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// The authors, or nobody's.
    Neutral,
    /// Against the speaker's interest, in private.
    AgainstInterest,
    /// A self-serving public line.
    SelfServing,
    /// A party to the dispute.
    PartyToDispute,
}

/// How firmly a claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hedge {
    /// Stated outright.
    Asserted,
    /// Said to be likely.
    Likely,
    /// Said to be possible.
    May,
    /// Said to hold under a condition.
    Conditional,
    /// Hoped for.
    Hoped,
    /// Feared.
    Feared,
    /// Alleged.
    Alleged,
    /// Reported and doubted.
    Doubted,
}

/// How large the effect is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SizeWord {
    /// Weak or minimal.
    Weak,
    /// No word of size.
    Ordinary,
    /// Sharp or decisive.
    Strong,
}

/// What stands behind a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// A data series.
    Series,
    /// Two or more independent sources.
    TwoIndependent,
    /// A documented episode.
    Episode,
    /// One named source.
    OneNamed,
    /// No note.
    NoNote,
    /// One unnamed interview.
    OneUnnamed,
    /// Evidence with a known flaw.
    Flawed,
}

/// What becomes of a claim in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It is one or more links.
    Link,
    /// It sets a parameter.
    Parameter,
    /// It is inside a mechanism's equations.
    Mechanism,
    /// It is a scenario.
    Scenario,
    /// It is a lever.
    Lever,
    /// It is about what is observed.
    Observation,
    /// It has no computable content, for a stated reason.
    Background,
}

/// A test of a claim: raise one variable and watch another.
#[derive(Clone, Debug)]
pub struct Test {
    /// Variable to raise.
    pub raise: Name,
    /// Variable to watch.
    pub watch: Name,
    /// Entities to test on; `None` all.
    pub entities: Option<Name>,
    /// What must be seen.
    pub sign: TestSign,
    /// After how many months.
    pub after: u32,
    /// The table.
    pub span: Span,
}

/// What a claim's test must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TestSign {
    /// A rise.
    Plus,
    /// A fall.
    Minus,
    /// No change.
    Zero,
    /// A level, whatever the change.
    Level,
    /// A change that flattens out.
    Saturating,
}

/// An influence of one variable on another's modifier (`links/*.toml`).
#[derive(Clone, Debug)]
pub struct Link {
    /// Stable id.
    pub id: String,
    /// Claims the link stands for; empty when contested.
    pub claims: Vec<Name>,
    /// Sides of a contested link, by claimant; one side is drawn in each draw. Empty when not contested.
    pub contested: BTreeMap<String, Contested>,
    /// Source variable.
    pub from: Name,
    /// Target modifier.
    pub to: Name,
    /// Sign of the influence; `None` when contested.
    pub sign: Option<Sign>,
    /// Size and existence.
    pub strength: Strength,
    /// First-order delay, months; `None` no delay beyond the step.
    pub lag: Option<Number>,
    /// One typical deviation of the source, in the source's unit.
    pub scale: Number,
    /// Value of the source at which the link is silent.
    pub reference: Reference,
    /// How the distance from the reference acts.
    pub shape: Shape,
    /// How several source entities become one, when going up an axis.
    pub by: Option<Upward>,
    /// Relation between source and target entities; `None` containment.
    pub through: Option<Relation>,
    /// Condition on entities, as written.
    pub when: Option<Name>,
    /// Remark.
    pub note: Option<String>,
    /// The table's header.
    pub span: Span,
}

/// One side of a contested link.
#[derive(Clone, Debug)]
pub struct Contested {
    /// Claims of this side.
    pub claims: Vec<Name>,
    /// Sign on this side.
    pub sign: Sign,
    /// The entry.
    pub span: Span,
}

/// Direction of an influence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// More of the source, more of the target.
    Plus,
    /// More of the source, less of the target.
    Minus,
}

/// Where a link's strength comes from.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "hundreds of links, each read once: a box would only be in the way")]
pub enum Strength {
    /// From the words of its claims, by the table in [`crate::strength`].
    Claims,
    /// Set by hand: a departure, listed by the audit.
    Set(Number),
}

/// Value of a link's source at which it is silent.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "hundreds of links, each read once: a box would only be in the way")]
pub enum Reference {
    /// The value at the origin.
    Base,
    /// The source's own moving mean over 60 months.
    Trend,
    /// A number.
    Value(Number),
}

/// How the distance of a link's source from its reference acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// In proportion, and less and less in a crisis.
    Saturating,
    /// All at once above the reference: a claim about a threshold.
    Step,
}

/// How several source entities become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Upward {
    /// Their sum.
    Sum,
    /// Their mean.
    Mean,
    /// Their maximum.
    Max,
    /// Their mean weighted by population.
    Population,
}

/// A relation between entities other than containment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Provinces that touch.
    Adjacency,
    /// States that touch.
    Borders,
    /// Provinces or states tied by population.
    Kinship,
}

/// A worldview (`views/*.toml`): which claims are believed.
#[derive(Clone, Debug)]
pub struct View {
    /// Stable id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What it is, in a sentence.
    pub note: Option<String>,
    /// Probability that a claim's link exists, by claimant.
    pub believes: BTreeMap<String, Belief>,
    /// Probability for claims the view denies.
    pub denied: Option<f64>,
    /// For claimants not named.
    pub others: Belief,
    /// Distributions that the view puts in place of the pack's, by full parameter id.
    pub parameters: BTreeMap<String, super::Parameter>,
    /// The first line of the file.
    pub span: Span,
}

/// How far a claimant is believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Belief {
    /// By the words of each claim.
    Pooled,
    /// With this probability.
    Exists(f64),
}
