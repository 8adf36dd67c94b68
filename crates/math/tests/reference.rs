//! Elementary and special functions against values of mpmath and scipy (`tests/reference/elementary`).
#![allow(clippy::print_stdout)] // measured errors, for the record

use std::collections::BTreeMap;

struct Row {
    function: String,
    /// The numbers of the row, empty fields as NaN.
    numbers: Vec<f64>,
}

fn read(name: &str) -> Vec<Row> {
    let path = format!("{}/../../tests/reference/elementary/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split(',');
            let function = fields.next().expect("a line has fields").to_owned();
            let numbers = fields.map(|field| if field.is_empty() { f64::NAN } else { field.parse().expect("a number") }).collect();
            Row { function, numbers }
        })
        .collect()
}

type Function = fn(f64) -> f64;

/// The distance of `x` from `high + low`, in units in the last place of `high`.
fn ulps(x: f64, high: f64, low: f64) -> f64 {
    if x == high {
        return if low == 0.0 { 0.0 } else { (low / unit(high)).abs() };
    }
    (((x - high) - low) / unit(high)).abs()
}

fn unit(x: f64) -> f64 {
    let x = x.abs();
    x.next_up() - x
}

/// The largest error of each function, in ulp, against 60-digit values, must not exceed what its documentation says.
#[test]
fn elementary_functions_keep_their_word() {
    let functions: [(&str, Function, f64); 9] = [
        ("exp", oxus_math::exp, 1.0),
        ("exp_m1", oxus_math::exp_m1, 2.0),
        ("ln", oxus_math::ln, 1.0),
        ("ln_1p", oxus_math::ln_1p, 2.0),
        ("sin_turns", oxus_math::sin_turns, 1.5),
        ("cos_turns", oxus_math::cos_turns, 1.5),
        ("tanh", oxus_math::tanh, 3.0),
        ("logistic", oxus_math::logistic, 3.0),
        ("logit", oxus_math::logit, 3.0),
    ];
    let mut worst: BTreeMap<&str, (f64, f64, usize)> = BTreeMap::new();
    for row in read("elementary.csv") {
        let &(name, function, _) = functions.iter().find(|(name, ..)| *name == row.function).expect("a known function");
        let (x, high, low) = (row.numbers[0], row.numbers[1], row.numbers[2]);
        let error = ulps(function(x), high, low);
        let entry = worst.entry(name).or_insert((0.0, 0.0, 0));
        entry.2 += 1;
        if error > entry.0 || error.is_nan() {
            (entry.0, entry.1) = (error, x);
        }
    }
    for (name, _, allowed) in functions {
        let (error, at, count) = worst[name];
        println!("{name}: {error:.3} ulp at {at:e}, {count} points");
        assert!(count > 1000 && error <= allowed, "{name}: {error} ulp at {at:e}");
    }
}

/// Relative error where the result is a probability of at most 0.6 or has no natural scale, absolute otherwise: upper tails of `gamma_p` and `beta_inc` are
/// one minus something. The bounds are those of the documentation.
#[test]
fn special_functions_keep_their_word() {
    let mut worst: BTreeMap<String, (f64, Vec<f64>)> = BTreeMap::new();
    for row in read("special.csv") {
        let [a, b, x, high, low] = row.numbers[..] else { panic!("five numbers") };
        let (value, relative, allowed) = match row.function.as_str() {
            "normal_cdf" => (oxus_math::normal_cdf(x), true, 2e-15),
            "normal_quantile" => (oxus_math::normal_quantile(x), true, 1e-15),
            "erf" => (oxus_math::erf(x), true, 1e-15),
            "erfc" => (oxus_math::erfc(x), true, 2e-15),
            "ln_gamma" => (oxus_math::ln_gamma(x), high.abs() > 1.0, 1e-14),
            "gamma_p" => (oxus_math::gamma_p(a, x), high < 0.6 && x < a + 1.0, 1e-13),
            "gamma_q" => (oxus_math::gamma_q(a, x), high < 0.6 && x >= a + 1.0, 1e-13),
            "beta_inc" => (oxus_math::beta_inc(a, b, x), high < 0.6 && x < (a + 1.0) / (a + b + 2.0), 1e-11),
            "poisson_cdf" => (oxus_math::poisson_cdf(x, b), false, if b <= 32.0 { 1e-14 } else { 1e-12 }),
            other => panic!("unknown function {other}"),
        };
        let error = ((value - high) - low).abs() / if relative && high != 0.0 { high.abs() } else { 1.0 };
        let entry = worst.entry(row.function).or_insert((0.0, Vec::new()));
        if error / allowed > entry.0 || error.is_nan() {
            *entry = (error / allowed, vec![a, b, x, value, high, allowed]);
        }
    }
    for (name, (error, row)) in &worst {
        println!("{name}: {:.2e}, {error:.2} of the allowed error, at {row:?}", error * row[5]);
    }
    let wrong: Vec<_> = worst.iter().filter(|(_, (error, _))| error.is_nan() || *error > 1.0).collect();
    assert!(wrong.is_empty() && worst.len() == 9, "{wrong:?}");
}

/// Whole numbers: no tolerance.
#[test]
fn poisson_quantiles_are_scipys() {
    let rows = read("poisson.csv");
    assert_eq!(rows.len(), 800);
    for row in rows {
        let u: f64 = row.function.parse().expect("a number");
        assert_eq!(oxus_math::poisson_quantile(u, row.numbers[0]), row.numbers[1], "u {u}, mean {}", row.numbers[0]);
    }
}
