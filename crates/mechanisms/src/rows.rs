//! The values of one entity, one for each lane.

use oxus_kernel::{LANES, Map, Source, Step};

/// One value for each lane.
pub(crate) type Row = [f64; LANES];

/// The values of one entity of a column.
#[inline(always)]
pub(crate) fn cells(column: &[f64], entity: usize) -> Row {
    column[entity * LANES..][..LANES].try_into().expect("internal: a column holds a value for each lane")
}

/// The values of one entity of a port.
#[inline(always)]
pub(crate) fn row(step: &Step<'_>, port: &impl Source, entity: usize) -> Row {
    cells(step.slice(port), entity)
}

/// The values of one entity of a column, to be written.
#[inline(always)]
pub(crate) fn cells_mut(column: &mut [f64], entity: usize) -> &mut Row {
    (&mut column[entity * LANES..][..LANES]).try_into().expect("internal: a column holds a value for each lane")
}

/// The values of the entity that a map leads to; 0 where it leads nowhere.
#[inline(always)]
pub(crate) fn mapped(step: &Step<'_>, port: &impl Source, map: &Map, entity: usize) -> Row {
    map.to.get(entity).copied().flatten().map_or([0.0; LANES], |to| row(step, port, to as usize))
}

/// Sum over the entities of a port.
#[inline(always)]
pub(crate) fn total(step: &Step<'_>, port: &impl Source) -> Row {
    let mut total = [0.0; LANES];
    for cells in step.slice(port).chunks_exact(LANES) {
        total.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
    }
    total
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
