//! The equations of sites and their neighbours as plain functions of numbers.

/// Days of a mean month.
pub const DAYS: f64 = 30.436_875;
/// Sizes that the event `communities.licence_loss` carries, days: a suspension and a revocation (definition of S022).
pub const SUSPENSION: f64 = 30.0;
/// See [`SUSPENSION`].
pub const REVOCATION: f64 = 365.0;

/// Acceptance that a site's circumstances explain, in [0, 1]: the usual acceptance, plus `weight (x - usual)` for each circumstance.
/// What later changes do comes through links, so that nothing is counted twice.
pub fn acceptance_base(usual: f64, weights_and_deviations: &[(f64, f64)]) -> f64 {
    (usual + weights_and_deviations.iter().map(|(w, d)| w * d).sum::<f64>()).clamp(0.0, 1.0)
}

/// Target of acceptance in [0, 1]: its base, less what the memory of incidents costs, plus tied labour above its start, plus links.
#[inline(always)]
pub fn acceptance_target(base: f64, by_incidents: f64, recent: f64, by_tied: f64, tied_rise: f64, shift: f64) -> f64 {
    (base - by_incidents * recent / (1.0 + recent) - by_tied * tied_rise + shift).clamp(0.0, 1.0)
}

/// Target of an index in [0, 1].
#[inline(always)]
pub fn index_target(base: f64, shift: f64) -> f64 {
    (base + shift).clamp(0.0, 1.0)
}

/// Part of the way to its target that something with a time constant of `months` goes in a month, at most the whole.
#[inline(always)]
pub fn speed(months: f64) -> f64 {
    (1.0 / months).min(1.0)
}

/// One month of relaxation to a target: `x + (target - x) speed`.
#[inline(always)]
pub fn relax(x: f64, target: f64, speed: f64) -> f64 {
    x + (target - x) * speed
}

/// Log effect of acceptance and output on the incident rate: `b (usual - acceptance) + p producing`.
///
/// Christensen, Int. Organ. 73 (2019): mining about doubles protest. An African sample: the pack halves and widens the coefficient.
#[inline(always)]
pub fn ln_site_effect(b: f64, below_usual: f64, by_producing: f64, producing: f64) -> f64 {
    b * below_usual + by_producing * producing
}

/// Log effect of prices on the incident rate: `g (1 - h transparency) ln(price / price at the origin)`.
///
/// Berman et al., Am. Econ. Rev. 107 (2017): price rises raise conflict around mines; Christensen (2019): less where firms and states disclose.
#[inline(always)]
pub fn ln_price_effect(by_price: f64, hushed: f64, transparency: f64, ln_price: f64) -> f64 {
    by_price * (1.0 - hushed * transparency) * ln_price
}

/// Position of `u` in shares given in order; shares need not sum to one.
pub fn draw_kind(u: f64, shares: &[f64]) -> usize {
    let total: f64 = shares.iter().sum();
    let mut sum = 0.0;
    for (kind, share) in shares.iter().enumerate() {
        sum += share / total;
        if u < sum {
            return kind;
        }
    }
    shares.len() - 1
}

/// Lengthens a closure and returns what it adds to the loss of the present month, in months.
///
/// A site is closed until `until`; an incident at `time` closes it for `length`; the month ends at `end`. Closures that overlap count once,
/// so that a month never loses more than itself. Incidents must come in order of time.
pub fn close(until: &mut f64, time: f64, length: f64, end: f64) -> f64 {
    let from = time.max(*until);
    let to = time + length;
    *until = until.max(to);
    (to.min(end) - from.min(end)).max(0.0)
}

/// Log of a monthly hazard: that of calm times, more under review, and what links add.
#[inline(always)]
pub fn ln_licence_hazard(ln_monthly: f64, under_review: bool, ln_ratio: f64, shift: f64) -> f64 {
    ln_monthly + if under_review { ln_ratio } else { 0.0 } + shift
}

/// Hazard at which a Bernoulli event with uniform `u` begins to happen: `-ln(1 - u)`. So `ln hazard - ln threshold` is positive exactly where
/// `u < 1 - exp(-hazard)`: the complementary log-log link makes the margin additive in causes, as for the embedding.
#[inline(always)]
pub fn threshold(u: f64) -> f64 {
    -oxus_math::ln_1p(-u)
}

/// Share of the month that a site produces: planned, licensed and open.
#[inline(always)]
pub fn output(planned: f64, licence: f64, lost: f64) -> f64 {
    planned * licence * (1.0 - lost)
}

/// What a site's circumstances mean to the image of its owner's country: weights on how far each has moved from its start.
#[inline(always)]
pub fn image_target(base: f64, moved: &[(f64, f64)], by_incidents: f64, incidents: f64, shift: f64) -> f64 {
    let sum: f64 = moved.iter().map(|(w, d)| w * d).sum();
    (base + sum - by_incidents * incidents / (1.0 + incidents) + shift).clamp(0.0, 1.0)
}
