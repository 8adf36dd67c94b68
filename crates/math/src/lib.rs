//! Elementary and special functions with the same bits on every machine.
//!
//! The elementary functions ([`exp`], [`ln`], [`sin_cos_turns`], [`tanh`] ...) are straight-line code without branches, tables or fused
//! multiply-add: a plain loop over a slice vectorises, and every lane of every instruction set computes the same IEEE 754 operations in
//! the same order. Compile such a loop for the wider instruction sets with [`dispatch!`].
//!
//! The special functions ([`normal_quantile`], [`gamma_p`], [`beta_inc`], [`poisson_quantile`] ...) are scalar and are built on the elementary ones.
//!
//! Accuracy is stated for each function in units in the last place (ulp) of the result, and tested against the `libm` crate (elementary)
//! and against 40-digit values of mpmath (special; `tests/reference/elementary`).

mod beta;
mod erf;
mod exponential;
mod gamma;
mod invert;
pub mod isa;
mod logarithm;
mod normal;
mod poisson;
mod prefix;
mod sigmoid;
mod trigonometric;

pub use beta::{beta_inc, beta_inc_inverse};
pub use erf::{erf, erfc};
pub use exponential::{exp, exp_m1};
pub use gamma::{gamma_p, gamma_p_inverse, gamma_q, ln_gamma};
pub use invert::smallest_reaching;
pub use logarithm::{ln, ln_1p, pow};
pub use normal::{normal_cdf, normal_density, normal_quantile};
pub use poisson::{poisson_cdf, poisson_quantile};
pub use sigmoid::{logistic, logit, saturate, tanh};
pub use trigonometric::{cos_turns, sin_cos_turns, sin_turns};
