//! Ranges of months.

use std::fmt;
use std::str::FromStr;

use crate::calendar::{Month, digits};
use crate::error::DateError;

/// A range of whole months, both ends included, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Month,
    last: Month,
}

impl Period {
    /// From `first` to `last`; `None` when `last` comes before `first`.
    #[must_use]
    pub fn new(first: Month, last: Month) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The twelve months of a year; `None` outside 0 to 9999.
    #[must_use]
    pub fn of_year(year: i32) -> Option<Self> {
        Some(Self { first: Month::new(year, 1)?, last: Month::new(year, 12)? })
    }

    /// Reads `2013-01..2014-12`, `2000..2012`, `2000-2012` (years), `2012` (a year) or `2012-03` (a month).
    ///
    /// # Errors
    /// Anything else, or an end before the start.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let expected = "a period, such as `2013-01..2014-12`, `2000-2012` or `2012`, that does not end before it starts";
        let wrong = || DateError { text: text.to_owned(), expected };
        let span = |from: &str, to: &str| Self::new(one(from)?.first, one(to)?.last);
        match (text.split_once(".."), text.split_once('-')) {
            (Some((from, to)), _) => span(from, to),
            (None, Some((from, to))) if to.len() == 4 => span(from, to),
            _ => one(text),
        }
        .ok_or_else(wrong)
    }

    /// The first month.
    #[must_use]
    pub const fn first(self) -> Month {
        self.first
    }

    /// The last month.
    #[must_use]
    pub const fn last(self) -> Month {
        self.last
    }

    /// How many months it has, at least 1.
    #[must_use]
    pub fn months(self) -> usize {
        usize::try_from(self.last.since(self.first)).map_or(usize::MAX, |n| n + 1)
    }

    /// Whether a month is in it.
    #[must_use]
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    /// What two periods share, if anything.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Its months, in order.
    pub fn iter(self) -> impl Iterator<Item = Month> {
        (self.first.index()..=self.last.index()).map(Month::from_index)
    }
}

/// One year or one month as a period.
fn one(text: &str) -> Option<Period> {
    match digits(text, 4) {
        Some(year) => Period::of_year(year),
        None => Month::parse(text).ok().map(|month| Period { first: month, last: month }),
    }
}

/// `2012` for a calendar year, `2012-03` for a month, else `2013-01..2014-12`.
impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(out, "{}", self.first)
        } else if Self::of_year(self.first.year()) == Some(*self) {
            write!(out, "{:04}", self.first.year())
        } else {
            write!(out, "{}..{}", self.first, self.last)
        }
    }
}

impl FromStr for Period {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}
