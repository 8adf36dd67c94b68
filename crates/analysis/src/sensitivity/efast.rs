//! The extended Fourier amplitude sensitivity test (Saltelli, Tarantola and Chan 1999, Technometrics 41:39-56).
//!
//! One curve an input, along which that input oscillates with frequency omega and the others slowly; the variance at omega and its harmonics is its
//! own, the variance at the slow frequencies that of the others: `S = 2 sum_p P(p omega) / V`, `ST = 1 - 2 sum_{k <= omega/2} P(k) / V`.

use oxus_math::sin_cos_turns;

use super::{SensitivityError, usable};

/// First-order and total index of every input from the outputs of its curves, one after another, `harmonics` (usually 4) counted.
///
/// # Errors
/// Curves of unequal or too small size (at least `4 M^2 + 1` points), outputs that are not finite or all the same.
pub fn indices(y: &[f64], inputs: usize, harmonics: usize) -> Result<Vec<(f64, f64)>, SensitivityError> {
    let points = y.len().checked_div(inputs).unwrap_or(0);
    let least = 4 * harmonics * harmonics + 1;
    if inputs == 0 || harmonics == 0 || !y.len().is_multiple_of(inputs) || points < least {
        let text = format!("{} rows are not {inputs} curves of at least {least} points (4 M^2 + 1 for M = {harmonics} harmonics)", y.len());
        return Err(SensitivityError::Layout(text));
    }
    usable(y)?;
    let omega = (points - 1) / (2 * harmonics);
    Ok(y.chunks_exact(points).map(|curve| of_curve(curve, omega, harmonics)).collect())
}

fn of_curve(y: &[f64], omega: usize, harmonics: usize) -> (f64, f64) {
    let n = y.len();
    let table: Vec<(f64, f64)> = (0..n).map(|k| sin_cos_turns(k as f64 / n as f64)).collect();
    let power = |frequency: usize| {
        let (mut sine, mut cosine) = (0.0, 0.0);
        for (t, y) in y.iter().enumerate() {
            let (s, c) = table[frequency * t % n];
            sine += y * s;
            cosine += y * c;
        }
        (sine * sine + cosine * cosine) / (n as f64 * n as f64)
    };
    let spectrum: Vec<f64> = (1..n.div_ceil(2)).map(power).collect();
    let variance = 2.0 * spectrum.iter().sum::<f64>();
    if variance == 0.0 {
        return (f64::NAN, f64::NAN);
    }
    let own: f64 = (1..=harmonics).filter_map(|p| spectrum.get(p * omega - 1)).sum();
    let slow: f64 = spectrum[..omega / 2].iter().sum();
    (2.0 * own / variance, 1.0 - 2.0 * slow / variance)
}
