use oxus_diag::Span;
use oxus_units::Unit;

use super::{Name, Region, When};

/// A piece of the source's own arithmetic, done again (`audit.toml`).
#[derive(Clone, Debug)]
pub struct Reckoning {
    /// Stable id (`D01`).
    pub id: String,
    /// What is checked, in a sentence.
    pub says: String,
    /// Numbers computed from the figures of claims, in order; a later one may use an earlier one.
    pub values: Vec<Reckoned>,
    /// What the source says of one of them; `None` where it only follows from the figures.
    pub expect: Option<Expectation>,
    /// What is found where nothing is expected; `{name}` and `{name:1}` stand for values (with one decimal).
    pub finds: Option<Name>,
    /// What is found where the expectation holds.
    pub holds: Option<Name>,
    /// What is found where it does not.
    pub fails: Option<Name>,
    /// Places in the source.
    pub at: Vec<String>,
    /// The table's header.
    pub span: Span,
}

/// A computed number.
#[derive(Clone, Debug)]
pub struct Reckoned {
    /// Name within its reckoning.
    pub id: Name,
    /// Arithmetic over figures of claims ([`Region::figure`]) and earlier values.
    pub formula: Name,
    /// Unit in which it is shown; the formula is computed in base units.
    pub unit: Unit,
}

/// What the source says of a computed number.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The value.
    pub value: Name,
    /// How it should compare.
    pub is: Comparison,
    /// With what: a formula, in the same unit.
    pub to: Name,
    /// Largest difference that still counts as equal, in the value's unit; 0 elsewhere.
    pub within: f64,
    /// Why that much.
    pub because: Option<String>,
}

/// How a computed number should compare with what the source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// The same, within a stated difference.
    Equal,
    /// The same or more; of dates: not before.
    AtLeast,
    /// The same or less; of dates: not after.
    AtMost,
    /// Strictly less; of dates: before.
    Before,
    /// Strictly more; of dates: after.
    After,
}

impl Comparison {
    /// Whether `value` compares so with `to`; numbers that are not numbers never do.
    #[must_use]
    pub fn holds(self, value: f64, to: f64, within: f64) -> bool {
        match self {
            Self::Equal => (value - to).abs() <= within,
            Self::AtLeast => value >= to,
            Self::AtMost => value <= to,
            Self::Before => value < to,
            Self::After => value > to,
        }
    }
}

/// A month as a decimal year: 2012-07 starts at 2012.5.
fn decimal(month: oxus_units::Month) -> f64 {
    f64::from(month.index()) / 12.0
}

impl Region {
    /// A number of a claim's figure, in base units: `Q027` (the middle of a range), `Q117.low`, `Q117.high`, `Q027.year` (in which the date of
    /// the figure starts), `Q038.from` and `Q038.to` (start and end, as decimal years, of the date that is the figure, or else of the date of
    /// the figure); `yr` is one year. `None` where there is no such number.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<f64> {
        if id == "yr" {
            return Unit::parse("yr").ok().map(|year| year.factor());
        }
        let (claim, part) = id.split_once('.').unwrap_or((id, ""));
        let quantity = self.claims.get(claim)?.quantity.as_ref()?;
        let based = |value: f64| value * quantity.unit.as_ref().map_or(1.0, Unit::factor);
        let when: Option<When> = match quantity.figure {
            super::Figure::Date(date) => Some(date),
            _ => quantity.date,
        };
        match part {
            "" => quantity.figure.central().map(based),
            "low" => quantity.figure.range().map(|(low, _)| based(low)),
            "high" => quantity.figure.range().map(|(_, high)| based(high)),
            "year" => quantity.date.map(|date| f64::from(date.months.first().year())),
            "from" => when.map(|date| decimal(date.months.first())),
            "to" => when.map(|date| decimal(date.months.last().next())),
            _ => None,
        }
    }
}
