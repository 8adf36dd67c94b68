//! What communities keep between months beside their variables.

use oxus_kernel::{ButFor, Embedding, Immigrant, LANES};

use super::ports::{Frame, Scalars};

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
    pub(super) frame: Frame,
    pub(super) embedding: Embedding,
    pub(super) accepted: [Vec<Immigrant>; LANES],
    pub(super) ln_rate: Vec<f64>,
    pub(super) present: Vec<Incident>,
    pub(super) scalars: [Scalars; LANES],
    /// Circumstances at the origin, by index.
    pub(super) first: [Vec<f64>; 7],
    pub(super) acceptance_base: Vec<f64>,
    /// Family capture at the origin, `[state][lane]`, and the logarithm of the oil price, by lane.
    pub(super) family_at_origin: Vec<f64>,
    pub(super) ln_oil_at_origin: [f64; LANES],
    /// Logs of the rate of each state, `[state][lane]`, and of the ratio of each owner, `[power][lane]`.
    pub(super) ln_state: Vec<f64>,
    pub(super) ln_owner: Vec<f64>,
    /// Times in months: closed until, licence lost until, contracts under review until.
    pub(super) closed_until: Vec<f64>,
    pub(super) lost_until: Vec<f64>,
    pub(super) review_until: Vec<f64>,
}
