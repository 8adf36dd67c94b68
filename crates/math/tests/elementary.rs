//! Elementary functions over millions of arguments against `libm`, at the edges, and for equal bits at every instruction set.
#![allow(clippy::disallowed_methods)] // the references
#![allow(clippy::print_stdout)] // measured errors, for the record

use oxus_math::isa::{self, Level};

/// SplitMix64, for arguments only.
struct Arguments(u64);

impl Arguments {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// Uniform on the interval.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Any float: every exponent, both signs, infinities and NaN.
    fn any(&mut self) -> f64 {
        f64::from_bits(self.word())
    }
}

/// Distance in floats; zero for the same number (zeros of either sign) and for two NaN.
fn steps(a: f64, b: f64) -> u64 {
    if a == b || a.is_nan() && b.is_nan() {
        return 0;
    }
    if a.is_nan() || b.is_nan() {
        return u64::MAX;
    }
    let order = |x: f64| {
        if x.is_sign_negative() { -((x.to_bits() << 1 >> 1) as i64) } else { x.to_bits() as i64 }
    };
    order(a).abs_diff(order(b))
}

fn compare(name: &str, ours: fn(f64) -> f64, theirs: fn(f64) -> f64, range: (f64, f64), allowed: u64) {
    const POINTS: u32 = 1_000_000;
    let mut arguments = Arguments(42);
    let mut worst = (0, 0.0);
    for i in 0..2 * POINTS {
        let x = if i < POINTS { arguments.between(range.0, range.1) } else { arguments.any() };
        let distance = steps(ours(x), theirs(x));
        if distance > worst.0 {
            worst = (distance, x);
        }
    }
    println!("{name}: at most {} floats from libm, at {:e}", worst.0, worst.1);
    assert!(worst.0 <= allowed, "{name}: {} floats from libm at {:e}: {:e} and {:e}", worst.0, worst.1, ours(worst.1), theirs(worst.1));
}

// libm is itself within 1 ulp (2 for tanh), so the distance allowed in floats is our bound plus libm's.

#[test]
fn exp_is_near_libm() {
    compare("exp", oxus_math::exp, libm::exp, (-746.0, 710.0), 2);
    compare("exp near zero", oxus_math::exp, libm::exp, (-1.0, 1.0), 2);
    compare("exp_m1", oxus_math::exp_m1, libm::expm1, (-1.0, 1.0), 3);
    compare("exp_m1, wide", oxus_math::exp_m1, libm::expm1, (-40.0, 710.0), 3);
}

#[test]
fn ln_is_near_libm() {
    compare("ln", oxus_math::ln, libm::log, (0.0, 4.0), 2);
    compare("ln_1p", oxus_math::ln_1p, libm::log1p, (-1.0, 3.0), 3);
}

#[test]
fn tanh_is_near_libm() {
    compare("tanh", oxus_math::tanh, libm::tanh, (-3.0, 3.0), 5);
}

#[test]
fn logistic_inverts_logit() {
    let mut arguments = Arguments(7);
    for _ in 0..1_000_000 {
        let p = arguments.between(0.0, 1.0);
        // The logistic multiplies the error of its argument by x (1 - p), and adds its own.
        let x = oxus_math::logit(p);
        let allowed = 4.0 * f64::EPSILON * p * (1.0 + x.abs() * (1.0 - p));
        assert!((oxus_math::logistic(x) - p).abs() <= allowed, "{p:e}");
    }
}

/// libm has no function of turns: reduce to an eighth of a turn exactly, by hand, then use its radians; that product adds 1 ulp of the angle.
#[test]
fn sine_and_cosine_are_near_libm() {
    let mut arguments = Arguments(3);
    for _ in 0..1_000_000 {
        let w = arguments.between(-0.125, 0.125);
        let (sine, cosine) = libm::sincos(w * std::f64::consts::TAU);
        assert!(steps(oxus_math::sin_turns(w), sine) <= 4, "{w:e}");
        assert!(steps(oxus_math::cos_turns(w), cosine) <= 4, "{w:e}");
        // Quarter turns: the shifted argument w + q/4 is exact only if w has few digits.
        let w = (w * 1_048_576.0).trunc() / 1_048_576.0;
        let (sine, cosine) = oxus_math::sin_cos_turns(w);
        assert_eq!(oxus_math::sin_cos_turns(w + 0.25), (cosine, -sine), "{w:e}");
        assert_eq!(oxus_math::sin_cos_turns(w + 0.5), (-sine, -cosine), "{w:e}");
        assert_eq!(oxus_math::sin_cos_turns(w - 0.25), (-cosine, sine), "{w:e}");
        assert_eq!(oxus_math::sin_cos_turns(w + 4096.0), (sine, cosine), "{w:e}");
        assert_eq!(oxus_math::sin_cos_turns(-w), (-sine, cosine), "{w:e}");
    }
}

