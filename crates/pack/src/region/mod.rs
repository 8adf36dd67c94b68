//! The region: everything a pack says, as plain owned data.
//!
//! Each item carries the [`Span`] of the text it came from, so that every later stage (planning, running,
//! explaining) can point at it. Maps are keyed by id and ordered, so that nothing depends on the order of files.

mod actor;
mod audit;
mod claim;
mod earlier;
mod entry;
mod fit;
mod identity;
mod inventory;
mod network;
mod number;
mod outcome;
mod panel;
mod parameter;
mod place;
mod quantity;
mod reference;
mod restart;
mod route;
mod scenario;
mod series;
mod site;
mod status;
mod trade;
mod visit;
mod when;

use std::collections::BTreeMap;

pub use actor::{Company, Group, Member, Organisation, Power, Proposal, Rule};
pub use audit::{Comparison, Expectation, Reckoned, Reckoning};
pub use claim::{
    Belief, Claim, Contested, EvidenceKind, Hedge, Link, Reference, Relation, Role, Shape, Sign, SizeWord, Strength, Test, TestSign, Upward, View,
    Voice,
};
pub use earlier::Earlier;
pub use entry::{Actor, Entry, EntryKind, Happening, HappeningKind, Held, Part, Tie, TieSign, Uncertainty};
pub use fit::{Covariate, Fit, FitErrors, FitForm, FitTarget, HazardLink, Intercept, Measured, Method, Transform};
pub use identity::{Defaults, Identity};
pub use inventory::{Inventory, Numbered, Section};
pub use network::{Contract, Edge, Indexation, Network, Node, Season};
pub use number::{Cite, CitedWork, Evidence, FromData, Number, Status};
pub use outcome::{Across, BadIf, Fold, Form, Outcome, Question};
pub use panel::{Panel, PanelRow};
pub use parameter::{AtOrigin, Parameter};
pub use place::{Adjacency, Border, Crossing, Kinship, Province, State, StateRole};
pub use quantity::{Bound, Figure, Quantity};
pub use reference::Work;
pub use restart::{Reestimate, Regression, Replay, ReplayCheck, Restart, Statistic, Stricter, Threshold};
pub use route::Route;
pub use scenario::{Action, Intervention, Lever, Scenario, Target};
pub use series::{Observation, Series};
pub use site::{Site, SiteKind};
pub use trade::{Economy, GoodsGroup, GroupShare, ReExport, Trade, TradeFlow, TradeRoute, TradeSidecar};
pub use when::When;

use oxus_diag::Span;

/// A region pack as read: the facts, numbers, claims and questions about one region as known on one day.
#[derive(Clone, Debug)]
pub struct Region {
    /// What the pack is, and the dates it stands on.
    pub identity: Identity,
    /// States by ISO 3166-1 alpha-3 code, outside powers and neighbours included (see [`StateRole`]).
    pub states: BTreeMap<String, State>,
    /// Provinces by ISO 3166-2 code.
    pub provinces: BTreeMap<String, Province>,
    /// Pairs of states that touch, each once.
    pub borders: Vec<Border>,
    /// Pairs of provinces that touch, each once.
    pub adjacency: Vec<Adjacency>,
    /// Population ties between provinces, each pair once.
    pub kinship: Vec<Kinship>,
    /// Outside powers by id.
    pub powers: BTreeMap<String, Power>,
    /// Armed groups by home state, by id.
    pub groups: BTreeMap<String, Group>,
    /// Companies by id.
    pub companies: BTreeMap<String, Company>,
    /// Organisations of states by id.
    pub organisations: BTreeMap<String, Organisation>,
    /// Mines, fields, refineries, bases and posts by id.
    pub sites: BTreeMap<String, Site>,
    /// Ways of opiates, as sequences of states, by id.
    pub routes: BTreeMap<String, Route>,
    /// The base of trade, where the pack has one.
    pub trade: Option<Trade>,
    /// Commodity networks by commodity.
    pub networks: BTreeMap<String, Network>,
    /// Observed history by series id.
    pub series: BTreeMap<String, Series>,
    /// Panels beyond the region by id.
    pub panels: BTreeMap<String, Panel>,
    /// What is estimated from the data, by id.
    pub fits: BTreeMap<String, Fit>,
    /// Parameters by full id, `<mechanism>.<path>`.
    pub parameters: BTreeMap<String, Parameter>,
    /// Claims of the source by id.
    pub claims: BTreeMap<String, Claim>,
    /// Claims as influences between variables, by link id.
    pub links: BTreeMap<String, Link>,
    /// Worldviews by id.
    pub views: BTreeMap<String, View>,
    /// Scenarios and levers by id.
    pub scenarios: BTreeMap<String, Scenario>,
    /// Outcomes by id.
    pub outcomes: BTreeMap<String, Outcome>,
    /// Headline questions by id.
    pub questions: BTreeMap<String, Question>,
    /// What happened before the as-of day or is due after it, by id.
    pub happenings: BTreeMap<String, Happening>,
    /// Everyone and everything the source names, in the model or outside it, by code.
    pub actors: BTreeMap<String, Actor>,
    /// Relations between actors, by id.
    pub ties: BTreeMap<String, Tie>,
    /// What the source leaves open, by id.
    pub uncertainties: BTreeMap<String, Uncertainty>,
    /// The source's arithmetic, done again, by id.
    pub reckonings: BTreeMap<String, Reckoning>,
    /// How the region is started earlier than the pack's origin.
    pub restart: Restart,
    /// Works cited, by reference id.
    pub references: BTreeMap<String, Work>,
    /// Hash of the content of every file, lower-case hexadecimal SHA-256 (see [`crate::lock`]).
    pub content_hash: String,
}

/// A word that an item takes from another item, with the place where it does so.
///
/// Used for ids: `claims = ["M041"]` keeps where `"M041"` stands, so that a missing claim is shown there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The id itself.
    pub id: String,
    /// Where it is written.
    pub span: Span,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.id)
    }
}
