//! The mechanisms: one folder each, with ports, equations, parameters and tests. They meet in named variables and do not know one another.

pub mod energy;

use oxus_kernel::Definition;

/// Every mechanism of the product; adding one is adding a folder and a line here.
pub static MECHANISMS: &[Definition] = &[energy::DEFINITION];

#[cfg(test)]
mod harness;
