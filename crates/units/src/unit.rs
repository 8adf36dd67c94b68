//! A unit: an exact factor, a dimension, and what kind of money it counts.

use std::fmt;
use std::str::FromStr;

use crate::dimension::{Base, Dimension};
use crate::error::UnitError;
use crate::ratio::Ratio;
use crate::symbols::{MULTIPLIERS, Symbol};

/// A currency and the year of its prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// ISO 4217 code.
    pub currency: &'static str,
    /// The year whose prices it is counted in; `None` where the text gave none.
    pub year: Option<u16>,
}

impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.currency)?;
        self.year.map_or(Ok(()), |year| write!(out, "@{year}"))
    }
}

/// A named unit to a power.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) symbol: &'static Symbol,
    /// Price year of a currency.
    pub(crate) year: Option<u16>,
    /// What a fraction is a fraction of.
    pub(crate) of: Option<String>,
    pub(crate) power: i8,
}

impl Term {
    fn same_but_for_power(&self, other: &Self) -> bool {
        self.symbol.name == other.symbol.name && self.year == other.year && self.of == other.of
    }

    fn money(&self) -> Option<Money> {
        self.symbol.currency.then_some(Money { currency: self.symbol.name, year: self.year })
    }
}

/// A unit of measurement.
///
/// Two units are equal when they mean the same: `USD/m3` and `1000 USD/(1000 m3)` are. Printing keeps the words that were
/// read, in a canonical order: `Unit::parse(&unit.to_string())` gives an equal unit.
#[derive(Debug, Clone)]
pub struct Unit {
    terms: Vec<Term>,
    /// The numbers in the text.
    scale: Ratio,
    /// From this unit to the base units.
    factor: Ratio,
    dimension: Dimension,
    money: Option<Money>,
    whole: Option<String>,
}

impl Unit {
    /// The unit of a plain number, written `1`.
    #[must_use]
    pub fn one() -> Self {
        Self { terms: Vec::new(), scale: Ratio::ONE, factor: Ratio::ONE, dimension: Dimension::NONE, money: None, whole: None }
    }

    /// Reads a unit.
    ///
    /// Words, numbers and brackets are multiplied with `*` or a space and divided with `/`; `^n` raises; `thousand`,
    /// `million`, `bn`, `trillion` are numbers. After a `/` stands one term or a bracket: `USD/(1000 m3)`, because readers
    /// differ on what `USD/1000 m3` means. A currency may carry a price year (`USD@2012`), `%` and `share` what they are a
    /// part of (`% of GDP`).
    ///
    /// # Errors
    /// [`UnitError::Unknown`], [`UnitError::Syntax`], or [`UnitError::PriceYear`] where two kinds of money are multiplied.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        crate::parse::unit(text)
    }

    /// What it measures.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// How many base units (kg, m, month, Wh, one unit of the currency, person) one of it is, rounded to a double.
    /// For conversions use [`Unit::convert`], which does not round the factor.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.factor.scale(1.0)
    }

    /// The money in it, if any.
    #[must_use]
    pub fn money(&self) -> Option<Money> {
        self.money
    }

    /// What it is a part of: `GDP` in `% of GDP`.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }

    /// Whether it counts money without saying at the prices of which year.
    #[must_use]
    pub fn lacks_price_year(&self) -> bool {
        self.money.is_some_and(|money| money.year.is_none())
    }

    /// Takes `value` from this unit to another.
    ///
    /// Money without a price year converts only to the identical unit. A part of something named (`% of GDP`) converts to a
    /// part of the same or of nothing named (`share`).
    ///
    /// # Errors
    /// [`UnitError::Dimension`] or [`UnitError::PriceYear`].
    pub fn convert(&self, value: f64, to: &Self) -> Result<f64, UnitError> {
        self.converts_to(to)?;
        Ok(match self.factor.over(to.factor) {
            Some(ratio) => ratio.scale(value),
            // Only for factors whose ratio needs more than 128 bits: two roundings more.
            None => to.factor.inverse().scale(self.factor.scale(value)),
        })
    }

    /// Whether [`Unit::convert`] has an answer, and why not.
    ///
    /// # Errors
    /// [`UnitError::Dimension`] or [`UnitError::PriceYear`].
    pub fn converts_to(&self, to: &Self) -> Result<(), UnitError> {
        let wholes_differ = self.whole.is_some() && to.whole.is_some() && self.whole != to.whole;
        if self.dimension != to.dimension || wholes_differ {
            return Err(UnitError::Dimension {
                from: self.to_string(),
                from_dimension: self.measured(),
                to: to.to_string(),
                to_dimension: to.measured(),
            });
        }
        if self == to {
            return Ok(());
        }
        match (self.money, to.money) {
            (Some(ours), Some(theirs)) if ours != theirs || ours.year.is_none() => Err(self.other_money(to, ours, theirs)),
            _ => Ok(()),
        }
    }

    /// The product.
    ///
    /// # Errors
    /// [`UnitError::PriceYear`] when different kinds of money meet; [`UnitError::Syntax`] when the result is out of range.
    pub fn times(&self, other: &Self) -> Result<Self, UnitError> {
        let terms = self.terms.iter().chain(&other.terms).cloned().collect();
        Self::build(self.scale.times(other.scale), terms)
    }

    /// The quotient.
    ///
    /// # Errors
    /// As [`Unit::times`].
    pub fn over(&self, other: &Self) -> Result<Self, UnitError> {
        self.times(&other.to_the(-1)?)
    }

    /// The power.
    ///
    /// # Errors
    /// [`UnitError::Syntax`] when the result is out of range.
    pub fn to_the(&self, power: i8) -> Result<Self, UnitError> {
        let mut terms = self.terms.clone();
        for term in &mut terms {
            term.power = term.power.checked_mul(power).ok_or_else(out_of_range)?;
        }
        Self::build(self.scale.to_the(power), terms)
    }

    /// Puts a unit together from its numbers and words.
    pub(crate) fn build(scale: Option<Ratio>, terms: Vec<Term>) -> Result<Self, UnitError> {
        let mut unit = Self { scale: scale.ok_or_else(out_of_range)?, terms: merge(terms)?, ..Self::one() };
        unit.factor = unit.scale;
        for term in &unit.terms {
            let (num, den) = term.symbol.factor;
            let one = Ratio::new(num, den).expect("internal: the factors in the table of symbols are positive");
            let factor = one.to_the(term.power).and_then(|factor| unit.factor.times(factor));
            unit.factor = factor.ok_or_else(out_of_range)?;
            let dimension = term.symbol.dimension.to_the(term.power).and_then(|more| unit.dimension.times(more));
            unit.dimension = dimension.ok_or_else(out_of_range)?;
        }
        unit.money = the_one_money(&unit.terms)?;
        unit.whole = the_one_whole(&unit.terms)?;
        Ok(unit)
    }

    /// The dimension in words, with what it is a part of.
    fn measured(&self) -> String {
        match &self.whole {
            Some(whole) => format!("{} of {whole}", self.dimension),
            None => self.dimension.to_string(),
        }
    }

    fn other_money(&self, to: &Self, ours: Money, theirs: Money) -> UnitError {
        let why = if ours.currency != theirs.currency {
            format!("{} and {} are different currencies", ours.currency, theirs.currency)
        } else {
            match (ours.year, theirs.year) {
                (Some(a), Some(b)) => format!("prices of {a} are not prices of {b}"),
                _ => "money without a price year, such as `USD@2012`, cannot be compared".to_owned(),
            }
        };
        UnitError::PriceYear { from: self.to_string(), to: to.to_string(), why }
    }
}

