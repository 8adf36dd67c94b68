use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::Month;

use super::CitedWork;

/// A panel of states and years that reaches beyond the region (`panels/<id>.csv` with its sidecar `panels/<id>.toml`).
#[derive(Clone, Debug)]
pub struct Panel {
    /// Stable id, the file's name.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Under what terms its sources are published.
    pub licence: String,
    /// Releases used.
    pub vintage: String,
    /// Works it is made of.
    pub sources: Vec<CitedWork>,
    /// What was done to the published numbers.
    pub transform: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// Months after the end of a year when all of its row was usually published.
    pub lag_months: u32,
    /// What each column holds, by name.
    pub columns: BTreeMap<String, String>,
    /// Rows in the order of the file.
    pub rows: Vec<PanelRow>,
    /// The first line of the sidecar.
    pub span: Span,
}

/// One state in one year.
#[derive(Clone, Debug)]
pub struct PanelRow {
    /// State, any ISO alpha-3 code.
    pub state: String,
    /// Year.
    pub year: i32,
    /// Month from which the row was observable.
    pub observable_from: Month,
    /// Values in the order of [`Panel::columns`].
    pub values: Vec<f64>,
    /// The row.
    pub span: Span,
}
