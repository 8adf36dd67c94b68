//! Words for probabilities, after Intelligence Community Directive 203 (2015), part D.6.e.2.a.

/// A band of ICD 203.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// 1-5 %.
    AlmostNoChance,
    /// 5-20 %.
    VeryUnlikely,
    /// 20-45 %.
    Unlikely,
    /// 45-55 %.
    RoughlyEven,
    /// 55-80 %.
    Likely,
    /// 80-95 %.
    VeryLikely,
    /// 95-99 %.
    AlmostCertain,
}

impl Likelihood {
    /// Band of a probability; a shared edge belongs to the band nearer to even.
    pub fn of(p: f64) -> Self {
        match p {
            p if p < 0.05 => Self::AlmostNoChance,
            p if p < 0.20 => Self::VeryUnlikely,
            p if p < 0.45 => Self::Unlikely,
            p if p <= 0.55 => Self::RoughlyEven,
            p if p <= 0.80 => Self::Likely,
            p if p <= 0.95 => Self::VeryLikely,
            _ => Self::AlmostCertain,
        }
    }

    /// The words.
    pub fn words(self) -> &'static str {
        match self {
            Self::AlmostNoChance => "almost no chance",
            Self::VeryUnlikely => "very unlikely",
            Self::Unlikely => "unlikely",
            Self::RoughlyEven => "roughly even chance",
            Self::Likely => "likely",
            Self::VeryLikely => "very likely",
            Self::AlmostCertain => "almost certain",
        }
    }
}

/// The probability as it may be printed: never below 1 % or above 99 %, and to 5 points when it rests mostly on assumed numbers.
pub fn reported_probability(p: f64, mostly_assumed: bool) -> f64 {
    let p = if mostly_assumed { (p * 20.0).round() / 20.0 } else { p };
    p.clamp(0.01, 0.99)
}
