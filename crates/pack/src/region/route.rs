use oxus_diag::Span;

use super::{CitedWork, Name};

/// A way that opiates take, as states in order and an end (`places/routes.csv`); never a post, a road or a place within a state.
#[derive(Clone, Debug)]
pub struct Route {
    /// Stable id.
    pub id: String,
    /// Name in English.
    pub name: String,
    /// States in the order of the way, from where the crop grows; each touches the next.
    pub states: Vec<Name>,
    /// Outside power at the end; `None` for markets elsewhere.
    pub power: Option<Name>,
    /// Province of that power in which the way ends, where one is watched.
    pub province: Option<Name>,
    /// Where the row comes from.
    pub sources: Vec<CitedWork>,
    /// The row.
    pub span: Span,
}
