//! One problem, or eight at a time: the equations are written once for both.

/// A number of one problem (`f64`) or of eight problems side by side (`[f64; 8]`).
///
/// The operations act lane by lane, so that a problem's result does not depend on its neighbours.
pub trait Lanes: Copy + Send + Sync + 'static {
    /// The same number in every lane.
    fn splat(x: f64) -> Self;
    /// Sum.
    fn plus(self, other: Self) -> Self;
    /// Difference.
    fn less(self, other: Self) -> Self;
    /// Product.
    fn times(self, other: Self) -> Self;
    /// Product with the same number in every lane.
    fn scaled(self, by: f64) -> Self;
    /// Quotient.
    fn over(self, other: Self) -> Self;
    /// Square root.
    fn root(self) -> Self;
    /// The larger of this and the size of the other.
    fn or_size_of(self, other: Self) -> Self;
    /// `f` of each lane.
    fn map(self, f: impl Fn(f64) -> f64) -> Self;
    /// This where the flag is set, the other elsewhere.
    fn select(self, other: Self, flags: [bool; 8]) -> Self;
    /// Whether each lane is at most `x`; lanes that do not exist are `true`. NaN is never at most anything.
    fn at_most(self, x: f64) -> [bool; 8];
    /// The largest lane (NaN if any is).
    fn worst(self) -> f64;
    /// All numbers in memory order.
    fn flat(values: &[Self]) -> &[f64];
    /// All numbers in memory order.
    fn flat_mut(values: &mut [Self]) -> &mut [f64];
}

impl Lanes for f64 {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn scaled(self, by: f64) -> Self {
        self * by
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn or_size_of(self, other: Self) -> Self {
        larger(self, other)
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        f(self)
    }
    #[inline(always)]
    fn select(self, other: Self, flags: [bool; 8]) -> Self {
        if flags[0] { self } else { other }
    }
    #[inline(always)]
    fn at_most(self, x: f64) -> [bool; 8] {
        let mut flags = [true; 8];
        flags[0] = self <= x;
        flags
    }
    #[inline(always)]
    fn worst(self) -> f64 {
        self
    }
    #[inline(always)]
    fn flat(values: &[Self]) -> &[f64] {
        values
    }
    #[inline(always)]
    fn flat_mut(values: &mut [Self]) -> &mut [f64] {
        values
    }
}

/// The larger of `most` and the size of `x`; NaN stays NaN, unlike in `f64::max`.
#[inline(always)]
fn larger(most: f64, x: f64) -> f64 {
    if most >= x.abs() || most.is_nan() { most } else { x.abs() }
}

impl Lanes for [f64; 8] {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        [x; 8]
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        std::array::from_fn(|l| self[l] + other[l])
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self {
        std::array::from_fn(|l| self[l] - other[l])
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        std::array::from_fn(|l| self[l] * other[l])
    }
    #[inline(always)]
    fn scaled(self, by: f64) -> Self {
        std::array::from_fn(|l| self[l] * by)
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        std::array::from_fn(|l| self[l] / other[l])
    }
    #[inline(always)]
    fn root(self) -> Self {
        std::array::from_fn(|l| self[l].sqrt())
    }
    #[inline(always)]
    fn or_size_of(self, other: Self) -> Self {
        std::array::from_fn(|l| larger(self[l], other[l]))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        std::array::from_fn(|l| f(self[l]))
    }
    #[inline(always)]
    fn select(self, other: Self, flags: [bool; 8]) -> Self {
        std::array::from_fn(|l| if flags[l] { self[l] } else { other[l] })
    }
    #[inline(always)]
    fn at_most(self, x: f64) -> [bool; 8] {
        std::array::from_fn(|l| self[l] <= x)
    }
    #[inline(always)]
    fn worst(self) -> f64 {
        self.iter().fold(0.0, |most, x| larger(most, *x))
    }
    #[inline(always)]
    fn flat(values: &[Self]) -> &[f64] {
        values.as_flattened()
    }
    #[inline(always)]
    fn flat_mut(values: &mut [Self]) -> &mut [f64] {
        values.as_flattened_mut()
    }
}
