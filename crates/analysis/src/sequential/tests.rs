//! The coverage that the book's page on comparing states; `--nocapture` prints its table.
#![allow(clippy::print_stdout)]

use super::{FIRST_DRAWS, half_width, looks};
use crate::paired::{Cluster, Paired};

/// SplitMix64 (Steele, Lea and Flood 2014): uniform numbers for the simulations of this file.
struct Uniforms(u64);

impl Uniforms {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + 1.0 / (1_u64 << 54) as f64
    }

    fn normal(&mut self) -> f64 {
        oxus_math::normal_quantile(self.next())
    }
}

/// Runs the rule many times on draws of four members: shares of runs in which the width promised and the half-width printed hold the truth.
fn coverage(truth: f64, width: f64, binary: bool, seed: u64, mut draw: impl FnMut(&mut Uniforms) -> [f64; 4]) -> (f64, f64, f64) {
    let (runs, mut random) = (2_000, Uniforms(seed));
    let (mut promised, mut printed, mut spent) = (0, 0, 0);
    for _ in 0..runs {
        let (mut paired, mut done) = (Paired::default(), 0);
        for look in looks(FIRST_DRAWS, 1 << 16) {
            while done < look {
                paired.add(&Cluster { members: draw(&mut random).map(|x| (0.0, x)).to_vec() });
                done += 1;
            }
            if half_width(&paired, binary) < width {
                break;
            }
        }
        let found = paired.summary().expect("draws");
        let off = (found.difference - truth).abs();
        promised += u32::from(off <= width);
        printed += u32::from(off <= found.monte_carlo);
        spent += done;
    }
    (f64::from(promised) / f64::from(runs), f64::from(printed) / f64::from(runs), f64::from(spent) / f64::from(runs))
}

/// 2,000 runs: a share of 0.95 has a standard error of 0.005, so that 0.935 is three of them below.
const LEAST: f64 = 0.935;

#[test]
fn the_width_promised_holds_the_truth() {
    let normal = coverage(1.0, 0.2, false, 1, |random| {
        let of_draw = random.normal();
        std::array::from_fn(|_| 1.0 + of_draw + random.normal())
    });
    let chance = coverage(0.15, 0.03, true, 2, |random| {
        let p = 0.3 * random.next();
        std::array::from_fn(|_| f64::from(u8::from(random.next() < p)))
    });
    let rare = coverage(0.01, 0.02, true, 3, |random| std::array::from_fn(|_| f64::from(u8::from(random.next() < 0.01))));
    // log-normal with sigma 1: mean exp(1/2), skewness 6.2
    let skewed = coverage(oxus_math::exp(0.5), 0.1, false, 4, |random| std::array::from_fn(|_| oxus_math::exp(random.normal())));
    for (name, (promised, printed, draws)) in [("normal", normal), ("chance", chance), ("rare", rare), ("skewed", skewed)] {
        let told = format!("{name}: promised {promised:.3}, printed {printed:.3}, {draws:.0} draws on average");
        println!("{told}");
        assert!(promised >= LEAST, "{told}");
        // what is printed was chosen for being narrow; a rare chance is discrete (the rule of three stops it)
        assert!(printed >= 0.90, "{told}");
        assert!(draws < f64::from(1 << 16), "{told}");
    }
}

#[test]
fn looks_double_and_end_at_the_most() {
    assert_eq!(looks(64, 1000), [64, 128, 256, 512, 1000]);
    assert_eq!(looks(256, 256), [256]);
    assert_eq!(looks(1, 30), [30]);
    assert_eq!(looks(48, 200), [96, 192, 200]);
}

#[test]
fn what_has_not_moved_is_not_narrow() {
    let mut paired = Paired::default();
    assert!(half_width(&paired, true).is_infinite());
    for _ in 0..100 {
        paired.add(&Cluster { members: vec![(0.0, 0.0); 4] });
    }
    assert_eq!(half_width(&paired, true), 0.03);
    assert!(half_width(&paired, false).is_infinite());
}
