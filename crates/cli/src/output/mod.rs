//! What is printed, and where.

pub mod failure;
pub mod measure;
pub mod number;
pub mod progress;
pub mod rows;
