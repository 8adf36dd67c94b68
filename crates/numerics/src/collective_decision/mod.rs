//! Collective decisions: voting power, bargaining by compromise or by election, expected-utility rounds, what a voting rule lets pass.
//!
//! Actors stand on a line (or in a few dimensions) with a position, a salience (how much they care, 0 to 1) and a capability (how much they
//! weigh, above 0). Sources: Banzhaf, *Rutgers Law Review* 19 (1965); Shapley and Shubik, APSR 48 (1954); Coleman, "Control of collectivities"
//! (1971); Achen, "Institutional realism and bargaining models", in Thomson et al., *The European Union Decides* (2006); Wise, Lester and
//! Efird, "An introduction to the KAPSARC Toolkit for Behavioral Analysis" (2015); Bueno de Mesquita (1985, 1994) as restated by Scholz,
//! Calbert and Smith, J. Theoretical Politics 23 (2011). Oracle: `tests/reference/collective_decision`.

mod election;
mod expected_utility;
mod power;
mod rule;

#[cfg(test)]
mod tests;

pub use election::{Actors, Advance, Election, Outcome, Victory, distances, win_probabilities};
pub use expected_utility::{Move, Reading, Response, Round, expected_utility_round};
pub use power::{Fraction, PowerIndices, WeightedGame};
pub use rule::{Passage, order_inwards, passage, passage_in_order};

/// Why a decision could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum DecisionError {
    /// Slices whose lengths do not fit.
    #[error("{what}: expected {expected} numbers, {given} were given")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Length expected.
        expected: usize,
        /// Length given.
        given: usize,
    },
    /// A number outside its domain.
    #[error("{what} of actor {actor} is {value}; it must be {domain}")]
    Domain {
        /// Which number.
        what: &'static str,
        /// The actor, from 0.
        actor: usize,
        /// The value.
        value: f64,
        /// What is admissible.
        domain: &'static str,
    },
    /// Nobody to decide.
    #[error("at least {0} actors are needed")]
    TooFew(usize),
    /// More players than exact counts are kept for.
    #[error("{0} players; exact counts are kept for at most {max}", max = power::MOST_PLAYERS)]
    TooManyPlayers(usize),
    /// Quotas so large that the table of coalitions does not fit.
    #[error("the quotas make {0} cells; divide weights and quotas by a common factor (at most {max} cells)", max = power::MOST_CELLS)]
    TooManyCells(u128),
    /// A quota that every coalition, or none, reaches.
    #[error("quota {quota} of criterion {criterion} must lie between 1 and the sum of the weights, {sum}")]
    Quota {
        /// Criterion, from 0.
        criterion: usize,
        /// Its quota.
        quota: u64,
        /// Sum of its weights.
        sum: u64,
    },
    /// All positions are equal, so there is nothing to decide.
    #[error("all positions are equal: there is nothing to bargain over")]
    NoDispute,
}

/// The compromise mean: positions weighted by capability times salience (Achen 2006, equation 4.1).
///
/// `NaN` when all weights are zero.
pub fn compromise_mean(position: &[f64], capability: &[f64], salience: &[f64]) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for i in 0..position.len() {
        let w = capability[i] * salience[i];
        sum += w * position[i];
        weight += w;
    }
    sum / weight
}

/// The weighted median: the smallest position at which capability times salience adds up to half, the Condorcet winner under single-peaked
/// preferences (Black 1948). `NaN` without actors.
pub fn weighted_median(position: &[f64], capability: &[f64], salience: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..position.len()).collect();
    order.sort_by(|&a, &b| position[a].total_cmp(&position[b]));
    let total: f64 = order.iter().map(|&i| capability[i] * salience[i]).sum();
    // half less a rounding error: a sum that is exactly half in decimals must count
    let half = 0.5 * total - 1e-12;
    let mut weight = 0.0;
    for &i in &order {
        weight += capability[i] * salience[i];
        if weight >= half {
            return position[i];
        }
    }
    f64::NAN
}
