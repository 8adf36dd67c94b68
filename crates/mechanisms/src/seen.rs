//! Parameters as they were last month: what only they decide is made anew only when a scenario has changed one.

use oxus_kernel::{Param, Step};

/// Columns of parameters as they were when last asked about.
#[derive(Default)]
pub(crate) struct Seen {
    values: Vec<f64>,
}

impl Seen {
    /// Forgets all of them, so that the next question is answered with yes: for the start of a run.
    pub(crate) fn forget(&mut self) {
        self.values.clear();
    }

    /// Whether one of these parameters is not as it was when last asked; remembers them. The list must be the same each time.
    pub(crate) fn changed<'p>(&mut self, step: &Step<'_>, params: impl IntoIterator<Item = &'p Param>) -> bool {
        let (mut at, mut changed) = (0, false);
        for column in params.into_iter().map(|param| step.slice(param)) {
            let end = at + column.len();
            if self.values.len() < end {
                self.values.extend_from_slice(column);
                changed = true;
            } else if self.values[at..end] != *column {
                self.values[at..end].copy_from_slice(column);
                changed = true;
            }
            at = end;
        }
        changed
    }
}
