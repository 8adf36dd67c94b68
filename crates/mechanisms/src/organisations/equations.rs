//! Time to decide, stances of members, what follows from an outcome.

use oxus_math::{exp, ln};

/// Days until something that comes at a constant rate, from a uniform in (0, 1): `-mean ln u`.
pub fn waiting_days(mean: f64, uniform: f64) -> f64 {
    -mean.max(0.0) * ln(uniform)
}

/// Mean days that an organisation needs for a decision: `days exp(-(gain (capacity - capacity0) + shift))`.
///
/// Security tools (liaison, staff, plans) and `shift` raise the rate of deciding.
pub fn mean_decision_days(days: f64, gain: f64, more_capacity: f64, shift: f64) -> f64 {
    days * exp(-(gain * more_capacity + shift))
}

/// Whether a decision comes in time: before the crisis is over and within the window that counts.
pub fn in_time(decision: f64, crisis: f64, window: f64) -> bool {
    decision <= crisis.min(window)
}

/// Probability that it does, for exponential times of deciding and of the crisis:
/// `a / (a + b) (1 - e^{-(a + b) w})` with rates `a = 1 / decision`, `b = 1 / crisis`.
///
/// The closed form against which the simulation is tested (competing exponential risks).
pub fn in_time_probability(mean_decision: f64, mean_crisis: f64, window: f64) -> f64 {
    let (a, b) = (1.0 / mean_decision, 1.0 / mean_crisis);
    a / (a + b) * (1.0 - exp(-(a + b) * window))
}

/// The stance of a member on the line from the status quo (0) to the boldest form (1), `position + shifts`, within the line.
pub fn stance(position: f64, shifts: f64) -> f64 {
    (position + shifts).clamp(0.0, 1.0)
}

/// What trust between the two leading members adds to the stance of the one that holds back: a share `weight (m0 - m)` of its distance from
/// the other. Mistrust at its level of the origin, `m0`, adds nothing: it is in the stated positions.
pub fn concession(own: f64, other: f64, weight: f64, mistrust_at_origin: f64, mistrust: f64) -> f64 {
    weight * (mistrust_at_origin - mistrust) * (other - own).max(0.0)
}

/// Thresholds on the line above which a decision on a crisis is more than a statement.
#[derive(Clone, Copy, Debug)]
pub struct Ladder {
    /// From here on a mediator is sent.
    pub mediator: f64,
    /// From here on money is given.
    pub money: f64,
    /// From here on people are sent, if the organisation has the tools.
    pub people: f64,
    /// Capacity needed to send people.
    pub people_capacity: f64,
}

/// What an outcome amounts to: 0 a statement, 1 money, 2 people, 3 a mediator.
pub fn action(outcome: f64, capacity: f64, ladder: &Ladder) -> f64 {
    if outcome >= ladder.people && capacity >= ladder.people_capacity {
        2.0
    } else if outcome >= ladder.money {
        1.0
    } else if outcome >= ladder.mediator {
        3.0
    } else {
        0.0
    }
}

/// How a decision is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everybody must gain.
    Consensus,
    /// More than half of the members.
    Majority,
    /// A share of the weights.
    Weighted,
    /// Nothing is decided.
    Advisory,
}

/// The rule that a number stands for: 0 consensus, 1 majority, 2 weighted, 3 none; below 0 the organisation's own.
pub fn rule(number: f64, own: f64) -> Rule {
    let number = if number < 0.0 { own } else { number };
    match number {
        n if n < 0.5 => Rule::Consensus,
        n if n < 1.5 => Rule::Majority,
        n if n < 2.5 => Rule::Weighted,
        _ => Rule::Advisory,
    }
}
