//! What a quantity measures: a product of powers of base dimensions.

use std::fmt;

/// A base dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// Mass, in kilograms.
    Mass,
    /// Length, in metres.
    Length,
    /// Time, in months.
    Time,
    /// Energy, in watt hours. A base of its own: nothing here follows from mass, length and time.
    Energy,
    /// Money, in units of a currency at the prices of a year.
    Money,
    /// Persons.
    Persons,
}

impl Base {
    /// Every base dimension.
    pub const ALL: [Self; 6] = [Self::Mass, Self::Length, Self::Time, Self::Energy, Self::Money, Self::Persons];

    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mass => "mass",
            Self::Length => "length",
            Self::Time => "time",
            Self::Energy => "energy",
            Self::Money => "money",
            Self::Persons => "persons",
        }
    }
}

/// A product of powers of base dimensions. Dimensions form a commutative group under multiplication, up to exponents
/// beyond ±127, which are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dimension([i8; 6]);

impl Dimension {
    /// No dimension: a plain number.
    pub const NONE: Self = Self([0; 6]);

    /// One base dimension to a power.
    #[must_use]
    pub const fn of(base: Base, power: i8) -> Self {
        Self::NONE.with(base, power)
    }

    /// The same with another power of one base dimension.
    #[must_use]
    pub const fn with(mut self, base: Base, power: i8) -> Self {
        self.0[base as usize] = power;
        self
    }

    /// The power of a base dimension in it.
    #[must_use]
    pub fn power_of(self, base: Base) -> i8 {
        self.0[base as usize]
    }

    /// Whether it is a plain number.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// The product; `None` when an exponent leaves -128..=127.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        self.combine(other, i8::checked_add)
    }

    /// The quotient; `None` when an exponent leaves -128..=127.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.combine(other, i8::checked_sub)
    }

    /// The power; `None` when an exponent leaves -128..=127.
    #[must_use]
    pub fn to_the(self, power: i8) -> Option<Self> {
        self.combine(Self([power; 6]), i8::checked_mul)
    }

    fn combine(self, other: Self, with: impl Fn(i8, i8) -> Option<i8>) -> Option<Self> {
        let mut powers = [0; 6];
        for (power, (&a, &b)) in powers.iter_mut().zip(self.0.iter().zip(&other.0)) {
            *power = with(a, b)?;
        }
        Some(Self(powers))
    }
}

/// `money/length^3`, `1/time`, or `a plain number`.
impl fmt::Display for Dimension {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return out.write_str("a plain number");
        }
        let side = |sign: i8| -> Vec<String> {
            let with_power = |base: &Base| match self.power_of(*base).unsigned_abs() {
                1 => base.name().to_owned(),
                power => format!("{}^{power}", base.name()),
            };
            Base::ALL.iter().filter(|base| self.power_of(**base).signum() == sign).map(with_power).collect()
        };
        let (above, below) = (side(1), side(-1));
        out.write_str(&if above.is_empty() { "1".to_owned() } else { above.join(" ") })?;
        match below.as_slice() {
            [] => Ok(()),
            [one] => write!(out, "/{one}"),
            many => write!(out, "/({})", many.join(" ")),
        }
    }
}
