use std::collections::BTreeMap;

use oxus_diag::Span;

use super::{Name, Number};

/// A parameter of a mechanism (`parameters/<mechanism>.toml`).
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Full id, `<mechanism>.<path>`.
    pub id: String,
    /// The number for every entity without one of its own; `None` where each entity must have its own.
    pub default: Option<Number>,
    /// Numbers of single entities, by entity id.
    pub entities: BTreeMap<String, Number>,
    /// Whether each entity draws its own uniform; otherwise one uniform is shared.
    pub per_entity: bool,
    /// The series whose last value at the origin gives the numbers, where they come from one; by entity id, the empty
    /// string for the default.
    pub at_origin: BTreeMap<String, AtOrigin>,
    /// The table's header.
    pub span: Span,
}

/// A value that is the last observation of a series describing a period that ends at or before the origin.
#[derive(Clone, Debug)]
pub struct AtOrigin {
    /// The series.
    pub series: Name,
    /// Entity of the series; `None` the parameter's own.
    pub entity: Option<Name>,
    /// Factor on the observation.
    pub scale: f64,
    /// Standard deviation of a normal error around it, in the parameter's unit; zero for none.
    pub sd: f64,
    /// The value that says so; numbers read from the series bear it, an entity's own numbers do not.
    pub span: Span,
}
