//! The exponential function.
//!
//! Method: `x = k ln 2 + r` with `|r| <= ln(2)/2` in the two-part arithmetic of Cody and Waite (Software Manual for the Elementary
//! Functions, 1980, chapter 6), `e^r - 1` as a polynomial, and the scaling by `2^k` in two factors so that it reaches into the
//! subnormal numbers. Coefficients: `tests/reference/elementary/coefficients.py`.

/// 1.5 x 2^52: adding it rounds to an integer (ties to even) that then stands in the low bits.
pub(crate) const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; the first has 32 bits, so its product with an exponent is exact.
pub(crate) const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
pub(crate) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Above, the result is infinite; below the negative of [`UNDERFLOW`], zero.
const OVERFLOW: f64 = 710.0;
const UNDERFLOW: f64 = 746.0;

/// `(e^r - 1 - r) / r^2`, lowest power first, error 1.4e-18 on `|r| <= ln(2)/2`.
const EXP_TAIL: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_7,
    0.041_666_666_666_666_67,
    0.008_333_333_333_326_141,
    0.001_388_888_888_888_375_2,
    0.000_198_412_698_748_004_93,
    2.480_158_732_553_336_3e-5,
    2.755_725_542_574_643_5e-6,
    2.755_727_366_134_863_7e-7,
    2.510_520_637_395_701e-8,
    2.091_467_937_658_393_5e-9,
];

/// `e^x = scale_a * scale_b * (1 + fraction)`.
struct Reduced {
    fraction: f64,
    scale_a: f64,
    scale_b: f64,
    /// 1 / scale_b
    unscale_b: f64,
}

/// 2^k from `k + ROUNDER`, |k| < 1023: the low bits of the sum become the exponent.
#[inline(always)]
fn power_of_two(k_with_rounder: f64) -> f64 {
    f64::from_bits(k_with_rounder.to_bits().wrapping_add(1023) << 52)
}

#[inline(always)]
fn reduce(x: f64) -> Reduced {
    // Written so that NaN passes through, and so that each is one machine instruction (`f64::min` is not).
    let x = if x > OVERFLOW { OVERFLOW } else { x };
    let x = if x < -UNDERFLOW { -UNDERFLOW } else { x };
    let k = (x * std::f64::consts::LOG2_E + ROUNDER) - ROUNDER;
    let high = x - k * LN_2_HIGH;
    let low = k * LN_2_LOW;
    let r = high - low;
    let c = &EXP_TAIL;
    let r2 = r * r;
    let r4 = r2 * r2;
    let tail =
        ((c[0] + r * c[1]) + r2 * (c[2] + r * c[3])) + r4 * (((c[4] + r * c[5]) + r2 * (c[6] + r * c[7])) + r4 * ((c[8] + r * c[9]) + r2 * c[10]));
    let half = 0.5 * k + ROUNDER;
    let rest = (k - (half - ROUNDER)) + ROUNDER;
    Reduced {
        fraction: high + (r2 * tail - low),
        scale_a: power_of_two(half),
        scale_b: power_of_two(rest),
        unscale_b: power_of_two(ROUNDER - (rest - ROUNDER)),
    }
}

/// The exponential `e^x`.
///
/// Within 1 ulp where the result is a normal number, gradually less below 2.2e-308. Infinite above 709.79, zero below -745.14; NaN gives NaN.
/// Oracle: `libm::exp`.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let e = reduce(x);
    (1.0 + e.fraction) * e.scale_a * e.scale_b
}

/// `e^x - 1`, accurate near zero.
///
/// Within 2 ulp; -1 below -38, infinite above 709.79; keeps the sign of zero; NaN gives NaN. Oracle: `libm::expm1`.
#[inline(always)]
pub fn exp_m1(x: f64) -> f64 {
    let e = reduce(x);
    ((e.fraction * e.scale_a + (e.scale_a - e.unscale_b)) * e.scale_b).copysign(x)
}
