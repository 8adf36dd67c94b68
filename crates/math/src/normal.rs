//! The standard normal distribution.

use crate::erf::{erf, exp_minus_square, is_small, scaled_erfc};
use crate::exponential::exp;
use crate::logarithm::ln;

const FRAC_1_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// Density of the standard normal distribution. Relative error below `1e-16 (1 + x^2)`.
pub fn normal_density(x: f64) -> f64 {
    FRAC_1_SQRT_2PI * exp(-0.5 * x * x)
}

/// Distribution function of the standard normal distribution.
///
/// Relative error below 2e-15, in the lower tail too, until the result is subnormal (-37.5). Method: W. J. Cody (see `erfc`), with the
/// exponential of `x^2/2` from `x` itself, so that the tail does not inherit the rounding of `x/sqrt 2`. Oracle: mpmath.
pub fn normal_cdf(x: f64) -> f64 {
    let scaled = x * std::f64::consts::FRAC_1_SQRT_2;
    if x.is_nan() {
        f64::NAN
    } else if is_small(scaled) {
        0.5 + 0.5 * erf(scaled)
    } else {
        let tail = 0.5 * scaled_erfc(scaled.abs()) * exp_minus_square(x.abs(), 2.0);
        if x < 0.0 { tail } else { 1.0 - tail }
    }
}

const CENTRE_NUMERATOR: [f64; 8] = [
    3.387_132_872_796_366_608_0,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const CENTRE_DENOMINATOR: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083_0e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061_0e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561_0e3,
];
const TAIL_NUMERATOR: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_90,
    5.769_497_221_460_691_405_50,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_70e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_40e-4,
];
const TAIL_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_40,
    6.897_673_349_851_000_045_50e-1,
    1.481_039_764_274_800_745_90e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946_00e-4,
    1.050_750_071_644_416_843_24e-9,
];
const FAR_NUMERATOR: [f64; 8] = [
    6.657_904_643_501_103_777_20,
    5.463_784_911_164_114_369_90,
    1.784_826_539_917_291_335_80,
    2.965_605_718_285_048_912_30e-1,
    2.653_218_952_657_612_309_30e-2,
    1.242_660_947_388_078_438_60e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_90e-1,
    1.369_298_809_227_358_053_10e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591_00e-4,
    1.846_318_317_510_054_681_80e-5,
    1.421_511_758_316_445_888_70e-7,
    2.044_263_103_389_939_785_64e-15,
];

/// Ratio of two polynomials with the lowest power first.
fn rational(numerator: &[f64; 8], denominator: &[f64; 8], x: f64) -> f64 {
    let value = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    value(numerator) / value(denominator)
}

/// Quantile function of the standard normal distribution: `normal_cdf(normal_quantile(p)) = p`.
///
/// Relative error below 1e-15 for the double `p`. 0 and 1 give the infinities, anything outside `[0, 1]` NaN. Method: M. J. Wichura, "Algorithm AS 241",
/// Applied Statistics 37 (1988) 477-484, routine PPND16. Oracle: mpmath.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * rational(&CENTRE_NUMERATOR, &CENTRE_DENOMINATOR, 0.180_625 - q * q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return if tail == 0.0 { f64::INFINITY.copysign(q) } else { f64::NAN };
    }
    let r = (-ln(tail)).sqrt();
    let distance = if r <= 5.0 { rational(&TAIL_NUMERATOR, &TAIL_DENOMINATOR, r - 1.6) } else { rational(&FAR_NUMERATOR, &FAR_DENOMINATOR, r - 5.0) };
    distance.copysign(q)
}
