//! Feedback in a signed gain graph: its strongest elementary cycles, and whether a round through all of them makes a deviation grow.
//!
//! Loop analysis after Levins 1974 ("The qualitative analysis of partially specified systems", Ann. N.Y. Acad. Sci. 231) with measured
//! gains in place of signs. Knows nothing of what the nodes are.

mod cycles;
mod radius;

pub use cycles::{Step, strongest};
pub use radius::{grows_without_turning, spectral_radius};

#[cfg(test)]
mod tests;
