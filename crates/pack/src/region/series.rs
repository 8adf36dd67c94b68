use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::{Month, Unit};

use super::Name;
use crate::Date;

/// One observed history (`series/<id>.csv`) with its sidecar (`series/<id>.toml`).
#[derive(Clone, Debug)]
pub struct Series {
    /// Stable id, the file's name.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Unit of the values.
    pub unit: Unit,
    /// What kind of quantity it is.
    pub kind: SeriesKind,
    /// Model variable it observes, if any.
    pub variable: Option<Name>,
    /// Who publishes it.
    pub publisher: String,
    /// How to cite it.
    pub citation: String,
    /// Under what terms it is published.
    pub licence: String,
    /// Where it is found.
    pub url: Option<String>,
    /// When it was fetched.
    pub retrieved: Option<Date>,
    /// Usual publication lag in months.
    pub lag_months: u32,
    /// Release used.
    pub vintage: String,
    /// What was done to the published numbers.
    pub transform: Option<String>,
    /// Reference id of the data set.
    pub source: Option<Name>,
    /// Remark.
    pub note: Option<String>,
    /// Values by entity, each in the order of time.
    pub values: BTreeMap<String, Vec<Observation>>,
    /// The whole sidecar.
    pub span: Span,
    /// The whole table of values.
    pub table: Span,
}

/// One value of a series, with its three dates: the period it describes, the month from which it was observable, and
/// (on the series) the release it was taken from.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What the value describes.
    pub period: Period,
    /// Last month of the period plus the usual publication lag.
    pub observable_from: Month,
    /// The value, finite.
    pub value: f64,
    /// The row.
    pub span: Span,
}

/// The period an observation describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar year.
    Year(u16),
    /// A month.
    Month(Month),
}

/// What kind of quantity a series holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeriesKind {
    /// An amount per period.
    Flow,
    /// An amount at a moment.
    Stock,
    /// A number without an absolute scale.
    Index,
    /// How many.
    Count,
    /// Money per unit.
    Price,
    /// A part of a whole.
    Share,
    /// A growth or other rate.
    Rate,
}
