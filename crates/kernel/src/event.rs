//! Dated events: what one mechanism emits and others hear at the next step.

/// Dense index of an event kind in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub(crate) u16);

impl KindId {
    /// Position in the model's list of kinds.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The links without any one of which an event would not have happened, as a range into the block's arena of link indices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ButFor {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// One dated event of one member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Kind.
    pub kind: KindId,
    /// Entity on the kind's axis.
    pub entity: u32,
    /// Stable id: a hash of what the event came from, the same in every case that shares the event.
    pub id: u64,
    /// Event that triggered this one, if any.
    pub parent: Option<u64>,
    /// Time in months since the start of the run.
    pub time: f64,
    /// Size on the kind's own scale: deaths, days, persons, money.
    pub size: f64,
    /// How far (in logs of the rate) the event was from not happening; infinite for triggered and imposed events.
    pub margin: f64,
    /// Links without which it would not have happened; filled for traced members only.
    pub but_for: ButFor,
}
