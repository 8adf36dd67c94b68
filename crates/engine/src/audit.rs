//! The audit of a pack: the source's arithmetic done again, what departs from the default table, what the source leaves open.

mod contradictions;
mod departures;
mod findings;

pub use contradictions::{Contradiction, Contradictions, Open, Side, contradictions};
pub use departures::{Departures, HandSet, InView, departures};
pub use findings::{Finding, Verdict, findings};

#[cfg(test)]
mod tests;
