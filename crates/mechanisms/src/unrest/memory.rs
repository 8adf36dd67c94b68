//! What unrest keeps between months beside its variables.

use oxus_kernel::{ButFor, Embedding, Immigrant, LANES};

use super::ports::{K, Scalars};
use super::spread::Spread;
use crate::rows::Row;

/// An event that is about to happen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occurrence {
    pub id: u64,
    pub parent: Option<u64>,
    pub time: f64,
    pub margin: f64,
    pub but_for: ButFor,
    pub kind: usize,
    pub province: u32,
    /// Size, if an intervention imposes it.
    pub size: Option<f64>,
}

/// Constants of one lane in one month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lane {
    pub scalars: Scalars,
    /// `[receiver][source]`.
    pub offspring: [[f64; K]; K],
    /// Mean of `deaths^severity_power` for communal violence, and for the attacks of each province in [`Memory::attack_moment`].
    pub communal_moment: f64,
    /// Parts below the largest of the power laws of communal violence and of what the state's answer to a protest costs.
    pub communal_kept: f64,
    pub repression_kept: f64,
    /// Log odds that the answer to an event kills, of protests and of communal violence.
    pub lethal_logit: [f64; 2],
}

/// Protests of the last thirty days of one state and lane.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    pub recent: Vec<(f64, f64)>,
    /// When the condition of a revolt last held.
    pub last: f64,
}

/// Buffers and state, one for each block.
#[derive(Default)]
pub struct Memory {
    pub(super) embedding: Embedding,
    pub(super) accepted: [Vec<Immigrant>; LANES],
    pub(super) ln_rate: Vec<f64>,
    /// Logarithm of the monthly background before what changes by month, `[kind][province][lane]`, and the parameters it was made from.
    pub(super) ln_base: Vec<f64>,
    pub(super) rates_seen: Vec<f64>,
    /// Triggered events that wait, `[lane][month]`.
    pub(super) waiting: [Vec<Vec<Occurrence>>; LANES],
    pub(super) present: Vec<Occurrence>,
    /// Protests of the month: time, id, province, participants.
    pub(super) protests: Vec<(f64, u64, u32, f64)>,
    pub(super) spread: Spread,
    /// Share of each province in its state's population, or 1 for a province of no state.
    pub(super) share: Vec<f64>,
    /// People of each province.
    pub(super) people: Vec<f64>,
    /// State of each province.
    pub(super) state_of: Vec<Option<u32>>,
    /// Millions of people by state.
    pub(super) millions: Vec<f64>,
    /// Year effects on the log rate, protest and armed, `[which][province][lane]`, and the same by state.
    pub(super) year: [Vec<f64>; 2],
    pub(super) state_year: [Vec<f64>; 2],
    /// Keys of the year effects, those of the states first, then those of the provinces of no state; buffer of their uniforms.
    pub(super) year_keys: Vec<u64>,
    pub(super) year_uniforms: Vec<f64>,
    /// As of the origin: ln(presence + floor) by province, repression by province, log odds of control by state.
    pub(super) presence_at_origin: Vec<f64>,
    pub(super) repression_at_origin: Vec<f64>,
    pub(super) control_at_origin: Vec<f64>,
    /// How far repression has risen since, by province.
    pub(super) repression_rise: Vec<f64>,
    /// How far the log odds of control have fallen since, by state.
    pub(super) lost_control: Vec<f64>,
    /// The same saturated, as it acts on the rate of attacks.
    pub(super) lost_effect: Vec<f64>,
    /// Of the power law of attacks, by province: mean of `deaths^severity_power`, part below the largest.
    pub(super) attack_moment: Vec<f64>,
    pub(super) attack_kept: Vec<f64>,
    pub(super) lanes: [Lane; LANES],
    /// Lethal answers of the month by state, and by province for those of no state.
    pub(super) lethal: Vec<f64>,
    pub(super) lethal_outside: Vec<f64>,
    /// Events of the last twelve months, `[month][state][lane]`.
    pub(super) year_of_events: Vec<f64>,
    pub(super) windows: Vec<Window>,
}

impl Memory {
    /// One of the scalars, by lane.
    #[inline(always)]
    pub(super) fn scalar(&self, of: impl Fn(&Scalars) -> f64) -> Row {
        lanes!(|l| of(&self.lanes[l].scalars))
    }
}
