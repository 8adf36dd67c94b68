use oxus_diag::Span;
use oxus_units::Unit;

use super::When;

/// A figure that the source states, typed (`quantity = { … }` of a claim).
#[derive(Clone, Debug)]
pub struct Quantity {
    /// What the figure is of, in the pack's words.
    pub about: String,
    /// The figure.
    pub figure: Figure,
    /// Unit of a number; money without a price year is in the prices of its date. `None` for a date and where no figure is stated.
    pub unit: Option<Unit>,
    /// How the source bounds the figure; `None` where it states it plainly.
    pub bound: Option<Bound>,
    /// When it holds, at the precision of the source; `None` where the source gives none.
    pub date: Option<When>,
    /// The words of the source, where they are no number.
    pub printed: Option<String>,
    /// The table.
    pub span: Span,
}

/// What is stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// A number.
    Value(f64),
    /// A number somewhere from the first to the second.
    Range(f64, f64),
    /// A date.
    Date(When),
    /// Something that would be a number, without one.
    Unstated,
}

impl Figure {
    /// The number, or the middle of the range; `None` where there is none.
    #[must_use]
    pub fn central(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Range(low, high) => Some(f64::midpoint(low, high)),
            Self::Date(_) | Self::Unstated => None,
        }
    }

    /// Least and greatest number; `None` where there is none.
    #[must_use]
    pub fn range(self) -> Option<(f64, f64)> {
        match self {
            Self::Value(value) => Some((value, value)),
            Self::Range(low, high) => Some((low, high)),
            Self::Date(_) | Self::Unstated => None,
        }
    }
}

/// How a source bounds a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Near it, on either side ("about", "some", "around").
    About,
    /// It or more ("at least", "more than").
    AtLeast,
    /// It or less ("at most", "up to").
    AtMost,
    /// Just below it ("almost", "just under").
    Almost,
    /// What is projected or planned, not observed.
    Projected,
}
