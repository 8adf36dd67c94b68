use oxus_diag::Span;
use oxus_units::Month;

use super::{CitedWork, Name, Status};

/// A mine, field, refinery, base or post (`sites/sites.csv`); never placed finer than its province.
#[derive(Clone, Debug)]
pub struct Site {
    /// Stable id.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// What it is.
    pub kind: SiteKind,
    /// State it lies in.
    pub state: Name,
    /// Province it lies in.
    pub province: Name,
    /// Home state of the controlling owner.
    pub owner: Option<Name>,
    /// Company that runs it.
    pub company: Option<Name>,
    /// What it yields.
    pub commodity: Option<String>,
    /// Value, millions of US dollars; `None` where not known.
    pub value_usd_mn: Option<f64>,
    /// People employed; `None` where not known.
    pub employees: Option<f64>,
    /// Share of foreign staff, 0 to 1; `None` where not known.
    pub foreign_staff_share: Option<f64>,
    /// Whether it produces in the origin month.
    pub producing: Option<bool>,
    /// First month it exists; `None` from before the data.
    pub valid_from: Option<Month>,
    /// Last month it exists; `None` with no end.
    pub valid_to: Option<Month>,
    /// Status of the row's numbers.
    pub status: Status,
    /// Why the numbers are what they are, where assumed.
    pub reason: Option<String>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}

/// What a site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteKind {
    /// A mine.
    Mine,
    /// An oil field.
    Oilfield,
    /// A gas field.
    Gasfield,
    /// A refinery.
    Refinery,
    /// A military base.
    Base,
    /// A border post.
    Post,
    /// A works: construction, factory, power station.
    Works,
    /// A trade or transport hub.
    Hub,
}
