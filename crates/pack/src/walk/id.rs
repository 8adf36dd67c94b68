use std::collections::BTreeMap;

use oxus_diag::Span;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    State,
    Province,
    Border,
    Power,
    Group,
    Company,
    Organisation,
    Proposal,
    Site,
    Route,
    Economy,
    Goods,
    Network,
    Node,
    Edge,
    Corridor,
    Contract,
    Series,
    Parameter,
    Claim,
    Link,
    View,
    Scenario,
    Outcome,
    Question,
    Work,
    Happening,
    Actor,
    Tie,
    Uncertainty,
    Reckoning,
    Panel,
    Fit,
}

impl Kind {
    /// With its article, for sentences.
    pub fn one(self) -> &'static str {
        match self {
            Self::State => "a state",
            Self::Province => "a province",
            Self::Border => "a border",
            Self::Power => "a power",
            Self::Group => "a group",
            Self::Company => "a company",
            Self::Organisation => "an organisation",
            Self::Proposal => "a proposal",
            Self::Site => "a site",
            Self::Route => "a route",
            Self::Economy => "an economy",
            Self::Goods => "a group of goods",
            Self::Network => "a network",
            Self::Node => "a node",
            Self::Edge => "an edge",
            Self::Corridor => "a corridor",
            Self::Contract => "a contract",
            Self::Series => "a series",
            Self::Parameter => "a parameter",
            Self::Claim => "a claim",
            Self::Link => "a link",
            Self::View => "a view",
            Self::Scenario => "a scenario",
            Self::Outcome => "an outcome",
            Self::Question => "a question",
            Self::Work => "a reference",
            Self::Happening => "an event",
            Self::Actor => "an actor",
            Self::Tie => "a tie",
            Self::Uncertainty => "an uncertainty",
            Self::Reckoning => "a reckoning",
            Self::Panel => "a panel",
            Self::Fit => "a fit",
        }
    }

    /// Several of them.
    pub fn many(self) -> &'static str {
        match self {
            Self::State => "states",
            Self::Province => "provinces",
            Self::Border => "borders",
            Self::Power => "powers",
            Self::Group => "groups",
            Self::Company => "companies",
            Self::Organisation => "organisations",
            Self::Proposal => "proposals",
            Self::Site => "sites",
            Self::Route => "routes",
            Self::Economy => "economies",
            Self::Goods => "groups of goods",
            Self::Network => "networks",
            Self::Node => "nodes",
            Self::Edge => "edges",
            Self::Corridor => "corridors",
            Self::Contract => "contracts",
            Self::Series => "series",
            Self::Parameter => "parameters",
            Self::Claim => "claims",
            Self::Link => "links",
            Self::View => "views",
            Self::Scenario => "scenarios",
            Self::Outcome => "outcomes",
            Self::Question => "questions",
            Self::Work => "references",
            Self::Happening => "events",
            Self::Actor => "actors",
            Self::Tie => "ties",
            Self::Uncertainty => "uncertainties",
            Self::Reckoning => "reckonings",
            Self::Panel => "panels",
            Self::Fit => "fits",
        }
    }

    /// Where such a thing is defined.
    pub fn home(self) -> &'static str {
        match self {
            Self::State => "places/states.csv",
            Self::Province => "places/provinces.csv",
            Self::Border => "places/borders.csv",
            Self::Power => "actors/powers.csv",
            Self::Group => "actors/groups.csv",
            Self::Company => "actors/companies.csv",
            Self::Organisation | Self::Proposal => "actors/organisations.toml",
            Self::Site => "sites/sites.csv",
            Self::Route => "places/routes.csv",
            Self::Economy => "trade/economies.csv",
            Self::Goods => "trade/trade.toml",
            Self::Network | Self::Node | Self::Edge | Self::Corridor | Self::Contract => "networks/",
            Self::Series => "series/",
            Self::Parameter => "parameters/",
            Self::Claim => "claims/",
            Self::Link => "links/",
            Self::View => "views/",
            Self::Scenario => "scenarios/",
            Self::Outcome => "outcomes.toml",
            Self::Question => "questions.toml",
            Self::Work => "references.json",
            Self::Happening => "history/events.csv",
            Self::Actor => "actors/entities.csv",
            Self::Tie => "actors/ties.csv",
            Self::Uncertainty => "uncertainties.toml",
            Self::Reckoning => "audit.toml",
            Self::Panel => "panels/",
            Self::Fit => "fits/",
        }
    }
}

/// Ids declared in the pack, by kind, with the place of each.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    by_kind: BTreeMap<Kind, BTreeMap<String, Span>>,
}

impl Ids {
    /// Notes an id; gives the first place when it was there already.
    pub fn declare(&mut self, kind: Kind, id: &str, span: Span) -> Option<Span> {
        let of_kind = self.by_kind.entry(kind).or_default();
        if let Some(&first) = of_kind.get(id) {
            return Some(first);
        }
        of_kind.insert(id.to_owned(), span);
        None
    }

    /// Notes an id that several items share: a corridor is named by each of its edges.
    pub fn mention(&mut self, kind: Kind, id: &str, span: Span) {
        let _first = self.declare(kind, id, span);
    }

    /// Whether such a thing exists.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        self.by_kind.get(&kind).is_some_and(|ids| ids.contains_key(id))
    }

    /// All ids of a kind, sorted.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.by_kind.get(&kind).into_iter().flat_map(|ids| ids.keys().map(String::as_str))
    }
}

/// Whether a text can be an id: letters, digits, `-` and `_`, at most 80, starting with a letter or digit.
///
/// Dots join the segments of a parameter's id and are allowed between segments.
pub(crate) fn is_id(text: &str) -> bool {
    let segment = |part: &str| {
        part.chars().next().is_some_and(|first| first.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    text.len() <= 80 && text.split('.').all(segment)
}
