//! `oxus compare`: what differs between ways of seeing the same futures.

mod views;

use crate::args::{Common, Compare};
use crate::output::failure::Failure;

/// Compares views; the command line asks for what is compared.
pub fn run(args: &Compare, common: &Common) -> Result<(), Failure> {
    views::run(args, common)
}
