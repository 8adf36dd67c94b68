use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::Month;

use super::{Evidence, Name, Number, Status};

/// A scenario or lever (`scenarios/*.toml`).
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Stable id (`S001`).
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Claims it comes from.
    pub claims: Vec<Name>,
    /// What happens, in a few sentences.
    pub narrative: String,
    /// Set when it is a lever: something an actor can choose.
    pub lever: Option<Lever>,
    /// What it changes, in order.
    pub interventions: Vec<Intervention>,
    /// The first line of the file.
    pub span: Span,
}

/// What makes a scenario a lever.
#[derive(Clone, Debug)]
pub struct Lever {
    /// Who can pull it.
    pub actor: String,
    /// Whether it may be offered to the optimiser.
    pub protective: bool,
    /// What it costs, in words.
    pub cost: Option<String>,
}

/// One change a scenario makes.
#[derive(Clone, Debug)]
pub struct Intervention {
    /// What is changed.
    pub target: Target,
    /// Entities it is changed for; empty for all.
    pub entities: Vec<Name>,
    /// How it is changed.
    pub action: Action,
    /// First month; `None` from the first of the run.
    pub from: Option<Month>,
    /// Last month; `None` to the last of the run.
    pub to: Option<Month>,
    /// Status of the change.
    pub status: Status,
    /// What the change is founded on.
    pub evidence: Evidence,
    /// The table's header.
    pub span: Span,
}

/// What an intervention changes.
#[derive(Clone, Debug)]
pub enum Target {
    /// A variable of the model.
    Variable(Name),
    /// A parameter of the pack, by full id.
    Parameter(Name),
    /// A link of the pack.
    Link(Name),
    /// A kind of event.
    Event(Name),
    /// A mechanism.
    Mechanism(Name),
}

/// How an intervention changes its target.
#[derive(Clone, Debug)]
pub enum Action {
    /// Put a value, the same in every month.
    Set(f64),
    /// Put a path: linear between months, held after the last.
    Path(BTreeMap<Month, f64>),
    /// Put a distribution in place of the pack's; only for parameters.
    Draw(Box<Number>),
    /// Add.
    Add(f64),
    /// Multiply.
    Scale(f64),
    /// Switch off.
    Off,
}
