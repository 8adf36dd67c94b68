//! What a variable is: name, unit, axis, kind, bounds, a sentence.

/// What sort of quantity a variable holds; rates and probabilities are different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An amount that persists: debt, fighters, reservoir.
    Stock,
    /// An amount per month.
    Flow,
    /// A speed or an intensity per unit of time.
    Rate,
    /// A chance in `[0, 1]`.
    Probability,
    /// A part of a whole in `[0, 1]`, or a ratio to GDP.
    Share,
    /// A dimensionless scale with stated ends.
    Index,
    /// Money per unit of something.
    Price,
    /// A number of things or events.
    Count,
    /// A sum of contributions that shifts a target on its [`Scale`]; zero means "as the mechanism has it".
    Modifier(Scale),
}

/// The scale on which a modifier acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// `rate * exp(shift)`: rates, hazards and flows.
    Log,
    /// `logistic(logit(p) + shift)`: probabilities and shares.
    Logit,
    /// `target + shift`: targets of indices, growth rates.
    Additive,
}

/// The declaration of a variable by its one owner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variable {
    /// `mechanism.name`, kebab or snake case, unique in the model.
    pub name: &'static str,
    /// Name of the axis its values lie on.
    pub axis: &'static str,
    /// Unit as text, in the grammar of `oxus_units`.
    pub unit: &'static str,
    /// What sort of quantity it is.
    pub kind: Kind,
    /// Smallest admissible value.
    pub low: f64,
    /// Largest admissible value.
    pub high: f64,
    /// One typical deviation in the variable's unit: what a strength of 1 means on an additive modifier (1 on log and logit scales).
    pub typical: f64,
    /// One sentence for readers.
    pub about: &'static str,
}

impl Variable {
    /// A variable without bounds.
    pub const fn new(name: &'static str, axis: &'static str, unit: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, axis, unit, kind, low: f64::NEG_INFINITY, high: f64::INFINITY, typical: 1.0, about }
    }

    /// The same variable, admissible only within `[low, high]`.
    pub const fn within(mut self, low: f64, high: f64) -> Self {
        self.low = low;
        self.high = high;
        self
    }

    /// A modifier on `scale` along `axis`. On the additive scale it is meant for an index in `[0, 1]`, whose typical deviation is 0.15;
    /// [`Self::in_unit`] says otherwise.
    pub const fn modifier(name: &'static str, axis: &'static str, scale: Scale, about: &'static str) -> Self {
        let mut spec = Self::new(name, axis, "1", Kind::Modifier(scale), about);
        if matches!(scale, Scale::Additive) {
            spec.typical = 0.15;
        }
        spec
    }

    /// The same modifier in a unit, with the typical deviation of its target in that unit.
    pub const fn in_unit(mut self, unit: &'static str, typical: f64) -> Self {
        self.unit = unit;
        self.typical = typical;
        self
    }
}
