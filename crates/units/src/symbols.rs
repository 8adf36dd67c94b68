//! The words of units.

use crate::dimension::{Base, Dimension};

/// A unit with a name of its own.
#[derive(Debug)]
pub(crate) struct Symbol {
    /// As printed.
    pub(crate) name: &'static str,
    /// Other spellings that are read.
    pub(crate) also: &'static [&'static str],
    /// Numerator and denominator of its factor to the base units (kg, m, month, Wh, one unit of currency, person).
    pub(crate) factor: (u128, u128),
    pub(crate) dimension: Dimension,
    /// Whether it is a currency, which may carry a price year.
    pub(crate) currency: bool,
    /// Whether it is a fraction of something, which may be named (`% of GDP`).
    pub(crate) fraction: bool,
}

/// Words for powers of ten that may stand anywhere a number may. The first spelling of a value is the one printed.
pub(crate) const MULTIPLIERS: &[(&str, u128)] =
    &[("thousand", 1_000), ("million", 1_000_000), ("bn", 1_000_000_000), ("billion", 1_000_000_000), ("trillion", 1_000_000_000_000)];

/// Every word that may stand in a unit, for near misses.
pub fn known_words() -> impl Iterator<Item = &'static str> {
    let spellings = SYMBOLS.iter().flat_map(|symbol| std::iter::once(symbol.name).chain(symbol.also.iter().copied()));
    spellings.chain(MULTIPLIERS.iter().map(|(word, _)| *word))
}

pub(crate) fn find(word: &str) -> Option<&'static Symbol> {
    SYMBOLS.iter().find(|symbol| symbol.name == word || symbol.also.contains(&word))
}

const fn unit(name: &'static str, also: &'static [&'static str], factor: (u128, u128), dimension: Dimension) -> Symbol {
    Symbol { name, also, factor, dimension, currency: false, fraction: false }
}

const fn currency(name: &'static str) -> Symbol {
    Symbol { currency: true, ..unit(name, &[], (1, 1), Dimension::of(Base::Money, 1)) }
}

const fn fraction(name: &'static str, factor: (u128, u128)) -> Symbol {
    Symbol { fraction: true, ..unit(name, &[], factor, Dimension::NONE) }
}

const MASS: Dimension = Dimension::of(Base::Mass, 1);
const LENGTH: Dimension = Dimension::of(Base::Length, 1);
const AREA: Dimension = Dimension::of(Base::Length, 2);
const VOLUME: Dimension = Dimension::of(Base::Length, 3);
const TIME: Dimension = Dimension::of(Base::Time, 1);
const ENERGY: Dimension = Dimension::of(Base::Energy, 1);
const PERSONS: Dimension = Dimension::of(Base::Persons, 1);
const POWER: Dimension = Dimension::of(Base::Energy, 1).with(Base::Time, -1);

/// Months in a mean Gregorian day: 12 / 365.2425 (a leap year every 4, not every 100, but every 400 years).
const DAY: (u128, u128) = (120_000, 3_652_425);
/// Months in an hour.
const HOUR: (u128, u128) = (DAY.0, DAY.1 * 24);

/// `n` watts: n Wh per hour, in Wh per month.
const fn watts(n: u128) -> (u128, u128) {
    (n * HOUR.1, HOUR.0)
}

/// The table. Exact definitions: barrel 42 US gallons of 231 cubic inches; tonne of oil equivalent 11.63 MWh (IEA).
static SYMBOLS: &[Symbol] = &[
    unit("kg", &[], (1, 1), MASS),
    unit("g", &[], (1, 1_000), MASS),
    unit("t", &["tonne", "tonnes"], (1_000, 1), MASS),
    unit("kt", &[], (1_000_000, 1), MASS),
    unit("Mt", &[], (1_000_000_000, 1), MASS),
    unit("m", &[], (1, 1), LENGTH),
    unit("km", &[], (1_000, 1), LENGTH),
    unit("km2", &[], (1_000_000, 1), AREA),
    unit("ha", &[], (10_000, 1), AREA),
    unit("m3", &[], (1, 1), VOLUME),
    unit("km3", &[], (1_000_000_000, 1), VOLUME),
    unit("mcm", &[], (1_000_000, 1), VOLUME),
    unit("bcm", &[], (1_000_000_000, 1), VOLUME),
    unit("bbl", &["barrel", "barrels"], (158_987_294_928, 1_000_000_000_000), VOLUME),
    unit("month", &["months"], (1, 1), TIME),
    unit("yr", &["year", "years"], (12, 1), TIME),
    unit("day", &["days"], DAY, TIME),
    unit("h", &["hour", "hours"], HOUR, TIME),
    unit("Wh", &[], (1, 1), ENERGY),
    unit("kWh", &[], (1_000, 1), ENERGY),
    unit("MWh", &[], (1_000_000, 1), ENERGY),
    unit("GWh", &[], (1_000_000_000, 1), ENERGY),
    unit("TWh", &[], (1_000_000_000_000, 1), ENERGY),
    unit("GJ", &[], (1_000_000_000, 3_600), ENERGY),
    unit("PJ", &[], (1_000_000_000_000_000, 3_600), ENERGY),
    unit("toe", &[], (11_630_000, 1), ENERGY),
    unit("ktoe", &[], (11_630_000_000, 1), ENERGY),
    unit("Mtoe", &[], (11_630_000_000_000, 1), ENERGY),
    unit("kW", &[], watts(1_000), POWER),
    unit("MW", &[], watts(1_000_000), POWER),
    unit("GW", &[], watts(1_000_000_000), POWER),
    unit("persons", &["person"], (1, 1), PERSONS),
    unit("deaths", &["death"], (1, 1), PERSONS),
    unit("events", &["event"], (1, 1), Dimension::NONE),
    unit("index", &[], (1, 1), Dimension::NONE),
    fraction("share", (1, 1)),
    fraction("%", (1, 100)),
    currency("USD"),
    currency("EUR"),
    currency("CNY"),
    currency("RUB"),
    currency("KZT"),
    currency("KGS"),
    currency("TJS"),
    currency("TMT"),
    currency("UZS"),
    currency("AFN"),
];
