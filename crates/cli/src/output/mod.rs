//! What is printed, and where.

pub mod failure;
pub mod number;
pub mod progress;
pub mod rows;
