//! What a number is, beyond its dimension.

use std::fmt;
use std::str::FromStr;

use crate::dimension::{Base, Dimension};
use crate::error::UnitError;
use crate::unit::{Unit, time_power};

/// What a variable or parameter is. It limits the units and the values that make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An amount at a moment: no time in its unit. May be negative (a net position).
    Stock,
    /// An amount per time: exactly one time below the line. May be negative (a net flow).
    Flow,
    /// A hazard, an intensity or a growth rate: per time, with no amount above the line (`1/yr`, `1/(1000 km yr)`). Growth
    /// may be negative; hazards declare their own bound.
    Rate,
    /// A probability: a plain number from 0 to 1.
    Probability,
    /// A part of a whole: a plain number from 0 to 1. What can pass 1 (debt over output) is an [`Kind::Index`].
    Share,
    /// A plain number on a scale of its own.
    Index,
    /// Money per amount, not negative.
    Price,
    /// How many: persons or a plain number, not negative.
    Count,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [Self::Stock, Self::Flow, Self::Rate, Self::Probability, Self::Share, Self::Index, Self::Price, Self::Count];

    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Flow => "flow",
            Self::Rate => "rate",
            Self::Probability => "probability",
            Self::Share => "share",
            Self::Index => "index",
            Self::Price => "price",
            Self::Count => "count",
        }
    }

    /// The least and greatest value, in base units; both may be taken.
    #[must_use]
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Probability | Self::Share => (0.0, 1.0),
            Self::Price | Self::Count => (0.0, f64::INFINITY),
            Self::Stock | Self::Flow | Self::Rate | Self::Index => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// Whether a quantity of this kind can be measured in `unit`.
    ///
    /// # Errors
    /// [`UnitError::Kind`] with the reason.
    pub fn check_unit(self, unit: &Unit) -> Result<(), UnitError> {
        let dimension = unit.dimension();
        let above: Vec<Base> = Base::ALL.into_iter().filter(|base| dimension.power_of(*base) > 0).collect();
        let (fits, wanted) = match self {
            Self::Stock => (time_power(unit) == 0, "an amount, without time"),
            Self::Flow => (time_power(unit) == -1, "an amount per time, such as `bcm/yr`"),
            Self::Rate => (time_power(unit) == -1 && above.is_empty(), "per time, such as `1/yr`"),
            Self::Probability | Self::Share | Self::Index => (dimension.is_none(), "a plain number"),
            Self::Price => {
                let is_price = above == [Base::Money] && dimension.power_of(Base::Money) == 1;
                (is_price && dimension != Dimension::of(Base::Money, 1), "money per amount, such as `USD@2012/bbl`")
            }
            Self::Count => (dimension.is_none() || dimension == Dimension::of(Base::Persons, 1), "a plain number or `persons`"),
        };
        if fits {
            return Ok(());
        }
        let what = format!("a {self} is measured in {wanted}; `{unit}` is {dimension}");
        Err(UnitError::Kind { what })
    }

    /// Whether `value` in `unit` is possible for this kind: the unit fits, the number is finite and within
    /// [`Kind::bounds`].
    ///
    /// # Errors
    /// [`UnitError::Kind`] with the reason.
    pub fn check(self, value: f64, unit: &Unit) -> Result<(), UnitError> {
        self.check_unit(unit)?;
        if !value.is_finite() {
            return Err(UnitError::Kind { what: format!("{value} is not a finite number") });
        }
        let (least, greatest) = self.bounds();
        let base = if self.has_upper_bound() { unit.convert(value, &Unit::one()) } else { Ok(value) };
        match base {
            Ok(base) if base >= least && base <= greatest => Ok(()),
            _ if self.has_upper_bound() => Err(UnitError::Kind { what: format!("{value} {unit} is outside 0 to 1, the bounds of a {self}") }),
            _ => Err(UnitError::Kind { what: format!("{value} {unit} is negative, which a {self} cannot be") }),
        }
    }

    /// Bounded kinds are compared in base units; for the others only the sign matters, which no factor changes.
    fn has_upper_bound(self) -> bool {
        self.bounds().1.is_finite()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let unknown = || UnitError::Kind { what: format!("`{text}` is no kind; the kinds are {}", names()) };
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(unknown)
    }
}
