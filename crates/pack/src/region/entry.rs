use std::fmt;

use oxus_diag::Span;

use super::{Name, Region, When};

/// Where in the model something of the source is taken up (`enters = ["parameter:finance.leakage", …]`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What kind of thing takes it up.
    pub kind: EntryKind,
    /// Which one.
    pub id: Name,
}

impl fmt::Display for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind, self.id)
    }
}

/// Kinds of things of a pack or of the model that take up what the source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A parameter, one entity of it, or a number of the networks.
    Parameter,
    /// A series.
    Series,
    /// A variable of a mechanism; the engine knows it.
    Variable,
    /// A mechanism; the engine knows it.
    Mechanism,
    /// A state.
    State,
    /// A province.
    Province,
    /// A border.
    Border,
    /// A power.
    Power,
    /// An armed group.
    Group,
    /// A company.
    Company,
    /// An organisation with its members.
    Organisation,
    /// A proposal before an organisation (`sco.joint-drill`).
    Proposal,
    /// A site.
    Site,
    /// A node of a network.
    Node,
    /// An edge of a network.
    Edge,
    /// A contract of a network.
    Contract,
    /// A link.
    Link,
    /// A scenario or lever.
    Scenario,
    /// A view.
    View,
    /// A claim.
    Claim,
}

/// What part something of the source has in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It holds at the origin: a member, an asset, a level, a relation.
    Initial,
    /// Data that a parameter is set by or a variable compared with.
    Data,
    /// It is inside a mechanism's equations.
    Mechanism,
    /// A link carries it.
    Link,
    /// A scenario repeats it, or it is one.
    Scenario,
    /// None, for a stated reason.
    Background,
}

/// Something that happened or is due (`history/events.csv`).
#[derive(Clone, Debug)]
pub struct Happening {
    /// Stable id (`E069`).
    pub id: String,
    /// When, at the precision of the source; `None` where the source gives no date.
    pub date: Option<When>,
    /// What kind of event.
    pub kind: HappeningKind,
    /// Where: states, provinces, or actors outside the model.
    pub places: Vec<Name>,
    /// What happened, in the pack's words.
    pub what: String,
    /// Its part in the model.
    pub part: Part,
    /// What takes it up.
    pub enters: Vec<Entry>,
    /// Why it has no part, or another remark.
    pub why: Option<String>,
    /// Places in the source.
    pub at: String,
    /// The row.
    pub span: Span,
}

/// Kinds of events of history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HappeningKind {
    /// A treaty, accord or membership.
    Agreement,
    /// A visit, summit, conference or talks.
    Meeting,
    /// Words in public: a speech, an article, a demarche.
    Statement,
    /// Money, loans and goods given.
    Aid,
    /// Arms, equipment, bases.
    Arms,
    /// A military exercise.
    Drill,
    /// Trade, firms, pipelines and roads.
    Trade,
    /// Protest, unrest and mobs.
    Unrest,
    /// Deaths by armed men or between communities.
    Violence,
    /// A leader falls or a state is born.
    Overthrow,
    /// War between states.
    War,
    /// A decision of policy, law or doctrine.
    Policy,
    /// A report, count or assessment.
    Assessment,
    /// Due after the as-of day, or projected.
    Scheduled,
}

/// An actor, place, institution or asset that the source names (`actors/entities.csv`), in the model or outside it.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Stable id, a short code (`CNCORP`).
    pub id: String,
    /// Number in the list of the source's entities (`N112`).
    pub number: String,
    /// Name for people.
    pub name: String,
    /// What it is, in a word or two.
    pub kind: String,
    /// What it is in the model; empty for an actor outside it.
    pub enters: Vec<Entry>,
    /// Why it is outside, or another remark.
    pub why: Option<String>,
    /// Places in the source.
    pub at: String,
    /// The row.
    pub span: Span,
}

/// A relation between two actors (`actors/ties.csv`).
#[derive(Clone, Debug)]
pub struct Tie {
    /// Stable id (`T084`).
    pub id: String,
    /// From whom.
    pub from: Name,
    /// To whom.
    pub to: Name,
    /// What the relation is, in the pack's words.
    pub what: String,
    /// Whether it helps or harms.
    pub sign: TieSign,
    /// When it holds, in words.
    pub dates: Option<String>,
    /// Its part in the model.
    pub part: Part,
    /// What takes it up.
    pub enters: Vec<Entry>,
    /// Why it has no part, or another remark.
    pub why: Option<String>,
    /// Places in the source.
    pub at: String,
    /// The row.
    pub span: Span,
}

/// Whether a relation helps or harms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieSign {
    /// Cooperative or beneficial.
    Plus,
    /// Hostile or harmful.
    Minus,
    /// Both.
    Mixed,
    /// Neither.
    Neutral,
}

/// Something on which the source disagrees with itself, others or the data (`uncertainties.toml`).
#[derive(Clone, Debug)]
pub struct Uncertainty {
    /// Stable id (`U14`).
    pub id: String,
    /// What is open, in the pack's words.
    pub says: String,
    /// Claims on its sides; empty where no two claims of the pack stand against each other.
    pub between: Vec<Name>,
    /// How the pack holds it.
    pub held: Held,
    /// What holds it.
    pub enters: Vec<Entry>,
    /// How it is held, or why it is not, in a sentence.
    pub why: Option<String>,
    /// Places in the source.
    pub at: Vec<String>,
    /// The table's header.
    pub span: Span,
}

/// How a pack holds an uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// A mixture of both figures.
    Mixture,
    /// One distribution wide enough for all.
    Spread,
    /// A contested link, or sides in different views.
    Contested,
    /// Two numbers kept apart, because they measure different things.
    Apart,
    /// One side is taken, for a stated reason.
    Chosen,
    /// A variable of what is seen beside one of what is so.
    Observation,
    /// A gap of the source that other data fill.
    Filled,
    /// Nothing in the model depends on it.
    Background,
}

impl Region {
    /// Every place where something of the source is said to be taken up, with a name of what says so.
    ///
    /// In the order of claims, happenings, actors, ties, uncertainties. Variables and mechanisms among them are the engine's to check.
    #[must_use]
    pub fn entries(&self) -> Vec<(String, &Entry)> {
        let claims = self.claims.values().map(|claim| (format!("claim `{}`", claim.id), &claim.enters));
        let events = self.happenings.values().map(|event| (format!("event `{}`", event.id), &event.enters));
        let actors = self.actors.values().map(|actor| (format!("actor `{}`", actor.id), &actor.enters));
        let ties = self.ties.values().map(|tie| (format!("tie `{}`", tie.id), &tie.enters));
        let open = self.uncertainties.values().map(|open| (format!("uncertainty `{}`", open.id), &open.enters));
        let all = claims.chain(events).chain(actors).chain(ties).chain(open);
        all.flat_map(|(what, entries)| entries.iter().map(move |entry| (what.clone(), entry))).collect()
    }
}
