//! Columns of values laid out `[entity][lane]`, and the elementwise operators that run over them.

use oxus_math::dispatch;

/// Members that advance together: one AVX-512 register of doubles.
pub const LANES: usize = oxus_random::LANES;

/// Values of one variable for every entity of its axis and every lane of the block, at `[entity * LANES + lane]`.
pub type Column = Vec<f64>;

// Each slice is an argument of its own: slices inside an array or a struct may overlap for all the compiler knows, and then nothing
// vectorises. `fill` writes f(a, …); `fold` writes f(old, a, …).
macro_rules! operators {
    ($fill:ident, $fold:ident, $($a:ident : $t:ty),*) => {
        dispatch! {
            pub(crate) fn $fill<F: Fn($($t),*) -> f64>(out: &mut [f64], $($a: &[f64],)* f: F) {
                let n = out.len();
                $(let $a = &$a[..n];)*
                for i in 0..n {
                    out[i] = f($($a[i]),*);
                }
            }
        }
        dispatch! {
            pub(crate) fn $fold<F: Fn(f64, $($t),*) -> f64>(out: &mut [f64], $($a: &[f64],)* f: F) {
                let n = out.len();
                $(let $a = &$a[..n];)*
                for i in 0..n {
                    out[i] = f(out[i], $($a[i]),*);
                }
            }
        }
    };
}

operators!(fill1, fold1, a: f64);
operators!(fill2, fold2, a: f64, b: f64);
operators!(fill3, fold3, a: f64, b: f64, c: f64);
operators!(fill4, fold4, a: f64, b: f64, c: f64, d: f64);
operators!(fill5, fold5, a: f64, b: f64, c: f64, d: f64, e: f64);
operators!(fill6, fold6, a: f64, b: f64, c: f64, d: f64, e: f64, g: f64);
operators!(fill7, fold7, a: f64, b: f64, c: f64, d: f64, e: f64, g: f64, h: f64);
operators!(fill8, fold8, a: f64, b: f64, c: f64, d: f64, e: f64, g: f64, h: f64, k: f64);
