//! Units as packs write them.

use oxus_diag::{Code, Diagnostic, Span, codes, did_you_mean};
use oxus_units::{Unit, UnitError, known_words};

use crate::region::Identity;
use crate::walk::{Context, Value};

/// The pack's own money: what an amount without a price year is counted in.
#[derive(Clone, Debug)]
pub(super) struct Money {
    currency: String,
    price_year: u16,
}

impl Money {
    pub fn of(identity: &Identity) -> Self {
        Self { currency: identity.currency.clone(), price_year: identity.price_year }
    }

    /// The unit of a text in quotes; the pack's currency without a year takes the pack's price year.
    pub fn unit(&self, value: &Value<'_>) -> Option<Unit> {
        let text = value.text()?;
        let unit = parse(value.cx, &text, value.span)?;
        if !unit.lacks_price_year() {
            return Some(unit);
        }
        let dated = dated(&text, &self.currency, self.price_year);
        match Unit::parse(&dated) {
            Ok(unit) if !unit.lacks_price_year() => Some(unit),
            _ => {
                value.cx.push(
                    Diagnostic::error(codes::U003, format!("the money in `{text}` has no price year"))
                        .at(value.span, "")
                        .help(format!("write the year after the currency, such as `{}@{}`", self.currency, self.price_year)),
                );
                None
            }
        }
    }
}

/// The text of a unit with the price year behind every bare mention of the currency.
pub(super) fn dated(text: &str, currency: &str, year: impl std::fmt::Display) -> String {
    let mut dated = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(currency).filter(|_| !currency.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + currency.len()..]);
        dated.push_str(before);
        dated.push_str(currency);
        let inside = before.ends_with(|c: char| c.is_alphanumeric());
        if !inside && !after.starts_with(|c: char| c == '@' || c.is_alphanumeric()) {
            dated.push_str(&format!("@{year}"));
        }
        rest = after;
    }
    dated + rest
}

/// A unit as written; reports one that cannot be read.
pub(super) fn parse(cx: &Context<'_>, text: &str, span: Span) -> Option<Unit> {
    match Unit::parse(text) {
        Ok(unit) => Some(unit),
        Err(error) => {
            // The quote stands before the text.
            let start = span.start as usize + 1;
            let within = error.range().map(|at| Span::new(span.source, start + at.start..start + at.end));
            let near = match &error {
                UnitError::Unknown { word, .. } => did_you_mean(word, known_words()),
                _ => None,
            };
            cx.push(Diagnostic::error(code(&error), error.to_string()).at(within.unwrap_or(span), "").help_maybe(near));
            None
        }
    }
}

/// The code of a unit's problem.
pub(crate) fn code(error: &UnitError) -> Code {
    Code::find(error.code()).unwrap_or(codes::U005)
}
