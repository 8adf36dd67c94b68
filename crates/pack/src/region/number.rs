use oxus_diag::Span;
use oxus_random::Distribution;
use oxus_units::Unit;

use super::Name;

/// A number with what makes it believable: distribution, unit, status and evidence.
#[derive(Clone, Debug)]
pub struct Number {
    /// The value, a point where it is certain.
    pub value: Distribution,
    /// Unit of the value.
    pub unit: Unit,
    /// How well it is founded.
    pub status: Status,
    /// What it is founded on.
    pub evidence: Evidence,
    /// Remark.
    pub note: Option<String>,
    /// The value, or the table that holds it.
    pub span: Span,
}

/// How well a number is founded, strongest first.
///
/// The order is the order of strength: [`Status::Cited`] is the least and [`Status::Assumed`] the greatest, so that the
/// weakest of several is their maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Stated in a source, at a place.
    Cited,
    /// Computed by a formula from cited numbers.
    Derived,
    /// Estimated from data by a stated method.
    Estimated,
    /// Taken from a paper, measured elsewhere.
    Literature,
    /// Judged, with a reason.
    Assumed,
}

/// What a number is founded on. Which part is required depends on the status.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Claims and works it rests on.
    pub cites: Vec<Cite>,
    /// Data and method it was estimated by.
    pub from: Option<FromData>,
    /// Arithmetic over parameters and claims.
    pub formula: Option<Name>,
    /// Why it was judged so.
    pub reason: Option<String>,
}

/// One thing a number rests on.
#[derive(Clone, Debug)]
pub enum Cite {
    /// A claim of the pack.
    Claim(Name),
    /// A work of `references.json`, with a locator.
    Work(CitedWork),
}

/// A work of `references.json` and the place in it.
#[derive(Clone, Debug)]
pub struct CitedWork {
    /// Reference id.
    pub work: Name,
    /// Section, page, table or note; `None` for the work as a whole.
    pub at: Option<String>,
}

/// Data and method a number was estimated by.
#[derive(Clone, Debug)]
pub struct FromData {
    /// Series used.
    pub series: Vec<Name>,
    /// Years used, as written.
    pub years: Option<String>,
    /// Method, in words.
    pub method: String,
    /// The table.
    pub span: Span,
}
