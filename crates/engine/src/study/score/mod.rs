//! Forecasts against what happened: rolling-origin back-tests, frozen forecasts, replays of known shocks.
//!
//! - [`target`]: which series are forecast, by which variable.
//! - [`forecast`]: the futures of every target, member by member.
//! - [`backtest`]: origins and horizons, with data known at each origin alone.
//! - [`frozen`]: a forecast kept as a table, and its scores once values are known.
//! - [`replay`]: what the model answers to shocks of the past, given as they were known.

pub mod backtest;
mod compare;
pub mod forecast;
pub mod frozen;
mod past;
mod regression;
pub mod replay;
pub mod summary;
pub mod target;

#[cfg(test)]
mod tests;
