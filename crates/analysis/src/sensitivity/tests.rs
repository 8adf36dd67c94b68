use std::fs;

use oxus_math::{normal_quantile, sin_turns};
use oxus_random::{Key, Stream};
use serde_json::Value;

use super::designs::{self, Saltelli, Trajectory};
use super::morris::{Screening, elementary_effects};
use super::sobol::Blocks;
use super::{SensitivityError, efast};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/sensitivity_discovery");
/// Sums of some thousand terms in another order than the reference's.
const EXACT: f64 = 1e-12;

/// Inputs `[row][input]` and outputs of a reference sample.
fn sample(name: &str) -> (Vec<f64>, Vec<f64>) {
    let mut reader = csv::Reader::from_path(format!("{FOLDER}/{name}.csv")).expect("the reference is in the repository");
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for row in reader.records().map(|r| r.expect("a row")) {
        let cells: Vec<f64> = row.iter().map(|c| c.parse().expect("a number")).collect();
        x.extend_from_slice(&cells[..cells.len() - 1]);
        y.push(cells[cells.len() - 1]);
    }
    (x, y)
}

fn salib(key: &str) -> Value {
    let text = fs::read_to_string(format!("{FOLDER}/salib.json")).expect("the reference is in the repository");
    serde_json::from_str::<Value>(&text).expect("JSON")[key].clone()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn close(found: impl IntoIterator<Item = f64>, expected: &Value, tolerance: f64) {
    for (a, b) in found.into_iter().zip(list(expected)) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }
}

#[test]
fn sobol_indices_are_those_of_salib() {
    let (_, y) = sample("ishigami_sobol");
    let expected = salib("ishigami_sobol");
    let blocks = Blocks::from_rows(&y, 3, true).expect("eight rows a block");
    let found = blocks.terms().expect("usable").indices();
    close(found.first.iter().copied(), &expected["S1"], EXACT);
    close(found.total.iter().copied(), &expected["ST"], EXACT);
    let pairs = [(0, 1), (0, 2), (1, 2)].map(|(j, k)| expected["S2"][j][k].as_f64().expect("a number"));
    for (a, b) in found.second.iter().zip(pairs) {
        assert!((a - b).abs() < EXACT, "{a} is not {b}");
    }
}

/// The half-width of SALib is 1.96 bootstrap deviations too, from 100 resamples: a standard error of 7 % of its value; 1,000 of ours add 2 %; 0.3 is four of
/// both together.
#[test]
fn intervals_are_as_wide_as_those_of_salib() {
    let (_, y) = sample("ishigami_sobol");
    let expected = salib("ishigami_sobol");
    let found = Blocks::from_rows(&y, 3, true).expect("a layout").indices(1000, 5).expect("usable");
    for (ours, theirs) in [(&found.first, &expected["S1_conf"]), (&found.total, &expected["ST_conf"])] {
        for (a, b) in ours.iter().zip(list(theirs)) {
            assert!((a.half_width / b - 1.0).abs() < 0.3, "{} against {b}", a.half_width);
        }
    }
}

/// A resample is what indices are of the rows it names, each as often as it names it.
#[test]
fn a_resample_is_a_sample_of_rows() {
    let (_, y) = sample("ishigami_sobol");
    let whole = Blocks::from_rows(&y, 3, true).expect("a layout");
    let terms = whole.terms().expect("usable");
    let resampled = terms.resampled(11, 77);
    assert_eq!(resampled.len(), 11, "a number that is no multiple of the lanes");
    for (r, found) in resampled.iter().enumerate() {
        let mut rows = Vec::new();
        super::sobol::draw_rows(77, r as u32, whole.rows(), |row| rows.push(row));
        let of = |column: &Vec<f64>| rows.iter().map(|&i| column[i]).collect::<Vec<f64>>();
        let (a, b) = (of(&whole.a), of(&whole.b));
        let both: Vec<f64> = a.iter().chain(&b).copied().collect();
        let centre = super::mean(&both);
        let variance = both.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / both.len() as f64;
        // centred by the mean of all outputs, as the whole sample is
        let all: Vec<f64> = whole.a.iter().chain(&whole.b).chain(whole.ab.iter().flatten()).chain(whole.ba.iter().flatten()).copied().collect();
        let middle = super::mean(&all);
        for j in 0..3 {
            let ab = of(&whole.ab[j]);
            let first: Vec<f64> = (0..rows.len()).map(|i| (b[i] - middle) * (ab[i] - a[i])).collect();
            let total: Vec<f64> = (0..rows.len()).map(|i| 0.5 * (a[i] - ab[i]) * (a[i] - ab[i])).collect();
            assert!((super::mean(&first) / variance - found.first[j]).abs() < 1e-11);
            assert!((super::mean(&total) / variance - found.total[j]).abs() < 1e-11);
        }
    }
    assert_eq!(terms.resampled(3, 77), resampled[..3], "resample r is a function of seed and r");
}

