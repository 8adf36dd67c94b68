//! Values: a bare number, or one of the distributions of the pack format, optionally truncated.

use oxus_diag::{Diagnostic, codes};
use oxus_random::Distribution;

use crate::walk::{Table, Value};

/// Names of the distributions, as they are written.
const NAMES: &[&str] =
    &["normal", "lognormal", "triangular", "uniform", "beta", "gamma", "exponential", "poisson", "discrete", "empirical", "mixture"];
/// How far weights may be from one together: thirds written with three digits.
const WEIGHTS: f64 = 0.002;
/// Deepest mixture of mixtures.
const MAX_DEPTH: usize = 4;

/// Reads a value and checks that it is a distribution; reports why it is not.
pub(super) fn read(value: &Value<'_>) -> Option<Distribution> {
    let distribution = any(value, 0)?;
    valid(value, distribution)
}

/// A known number, or a normal error around it where `sd` is positive.
pub(super) fn around(value: &Value<'_>, centre: f64, sd: f64) -> Option<Distribution> {
    let distribution = if sd == 0.0 { Distribution::Fixed(centre) } else { Distribution::Normal { mean: centre, sd } };
    valid(value, distribution)
}

fn valid(value: &Value<'_>, distribution: Distribution) -> Option<Distribution> {
    match distribution.validate() {
        Ok(()) => Some(distribution),
        Err(faults) => {
            for fault in faults {
                value.cx.push(
                    Diagnostic::error(codes::P017, format!("`{}` of {} is not a distribution", value.key, value.owner))
                        .at(value.span, fault.to_string()),
                );
            }
            None
        }
    }
}

fn any(value: &Value<'_>, depth: usize) -> Option<Distribution> {
    if !value.is_table() {
        return value.real().map(Distribution::Fixed);
    }
    let table = value.table(format!("`{}` of {}", value.key, value.owner))?;
    let distribution = of_table(value, &table, depth);
    table.finish();
    distribution
}

/// The one distribution of a table, truncated by the table's `low` and `high`.
fn of_table(value: &Value<'_>, table: &Table<'_>, depth: usize) -> Option<Distribution> {
    let bound = |key: &str| table.get(key).and_then(|v| v.real());
    let (low, high) = (bound("low"), bound("high"));
    let mut named = NAMES.iter().filter_map(|&name| Some((name, table.get(name)?)));
    let Some((name, inner)) = named.next() else {
        value.wrong("a table without a distribution", &format!("a number, or one of {}", NAMES.join(", ")));
        return None;
    };
    if let Some((other, _)) = named.next() {
        value.wrong(&format!("both `{name}` and `{other}`"), "one distribution");
        return None;
    }
    let distribution = one(name, &inner, depth)?;
    Some(match (low, high) {
        (None, None) => distribution,
        (low, high) => Distribution::Truncated { inner: Box::new(distribution), low, high },
    })
}

fn one(name: &str, inner: &Value<'_>, depth: usize) -> Option<Distribution> {
    match name {
        "empirical" => {
            let values: Vec<f64> = inner.list()?.iter().filter_map(Value::real).collect();
            return Some(Distribution::empirical(values));
        }
        "discrete" => return discrete(inner),
        "mixture" => return mixture(inner, depth),
        _ => {}
    }
    let table = inner.table(format!("`{name}`"))?;
    let field = |key: &str| table.need(key).and_then(|v| v.real());
    let distribution = match name {
        "normal" => two(field("mean"), field("sd"), |mean, sd| Distribution::Normal { mean, sd }),
        "lognormal" => two(field("median"), field("sigma"), |median, sigma| Distribution::LogNormal { median, sigma }),
        "uniform" => two(field("low"), field("high"), |low, high| Distribution::Uniform { low, high }),
        "beta" => two(field("a"), field("b"), |a, b| Distribution::Beta { a, b }),
        "gamma" => two(field("shape"), field("scale"), |shape, scale| Distribution::Gamma { shape, scale }),
        "exponential" => field("mean").map(|mean| Distribution::Exponential { mean }),
        "poisson" => field("mean").map(|mean| Distribution::Poisson { mean }),
        _ => {
            let mode = field("mode");
            two(field("low"), field("high"), |low, high| (low, high)).zip(mode).map(|((low, high), mode)| Distribution::Triangular {
                low,
                mode,
                high,
            })
        }
    };
    table.finish();
    distribution
}

fn two<T>(a: Option<f64>, b: Option<f64>, make: impl Fn(f64, f64) -> T) -> Option<T> {
    Some(make(a?, b?))
}

fn discrete(inner: &Value<'_>) -> Option<Distribution> {
    let mut pairs = Vec::new();
    for item in inner.list()? {
        let table = item.table("an entry of `discrete`")?;
        let (value, weight) = (table.need("value").and_then(|v| v.real()), table.need("weight").and_then(|v| v.real()));
        table.finish();
        pairs.extend(value.zip(weight));
    }
    sum_to_one(inner, pairs.iter().map(|pair| pair.1));
    Some(Distribution::discrete(pairs))
}

fn mixture(inner: &Value<'_>, depth: usize) -> Option<Distribution> {
    if depth >= MAX_DEPTH {
        inner.wrong("mixtures of mixtures", &format!("at most {MAX_DEPTH} levels"));
        return None;
    }
    let mut parts = Vec::new();
    for item in inner.list()? {
        let table = item.table("an entry of `mixture`")?;
        let weight = table.need("weight").and_then(|v| v.real());
        // A component is a distribution beside its weight, or a known number as `value`.
        let component = match table.get("value") {
            Some(value) => any(&value, depth + 1),
            None => of_table(&item, &table, depth + 1),
        };
        table.finish();
        parts.extend(weight.zip(component));
    }
    sum_to_one(inner, parts.iter().map(|part| part.0));
    Some(Distribution::Mixture(parts))
}

fn sum_to_one(value: &Value<'_>, weights: impl Iterator<Item = f64>) {
    let sum: f64 = weights.sum();
    if (sum - 1.0).abs() > WEIGHTS {
        value.cx.push(
            Diagnostic::error(codes::P019, format!("the weights of `{}` do not sum to 1", value.key))
                .at(value.span, "")
                .found(format!("a sum of {sum}"))
                .expected(format!("1, within {WEIGHTS}")),
        );
    }
}
