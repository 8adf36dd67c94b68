//! General equilibrium of trade: Armington demand with constant elasticity, solved for changes against an observed base.
//!
//! `n` economies each make one variety of each of `g` groups of goods from one factor of fixed supply. Buyers spend fixed shares of their
//! expenditure on the groups and, within a group, choose among sources with trade elasticity `theta = sigma - 1`. Given the base flows, no
//! level of cost or size is needed: only how they change (exact hat algebra).
//!
//! Two closures:
//! - [`HatAlgebra`], the equilibrium: every economy's output is what all buyers spend on it. Deficits are constant amounts or constant ratios
//!   of expenditure to output ([`Deficits`]).
//! - [`shares_fixed`], what the program gegravity solves: output and expenditure *shares* stay those of the base, so that its goods markets do
//!   not clear. It is here for comparison only.
//!
//! Sources: Dekle, Eaton and Kortum, "Global rebalancing with gravity", IMF Staff Papers 55 (2008); Arkolakis, Costinot and Rodríguez-Clare, "New trade
//! models, same old gains?", AER 102 (2012), for the statistic of welfare; Anderson, Larch and Yotov, "GEPPML", World Economy 41 (2018), and Baier,
//! Yotov and Zylkin, JIE 116 (2019), for the resistances and the use with estimated agreements; several groups as in Caliendo and Parro, RES 82
//! (2015), without intermediate goods. Oracle: `tests/reference/trade_ge`.

mod equilibrium;
mod hat;
mod lanes;
mod resistance;

#[cfg(test)]
mod tests;

pub use hat::{Deficits, HatAlgebra};
pub use lanes::Lanes;
pub use resistance::{Resistances, SharesFixed, resistances, shares_fixed};

/// What a problem of trade can be refused for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TradeError {
    /// Fewer than two economies, or no group.
    #[error("{economies} economies and {groups} groups of goods: at least two economies and one group are needed")]
    TooSmall {
        /// Economies given.
        economies: usize,
        /// Groups given.
        groups: usize,
    },
    /// A list of the wrong length.
    #[error("{what} has {found} numbers, {expected} are needed")]
    Length {
        /// Which list.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length needed.
        expected: usize,
    },
    /// A number out of its domain.
    #[error("{what} number {position} is {value}: it must be {domain}")]
    Domain {
        /// Which list.
        what: &'static str,
        /// Position in it, from 0.
        position: usize,
        /// The number.
        value: f64,
        /// What it must be.
        domain: &'static str,
    },
    /// An economy that sells or buys nothing, or buys nothing of one group.
    #[error("economy {economy} {what} nothing{}", group.map_or(String::new(), |g| format!(" of group {g}")))]
    Empty {
        /// Its position.
        economy: usize,
        /// `sells` or `buys`.
        what: &'static str,
        /// The group, when only one is empty.
        group: Option<usize>,
    },
    /// The iteration did not reach the tolerance.
    #[error("no equilibrium after {iterations} iterations; the largest relative excess demand is {residual:e}")]
    NotConverged {
        /// Iterations made.
        iterations: usize,
        /// What remains.
        residual: f64,
    },
}

/// Fails unless `found` is the length `expected`.
fn length(what: &'static str, found: usize, expected: usize) -> Result<(), TradeError> {
    if found == expected { Ok(()) } else { Err(TradeError::Length { what, found, expected }) }
}

/// Fails at the first number that is not finite and at least 0 (above 0 when `strict`).
fn positive(what: &'static str, values: &[f64], strict: bool) -> Result<(), TradeError> {
    let good = |x: f64| x.is_finite() && if strict { x > 0.0 } else { x >= 0.0 };
    match values.iter().position(|x| !good(*x)) {
        None => Ok(()),
        Some(position) => {
            let domain = if strict { "a finite number above 0" } else { "a finite number of at least 0" };
            Err(TradeError::Domain { what, position, value: values[position], domain })
        }
    }
}
