use oxus_diag::Span;

use super::{CitedWork, Name, Status};

/// A state (`places/states.csv`).
#[derive(Clone, Debug)]
pub struct State {
    /// ISO 3166-1 alpha-3.
    pub id: String,
    /// ISO 3166-1 alpha-2.
    pub alpha2: String,
    /// Name in English.
    pub name: String,
    /// How far it is simulated.
    pub role: StateRole,
    /// Population in 2012, millions; `None` where not known.
    pub population_mn: Option<f64>,
    /// Gross domestic product in 2012, billions of current US dollars; `None` where not known.
    pub gdp_usd_bn: Option<f64>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// How far a state is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateRole {
    /// Simulated in full.
    State,
    /// An outside power: acts, without an inner life of its own.
    Power,
    /// Only a place.
    Neighbour,
}

/// A province (`places/provinces.csv`).
#[derive(Clone, Debug)]
pub struct Province {
    /// ISO 3166-2 code as of 2012.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// The state it belongs to.
    pub state: Name,
    /// Population about 2010, thousands; `None` where not known.
    pub population_k: Option<f64>,
    /// Longitude of a representative point, degrees east.
    pub lon: Option<f64>,
    /// Latitude of a representative point, degrees north.
    pub lat: Option<f64>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// Two states that touch (`places/borders.csv`).
#[derive(Clone, Debug)]
pub struct Border {
    /// One state.
    pub a: Name,
    /// The other.
    pub b: Name,
    /// Length, km; `None` where not known.
    pub length_km: Option<f64>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// Two provinces that touch (`places/adjacency.csv`).
#[derive(Clone, Debug)]
pub struct Adjacency {
    /// One province.
    pub a: Name,
    /// The other.
    pub b: Name,
    /// Within one state or across a border.
    pub kind: Crossing,
    /// The row.
    pub span: Span,
}

/// Whether two provinces lie in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crossing {
    /// Both in one state.
    Internal,
    /// In two states.
    International,
}

/// A population tie between two provinces or states (`places/kinship.csv`).
#[derive(Clone, Debug)]
pub struct Kinship {
    /// One end.
    pub a: Name,
    /// The other.
    pub b: Name,
    /// Strength of the tie, 0 to 1.
    pub weight: f64,
    /// Status of the weight.
    pub status: Status,
    /// Why the weight is what it is.
    pub reason: Option<String>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}
