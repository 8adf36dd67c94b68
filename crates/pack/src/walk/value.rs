use oxus_diag::{Diagnostic, Span, codes, did_you_mean};
use oxus_units::{Date, Month};
use toml::de::DeValue;

use super::{Context, Table, Word};
use crate::region::{Name, When};

/// A TOML value being read, with the key it stands under.
#[derive(Clone)]
pub(crate) struct Value<'a> {
    pub cx: &'a Context<'a>,
    pub value: &'a DeValue<'a>,
    pub span: Span,
    /// The key; for an item of an array, the array's.
    pub key: String,
    pub key_span: Span,
    /// What holds the key, for messages.
    pub owner: String,
}

impl<'a> Value<'a> {
    /// A text.
    pub fn text(&self) -> Option<String> {
        self.raw_text("text in double quotes").map(str::to_owned)
    }

    /// A text that is not empty.
    pub fn words(&self) -> Option<String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            self.wrong("an empty text", "a text that says something");
            return None;
        }
        Some(text)
    }

    /// An id, with its place.
    pub fn name(&self) -> Option<Name> {
        self.raw_text("an id in double quotes").map(|id| Name { id: id.to_owned(), span: self.span })
    }

    /// A word of a closed vocabulary.
    pub fn word<W: Word>(&self) -> Option<W> {
        let text = self.raw_text(&format!("{}: one of {}", W::WHAT, W::listed()))?;
        let found = W::parse(text);
        if found.is_none() {
            self.cx.push(
                Diagnostic::error(codes::P011, format!("`{text}` is not {}", W::WHAT))
                    .at(self.span, "")
                    .expected(format!("one of {}", W::listed()))
                    .help_maybe(did_you_mean(text, W::WORDS.iter().map(|(word, _)| *word))),
            );
        }
        found
    }

    /// A finite number, written as a whole or a decimal number.
    pub fn real(&self) -> Option<f64> {
        let number = match self.value {
            DeValue::Integer(whole) => match i64::from_str_radix(whole.as_str(), whole.radix()) {
                Ok(whole) => Some(whole as f64),
                Err(_) => None,
            },
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            _ => return self.wrong_type("a number"),
        };
        match number {
            Some(number) if number.is_finite() => Some(number),
            _ => {
                self.wrong("a number that is not finite", "a finite number");
                None
            }
        }
    }

    /// A whole number from `low` to `high`.
    pub fn whole(&self, low: u64, high: u64) -> Option<u64> {
        let expected = format!("a whole number from {low} to {high}");
        let DeValue::Integer(whole) = self.value else {
            return self.wrong_type(&expected);
        };
        match u64::from_str_radix(whole.as_str(), whole.radix()) {
            Ok(whole) if (low..=high).contains(&whole) => Some(whole),
            _ => {
                self.wrong(&format!("`{}`", whole.as_str()), &expected);
                None
            }
        }
    }

    /// A whole number that fits in 32 bits, from `low`.
    pub fn count(&self, low: u32) -> Option<u32> {
        self.whole(low.into(), u32::MAX.into()).and_then(|whole| u32::try_from(whole).ok())
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong_type("`true` or `false`"),
        }
    }

    /// A month, `"YYYY-MM"`.
    pub fn month(&self) -> Option<Month> {
        let text = self.raw_text("a month, `\"YYYY-MM\"`")?;
        self.cx.month(text, self.span)
    }

    /// A day, `"YYYY-MM-DD"`.
    pub fn date(&self) -> Option<Date> {
        // TOML has dates of its own; with or without quotes, a day is a day.
        let own = if let DeValue::Datetime(own) = self.value { Some(own.to_string()) } else { None };
        let text = match &own {
            Some(own) => own,
            None => self.raw_text("a day, `\"YYYY-MM-DD\"`")?,
        };
        self.cx.date(text, self.span)
    }

    /// A date at any precision: a day, some days, a month, a year or a span of them.
    pub fn when(&self) -> Option<When> {
        let text = self.raw_text("a date in double quotes, such as `\"2012\"` or `\"2011-08-26\"`")?;
        self.cx.when(text, self.span)
    }

    /// The items of an array; each knows the array's key.
    pub fn list(&self) -> Option<Vec<Self>> {
        let DeValue::Array(items) = self.value else {
            return self.wrong_type("a list, `[…]`");
        };
        let item =
            |item: &'a toml::Spanned<DeValue<'a>>| Self { value: item.get_ref(), span: Span::new(self.span.source, item.span()), ..self.clone() };
        Some(items.iter().map(item).collect())
    }

    /// A list of ids.
    pub fn names(&self) -> Option<Vec<Name>> {
        Some(self.list()?.iter().filter_map(Self::name).collect())
    }

    /// A list of texts.
    pub fn texts(&self) -> Option<Vec<String>> {
        Some(self.list()?.iter().filter_map(Self::text).collect())
    }

    /// A table, named `what` in messages.
    pub fn table(&self, what: impl Into<String>) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(table) => Some(Table::new(self.cx, table, self.table_span(), what)),
            _ => self.wrong_type("a table, `{ … }`"),
        }
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// The text, without a message where it is something else.
    pub fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Whether it only stands in for something the parser could not read and has reported.
    fn unread(&self) -> bool {
        // The parser puts a number without a place there; every value that was written has one.
        self.span.start == self.span.end && matches!(self.value, DeValue::Integer(_))
    }

    /// Reports a value of the right type that is not possible.
    pub fn wrong(&self, found: &str, expected: &str) {
        if self.unread() {
            return;
        }
        self.cx.push(
            Diagnostic::error(codes::P010, format!("`{}` of {} cannot be this", self.key, self.owner))
                .at(self.span, "")
                .found(found)
                .expected(expected),
        );
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let found = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "`true` or `false`",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(found, expected);
        None
    }

    fn raw_text(&self, expected: &str) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => self.wrong_type(expected),
        }
    }

    /// Where to point for a table: the header or the braces; for a table that only dotted keys make, the key.
    fn table_span(&self) -> Span {
        if self.span.start == self.span.end { self.key_span } else { self.span }
    }
}
