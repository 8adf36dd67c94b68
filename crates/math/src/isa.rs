//! Run-time choice of the vector instruction set.
//!
//! [`dispatch!`](crate::dispatch) compiles one function body for the baseline, for AVX2 and for AVX-512, and calls the widest version that the
//! processor has. The bits are the same in all of them: vector instructions round as scalar ones do, and the compiler never contracts
//! `a * b + c` into a fused multiply-add unless asked.

use std::sync::atomic::{AtomicU8, Ordering};

/// A vector instruction set, from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What the compilation target guarantees (SSE2 on x86-64).
    Baseline = 1,
    /// AVX2: four `f64` at a time.
    Avx2 = 2,
    /// AVX-512 (F, DQ, VL, BW, CD): eight `f64` at a time.
    Avx512 = 3,
}

impl Level {
    /// Every level, narrow first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    fn from_code(code: u8) -> Self {
        match code {
            2 => Self::Avx2,
            3 => Self::Avx512,
            _ => Self::Baseline,
        }
    }
}

/// 0 before the first detection, then the code of a level. It never exceeds what the processor has.
static LEVEL: AtomicU8 = AtomicU8::new(0);

/// The level that [`dispatch!`](crate::dispatch) uses now.
#[inline]
pub fn level() -> Level {
    match LEVEL.load(Ordering::Relaxed) {
        0 => limit(Level::Avx512),
        code => Level::from_code(code),
    }
}

/// Uses no instruction set wider than `widest` from now on, in the whole process, and returns the level chosen.
///
/// For measurements and for tests that the bits do not depend on the width; results never change.
pub fn limit(widest: Level) -> Level {
    let chosen = widest.min(detected());
    LEVEL.store(chosen as u8, Ordering::Relaxed);
    chosen
}

/// The widest level of this processor. The list of features here is the list that `dispatch!` enables.
#[cfg(target_arch = "x86_64")]
fn detected() -> Level {
    let avx2 = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("lzcnt");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512cd");
    match (avx2, avx512) {
        (true, true) => Level::Avx512,
        (true, false) => Level::Avx2,
        _ => Level::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detected() -> Level {
    Level::Baseline
}

/// Defines a free function whose body is compiled for every [`Level`] and chosen at run time.
///
/// ```
/// oxus_math::dispatch! {
///     /// Writes `exp(x)` element by element.
///     pub fn exp_all(out: &mut [f64], x: &[f64]) {
///         for (out, &x) in out.iter_mut().zip(x) {
///             *out = oxus_math::exp(x);
///         }
///     }
/// }
/// oxus_math::dispatch! {
///     /// Writes `f(x)` element by element; type parameters take one bound each.
///     pub fn map<F: Fn(f64) -> f64>(out: &mut [f64], x: &[f64], f: F) {
///         for (out, &x) in out.iter_mut().zip(x) {
///             *out = f(x);
///         }
///     }
/// }
/// let mut out = [0.0; 3];
/// exp_all(&mut out, &[0.0, 1.0, 2.0]);
/// map(&mut out, &[0.0, 1.0, 2.0], |x| 2.0 * x);
/// ```
///
/// Pass each slice as its own argument: the compiler knows then that they do not overlap, which it does not for slices inside a struct or an
/// array. What the body calls must be inlined to be vectorised: mark functions `#[inline(always)]`, and closures too, where they stand as an argument:
/// `map(out, x, #[inline(always)] |x| pow(x, 1.7))`. The compiler inlines small closures by itself, but one with two exponentials is too large
/// for it, stays scalar and is ten times slower. A call costs one relaxed load
/// and a jump, so give it work of some tens of elements. Not supported: methods, lifetimes, constant parameters, `where` clauses.
#[macro_export]
macro_rules! dispatch {
    (
        $(#[$attribute:meta])*
        $visibility:vis fn $name:ident $(<$($generic:ident : $bound:path),+ $(,)?>)?
        ($($argument:ident : $type:ty),* $(,)?) $(-> $output:ty)? $body:block
    ) => {
        $(#[$attribute])*
        #[allow(clippy::too_many_arguments)]
        $visibility fn $name $(<$($generic : $bound),+>)? ($($argument : $type),*) $(-> $output)? {
            #[inline(always)]
            fn baseline $(<$($generic : $bound),+>)? ($($argument : $type),*) $(-> $output)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,bmi1,bmi2,popcnt,lzcnt")]
            fn avx2 $(<$($generic : $bound),+>)? ($($argument : $type),*) $(-> $output)? {
                baseline($($argument),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512cd,avx2,bmi1,bmi2,popcnt,lzcnt")]
            fn avx512 $(<$($generic : $bound),+>)? ($($argument : $type),*) $(-> $output)? {
                baseline($($argument),*)
            }

            match $crate::isa::level() {
                // SAFETY: the function is safe but for needing its instruction set, and `level()` never exceeds what was detected on this
                // processor with the same list of features (`isa::detected`).
                #[cfg(target_arch = "x86_64")]
                $crate::isa::Level::Avx512 => unsafe { avx512($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::isa::Level::Avx2 => unsafe { avx2($($argument),*) },
                _ => baseline($($argument),*),
            }
        }
    };
}
