//! Tests of the crate as its users see it.

mod calendar;
mod kind;
mod unit;