#[test]
fn morris_is_that_of_salib() {
    let (x, y) = sample("ishigami_morris");
    let expected = salib("ishigami_morris");
    let effects = elementary_effects(&x, &y, &[std::f64::consts::TAU; 3], 4).expect("trajectories");
    let found: Vec<Screening> = effects.iter().map(|e| Screening::of(e, 100, 1)).collect();
    close(found.iter().map(|s| s.mu), &expected["mu"], EXACT);
    close(found.iter().map(|s| s.mu_star.value), &expected["mu_star"], EXACT);
    close(found.iter().map(|s| s.sigma), &expected["sigma"], EXACT);
    // the effect of x2 has one size on this grid; that of x3 has two
    assert!(found[1].mu_star.half_width < 1e-12 && found[2].mu_star.half_width > 0.0 && found[2].mu_star.half_width < found[2].mu_star.value);
}

#[test]
fn efast_is_that_of_salib() {
    let (_, y) = sample("ishigami_efast");
    let expected = salib("ishigami_efast");
    let found = efast::indices(&y, 3, 4).expect("curves");
    close(found.iter().map(|i| i.0), &expected["S1"], EXACT);
    close(found.iter().map(|i| i.1), &expected["ST"], EXACT);
}

/// Ishigami and Homma's function of three points of the unit interval.
fn ishigami(u: &[f64]) -> f64 {
    let x3 = std::f64::consts::TAU * u[2] - std::f64::consts::PI;
    let [s1, s2] = [u[0], u[1]].map(|u| sin_turns(u - 0.5));
    s1 + 7.0 * s2 * s2 + 0.1 * x3 * x3 * x3 * x3 * s1
}

fn truth() -> (f64, [f64; 3], [f64; 3]) {
    let truth = &salib("truth")["ishigami"];
    let three = |key: &str| list(&truth[key]).try_into().expect("three numbers");
    (truth["V"].as_f64().expect("a number"), three("S1"), three("ST"))
}

/// Our own design: 4,096 base rows have standard errors of about 0.02 (measured by the bootstrap); five of them, and at least one in three intervals
/// of each kind must hold the truth.
#[test]
fn our_own_blocks_find_the_closed_form() {
    let design = Saltelli::new(["x1", "x2", "x3"], 8, 4096, true).points();
    let y: Vec<f64> = design.chunks_exact(3).map(ishigami).collect();
    let found = Blocks::from_rows(&y, 3, true).expect("a layout").indices(200, 3).expect("usable");
    let (_, first, total) = truth();
    for j in 0..3 {
        for (index, expected) in [(found.first[j], first[j]), (found.total[j], total[j])] {
            assert!(index.half_width < 0.1, "{index:?}");
            assert!((index.value - expected).abs() < 2.5 * index.half_width, "{index:?} is not {expected}");
        }
    }
    // S2 of the first and the third; what is left of the two others is zero
    for (index, expected) in found.second.iter().zip([0.0, total[2], 0.0]) {
        assert!((index.value - expected).abs() < 2.5 * index.half_width && index.half_width < 0.2, "{index:?} is not {expected}");
    }
}

/// Chance as an input: `y = f(x) + (s1 + s2 x1) e` with e a standard normal of the stream that the row's replicate names. With x1 uniform on
/// (-pi, pi), chance alone has variance s1^2, with its interplay with x1 s1^2 + s2^2 pi^2 / 3; the total index of x1 grows by the second part.
#[test]
fn chance_is_recovered_as_an_input() {
    const ROWS: u32 = 4096;
    let (s1, s2) = (1.5, 1.0);
    let noise = |replicate: u32| Stream::new(Key::new(4, 0, replicate), 1, 2, 3).normal();
    let y = |u: &[f64], replicate: u32| {
        let x1 = std::f64::consts::TAU * (u[0] - 0.5);
        ishigami(u) + (s1 + s2 * x1) * noise(replicate)
    };
    let points = Saltelli::new(["x1", "x2", "x3"], 21, ROWS, false).points();
    let mut blocks = Blocks { ab: vec![Vec::new(); 4], ..Blocks::default() };
    for (i, rows) in points.chunks_exact(5 * 3).enumerate() {
        let row = |at: usize| &rows[3 * at..][..3];
        // the replicate of base row i is i at A and ROWS + i at B
        let (ours, other) = (i as u32, ROWS + i as u32);
        blocks.a.push(y(row(0), ours));
        (0..3).for_each(|j| blocks.ab[j].push(y(row(1 + j), ours)));
        blocks.ab[3].push(y(row(0), other));
        blocks.b.push(y(row(4), other));
    }
    let found = blocks.indices(200, 9).expect("usable");
    let (v, first, total) = truth();
    let both = s1 * s1 + s2 * s2 * std::f64::consts::PI * std::f64::consts::PI / 3.0;
    let all = v + both;
    let first: Vec<f64> = first.iter().map(|s| s * v / all).chain([s1 * s1 / all]).collect();
    let mut total: Vec<f64> = total.iter().map(|s| s * v / all).chain([both / all]).collect();
    total[0] += (both - s1 * s1) / all;
    // 2.5 half-widths are five standard errors
    for j in 0..4 {
        for (index, expected) in [(found.first[j], first[j]), (found.total[j], total[j])] {
            assert!(index.half_width < 0.1 && (index.value - expected).abs() < 2.5 * index.half_width, "{j}: {index:?} is not {expected}");
        }
    }
    // without noise its index is nothing at all
    let still: Vec<f64> = points.chunks_exact(3).map(ishigami).collect();
    let mut still = Blocks::from_rows(&still, 3, false).expect("a layout");
    still.ab.push(still.a.clone());
    let found = still.indices(20, 9).expect("usable");
    assert_eq!((found.first[3].value, found.total[3].value), (0.0, 0.0));
}