/// Joins terms of the same word and drops those that cancel, in the order of first mention.
fn merge(terms: Vec<Term>) -> Result<Vec<Term>, UnitError> {
    let mut merged: Vec<Term> = Vec::new();
    for term in terms {
        match merged.iter_mut().find(|known| known.same_but_for_power(&term)) {
            Some(known) => known.power = known.power.checked_add(term.power).ok_or_else(out_of_range)?,
            None => merged.push(term),
        }
    }
    merged.retain(|term| term.power != 0);
    Ok(merged)
}

/// The money of all terms, which has to be one.
fn the_one_money(terms: &[Term]) -> Result<Option<Money>, UnitError> {
    let mut found: Option<Money> = None;
    for money in terms.iter().filter_map(Term::money) {
        match found {
            Some(first) if first != money => {
                let why = "one unit cannot mix currencies or price years".to_owned();
                return Err(UnitError::PriceYear { from: first.to_string(), to: money.to_string(), why });
            }
            _ => found = Some(money),
        }
    }
    Ok(found)
}

/// What the terms are parts of, which has to be one thing.
fn the_one_whole(terms: &[Term]) -> Result<Option<String>, UnitError> {
    let mut wholes = terms.iter().filter_map(|term| term.of.as_ref());
    let first = wholes.next();
    match wholes.find(|whole| Some(*whole) != first) {
        Some(other) => {
            let what = format!("it is a part of two things, `{}` and `{other}`", first.map_or("", String::as_str));
            Err(UnitError::Syntax { what, at: 0..0 })
        }
        None => Ok(first.cloned()),
    }
}

fn out_of_range() -> UnitError {
    UnitError::Syntax { what: "a number or power in it is out of range".to_owned(), at: 0..0 }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        let meaning = |unit: &Self| (unit.factor, unit.dimension, unit.money);
        meaning(self) == meaning(other) && self.whole == other.whole
    }
}

impl Eq for Unit {}

impl FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        Self::parse(text)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut above = side(&self.terms, 1);
        if self.scale.num != 1 || above.is_empty() {
            let word = MULTIPLIERS.iter().find(|(_, value)| *value == self.scale.num && !above.is_empty());
            above.insert(0, word.map_or_else(|| self.scale.num.to_string(), |(word, _)| (*word).to_owned()));
        }
        let mut below = side(&self.terms, -1);
        if self.scale.den != 1 {
            below.insert(0, self.scale.den.to_string());
        }
        out.write_str(&above.join(" "))?;
        match below.as_slice() {
            [] => Ok(()),
            [one] => write!(out, "/{one}"),
            many => write!(out, "/({})", many.join(" ")),
        }
    }
}

/// The terms with powers of one sign, as text.
fn side(terms: &[Term], sign: i8) -> Vec<String> {
    let text = |term: &Term| {
        let mut text = term.symbol.name.to_owned();
        if let Some(year) = term.year {
            text += &format!("@{year}");
        }
        if let Some(whole) = &term.of {
            text += &format!(" of {whole}");
        }
        if term.power.unsigned_abs() != 1 {
            text += &format!("^{}", term.power.unsigned_abs());
        }
        text
    };
    terms.iter().filter(|term| term.power.signum() == sign).map(text).collect()
}

/// The power of time in a unit, for the checks of kinds.
pub(crate) fn time_power(unit: &Unit) -> i8 {
    unit.dimension.power_of(Base::Time)
}
