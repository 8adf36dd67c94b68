//! Months and days of the Gregorian calendar.
//!
//! Ours rather than a date library's: the model needs whole months, days for events and for dates in packs, and nothing
//! of time zones, clocks or formats. The oracle of the tests is the known day number of historical dates and the
//! successor rule over 800 years.

use std::fmt;
use std::str::FromStr;

use crate::error::DateError;

/// A calendar month, counted from January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

const A_MONTH: &str = "a month, such as `2013-02`";
const A_DATE: &str = "a day of the calendar, such as `2013-02-27`";

impl Month {
    /// A month by year and number (1 to 12); `None` for other numbers or years outside 0 to 9999.
    #[must_use]
    pub fn new(year: i32, month: u8) -> Option<Self> {
        let valid = (0..=9999).contains(&year) && (1..=12).contains(&month);
        valid.then(|| Self(year * 12 + i32::from(month) - 1))
    }

    /// Reads `2013-02`.
    ///
    /// # Errors
    /// Anything but four digits, `-`, two digits that are a month.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let wrong = || DateError { text: text.to_owned(), expected: A_MONTH };
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let year = digits(year, 4).ok_or_else(wrong)?;
        let month = digits(month, 2).and_then(|month| u8::try_from(month).ok()).ok_or_else(wrong)?;
        Self::new(year, month).ok_or_else(wrong)
    }

    /// The month with this number, January of the year 0 being 0.
    #[must_use]
    pub const fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// Its number: 12 x year + month - 1.
    #[must_use]
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, from 1.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.0.rem_euclid(12) as u8 + 1
    }

    /// `n` months later, or earlier when negative.
    #[must_use]
    pub const fn plus(self, n: i32) -> Self {
        Self(self.0.saturating_add(n))
    }

    /// The next month.
    #[must_use]
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// How many months `self` is after `earlier`.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u8 {
        match self.month() {
            2 if is_leap(self.year()) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date { month: self, day: 1 }
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        Date { month: self, day: self.days() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

/// A day of the (proleptic) Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // The order of the fields is the order of dates.
    month: Month,
    day: u8,
}

impl Date {
    /// A day by year, month (1 to 12) and day of the month (from 1); `None` where the calendar has none.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::new(year, month)?;
        (1..=month.days()).contains(&day).then_some(Self { month, day })
    }

    /// Reads `2013-02-27`.
    ///
    /// # Errors
    /// Anything but four, two and two digits, or a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let wrong = || DateError { text: text.to_owned(), expected: A_DATE };
        let (month, day) = text.rsplit_once('-').ok_or_else(wrong)?;
        let month = Month::parse(month).map_err(|_| wrong())?;
        let day = digits(day, 2).and_then(|day| u8::try_from(day).ok()).ok_or_else(wrong)?;
        Self::new(month.year(), month.month(), day).ok_or_else(wrong)
    }

    /// The month it is in.
    #[must_use]
    pub const fn month(self) -> Month {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days since 1 January 1970 (negative before).
    #[must_use]
    pub fn day_number(self) -> i64 {
        let year = i64::from(self.month.year());
        let january = Month(self.month.0 - i32::from(self.month.month()) + 1);
        let months_before = (0..i32::from(self.month.month()) - 1).map(|n| i64::from(january.plus(n).days()));
        days_before_year(year) - days_before_year(1970) + months_before.sum::<i64>() + i64::from(self.day) - 1
    }

    /// The day with this number; `None` outside the years 0 to 9999.
    #[must_use]
    pub fn from_day_number(number: i64) -> Option<Self> {
        let days = number.checked_add(days_before_year(1970))?;
        // 146,097 days are 400 years. The guess is at most one year off, because leap days are spread evenly.
        let guess = days.checked_mul(400)?.div_euclid(146_097);
        let year = (guess - 1..=guess + 1).rev().find(|&year| days_before_year(year) <= days)?;
        let mut month = Month::new(i32::try_from(year).ok()?, 1)?;
        let mut left = days - days_before_year(year);
        while left >= i64::from(month.days()) {
            left -= i64::from(month.days());
            month = month.next();
        }
        Some(Self { month, day: u8::try_from(left + 1).ok()? })
    }

    /// `n` days later, or earlier when negative; `None` outside the years 0 to 9999.
    #[must_use]
    pub fn plus_days(self, n: i64) -> Option<Self> {
        Self::from_day_number(self.day_number().checked_add(n)?)
    }

    /// How many days `self` is after `earlier`.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.day_number() - earlier.day_number()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{:02}", self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 1 January of the year 0 (a leap year) to 1 January of `year`.
const fn days_before_year(year: i64) -> i64 {
    let last = year - 1;
    year * 365 + last.div_euclid(4) - last.div_euclid(100) + last.div_euclid(400) + 1
}

/// Exactly `count` ASCII digits as a number.
pub(crate) fn digits(text: &str, count: usize) -> Option<i32> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}
