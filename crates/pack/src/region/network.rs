use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::{Month, Unit};

use super::{CitedWork, Name, Number, Status};

/// The network of one commodity (`networks/<commodity>.toml`).
#[derive(Clone, Debug)]
pub struct Network {
    /// The commodity, equal to the file's name.
    pub commodity: String,
    /// Unit of supplies, demands, capacities and nominations.
    pub unit: Unit,
    /// Domestic demand of every node without a season of its own; `None` flat.
    pub season: Option<Season>,
    /// Nodes by id.
    pub nodes: BTreeMap<String, Node>,
    /// Edges by id.
    pub edges: BTreeMap<String, Edge>,
    /// Contracts by id.
    pub contracts: BTreeMap<String, Contract>,
    /// The first line of the file.
    pub span: Span,
}

/// Twelve factors by month, January first, with mean 1.
#[derive(Clone, Debug)]
pub struct Season {
    /// The factors, none negative.
    pub by_month: [f64; 12],
    /// Status of the factors.
    pub status: Status,
    /// Why they are what they are.
    pub reason: Option<String>,
    /// Where they come from.
    pub sources: Vec<CitedWork>,
    /// The list.
    pub span: Span,
}

/// A place of supply, demand or passage.
#[derive(Clone, Debug)]
pub struct Node {
    /// Id within the network.
    pub id: String,
    /// State it lies in.
    pub state: Name,
    /// Province it lies in, where it has one.
    pub province: Option<Name>,
    /// Production capacity, in the network's unit.
    pub supply: Option<Number>,
    /// Domestic demand, in the network's unit, served before exports in winter.
    pub domestic: Option<Number>,
    /// Production by month; `None` flat.
    pub supply_season: Option<Season>,
    /// Domestic demand by month; `None` the network's season.
    pub domestic_season: Option<Season>,
    /// The table's header.
    pub span: Span,
}

/// A pipeline, line or corridor from one node to another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Id, unique over all networks of the pack.
    pub id: String,
    /// Where it starts.
    pub from: Name,
    /// Where it ends.
    pub to: Name,
    /// Name in English.
    pub name: Option<String>,
    /// What it can carry, in the network's unit.
    pub capacity: Number,
    /// Length, km.
    pub length_km: Option<Number>,
    /// Provinces it crosses.
    pub provinces: Vec<Name>,
    /// Corridor it belongs to; exposure is reported for whole corridors only.
    pub corridor: Option<String>,
    /// Cost of carrying one unit.
    pub cost: Option<Number>,
    /// First month it exists; `None` from before the data.
    pub valid_from: Option<Month>,
    /// Last month it exists; `None` with no end.
    pub valid_to: Option<Month>,
    /// The table's header.
    pub span: Span,
}

/// A sale of the commodity by one state to another.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Id, unique over all networks of the pack.
    pub id: String,
    /// State that sells.
    pub seller: Name,
    /// State that buys.
    pub buyer: Name,
    /// Node where the commodity is handed in.
    pub from: Name,
    /// Node where it is handed over.
    pub to: Name,
    /// Nominated volume by year at mid-year, in the network's unit; linear between years, held outside.
    pub nominated: BTreeMap<u16, Number>,
    /// Floor as a share of the nominated volume.
    pub take_or_pay: Option<Number>,
    /// Price of one unit at the `to` node; the seller nets it less the cost of the edges used.
    pub price: Option<Number>,
    /// Nominations by month; `None` flat.
    pub season: Option<Season>,
    /// What the price follows.
    pub indexed_to: Indexation,
    /// Lower is served first by its seller in shortage.
    pub priority: u32,
    /// Where the contract comes from.
    pub sources: Vec<CitedWork>,
    /// First month it runs; `None` from before the data.
    pub valid_from: Option<Month>,
    /// Last month it runs; `None` with no end.
    pub valid_to: Option<Month>,
    /// The table's header.
    pub span: Span,
}

/// What a contract's price follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Indexation {
    /// The price of oil.
    Oil,
    /// The price Russia pays or gets.
    Russia,
    /// Nothing.
    Fixed,
}
