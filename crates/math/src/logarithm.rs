//! The natural logarithm and real powers.
//!
//! Method: `x = 2^k (1 + f)` with `1 + f` between `1/sqrt 2` and `sqrt 2`, then `ln(1 + f) = 2 atanh(s)` with `s = f / (2 + f)`, summed in the
//! order of W. J. Cody and W. Waite and of FreeBSD's msun so that `f` enters unrounded. Coefficients: `tests/reference/elementary/coefficients.py`.

use crate::exponential::{LN_2_HIGH, LN_2_LOW, exp};

/// `(2 atanh(s) - 2 s) / s^3` as a polynomial in `s^2`, lowest power first; times `s^3` the error is below 2e-18.
const LN_TAIL: [f64; 7] = [
    0.666_666_666_666_667,
    0.399_999_999_998_995_05,
    0.285_714_286_259_754_87,
    0.222_222_111_347_950_8,
    0.181_828_891_252_617_23,
    0.153_317_216_005_560_42,
    0.146_164_496_850_434_06,
];
/// Bits of `1/sqrt 2`: subtracting them puts the exponent of the reduced number to zero.
const HALF_SQRT_2_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const EXPONENT_MASK: u64 = 0xfff0_0000_0000_0000;
const TWO_POW_54: f64 = 18_014_398_509_481_984.0;

/// `x = 2^k m` with `m` in `[1/sqrt 2, sqrt 2)`, for positive normal `x`.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let bits = x.to_bits();
    let offset = bits.wrapping_sub(HALF_SQRT_2_BITS);
    let m = f64::from_bits(bits.wrapping_sub(offset & EXPONENT_MASK));
    // The exponent as a float without a 64-bit integer conversion, which SSE2 and AVX2 lack: biased so as to be positive, then or-ed into 2^52.
    let biased = offset.wrapping_add(1 << 62) >> 52;
    let k = f64::from_bits(0x4330_0000_0000_0000 | biased) - (4_503_599_627_370_496.0 + 1024.0);
    (k, m)
}

/// `k ln 2 + ln(1 + f) + correction`.
#[inline(always)]
fn assemble(k: f64, f: f64, correction: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let z2 = z * z;
    let c = &LN_TAIL;
    let tail = z * ((c[0] + z * c[1]) + z2 * ((c[2] + z * c[3]) + z2 * ((c[4] + z * c[5]) + z2 * c[6])));
    let half_square = 0.5 * f * f;
    k * LN_2_HIGH - ((half_square - (s * (half_square + tail) + (k * LN_2_LOW + correction))) - f)
}

/// The logarithm where the formula does not hold: 0, negative, infinite, NaN.
#[inline(always)]
fn outside_domain(x: f64) -> f64 {
    let negative = if x < 0.0 { f64::NAN } else { x };
    if x == 0.0 { f64::NEG_INFINITY } else { negative }
}

/// The natural logarithm.
///
/// Within 1 ulp, subnormal numbers included. Zero of either sign gives negative infinity, a negative number NaN, infinity infinity. Oracle: `libm::log`.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal { x * TWO_POW_54 } else { x };
    let shift = if subnormal { -54.0 } else { 0.0 };
    let (k, m) = split(scaled);
    let result = assemble(k + shift, m - 1.0, 0.0);
    if (x > 0.0) & (x < f64::INFINITY) { result } else { outside_domain(x) }
}

/// `ln(1 + x)`, accurate near zero.
///
/// Within 2 ulp. -1 gives negative infinity, anything below NaN; keeps the sign of zero. Oracle: `libm::log1p`.
#[inline(always)]
pub fn ln_1p(x: f64) -> f64 {
    let u = 1.0 + x;
    // What rounding lost in u (Knuth's two-sum), exact.
    let back = u - 1.0;
    let lost = (1.0 - (u - back)) + (x - back);
    let (k, m) = split(u);
    let near = k == 0.0;
    let f = if near { x } else { m - 1.0 };
    let correction = if near { 0.0 } else { lost / u };
    let result = assemble(k, f, correction).copysign(x);
    if u > 0.0 && u < f64::INFINITY { result } else { outside_domain(u) }
}

/// `x^y = e^(y ln x)` for `x >= 0`.
///
/// The relative error is about `(1 + |y ln x|)` ulp, so 1e-15 for moderate powers and at most 1e-13 at the ends of the range.
/// A negative `x` gives NaN (also for whole `y`); `x^0` is 1 for `x >= 0`; `0^y` is 0 for positive and infinite for negative `y`. Oracle: `libm::pow`.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let product = y * ln(x);
    // Without short-circuit, which would be a branch around the logarithm.
    exp(if (y == 0.0) & (x >= 0.0) { 0.0 } else { product })
}
