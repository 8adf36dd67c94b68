//! The values of one entity, one for each lane.

use oxus_kernel::{LANES, Source, Step};

/// One value for each lane.
pub(crate) type Row = [f64; LANES];

/// The values of one entity of a port.
#[inline(always)]
pub(crate) fn row(step: &Step<'_>, port: &impl Source, entity: usize) -> Row {
    let cells = &step.slice(port)[entity * LANES..][..LANES];
    std::array::from_fn(|lane| cells[lane])
}