#[test]
fn our_own_trajectories_and_curves() {
    let mut effects = vec![Vec::new(); 3];
    for t in 0..400 {
        let trajectory = Trajectory::new(6, t, 3, 4);
        let points = trajectory.points();
        let y: Vec<f64> = points.chunks_exact(3).map(ishigami).collect();
        let found = elementary_effects(&points, &y, &[1.0; 3], 4).expect("a trajectory");
        effects.iter_mut().zip(found).for_each(|(all, one)| all.extend(one));
        assert_eq!(Trajectory::new(6, t, 3, 4), trajectory);
    }
    let found: Vec<Screening> = effects.iter().map(|e| Screening::of(e, 100, 2)).collect();
    // on four levels the effect of x2 is ±7 (sin^2(pi/3) - 0) / (2/3) = ±7.875 exactly
    assert!(effects[1].iter().all(|e| (e.abs() - 7.875).abs() < 1e-9));
    assert!((found[1].mu_star.value - 7.875).abs() < 1e-9 && found[1].mu.abs() < 1.2, "{:?}", found[1]);
    let (_, first, total) = truth();
    let points = designs::efast(3, 3, 1025, 4);
    let y: Vec<f64> = points.chunks_exact(3).map(ishigami).collect();
    // eFAST is biased by what the harmonics leave out (SALib's own example is 0.05 off): 0.06 for both
    for (j, (s, st)) in efast::indices(&y, 3, 4).expect("curves").into_iter().enumerate() {
        assert!((s - first[j]).abs() < 0.06 && (st - total[j]).abs() < 0.06, "{j}: {s} {st}");
    }
}

#[test]
fn the_points_of_an_input_do_not_depend_on_the_others() {
    let two = Saltelli::new(["a", "b"], 1, 8, false).points();
    let three = Saltelli::new(["a", "c", "b"], 1, 8, false).points();
    assert_eq!(two.len(), 8 * 4 * 2);
    for row in 0..8 {
        // A is the first row of each block, B the last
        assert_eq!(two[row * 8], three[row * 15]);
        assert_eq!(two[row * 8 + 1], three[row * 15 + 2]);
        assert_eq!(two[row * 8 + 7], three[row * 15 + 14]);
    }
}

#[test]
fn what_cannot_be_estimated_is_refused() {
    assert!(matches!(Blocks::from_rows(&[1.0; 9], 3, true), Err(SensitivityError::Layout(_))));
    let flat = Blocks::from_rows(&[1.0; 10], 3, false).expect("two blocks");
    assert_eq!(flat.indices(10, 1), Err(SensitivityError::NoVariance(1.0)));
    let mut lost = Blocks::from_rows(&[1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 1.0], 3, false).expect("two blocks");
    assert!(matches!(lost.indices(10, 1), Err(SensitivityError::NotFinite(_))));
    assert_eq!((lost.drop_lost(), lost.rows()), (1, 1));
    let twice = elementary_effects(&[0.0, 0.0, 1.0, 1.0, 1.0, 1.0], &[1.0, 2.0, 3.0], &[1.0; 2], 2);
    assert!(matches!(twice, Err(SensitivityError::Layout(_))));
    let short = elementary_effects(&[0.0, 0.5], &[1.0, 2.0], &[1.0], 2);
    assert!(matches!(&short, Err(SensitivityError::Layout(text)) if text.contains("0.5")), "{short:?}");
    assert!(matches!(efast::indices(&[1.0; 60], 1, 4), Err(SensitivityError::Layout(_))));
    // a normal quantile of a point on the grid is finite: designs never hand out 0 or 1 but on trajectories with both ends
    assert!(Saltelli::new(["x"], 0, 64, false).points().iter().all(|u| normal_quantile(*u).is_finite()));
}
