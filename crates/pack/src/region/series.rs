use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::{Date, Kind, Month, Period, Unit};

use super::Name;

/// One observed history (`series/<id>.csv`) with its sidecar (`series/<id>.toml`).
#[derive(Clone, Debug)]
pub struct Series {
    /// Stable id, the file's name.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Unit of the values; money without a price year is in the prices of each period.
    pub unit: Unit,
    /// What kind of quantity it is.
    pub kind: Kind,
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
    /// The first line of the sidecar.
    pub span: Span,
    /// The header of the table of values.
    pub table: Span,
}

/// One value of a series, with its three dates: the period it describes, the month from which it was observable, and
/// (on the series) the release it was taken from.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What the value describes: a calendar year or a month.
    pub period: Period,
    /// Last month of the period plus the usual publication lag.
    pub observable_from: Month,
    /// The value, finite.
    pub value: f64,
    /// The row.
    pub span: Span,
}
