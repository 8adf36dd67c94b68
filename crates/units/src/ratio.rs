//! Exact positive fractions, so that factors of units carry no rounding.

/// A positive fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) num: u128,
    pub(crate) den: u128,
}

impl Ratio {
    pub(crate) const ONE: Self = Self { num: 1, den: 1 };

    /// `num/den`; `None` when either is zero.
    pub(crate) fn new(num: u128, den: u128) -> Option<Self> {
        if num == 0 || den == 0 {
            return None;
        }
        let shared = greatest_common_divisor(num, den);
        Some(Self { num: num / shared, den: den / shared })
    }

    /// The product; `None` beyond 128 bits.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        // Cancelling across first keeps the products as small as they can be.
        let across = greatest_common_divisor(self.num, other.den);
        let down = greatest_common_divisor(other.num, self.den);
        Some(Self { num: (self.num / across).checked_mul(other.num / down)?, den: (self.den / down).checked_mul(other.den / across)? })
    }

    pub(crate) fn inverse(self) -> Self {
        Self { num: self.den, den: self.num }
    }

    /// The quotient; `None` beyond 128 bits.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        self.times(other.inverse())
    }

    /// The power, which may be negative; `None` beyond 128 bits.
    pub(crate) fn to_the(self, power: i8) -> Option<Self> {
        let exponent = u32::from(power.unsigned_abs());
        let raised = Self { num: self.num.checked_pow(exponent)?, den: self.den.checked_pow(exponent)? };
        Some(if power < 0 { raised.inverse() } else { raised })
    }

    /// `value` times the fraction. One rounding where the numerator or the denominator is 1 (both fit a double for every
    /// pair of units in use), else two.
    pub(crate) fn scale(self, value: f64) -> f64 {
        value * self.num as f64 / self.den as f64
    }
}

/// Euclid's algorithm.
fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
