use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::Unit;

use super::{CitedWork, Name, Status};

/// The base of trade: who sold what to whom in one year, sales at home included (`trade/`).
#[derive(Clone, Debug)]
pub struct Trade {
    /// What the tables describe and where they come from.
    pub sidecar: TradeSidecar,
    /// Groups of goods by id.
    pub groups: BTreeMap<String, GoodsGroup>,
    /// Economies by id: states, powers, partners, the rest of the world.
    pub economies: BTreeMap<String, Economy>,
    /// Flows between economies, each ordered pair once, an economy with itself included.
    pub flows: Vec<TradeFlow>,
    /// Shares of the groups in flows.
    pub composition: Vec<GroupShare>,
    /// Goods that enter one economy to be sold on to another.
    pub re_exports: Vec<ReExport>,
    /// Which borders and provinces the trade of a pair crosses.
    pub routes: Vec<TradeRoute>,
}

/// `trade/trade.toml`.
#[derive(Clone, Debug)]
pub struct TradeSidecar {
    /// What it is.
    pub title: String,
    /// Unit of the flows.
    pub unit: Unit,
    /// The year described.
    pub year: i32,
    /// Who published the sources.
    pub publisher: String,
    /// How to cite them.
    pub citation: String,
    /// Under what terms.
    pub licence: String,
    /// Months from the end of the year to publication.
    pub lag_months: u32,
    /// Which release.
    pub vintage: String,
    /// How sales at home were obtained.
    pub domestic: String,
    /// Reference.
    pub source: Option<Name>,
    /// Anything else.
    pub note: Option<String>,
}

/// A group of goods.
#[derive(Clone, Debug)]
pub struct GoodsGroup {
    /// Stable id.
    pub id: String,
    /// Name in English.
    pub name: String,
}

/// An economy of the base of trade.
#[derive(Clone, Debug)]
pub struct Economy {
    /// Alpha-3 code of a state of the pack, or any other code.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// Countries it stands for, where it is an aggregate.
    pub members: Vec<Name>,
    /// Customs union it belongs to in the year described.
    pub union: Option<String>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// All goods that one economy sold to another, or to itself.
#[derive(Clone, Debug)]
pub struct TradeFlow {
    /// Seller.
    pub exporter: Name,
    /// Buyer.
    pub importer: Name,
    /// Value in the sidecar's unit.
    pub value: f64,
    /// Where it comes from.
    pub status: Status,
    /// Works cited.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// Share of a group in what an exporter sells.
#[derive(Clone, Debug)]
pub struct GroupShare {
    /// Seller.
    pub exporter: Name,
    /// Buyer; `None` for all others than those that have rows of their own.
    pub importer: Option<Name>,
    /// Group of goods.
    pub group: Name,
    /// Part of the flow, 0 to 1.
    pub share: f64,
    /// Where it comes from.
    pub status: Status,
    /// Why, for judged and estimated shares.
    pub reason: Option<String>,
    /// Works cited.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// Goods of `origin` that enter `hub` and are sold on to `destination`; the flow from origin to hub holds them.
#[derive(Clone, Debug)]
pub struct ReExport {
    /// Where they are passed on.
    pub hub: Name,
    /// Where they are made.
    pub origin: Name,
    /// Where they are used.
    pub destination: Name,
    /// Group of goods.
    pub group: Name,
    /// Value in the sidecar's unit.
    pub value: f64,
    /// Where it comes from.
    pub status: Status,
    /// Why, for judged and estimated values.
    pub reason: Option<String>,
    /// Works cited.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// Part of the trade between `a` and `b`, both ways, that crosses a border or a province.
#[derive(Clone, Debug)]
pub struct TradeRoute {
    /// One economy.
    pub a: Name,
    /// The other.
    pub b: Name,
    /// Border between states, or province.
    pub via: Name,
    /// Part of the trade, 0 to 1.
    pub share: f64,
    /// Where it comes from.
    pub status: Status,
    /// Why, for judged shares.
    pub reason: Option<String>,
    /// Works cited.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

impl Trade {
    /// Share of a group in what `exporter` sells to `importer`: the pair's own row, else the exporter's row for all others.
    pub fn share(&self, exporter: &str, importer: &str, group: &str) -> f64 {
        let of = |to: Option<&str>| {
            let mut rows =
                self.composition.iter().filter(|s| s.exporter.id == exporter && s.importer.as_ref().map(|i| i.id.as_str()) == to).peekable();
            rows.peek().is_some().then(|| rows.filter(|s| s.group.id == group).map(|s| s.share).sum::<f64>())
        };
        of(Some(importer)).or_else(|| of(None)).unwrap_or(0.0)
    }
}
