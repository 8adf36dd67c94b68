//! Sine and cosine of angles in turns (1 turn = 2 pi radians).
//!
//! Angles in turns reduce exactly: `u = n + q/4 + w` with integers `n`, `q` and `|w| <= 1/8`, no rounding anywhere. Coefficients of the two
//! polynomials in `w`: `tests/reference/elementary/coefficients.py`.

use crate::exponential::ROUNDER;

const TWO_POW_52: f64 = 4_503_599_627_370_496.0;
/// 2 pi minus its double.
const TAU_LOW: f64 = 2.449_293_598_294_706_4e-16;
/// `(sin(2 pi w)/w - 2 pi) / w^2` in `w^2`, lowest power first; times `w^3` the error is below 1e-17.
const SIN_TAIL: [f64; 6] =
    [-41.341_702_240_399_755, 81.605_249_276_051_7, -76.705_859_735_620_93, 42.058_689_180_885_12, -15.094_054_182_079_999, 3.786_433_349_565_45];
/// `(cos(2 pi w) - 1) / w^2` in `w^2`, lowest power first; times `w^2` the error is below 2e-19.
const COS_TAIL: [f64; 7] = [
    -19.739_208_802_178_716,
    64.939_394_022_668_24,
    -85.456_817_206_643_8,
    60.244_641_352_702_01,
    -26.426_253_275_854_723,
    7.903_206_911_569_678,
    -1.699_034_394_066_063_7,
];

/// Sine and cosine of `2 pi u`, as `(sine, cosine)`.
///
/// Both within 1.5 ulp for every finite `u`, near their zeros too, since the reduction is exact. Multiples of a quarter turn give exact results
/// (a zero may be of either sign). Infinity and NaN give NaN. Oracle: `libm::sincos` of the reduced angle.
#[inline(always)]
pub fn sin_cos_turns(u: f64) -> (f64, f64) {
    let whole = u.abs();
    let nearest = (whole + TWO_POW_52) - TWO_POW_52;
    let nearest = if whole < TWO_POW_52 { nearest } else { whole };
    let v = whole - nearest;
    let quarters = 4.0 * v + ROUNDER;
    let q = quarters.to_bits();
    let w = v - 0.25 * (quarters - ROUNDER);

    let w2 = w * w;
    let w4 = w2 * w2;
    let (s, c) = (&SIN_TAIL, &COS_TAIL);
    let sin_tail = (s[0] + w2 * s[1]) + w4 * ((s[2] + w2 * s[3]) + w4 * (s[4] + w2 * s[5]));
    let cos_tail = (c[0] + w2 * c[1]) + w4 * ((c[2] + w2 * c[3]) + w4 * ((c[4] + w2 * c[5]) + w4 * c[6]));
    let sin_w = w * std::f64::consts::TAU + w * (TAU_LOW + w2 * sin_tail);
    let cos_w = 1.0 + w2 * cos_tail;

    // Quarter q: odd quarters swap sine and cosine; bit 1 of q and of q + 1 are the signs.
    let odd = q & 1 == 1;
    let sine = if odd { cos_w } else { sin_w };
    let cosine = if odd { sin_w } else { cos_w };
    let sine_sign = ((q & 2) << 62) ^ (u.to_bits() & (1 << 63));
    let cosine_sign = (q.wrapping_add(1) & 2) << 62;
    (f64::from_bits(sine.to_bits() ^ sine_sign), f64::from_bits(cosine.to_bits() ^ cosine_sign))
}

/// Sine of `2 pi u`; see [`sin_cos_turns`].
#[inline(always)]
pub fn sin_turns(u: f64) -> f64 {
    sin_cos_turns(u).0
}

/// Cosine of `2 pi u`; see [`sin_cos_turns`].
#[inline(always)]
pub fn cos_turns(u: f64) -> f64 {
    sin_cos_turns(u).1
}