#[test]
fn whole_and_huge_turns_are_exact() {
    for u in [0.0, 1.0, 7.0, 4_503_599_627_370_497.0, 9_007_199_254_740_993.0, 1e300, f64::MAX] {
        assert_eq!(oxus_math::sin_cos_turns(u), (0.0, 1.0), "{u:e}");
        assert_eq!(oxus_math::sin_cos_turns(-u), (0.0, 1.0), "{u:e}");
    }
    assert_eq!(oxus_math::sin_cos_turns(2_251_799_813_685_248.5), (0.0, -1.0));
    assert_eq!(oxus_math::sin_cos_turns(1_125_899_906_842_624.25), (1.0, 0.0));
}

/// Relative error of `1 + |y ln x|` ulp, twice over for libm's own and rounding of the bound.
#[test]
fn pow_is_near_libm() {
    let mut arguments = Arguments(11);
    for _ in 0..1_000_000 {
        let (x, y) = (arguments.between(0.0, 20.0), arguments.between(-30.0, 30.0));
        let expected = libm::pow(x, y);
        let allowed = f64::EPSILON * (2.0 + 1.5 * (y * libm::log(x)).abs()) * expected;
        assert!((oxus_math::pow(x, y) - expected).abs() <= allowed, "{x:e}^{y:e}");
    }
    assert_eq!(oxus_math::pow(0.0, 2.0), 0.0);
    assert_eq!(oxus_math::pow(0.0, -2.0), f64::INFINITY);
    assert_eq!(oxus_math::pow(0.0, 0.0), 1.0);
    assert_eq!(oxus_math::pow(f64::INFINITY, 0.0), 1.0);
    assert!(oxus_math::pow(-2.0, 2.0).is_nan() && oxus_math::pow(f64::NAN, 0.0).is_nan());
}

#[test]
fn edges() {
    use oxus_math::*;
    const TINY: f64 = 5e-324;
    assert_eq!((exp(f64::INFINITY), exp(f64::NEG_INFINITY), exp(0.0), exp(-0.0)), (f64::INFINITY, 0.0, 1.0, 1.0));
    assert_eq!((exp(709.8), exp(-745.2), exp(-745.13)), (f64::INFINITY, 0.0, TINY));
    assert_eq!((exp_m1(f64::NEG_INFINITY), exp_m1(f64::INFINITY), exp_m1(TINY)), (-1.0, f64::INFINITY, TINY));
    assert_eq!((ln(0.0), ln(-0.0), ln(f64::INFINITY), ln(1.0)), (f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, 0.0));
    assert_eq!((ln_1p(-1.0), ln_1p(f64::INFINITY), ln_1p(TINY)), (f64::NEG_INFINITY, f64::INFINITY, TINY));
    assert_eq!((tanh(f64::INFINITY), tanh(f64::NEG_INFINITY), tanh(TINY)), (1.0, -1.0, TINY));
    assert_eq!((logistic(f64::INFINITY), logistic(f64::NEG_INFINITY), logistic(0.0)), (1.0, 0.0, 0.5));
    assert_eq!((logit(0.0), logit(1.0), logit(0.5)), (f64::NEG_INFINITY, f64::INFINITY, 0.0));
    assert_eq!((saturate(0.0), saturate(1.0), saturate(-1.0)), (0.0, 1.0, -1.0));
    for odd in [exp_m1, ln_1p, tanh] {
        assert!(odd(-0.0).is_sign_negative() && odd(0.0).is_sign_positive());
    }
    for function in [exp, exp_m1, ln, ln_1p, sin_turns, cos_turns, tanh, logistic, logit, saturate] {
        assert!(function(f64::NAN).is_nan());
    }
    for (function, outside) in [(ln as fn(f64) -> f64, -1.0), (ln_1p, -1.5), (logit, -0.1), (logit, 1.1), (sin_turns, f64::INFINITY)] {
        assert!(function(outside).is_nan());
    }
}

oxus_math::dispatch! {
    fn map<F: Fn(f64) -> f64>(out: &mut [f64], x: &[f64], f: F) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = f(x);
        }
    }
}

/// The bits of a long slice, vectorised for each instruction set, are those of the functions called one by one.
#[test]
fn every_width_gives_the_same_bits() {
    let mut arguments = Arguments(5);
    let x: Vec<f64> = (0..200_003).map(|i| if i % 2 == 0 { arguments.between(-5.0, 5.0) } else { arguments.any() }).collect();
    macro_rules! check {
        ($($function:ident)*) => {$(
            let one_by_one: Vec<u64> = x.iter().map(|&x| std::hint::black_box(oxus_math::$function as fn(f64) -> f64)(x).to_bits()).collect();
            for level in Level::ALL {
                isa::limit(level);
                let mut out = vec![0.0; x.len()];
                map(&mut out, &x, #[inline(always)] |x| oxus_math::$function(x));
                for (i, (out, expected)) in out.iter().zip(&one_by_one).enumerate() {
                    // The payload and sign of a NaN depend on the order of operands, which IEEE 754 leaves open.
                    let same = out.to_bits() == *expected || out.is_nan() && f64::from_bits(*expected).is_nan();
                    assert!(same, "{} at {level:?}, x = {:e}", stringify!($function), x[i]);
                }
            }
        )*};
    }
    check!(exp exp_m1 ln ln_1p sin_turns cos_turns tanh logistic logit saturate);
}
