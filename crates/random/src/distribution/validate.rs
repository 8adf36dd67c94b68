//! Checks of a distribution's numbers; every fault is reported, not the first.

use super::{Distribution, DistributionError as Error};

/// Shapes of beta and gamma, where the incomplete functions are tested. For smaller ones a good part of the quantiles is too small for an `f64`.
const SHAPES: (f64, f64) = (1e-2, 1e6);
const POISSON_MEANS: (f64, f64) = (0.0, 1e6);
/// Below this the difference of two probabilities has lost too many digits to divide by.
const LEAST_MASS: f64 = 1e-6;

impl Distribution {
    /// Checks every number; returns all faults with the path of the field.
    ///
    /// # Errors
    /// One [`DistributionError`](Error) per fault, in the order of the fields.
    pub fn validate(&self) -> Result<(), Vec<Error>> {
        let mut faults = Faults { path: String::new(), found: Vec::new() };
        faults.check(self);
        if faults.found.is_empty() { Ok(()) } else { Err(faults.found) }
    }
}

struct Faults {
    path: String,
    found: Vec<Error>,
}

impl Faults {
    fn field(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn inside(&mut self, name: &str, distribution: &Distribution) {
        let inner = self.field(name);
        let outer = std::mem::replace(&mut self.path, inner);
        self.check(distribution);
        self.path = outer;
    }

    fn finite(&mut self, name: &str, value: f64) -> bool {
        if !value.is_finite() {
            self.found.push(Error::NotFinite { field: self.field(name), value });
        }
        value.is_finite()
    }

    fn positive(&mut self, name: &str, value: f64) {
        if self.finite(name, value) && value <= 0.0 {
            self.found.push(Error::NotPositive { field: self.field(name), value });
        }
    }

    fn within(&mut self, name: &str, value: f64, (low, high): (f64, f64)) {
        if self.finite(name, value) && !(low..=high).contains(&value) {
            self.found.push(Error::OutOfRange { field: self.field(name), value, low, high });
        }
    }

    /// Both finite and in order; `strict` refuses equality.
    fn ordered(&mut self, lower_name: &str, lower: f64, name: &str, upper: f64, strict: bool) {
        if lower.is_finite() && upper.is_finite() && (lower > upper || strict && lower == upper) {
            self.found.push(Error::OutOfOrder { field: self.field(name), upper, lower_field: self.field(lower_name), lower });
        }
    }

    fn weights(&mut self, list: &str, weights: impl Iterator<Item = f64>) {
        let mut sum = 0.0;
        let mut count = 0;
        for (i, weight) in weights.enumerate() {
            self.within(&format!("{list}[{i}].weight"), weight, (0.0, f64::MAX));
            sum += weight;
            count += 1;
        }
        if count == 0 {
            self.found.push(Error::Empty { field: self.field(list) });
        } else if sum == 0.0 {
            self.found.push(Error::NoWeight { field: self.field(list) });
        }
    }

    fn check(&mut self, distribution: &Distribution) {
        match distribution {
            Distribution::Fixed(value) => {
                self.finite("value", *value);
            }
            Distribution::Normal { mean, sd } => {
                self.finite("mean", *mean);
                self.positive("sd", *sd);
            }
            Distribution::LogNormal { median, sigma } => {
                self.positive("median", *median);
                self.positive("sigma", *sigma);
            }
            Distribution::Triangular { low, mode, high } => {
                self.finite("low", *low);
                self.finite("mode", *mode);
                self.finite("high", *high);
                self.ordered("low", *low, "mode", *mode, false);
                self.ordered("mode", *mode, "high", *high, false);
                if low == mode {
                    self.ordered("low", *low, "high", *high, true);
                }
            }
            Distribution::Uniform { low, high } => {
                self.finite("low", *low);
                self.finite("high", *high);
                self.ordered("low", *low, "high", *high, true);
            }
            Distribution::Beta { a, b } => {
                self.within("a", *a, SHAPES);
                self.within("b", *b, SHAPES);
            }
            Distribution::Gamma { shape, scale } => {
                self.within("shape", *shape, SHAPES);
                self.positive("scale", *scale);
            }
            Distribution::Exponential { mean } => self.positive("mean", *mean),
            Distribution::Poisson { mean } => self.within("mean", *mean, POISSON_MEANS),
            Distribution::Discrete(pairs) => {
                self.weights("discrete", pairs.iter().map(|pair| pair.1));
                self.increasing("discrete", pairs.iter().map(|pair| pair.0));
            }
            Distribution::Mixture(parts) => {
                self.weights("mixture", parts.iter().map(|part| part.0));
                for (i, (_, part)) in parts.iter().enumerate() {
                    self.inside(&format!("mixture[{i}]"), part);
                }
            }
            Distribution::Empirical(values) => {
                if values.is_empty() {
                    self.found.push(Error::Empty { field: self.field("empirical") });
                }
                self.increasing("empirical", values.iter().copied());
            }
            Distribution::Truncated { inner, low, high } => self.check_truncated(inner, *low, *high),
        }
    }

    fn increasing(&mut self, list: &str, values: impl Iterator<Item = f64>) {
        let mut previous = f64::NEG_INFINITY;
        for (i, value) in values.enumerate() {
            let name = format!("{list}[{i}]");
            self.finite(&name, value);
            if i > 0 {
                self.ordered(&format!("{list}[{}]", i - 1), previous, &name, value, false);
            }
            previous = value;
        }
    }

    fn check_truncated(&mut self, inner: &Distribution, low: Option<f64>, high: Option<f64>) {
        let before = self.found.len();
        self.inside("inner", inner);
        for (name, bound) in [("low", low), ("high", high)] {
            if let Some(bound) = bound {
                self.finite(name, bound);
            }
        }
        if let (Some(low), Some(high)) = (low, high) {
            self.ordered("low", low, "high", high, true);
        }
        // The mass means something only if the parts do.
        if self.found.len() == before {
            let mass = inner.mass_between(low, high);
            if mass < LEAST_MASS {
                self.found.push(Error::NothingLeft { field: self.field("inner"), mass, least: LEAST_MASS });
            }
        }
    }
}
