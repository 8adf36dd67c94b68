use oxus_diag::Span;
use oxus_units::{Date, Month};

use super::{Inventory, Name};

/// What the pack is, and the dates it stands on (`pack.toml`).
#[derive(Clone, Debug)]
pub struct Identity {
    /// Stable id, kebab-case.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Version of the pack.
    pub version: String,
    /// Version of the pack format, 1.
    pub schema: u32,
    /// The initial state is that of the end of this month.
    pub origin: Month,
    /// Last simulated month.
    pub last: Month,
    /// Nothing the pack describes is later than this day.
    pub as_of: Date,
    /// Currency of money without a stated one, ISO 4217.
    pub currency: String,
    /// Price year of money without a stated one.
    pub price_year: u16,
    /// Reference id of the document the pack formalises.
    pub source: Name,
    /// What `oxus run` does when asked for nothing else.
    pub defaults: Defaults,
    /// What an inventory of the source counts; `None` where the pack does not say.
    pub inventory: Option<Inventory>,
    /// The first line of `pack.toml`.
    pub span: Span,
}

/// What `oxus run` does when asked for nothing else (`[defaults]` of `pack.toml`).
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Parameter vectors.
    pub draws: u32,
    /// Streams of chance events for each parameter vector.
    pub replicates: u32,
    /// Seed of the run.
    pub seed: u64,
    /// Scenarios set beside the baseline.
    pub scenarios: Vec<Name>,
    /// Months at the end of which outcomes are reported, ascending.
    pub horizons: Vec<Month>,
    /// The table, or the start of the file where it is missing.
    pub span: Span,
}
