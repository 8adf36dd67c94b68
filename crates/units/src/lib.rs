//! Dimensions, units, money with a price year, and months.
//!
//! Decisions that hold everywhere:
//!
//! - **Time** is counted in months, the step of the model, and a year is exactly 12 months. A day is the mean Gregorian
//!   day, 12/365.2425 of a month, and is used for units only; dates ([`Date`]) follow the calendar.
//! - **Factors are exact fractions**, so 35 % is 0.35 and 12/yr is 1/month to the last bit.
//! - **Gas is a volume**: 1 bcm is 10^9 m3. Its energy content differs by field, so volume and energy do not convert.
//! - **Money** carries its currency and price year (`USD@2012`). Neither converts into another: that takes a price index
//!   or an exchange rate, which is a choice with a source.
//! - **Counts**: `persons` is a dimension, and `deaths` counts persons. `events` has no dimension, so that an intensity in
//!   `events/yr` is a hazard in `1/yr`. `share`, `%`, `index` have none either; [`Kind`] tells them apart.
//!
//! The crate knows nothing of files or diagnostics: its errors carry the number of their code ([`UnitError::code`]), and
//! whoever read the text adds the place.
//!
//! ```
//! use oxus_units::{Kind, Month, Unit};
//!
//! let yearly = Unit::parse("bcm/yr")?;
//! let monthly = Unit::parse("million m3/month")?;
//! assert_eq!(yearly.convert(55.0, &monthly)?, 55_000.0 / 12.0);
//! assert!(Kind::Share.check(35.0, &Unit::parse("%")?).is_ok());
//! assert_eq!(Month::parse("2012-12")?.plus(2).to_string(), "2013-02");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod dimension;
mod error;
mod kind;
mod parse;
mod period;
mod ratio;
mod symbols;
mod unit;

pub use calendar::{Date, Month};
pub use dimension::{Base, Dimension};
pub use error::{DateError, UnitError};
pub use kind::Kind;
pub use period::Period;
pub use symbols::known_words;
pub use unit::{Money, Unit};

#[cfg(test)]
mod tests;
