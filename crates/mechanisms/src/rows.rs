//! The values of one entity, one for each lane.

use oxus_kernel::{LANES, Source, Step};

/// One value for each lane.
pub(crate) type Row = [f64; LANES];

/// The values of one entity of a port.
#[inline(always)]
pub(crate) fn row(step: &Step<'_>, port: &impl Source, entity: usize) -> Row {
    step.slice(port)[entity * LANES..][..LANES].try_into().expect("internal: a column holds a value for each lane")
}

/// Adds one row to another.
#[inline(always)]
pub(crate) fn add(to: &mut Row, by: &Row) {
    for (to, by) in to.iter_mut().zip(by) {
        *to += by;
    }
}

/// `lanes!(|lane| value)`: the row with this value in each lane.
///
/// A loop in place and no closure: the compiler leaves a closure with an exponential in it out of line, and then it runs lane by lane.
macro_rules! lanes {
    (|$lane:ident| $value:expr) => {{
        let mut row: $crate::rows::Row = [0.0; oxus_kernel::LANES];
        for ($lane, cell) in row.iter_mut().enumerate() {
            *cell = $value;
        }
        row
    }};
}
