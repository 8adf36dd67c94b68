use oxus_diag::Span;
use oxus_units::Unit;

use super::Name;

/// Something to report at each horizon (`outcomes.toml`): a fold over a recorded variable.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Stable id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Recorded variable.
    pub of: Name,
    /// Entities; empty for all.
    pub entities: Vec<Name>,
    /// What to make of several entities.
    pub over: Across,
    /// What to make of several months.
    pub fold: Fold,
    /// Months before each horizon that the fold runs over; `None` from the start of the run.
    pub window: Option<u32>,
    /// Unit of the outcome.
    pub unit: Unit,
    /// Id of the outcome in the source's inventory.
    pub source_outcome: Option<String>,
    /// Which direction is bad.
    pub bad_if: BadIf,
    /// Whether history records it.
    pub observable: bool,
    /// What exactly is counted.
    pub definition: String,
    /// Whether it stands in the default table.
    pub headline: bool,
    /// Whether a search for levers always has it among its objectives: rights, deaths by the state.
    pub safeguard: bool,
    /// The table's header.
    pub span: Span,
}

/// What to make of several entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Across {
    /// Report each.
    Each,
    /// Their sum.
    Sum,
    /// Their mean.
    Mean,
    /// Their maximum.
    Max,
}

/// What to make of several months.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fold {
    /// Their sum.
    Sum,
    /// Their mean.
    Mean,
    /// The last.
    Last,
    /// The largest.
    Max,
    /// 1 when any month is above the threshold, else 0.
    AnyAbove(f64),
    /// How many months are above the threshold.
    MonthsAbove(f64),
    /// Months from the start to the first above the threshold.
    FirstMonthAbove(f64),
    /// 1 when a run of at least `months` months is above the threshold, else 0.
    RunAbove {
        /// The threshold.
        threshold: f64,
        /// Length of the run, months, at least 1.
        months: u32,
    },
}

/// Which direction of an outcome is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BadIf {
    /// More is worse.
    Higher,
    /// Less is worse.
    Lower,
    /// It depends on whom one asks.
    Either,
}

/// A headline question (`questions.toml`).
#[derive(Clone, Debug)]
pub struct Question {
    /// Stable id (`q03`).
    pub id: String,
    /// The question.
    pub asks: String,
    /// Cases to run, each `baseline` or scenario ids joined by `+`, with an optional strength (`S064=0.5`).
    pub cases: Vec<Name>,
    /// Views to repeat the cases in; empty for the pooled one.
    pub views: Vec<Name>,
    /// Outcomes to show.
    pub outcomes: Vec<Name>,
    /// Form of the answer.
    pub form: Form,
    /// Remark.
    pub note: Option<String>,
    /// The table's header.
    pub span: Span,
}

/// Form of the answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A table of cases and outcomes.
    Table,
    /// Two by two, with the interaction.
    TwoByTwo,
    /// Split by cause.
    ByCause,
    /// Ratios between entities.
    Ratio,
}
