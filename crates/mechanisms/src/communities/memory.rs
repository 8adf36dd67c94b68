//! What communities keep between months beside their variables.

use oxus_kernel::{ButFor, Embedding, Immigrant, LANES};

use crate::rows::Row;
use crate::seen::Seen;

/// An incident that is about to happen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incident {
    pub id: u64,
    pub parent: Option<u64>,
    pub time: f64,
    pub margin: f64,
    pub but_for: ButFor,
    pub site: u32,
    /// Kind and size of an imposed incident or of an attack; drawn for all others.
    pub given: Option<(usize, f64)>,
}

/// Buffers and state, one for each block. Columns are `[site][lane]` unless said otherwise.
#[derive(Default)]
pub struct Memory {
    pub(super) embedding: Embedding,
    pub(super) accepted: [Vec<Immigrant>; LANES],
    pub(super) ln_rate: Vec<f64>,
    pub(super) present: Vec<Incident>,
    /// Parameters of the columns that only they decide.
    pub(super) seen: Seen,
    /// Family capture at the origin, `[state][lane]`, and the logarithm of the oil price, by lane.
    pub(super) family_at_origin: Vec<f64>,
    pub(super) ln_oil_at_origin: Row,
    /// Logs of the rate of each state, `[state][lane]`, and of the ratio of each owner, `[power][lane]`.
    pub(super) ln_state: Vec<f64>,
    pub(super) ln_owner: Vec<f64>,
    /// Logs of the monthly hazard of losing a licence and of its ratio under review.
    pub(super) ln_loss: Row,
    pub(super) ln_review: Row,
    /// Sites there are in the month, of those that the power owns in the state, by pair of them.
    pub(super) owned: Vec<Vec<usize>>,
    /// Sums over them, `[pair][lane]`: days lost, incidents remembered, how far each index has moved.
    pub(super) sums: [Vec<f64>; 2],
    pub(super) moved: [Vec<f64>; 7],
    /// Times in months: closed until, licence lost until, contracts under review until.
    pub(super) closed_until: Vec<f64>,
    pub(super) lost_until: Vec<f64>,
    /// Licences that may be lost in the month, by site and lane.
    pub(super) at_stake: Vec<(usize, usize)>,
    pub(super) review_until: Vec<f64>,
}
