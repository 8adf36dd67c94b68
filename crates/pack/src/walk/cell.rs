use oxus_diag::{Diagnostic, Span, codes, did_you_mean};
use oxus_units::{Date, Month};

use super::{Context, Word};
use crate::region::{CitedWork, Name, When};

/// A filled cell of a CSV table.
pub(crate) struct Cell<'a> {
    pub cx: &'a Context<'a>,
    pub text: &'a str,
    pub span: Span,
    pub column: &'a str,
}

impl Cell<'_> {
    /// The text.
    pub fn text(&self) -> Option<String> {
        Some(self.text.to_owned())
    }

    /// An id, with its place.
    pub fn name(&self) -> Option<Name> {
        Some(Name { id: self.text.to_owned(), span: self.span })
    }

    /// Ids separated by `;`, each with its place.
    pub fn names(&self) -> Vec<Name> {
        self.parts().into_iter().map(|(text, span)| Name { id: text.to_owned(), span }).collect()
    }

    /// A finite number from `low` to `high`.
    pub fn real(&self, low: f64, high: f64) -> Option<f64> {
        match self.text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= low && number <= high => Some(number),
            Ok(number) if number.is_finite() => {
                self.wrong(&if high.is_finite() { format!("a number from {low} to {high}") } else { format!("a number of at least {low}") });
                None
            }
            _ => {
                self.wrong("a finite number with a decimal point");
                None
            }
        }
    }

    /// `0` or `1`.
    pub fn flag(&self) -> Option<bool> {
        match self.text {
            "0" => Some(false),
            "1" => Some(true),
            _ => {
                self.wrong("`0` or `1`");
                None
            }
        }
    }

    /// A word of a closed vocabulary.
    pub fn word<W: Word>(&self) -> Option<W> {
        let found = W::parse(self.text);
        if found.is_none() {
            self.cx.push(
                Diagnostic::error(codes::P011, format!("`{}` is not {}", self.text, W::WHAT))
                    .at(self.span, "")
                    .expected(format!("one of {}", W::listed()))
                    .help_maybe(did_you_mean(self.text, W::WORDS.iter().map(|(word, _)| *word))),
            );
        }
        found
    }

    /// A month.
    pub fn month(&self) -> Option<Month> {
        self.cx.month(self.text, self.span)
    }

    /// A date at any precision.
    pub fn when(&self) -> Option<When> {
        self.cx.when(self.text, self.span)
    }

    /// Reference ids separated by `;`, each optionally with a locator after `@`.
    pub fn sources(&self) -> Vec<CitedWork> {
        self.parts().into_iter().map(|(text, span)| cited(text, span)).collect()
    }

    /// What stands between the `;` of the cell, with the place of each.
    fn parts(&self) -> Vec<(&str, Span)> {
        let mut offset = 0;
        let mut found = Vec::new();
        for part in self.text.split(';') {
            let lead = part.len() - part.trim_start().len();
            let start = self.span.start as usize + offset + lead;
            if !part.trim().is_empty() {
                found.push((part.trim(), Span::new(self.span.source, start..start + part.trim().len())));
            }
            offset += part.len() + 1;
        }
        found
    }

    fn wrong(&self, expected: &str) {
        self.cx.push(
            Diagnostic::error(codes::P010, format!("the cell `{}` cannot be this", self.column))
                .at(self.span, "")
                .found(format!("`{}`", self.text))
                .expected(expected),
        );
    }
}

/// A reference id with an optional locator after `@`.
pub(crate) fn cited(text: &str, span: Span) -> CitedWork {
    let (id, at) = match text.split_once('@') {
        Some((id, at)) => (id.trim(), Some(at.trim().to_owned()).filter(|at| !at.is_empty())),
        None => (text, None),
    };
    CitedWork { work: Name { id: id.to_owned(), span }, at }
}

impl Context<'_> {
    /// Reads a month; reports one that cannot be read.
    pub fn month(&self, text: &str, span: Span) -> Option<Month> {
        let found = Month::parse(text).ok();
        if found.is_none() {
            self.bad_date(text, span, "a month, `YYYY-MM`");
        }
        found
    }

    /// Reads a day; reports one that cannot be read.
    pub fn date(&self, text: &str, span: Span) -> Option<Date> {
        let found = Date::parse(text).ok();
        if found.is_none() {
            self.bad_date(text, span, "a day of the calendar, `YYYY-MM-DD`");
        }
        found
    }

    /// Reads a date at any precision; reports one that cannot be read.
    pub fn when(&self, text: &str, span: Span) -> Option<When> {
        let found = When::parse(text);
        if found.is_none() {
            self.bad_date(text, span, "a day, month, year or span: `2011-08-26`, `2012-06`, `2012`, `1993-2008`, `2012-06-08..2012-06-14`");
        }
        found
    }

    pub fn bad_date(&self, text: &str, span: Span, expected: &str) {
        self.push(Diagnostic::error(codes::U004, format!("`{text}` cannot be read as a date")).at(span, "").expected(expected));
    }
}
