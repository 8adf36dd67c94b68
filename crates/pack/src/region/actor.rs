use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::Month;

use super::{CitedWork, Name, Number};

/// An outside power (`actors/powers.csv`).
#[derive(Clone, Debug)]
pub struct Power {
    /// Stable id, usually the alpha-3 code of a state.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// An armed group, seen from one home state (`actors/groups.csv`).
#[derive(Clone, Debug)]
pub struct Group {
    /// Stable id, `<group>-<home>`.
    pub id: String,
    /// The group, shared by its home states.
    pub group: String,
    /// Name in English.
    pub name: String,
    /// State its fighters come from.
    pub home: Name,
    /// State it shelters in.
    pub sanctuary: Option<Name>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// A company (`actors/companies.csv`).
#[derive(Clone, Debug)]
pub struct Company {
    /// Stable id.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// Home state of the controlling owner.
    pub owner_state: Option<Name>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// An organisation of states (`actors/organisations.toml`).
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Stable id.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// How it decides.
    pub rule: Rule,
    /// How it decides, in the pack's words.
    pub rule_text: Option<String>,
    /// Share of the weight a decision needs, where the rule has one.
    pub quota: Option<Number>,
    /// Who belongs to it, and since when.
    pub members: Vec<Member>,
    /// What it may have to decide, by id.
    pub proposals: BTreeMap<String, Proposal>,
    /// Where the facts come from.
    pub sources: Vec<CitedWork>,
    /// The table's header.
    pub span: Span,
}

/// How an organisation decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The status quo stands unless every member gains.
    Consensus,
    /// More than half of the members.
    Majority,
    /// A share of the weights.
    Weighted,
    /// It advises and takes no decisions (`none`).
    Advisory,
}

/// One membership of an organisation.
#[derive(Clone, Debug)]
pub struct Member {
    /// State or power that belongs.
    pub id: Name,
    /// Whether it has a vote (`role = "member"`); an observer has none.
    pub voting: bool,
    /// Voting weight where the rule is weighted.
    pub weight: Option<Number>,
    /// First month of membership; `None` from the beginning.
    pub valid_from: Option<Month>,
    /// Last month of membership; `None` still a member.
    pub valid_to: Option<Month>,
    /// The entry.
    pub span: Span,
}

/// Something an organisation may have to decide, on a line from the status quo (0) to the boldest change (1).
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Id within the organisation.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Preferred point of each member, 0 to 1.
    pub positions: BTreeMap<String, Number>,
    /// Weight each member gives the matter, 0 to 1.
    pub salience: BTreeMap<String, Number>,
    /// Where the numbers come from.
    pub sources: Vec<CitedWork>,
    /// The table's header.
    pub span: Span,
}
