//! Keyed random streams, and distributions as data with quantile functions and samplers.
//!
//! Nothing here is sequential: every number is a function of its name, (seed, draw, replicate) and (domain, entity, step), through Philox4x64-10
//! ([`Stream`]). Adding a mechanism, an entity or a draw elsewhere moves no other number. Names become words through [`hash64`] and [`mix64`].
//!
//! Parameters are drawn by [`Distribution::quantile`] of a stratified uniform per parameter, [`scrambled_uniform`].

mod distribution;
mod hash;
mod lanes;
mod owen;
mod philox;
mod stream;

pub use distribution::{Distribution, DistributionError};
pub use hash::{hash64, mix64};
pub use lanes::{LANES, normals_lanes, uniforms_lanes};
pub use owen::scrambled_uniform;
pub use philox::Key;
pub use stream::{Stream, to_open_unit};
