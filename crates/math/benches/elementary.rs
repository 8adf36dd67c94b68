//! Nanoseconds per element of the elementary functions over a slice, at each instruction set, beside std.
//!
//! Run: `cargo bench -p oxus-math`.
#![allow(missing_docs, clippy::disallowed_methods)]

use divan::{Bencher, counter::ItemsCount};
use oxus_math::isa::{self, Level};

const N: usize = 1024;

oxus_math::dispatch! {
    fn map<F: Fn(f64) -> f64>(out: &mut [f64], x: &[f64], f: F) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = f(x);
        }
    }
}

fn measure(bencher: Bencher, level: Level, f: impl Fn(f64) -> f64 + Copy + Sync) {
    isa::limit(level);
    let x: Vec<f64> = (0..N).map(|i| 0.001 + i as f64 / N as f64).collect();
    let mut out = vec![0.0; N];
    bencher.counter(ItemsCount::new(N)).bench_local(|| map(&mut out, divan::black_box(&x), f));
}

#[inline(always)]
fn pow_1_7(x: f64) -> f64 {
    oxus_math::pow(x, 1.7)
}

#[inline(always)]
fn sin_plus_cos(x: f64) -> f64 {
    let (sine, cosine) = oxus_math::sin_cos_turns(x);
    sine + cosine
}

macro_rules! bench {
    ($($name:ident: $f:expr;)*) => {$(
        #[divan::bench(args = Level::ALL)]
        fn $name(bencher: Bencher, level: Level) {
            // What the vectoriser cannot see into it cannot vectorise: large closures need this to be inlined.
            measure(bencher, level, #[inline(always)] |x| $f(x));
        }
    )*};
}

bench! {
    exp: oxus_math::exp;
    exp_m1: oxus_math::exp_m1;
    ln: oxus_math::ln;
    ln_1p: oxus_math::ln_1p;
    sin_and_cos: sin_plus_cos;
    tanh: oxus_math::tanh;
    logistic: oxus_math::logistic;
    logit: oxus_math::logit;
    pow: pow_1_7;
    saturate: oxus_math::saturate;
    std_exp: f64::exp;
    std_ln: f64::ln;
}

fn main() {
    divan::main();
}
