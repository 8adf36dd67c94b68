use super::*;

/// Rounding of some thirty squarings and one logarithm each; 1e-10 leaves room for the conditioning of the defective matrix below.
const TOLERANCE: f64 = 1e-10;

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= TOLERANCE * expected.max(1.0), "{found} instead of {expected}");
}

#[test]
fn radius_of_matrices_whose_eigenvalues_are_known() {
    close(spectral_radius(&[0.5, 9.0, 0.0, -0.8], 2), 0.8);
    // a rotation by any angle, scaled: a complex pair
    let (c, s) = (0.6 * 1.3, 0.8 * 1.3);
    close(spectral_radius(&[c, -s, s, c], 2), 1.3);
    // x^3 = 8: three eigenvalues of one modulus
    close(spectral_radius(&[0.0, 0.0, 8.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0], 3), 2.0);
    // defective: |A^k|^(1/k) tends to 1 only as k^(1/k)
    close(spectral_radius(&[1.0, 1.0, 0.0, 1.0], 2), 1.0);
    // opposite signs: the power method would not settle
    close(spectral_radius(&[0.0, 2.0, 2.0, 0.0], 2), 2.0);
    assert_eq!(spectral_radius(&[0.0, 5.0, 0.0, 0.0], 2), 0.0, "nilpotent");
    assert!(spectral_radius(&[f64::NAN], 1).is_nan());
}

#[test]
fn a_ring_has_the_root_of_its_loop_gain() {
    // one loop of n steps has n eigenvalues of modulus gain^(1/n)
    for n in [2_usize, 5, 12] {
        let mut a = vec![0.0; n * n];
        (0..n).for_each(|i| a[(i + 1) % n * n + i] = if i % 2 == 0 { 0.7 } else { -1.1 });
        let gain: f64 = (0..n).map(|i| if i % 2 == 0 { 0.7 } else { 1.1 }).product();
        close(spectral_radius(&a, n), oxus_math::pow(gain, 1.0 / n as f64));
    }
}

#[test]
fn only_a_real_eigenvalue_above_one_grows_without_turning() {
    assert!(grows_without_turning(&[1.2, 3.0, 0.0, 0.4], 2));
    assert!(!grows_without_turning(&[0.9, 3.0, 0.0, 0.4], 2));
    assert!(!grows_without_turning(&[-1.2, 0.0, 0.0, 0.4], 2), "a balancing loop above 1 turns round");
    assert!(grows_without_turning(&[0.0, 2.0, 0.6, 0.0], 2), "a reinforcing pair, 1.2");
    assert!(!grows_without_turning(&[0.0, 2.0, -0.6, 0.0], 2), "a balancing pair, 1.2");
}

fn step(from: usize, to: usize, gain: f64) -> Step {
    Step { from, to, gain }
}

/// Every elementary cycle of at most `longest` steps with its gain, by trying all sequences of steps.
fn by_force(nodes: usize, steps: &[Step], longest: usize) -> Vec<(f64, Vec<usize>)> {
    let mut all: Vec<(f64, Vec<usize>)> = Vec::new();
    let mut open: Vec<Vec<usize>> = (0..steps.len()).map(|i| vec![i]).collect();
    while let Some(path) = open.pop() {
        let (first, last) = (steps[path[0]].from, steps[path[path.len() - 1]].to);
        if last == first {
            if path.iter().all(|&i| steps[i].from >= first) && path.iter().all(|&i| steps[i].gain != 0.0) {
                all.push((path.iter().map(|&i| steps[i].gain.abs()).product::<f64>(), path));
            }
            continue;
        }
        let fresh = |i: usize| steps[i].from == last && !path.iter().any(|&p| steps[p].from == steps[i].from);
        if path.len() < longest && path.len() < nodes {
            open.extend((0..steps.len()).filter(|&i| fresh(i)).map(|i| [path.clone(), vec![i]].concat()));
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all
}

#[test]
fn the_strongest_cycles_are_those_of_brute_force() {
    // a small congruential generator is enough to vary the graphs
    let mut state = 12_345_u64;
    let mut next = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for round in 0..60 {
        let nodes = 2 + next(4) as usize;
        // gains on both sides of 1, so that the bound has to count the steps left
        let steps: Vec<Step> =
            (0..14).map(|_| step(next(nodes as u64) as usize, next(nodes as u64) as usize, (next(41) as f64 - 20.0) / 12.0)).collect();
        for longest in 1..=4 {
            let expected = by_force(nodes, &steps, longest);
            for most in [1, 5, 1000] {
                let found = strongest(nodes, &steps, longest, most);
                assert_eq!(found.len(), expected.len().min(most), "round {round}, at most {longest} steps");
                for (path, (gain, _)) in found.iter().zip(&expected) {
                    let product: f64 = path.iter().map(|&i| steps[i].gain.abs()).product();
                    // the order of multiplication differs
                    assert!((product - gain).abs() <= 1e-12 * gain, "round {round}: {product} instead of {gain}");
                }
            }
        }
    }
}

#[test]
fn no_graph_no_cycle() {
    assert!(strongest(0, &[], 4, 10).is_empty());
    assert!(strongest(2, &[step(0, 1, 0.5)], 4, 10).is_empty());
    assert!(strongest(1, &[step(0, 0, f64::NAN), step(0, 0, 0.0)], 4, 10).is_empty());
    assert_eq!(strongest(1, &[step(0, 0, -0.5)], 4, 10), [[0]]);
}
