use std::fmt;

use oxus_units::{Date, Period};

/// A date of a source at its own precision: a day, some days, a month, a year, or a span of months or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// The months that it covers.
    pub months: Period,
    /// First and last day, where days are known.
    pub days: Option<(Date, Date)>,
}

impl When {
    /// Reads `2011-08-26`, `2012-06-08..2012-06-14`, or a [`Period`] (`2012-06`, `2012`, `1993-2008`, `2011-10..2012-11`).
    ///
    /// `None` for anything else, or an end before its start.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        if let (Ok(from), Ok(to)) = (Date::parse(from), Date::parse(to)) {
            let months = Period::new(from.month(), to.month()).filter(|_| from <= to)?;
            return Some(Self { months, days: Some((from, to)) });
        }
        Period::parse(text).ok().map(|months| Self { months, days: None })
    }
}

impl fmt::Display for When {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.days {
            Some((from, to)) if from == to => write!(out, "{from}"),
            Some((from, to)) => write!(out, "{from}..{to}"),
            None => self.months.fmt(out),
        }
    }
}
