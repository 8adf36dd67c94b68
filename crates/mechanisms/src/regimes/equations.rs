//! Hazards of exit, succession, indices: pure functions.

use oxus_math::{exp, exp_m1, ln, logit};
use oxus_numerics::hazard::gompertz_cumulative_hazard;

use crate::monthly::MONTHS;

/// Covariates at which the constant of the hazard is stated: round values near the means of the panel weighted by its fitted hazards, so that
/// the error of the constant is uncorrelated with those of the effects (all correlations below 0.07) and each may be drawn by itself.
pub const CENTRE: Centre = Centre { inverted_u: 0.7, faction: 0.3, ln_income: 6.907_755_278_982_137, conflict: 0.65, unrest: 0.25 };

/// See [`CENTRE`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centre {
    /// Inverted U of regime type.
    pub inverted_u: f64,
    /// Factionalism.
    pub faction: f64,
    /// Log of GDP a head, dollars of 2012 (1,000 dollars).
    pub ln_income: f64,
    /// Recent conflict.
    pub conflict: f64,
    /// Unrest.
    pub unrest: f64,
}

/// Covariates of the fitted hazard of irregular exit, of one state and month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Covariates {
    /// Polity score, -10 to 10.
    pub polity: f64,
    /// 1 where parties contend as factions under competitive recruitment of the executive.
    pub faction: f64,
    /// Log of GDP a head, dollars of 2012.
    pub ln_income: f64,
    /// 1 where a year of the last five had 25 or more deaths in political violence.
    pub conflict: f64,
    /// `ln(1 + protests of the last year per million persons)`.
    pub unrest: f64,
    /// Annual growth of output, 1/yr.
    pub growth: f64,
}

/// Coefficients of the fitted hazard, on the log of the monthly hazard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coefficients {
    /// Log monthly hazard at [`CENTRE`] without growth.
    pub constant: f64,
    /// Of the inverted U of regime type.
    pub inverted_u: f64,
    /// Of factionalism.
    pub faction: f64,
    /// Of log income.
    pub income: f64,
    /// Of recent conflict.
    pub conflict: f64,
    /// Of unrest.
    pub unrest: f64,
    /// Of growth.
    pub growth: f64,
}

/// Inverted U of regime type: `1 - (polity / 10)^2`, 1 for regimes between autocracy and democracy, 0 at either end.
///
/// Source: Goldstone et al. 2010: regimes in between fall most often.
#[inline(always)]
pub fn inverted_u(polity: f64) -> f64 {
    let p = (polity / 10.0).clamp(-1.0, 1.0);
    1.0 - p * p
}

/// Linear predictor: the log of the monthly hazard of irregular exit; the probability of a month is `1 - exp(-exp(eta))`.
///
/// Source: a grouped proportional hazard (Prentice and Gloeckler 1978) with covariates after Goldstone et al. 2010 and Beger, Dorff and
/// Ward 2014. Oracle: `tests/reference/hazard` for the link; the fit of the pack is described in its parameter file.
#[inline(always)]
pub fn predictor(c: &Coefficients, x: &Covariates) -> f64 {
    c.constant
        + c.inverted_u * (inverted_u(x.polity) - CENTRE.inverted_u)
        + c.faction * (x.faction - CENTRE.faction)
        + c.income * (x.ln_income - CENTRE.ln_income)
        + c.conflict * (x.conflict - CENTRE.conflict)
        + c.unrest * (x.unrest - CENTRE.unrest)
        + c.growth * x.growth
}

/// Log hazard that was not in the panel: rents, patronage, capture and distress as deviations from the origin, and a neighbour's shock.
#[inline(always)]
pub fn beyond_the_panel(effects: [f64; 5], deviations: [f64; 5]) -> f64 {
    effects.iter().zip(&deviations).map(|(e, d)| e * d).sum()
}

/// Share of a neighbour's shock that is left after a month: `exp(-1 / tau)`.
#[inline(always)]
pub fn shock_left(tau: f64) -> f64 {
    exp(-1.0 / tau.max(0.1))
}

/// Hazard of natural death at age 0 from its logarithm at 60 and its slope, per year.
#[inline(always)]
pub fn gompertz_level(log_at_60: f64, slope: f64) -> f64 {
    exp(log_at_60 - 60.0 * slope)
}

/// Monthly hazard of death or retirement for health by age, with what does not depend on the age computed once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mortality {
    slope: f64,
    at_birth: f64,
}

impl Mortality {
    /// From the log yearly hazard at 60 and its slope by year of age (Gompertz 1825).
    pub fn new(log_at_60: f64, slope: f64) -> Self {
        let level = gompertz_level(log_at_60, slope);
        Self { slope, at_birth: gompertz_cumulative_hazard(level, slope, 0.0, 1.0 / MONTHS) }
    }

    /// Hazard accumulated over the month that starts at `age`; the probability is `1 - exp(-hazard)`, never above it.
    ///
    /// Oracle: `oxus_numerics::hazard::gompertz_survival`.
    #[inline(always)]
    pub fn hazard(&self, age: f64) -> f64 {
        self.at_birth * exp(self.slope * age)
    }
}

/// Whether something with this hazard in the month happens to the uniform `u`: `u < 1 - exp(-hazard)`.
///
/// The probability is below the hazard, so that the exponential is needed for few `u` only.
#[inline(always)]
pub fn happens(u: f64, hazard: f64) -> bool {
    u < hazard && u < -exp_m1(-hazard)
}

/// Manner of a succession.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Agreed within the elite or by a vote that is accepted.
    Managed,
    /// Rivals contend without arms.
    Contested,
    /// Rivals contend with arms.
    Violent,
}

impl Manner {
    /// Phase as `regimes.succession_phase` counts it.
    pub fn phase(self) -> f64 {
        match self {
            Self::Managed => 1.0,
            Self::Contested => 2.0,
            Self::Violent => 3.0,
        }
    }
}

/// Manner of a succession from two uniforms: violent where `logit(u1) < logit(violent) + shift`, else contested likewise, else managed.
#[inline]
pub fn manner(violent: f64, violent_shift: f64, contested: f64, contested_shift: f64, u: [f64; 2]) -> Manner {
    if logit(u[0]) < logit(violent.clamp(0.0, 1.0)) + violent_shift {
        Manner::Violent
    } else if logit(u[1]) < logit(contested.clamp(0.0, 1.0)) + contested_shift {
        Manner::Contested
    } else {
        Manner::Managed
    }
}

/// Log of a ratio to the origin that may be zero: `ln(max(ratio, 0.01))`.
#[inline(always)]
pub fn ln_ratio(ratio: f64) -> f64 {
    ln(ratio.max(0.01))
}
