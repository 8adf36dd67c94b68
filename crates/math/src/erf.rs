//! The error function and its complement.
//!
//! Rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969)
//! 631-637, with the coefficients of his CALERF (Algorithm 715, ACM TOMS 19 (1993) 22-32).

use crate::exponential::exp;

/// Up to here `erf` is computed directly, above through `erfc`.
const SMALL: f64 = 0.46875;
/// From here on `erfc` uses its asymptotic form.
const LARGE: f64 = 4.0;
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;

const ERF_NUMERATOR: [f64; 5] =
    [1.857_777_061_846_031_53e-1, 3.161_123_743_870_565_60, 1.138_641_541_510_501_56e2, 3.774_852_376_853_020_21e2, 3.209_377_589_138_469_47e3];
const ERF_DENOMINATOR: [f64; 5] =
    [1.0, 2.360_129_095_234_412_09e1, 2.440_246_379_344_441_73e2, 1.282_616_526_077_372_28e3, 2.844_236_833_439_170_62e3];
const MIDDLE_NUMERATOR: [f64; 9] = [
    2.153_115_354_744_038_46e-8,
    5.641_884_969_886_700_89e-1,
    8.883_149_794_388_375_94,
    6.611_919_063_714_162_95e1,
    2.986_351_381_974_001_31e2,
    8.819_522_212_417_690_90e2,
    1.712_047_612_634_070_58e3,
    2.051_078_377_826_071_47e3,
    1.230_339_354_797_997_25e3,
];
const MIDDLE_DENOMINATOR: [f64; 9] = [
    1.0,
    1.574_492_611_070_983_47e1,
    1.176_939_508_913_124_99e2,
    5.371_811_018_620_098_58e2,
    1.621_389_574_566_690_19e3,
    3.290_799_235_733_459_63e3,
    4.362_619_090_143_247_16e3,
    3.439_367_674_143_721_64e3,
    1.230_339_354_803_749_42e3,
];
const TAIL_NUMERATOR: [f64; 6] = [
    1.631_538_713_730_209_78e-2,
    3.053_266_349_612_323_44e-1,
    3.603_448_999_498_044_39e-1,
    1.257_817_261_112_292_46e-1,
    1.608_378_514_874_227_66e-2,
    6.587_491_615_298_378_03e-4,
];
const TAIL_DENOMINATOR: [f64; 6] =
    [1.0, 2.568_520_192_289_822_42, 1.872_952_849_923_467_25, 5.279_051_029_514_284_12e-1, 6.051_834_131_244_131_91e-2, 2.335_204_976_268_691_85e-3];

/// Polynomial with the highest power first.
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// `e^(-x^2 / divisor)` for a divisor that is a power of two: the square of a sixteenth-rounded x is exact, the rest is small.
pub(crate) fn exp_minus_square(x: f64, divisor: f64) -> f64 {
    // Beyond this the result is zero, and the product of infinities below would not be.
    if x > 1.0e3 {
        return 0.0;
    }
    let coarse = (x * 16.0).trunc() / 16.0;
    exp(-coarse * coarse / divisor) * exp(-(x - coarse) * (x + coarse) / divisor)
}

/// `erfc(y) e^(y^2)` for `y >= SMALL`.
pub(crate) fn scaled_erfc(y: f64) -> f64 {
    if y <= LARGE {
        return horner(&MIDDLE_NUMERATOR, y) / horner(&MIDDLE_DENOMINATOR, y);
    }
    let inverse_square = 1.0 / (y * y);
    let tail = inverse_square * horner(&TAIL_NUMERATOR, inverse_square) / horner(&TAIL_DENOMINATOR, inverse_square);
    (FRAC_1_SQRT_PI - tail) / y
}

/// Whether `erf` of this argument is computed directly.
pub(crate) fn is_small(x: f64) -> bool {
    x.abs() <= SMALL
}

fn small_erf(x: f64) -> f64 {
    x * horner(&ERF_NUMERATOR, x * x) / horner(&ERF_DENOMINATOR, x * x)
}

/// The error function `2/sqrt(pi) * integral of e^(-t^2) from 0 to x`.
///
/// Relative error below 1e-15. Oracle: mpmath.
pub fn erf(x: f64) -> f64 {
    if x.is_nan() {
        f64::NAN
    } else if is_small(x) {
        small_erf(x)
    } else {
        let y = x.abs();
        (1.0 - scaled_erfc(y) * exp_minus_square(y, 1.0)).copysign(x)
    }
}

/// The complementary error function `1 - erf(x)`.
///
/// Relative error below 2e-15 while the result is a normal number; zero above 27.3. Oracle: mpmath.
pub fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    if is_small(x) {
        return 1.0 - small_erf(x);
    }
    let y = x.abs();
    let tail = scaled_erfc(y) * exp_minus_square(y, 1.0);
    if x < 0.0 { 2.0 - tail } else { tail }
}
