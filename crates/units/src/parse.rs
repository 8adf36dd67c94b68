//! Reading units.
//!
//! ```text
//! product := power { [ "*" ] power } | power { "/" power }, where one "*"-chain may stand before the first "/"
//! power   := atom [ "^" [ "-" ] digit ]
//! atom    := number | multiplier | word [ "@" year ] [ "of" word ] | "(" product ")"
//! ```

use std::ops::Range;

use crate::error::UnitError;
use crate::ratio::Ratio;
use crate::symbols::{self, MULTIPLIERS};
use crate::unit::{Term, Unit};

/// Brackets deeper than this are refused; no sensible unit has three.
const MAX_DEPTH: usize = 16;

/// Reads the whole text as a unit.
pub(crate) fn unit(text: &str) -> Result<Unit, UnitError> {
    let mut parser = Parser { text, at: 0 };
    let unit = parser.product(0)?;
    match parser.peek() {
        None => Ok(unit),
        Some(other) => Err(parser.error(&format!("`{other}` does not belong here"))),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Byte offset of the next character.
    at: usize,
}

impl<'a> Parser<'a> {
    fn product(&mut self, depth: usize) -> Result<Unit, UnitError> {
        let start = self.skip_space();
        let mut unit = self.power(depth)?;
        let mut divided = false;
        loop {
            let before = self.skip_space();
            let dividing = match self.peek() {
                None | Some(')') => return Ok(unit),
                Some('/') => true,
                Some('*') => false,
                Some(next) if begins_atom(next) => false,
                Some(other) => return Err(self.error(&format!("`{other}` does not belong here"))),
            };
            if divided && !dividing {
                let rest = before..self.text.len();
                return Err(syntax("after `/` put several terms in brackets, as in `USD/(1000 m3)`", rest));
            }
            if self.peek().is_some_and(|c| c == '/' || c == '*') {
                self.at += 1;
            }
            divided |= dividing;
            let next = self.power(depth)?;
            let joined = if dividing { unit.over(&next) } else { unit.times(&next) };
            unit = joined.map_err(|error| placed(error, start..self.at))?;
        }
    }

    fn power(&mut self, depth: usize) -> Result<Unit, UnitError> {
        let start = self.skip_space();
        let atom = self.atom(depth)?;
        self.skip_space();
        if self.peek() != Some('^') {
            return Ok(atom);
        }
        self.at += 1;
        let exponent_at = self.at;
        let negative = self.peek() == Some('-');
        if negative {
            self.at += 1;
        }
        let digits = self.take_while(|c| c.is_ascii_digit());
        let power: i8 = match digits.parse() {
            Ok(power @ 1..=9) => power,
            _ => {
                return Err(syntax("a power is a whole number from 1 to 9, or from -1 to -9", exponent_at..self.at));
            }
        };
        let signed = if negative { -power } else { power };
        atom.to_the(signed).map_err(|error| placed(error, start..self.at))
    }

    fn atom(&mut self, depth: usize) -> Result<Unit, UnitError> {
        let start = self.skip_space();
        match self.peek() {
            None => Err(syntax("something is missing at the end; a unit of one is written `1`", start..start)),
            Some('(') if depth >= MAX_DEPTH => Err(self.error("too many brackets")),
            Some('(') => {
                self.at += 1;
                let inner = self.product(depth + 1)?;
                if self.peek() != Some(')') {
                    return Err(syntax("a bracket is left open", start..self.text.len()));
                }
                self.at += 1;
                Ok(inner)
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if begins_atom(c) => self.word(),
            Some(other) => Err(self.error(&format!("`{other}` does not belong here"))),
        }
    }

    /// Digits with an optional decimal part, as an exact fraction.
    fn number(&mut self) -> Result<Unit, UnitError> {
        let start = self.at;
        let whole = self.take_while(|c| c.is_ascii_digit());
        let mut decimals = "";
        if self.peek() == Some('.') {
            self.at += 1;
            decimals = self.take_while(|c| c.is_ascii_digit());
            if decimals.is_empty() {
                return Err(syntax("digits are missing after the point", start..self.at));
            }
        }
        let read = || {
            let digits: u128 = format!("{whole}{decimals}").parse().ok()?;
            let places = u32::try_from(decimals.len()).ok()?;
            Ratio::new(digits, 10_u128.checked_pow(places)?)
        };
        let ratio = read().ok_or_else(|| syntax("a number in a unit is positive and has at most 38 digits", start..self.at))?;
        Unit::build(Some(ratio), Vec::new())
    }

    fn word(&mut self) -> Result<Unit, UnitError> {
        let start = self.at;
        let word = if self.peek() == Some('%') {
            self.at += 1;
            "%"
        } else {
            self.take_while(|c| c.is_alphanumeric() || c == '_')
        };
        if let Some((_, value)) = MULTIPLIERS.iter().find(|(name, _)| *name == word) {
            return Unit::build(Ratio::new(*value, 1), Vec::new());
        }
        let Some(symbol) = symbols::find(word) else {
            return Err(UnitError::Unknown { word: word.to_owned(), at: start..self.at });
        };
        let mut term = Term { symbol, year: None, of: None, power: 1 };
        if self.peek() == Some('@') {
            term.year = Some(self.price_year(symbol.currency)?);
        }
        if symbol.fraction {
            term.of = self.part_of()?;
        }
        Unit::build(Some(Ratio::ONE), vec![term])
    }

    /// `@` and four digits, after a currency.
    fn price_year(&mut self, after_currency: bool) -> Result<u16, UnitError> {
        let start = self.at;
        self.at += 1;
        let digits = self.take_while(|c| c.is_ascii_digit());
        if !after_currency {
            return Err(syntax("only a currency has a price year", start..self.at));
        }
        match digits.parse() {
            Ok(year @ 1800..=2200) if digits.len() == 4 => Ok(year),
            _ => Err(syntax("a price year has four digits, as in `USD@2012`", start..self.at)),
        }
    }

    /// `of` and a name, if they follow.
    fn part_of(&mut self) -> Result<Option<String>, UnitError> {
        let before = self.at;
        let start = self.skip_space();
        if start == before || self.take_while(char::is_alphanumeric) != "of" {
            self.at = before;
            return Ok(None);
        }
        self.skip_space();
        match self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            "" => Err(syntax("the name of the whole is missing after `of`", start..self.at)),
            name => Ok(Some(name.to_owned())),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Moves past white space; gives the new place.
    fn skip_space(&mut self) -> usize {
        self.take_while(char::is_whitespace);
        self.at
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// An error about the next character.
    fn error(&self, what: &str) -> UnitError {
        let length = self.peek().map_or(0, char::len_utf8);
        syntax(what, self.at..self.at + length)
    }
}

fn begins_atom(c: char) -> bool {
    c.is_alphanumeric() || c == '%' || c == '('
}

fn syntax(what: &str, at: Range<usize>) -> UnitError {
    UnitError::Syntax { what: what.to_owned(), at }
}

/// Gives a place to an error of arithmetic on units, which knows none.
fn placed(error: UnitError, place: Range<usize>) -> UnitError {
    match error {
        UnitError::Syntax { what, .. } => UnitError::Syntax { what, at: place },
        other => other,
    }
}
