use proptest::prelude::*;

use crate::{Base, Dimension, Unit, UnitError, known_words};

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

fn code(text: &str) -> &'static str {
    Unit::parse(text).expect_err(text).code()
}

/// The units that packs use: text, what it prints as, value of one in another unit.
#[test]
fn units_of_packs_are_read() {
    let cases = [
        ("USD@2012", "USD@2012", "USD@2012", 1.0),
        ("million USD@2012", "million USD@2012", "USD@2012", 1e6),
        ("bn USD@2012", "bn USD@2012", "million USD@2012", 1e3),
        ("billion USD@2012/yr", "bn USD@2012/yr", "million USD@2012/month", 1000.0 / 12.0),
        ("bcm/yr", "bcm/yr", "m3/month", 1e9 / 12.0),
        ("Mt", "Mt", "kg", 1e9),
        ("kt", "kt", "t", 1e3),
        ("1/yr", "1/yr", "1/month", 1.0 / 12.0),
        ("%/yr", "%/yr", "1/yr", 0.01),
        ("1/(1000 km yr)", "1/(1000 km yr)", "1/(km month)", 1.0 / 12_000.0),
        ("persons/yr", "persons/yr", "persons/month", 1.0 / 12.0),
        ("thousand persons", "thousand persons", "persons", 1e3),
        ("events/yr", "events/yr", "1/yr", 1.0),
        ("deaths", "deaths", "persons", 1.0),
        ("%", "%", "share", 0.01),
        ("% of GDP", "% of GDP", "share of GDP", 0.01),
        ("% of GDP/yr", "% of GDP/yr", "1/yr", 0.01),
        ("index", "index", "1", 1.0),
        ("1", "1", "share", 1.0),
        ("TWh", "TWh", "GWh", 1e3),
        ("months", "month", "yr", 1.0 / 12.0),
        ("USD@2012/(1000 m3)", "USD@2012/(1000 m3)", "USD@2012/m3", 1e-3),
        ("m^3", "m^3", "m3", 1.0),
        ("1000 m3", "thousand m3", "m3", 1e3),
        ("km2", "km2", "ha", 100.0),
        ("0.5 t", "t/2", "kg", 500.0),
        ("(USD@2012/bbl)^-1", "bbl/USD@2012", "bbl/USD@2012", 1.0),
        ("kg*m/(yr^2)", "kg m/yr^2", "kg m/month^2", 1.0 / 144.0),
        ("t/km2/yr", "t/(km2 yr)", "t/(km2 yr)", 1.0),
    ];
    for (text, printed, to, one) in cases {
        let unit_ = unit(text);
        assert_eq!(unit_.to_string(), printed);
        assert_eq!(unit(printed), unit_, "{printed}");
        // The factors are exact fractions, so the product with 1 is the correctly rounded number: no tolerance.
        assert_eq!(unit_.convert(1.0, &unit(to)).unwrap(), one, "{text} in {to}");
    }
}

/// Published equivalents. Tolerances are half a unit in the last digit printed in the source.
#[test]
fn factors_agree_with_published_tables() {
    // BP Statistical Review of World Energy, approximate conversion factors: 1 kilolitre = 6.2898 barrels.
    let barrels = unit("m3").convert(1.0, &unit("bbl")).unwrap();
    assert!((barrels - 6.2898).abs() < 0.5e-4, "{barrels}");
    // IEA unit converter: 1 Mtoe = 11.63 TWh, 1 TWh = 3.6 PJ; both exact by definition.
    assert_eq!(unit("Mtoe").convert(1.0, &unit("TWh")).unwrap(), 11.63);
    assert_eq!(unit("TWh").convert(1.0, &unit("PJ")).unwrap(), 3.6);
    // A gigawatt for a mean Gregorian year of 365.2425 days of 24 hours.
    assert_eq!(unit("GW").convert(1.0, &unit("GWh/yr")).unwrap(), 8765.82);
    assert_eq!(unit("yr").convert(1.0, &unit("day")).unwrap(), 365.2425);
}

#[test]
fn conversions_round_once() {
    assert_eq!(unit("%").convert(35.0, &unit("share")).unwrap(), 0.35);
    assert_eq!(unit("1/yr").convert(12.0, &unit("1/month")).unwrap(), 1.0);
    assert_eq!(unit("1/month").convert(0.1, &unit("1/yr")).unwrap(), 0.1 * 12.0);
}

#[test]
fn what_does_not_convert_says_why() {
    let error = |from: &str, to: &str| unit(from).convert(1.0, &unit(to)).unwrap_err();
    assert_eq!(error("bcm", "bcm/yr").code(), "U002");
    assert_eq!(error("bcm", "TWh").code(), "U002", "gas is a volume");
    assert_eq!(error("% of GDP", "% of exports").code(), "U002");
    assert_eq!(error("USD@2012", "USD@2010").code(), "U003");
    assert_eq!(error("USD", "USD@2012").code(), "U003");
    assert_eq!(error("USD", "million USD").code(), "U003");
    assert_eq!(error("USD@2012", "KZT@2012").code(), "U003");
    assert_eq!(error("USD@2012/bbl", "USD@2011/m3").code(), "U003");
    assert_eq!(unit("USD").convert(3.0, &unit("USD")), Ok(3.0), "nothing to convert");
    assert!(unit("USD/bbl").lacks_price_year() && !unit("USD@2012/bbl").lacks_price_year());
    assert!(!unit("bbl").lacks_price_year());
    let text = error("bcm", "bcm/yr").to_string();
    assert_eq!(text, "`bcm` (length^3) does not convert to `bcm/yr` (length^3/time)");
}

#[test]
fn what_cannot_be_read_says_where() {
    let unknown = Unit::parse("USD@2012/barel").unwrap_err();
    assert_eq!(unknown, UnitError::Unknown { word: "barel".to_owned(), at: 9..14 });
    assert_eq!(unknown.range(), Some(9..14));
    for text in [
        "",
        " ",
        "/yr",
        "bcm/",
        "1/(1000 km yr",
        "km)",
        "()",
        "m^",
        "m^0",
        "m^10",
        "m^99",
        "m^-",
        "m^1.5",
        "m@2012",
        "USD@12",
        "USD@",
        "USD@20122",
        "USD@0001",
        "0 m",
        "0.0",
        "1.",
        "-1",
        "% of",
        "1000000000000000000000000000000000000000",
        "m+km",
        "m**km",
        "yr//m",
    ] {
        assert_eq!(code(text), "U005", "`{text}`");
    }
    assert_eq!(code("usd"), "U001");
    assert_eq!(code("m³"), "U001");
    assert_eq!(code("USD@2012/USD@2011"), "U003");
    assert_eq!(code("USD KZT"), "U003");
    assert_eq!(code("% of GDP % of exports"), "U005");
    let ambiguous = Unit::parse("USD@2012/1000 m3").unwrap_err();
    assert!(ambiguous.to_string().contains("brackets"), "{ambiguous}");
    assert_eq!(code("m/s*km"), "U001");
    assert_eq!(code("t/yr*km"), "U005");
    assert_eq!(code(&"(".repeat(100_000)), "U005", "deep brackets do not overflow the stack");
    assert_eq!(code("((trillion^9)^9)^9"), "U005");
}

#[test]
fn equal_means_the_same_measure() {
    assert_eq!(unit("USD@2012/m3"), unit("1000 USD@2012/(1000 m3)"));
    assert_eq!(unit("bcm"), unit("km3"));
    assert_ne!(unit("USD@2012"), unit("USD@2011"));
    assert_ne!(unit("%"), unit("% of GDP"));
    assert_eq!(unit("USD@2012/USD@2012"), Unit::one());
    assert_eq!(unit("yr").times(&unit("1/month")).unwrap(), unit("12"));
    assert_eq!(unit("bcm").over(&unit("yr")).unwrap(), unit("bcm/yr"));
}

#[test]
fn every_word_is_known_once_and_readable() {
    let mut words: Vec<_> = known_words().collect();
    for word in &words {
        unit(word);
    }
    let count = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), count, "a word stands twice in the table");
}

#[test]
fn dimensions_print() {
    let dimension = |text: &str| unit(text).dimension().to_string();
    assert_eq!(dimension("USD@2012/(1000 m3)"), "money/length^3");
    assert_eq!(dimension("1/(km yr)"), "1/(length time)");
    assert_eq!(dimension("GW"), "energy/time");
    assert_eq!(dimension("%"), "a plain number");
    assert_eq!(Dimension::of(Base::Mass, 127).times(Dimension::of(Base::Mass, 1)), None);
}

/// Units of one or two words of the table, with numbers. Small enough that no order of multiplying leaves 128 bits.
fn any_unit() -> impl Strategy<Value = Unit> {
    let words: Vec<&'static str> = known_words().collect();
    let term = (prop::sample::select(words), -1i8..=1, prop::sample::select(vec![1_u32, 10, 1000, 7]));
    prop::collection::vec(term, 1..=2).prop_filter_map("currencies differ", |terms| {
        terms.into_iter().try_fold(Unit::one(), |product, (word, power, number)| {
            let year = if unit(word).money().is_some() { "@2012" } else { "" };
            let term = unit(&format!("{number} {word}{year}")).to_the(power).ok()?;
            product.times(&term).ok()
        })
    })
}

fn any_dimension() -> impl Strategy<Value = Dimension> {
    prop::array::uniform6(-9i8..=9)
        .prop_map(|powers| Base::ALL.into_iter().zip(powers).fold(Dimension::NONE, |dimension, (base, power)| dimension.with(base, power)))
}

proptest! {
    #[test]
    fn reading_never_panics(text in "(?s).{0,40}") {
        let _ = Unit::parse(&text);
    }

    #[test]
    fn reading_never_panics_near_the_grammar(text in "[0-9mtUSDkyr%@^/*() .ofGP-]{0,24}") {
        if let Ok(read) = Unit::parse(&text) {
            prop_assert_eq!(Unit::parse(&read.to_string()), Ok(read));
        }
    }

    #[test]
    fn errors_point_into_the_text(text in "(?s).{0,30}") {
        if let Some(range) = Unit::parse(&text).err().and_then(|error| error.range()) {
            prop_assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
        }
    }

    #[test]
    fn printing_round_trips(made in any_unit()) {
        prop_assert_eq!(Unit::parse(&made.to_string()), Ok(made));
    }

    /// There and back, each way at most two roundings of half a unit in the last place: 4 x 2^-53, with room for the
    /// product of the errors.
    #[test]
    fn converting_there_and_back_is_the_identity(made in any_unit(), number in 1_u32..2000, value in -1e12..1e12_f64) {
        let other = made.times(&unit(&format!("1/{number}"))).unwrap();
        let back = other.convert(made.convert(value, &other).unwrap(), &made).unwrap();
        prop_assert!((back - value).abs() <= 4.5 * f64::EPSILON / 2.0 * value.abs(), "{value} {back} {made} {other}");
    }

    #[test]
    fn a_unit_over_itself_is_one(made in any_unit()) {
        prop_assert_eq!(made.over(&made), Ok(Unit::one()));
    }

    #[test]
    fn dimensions_are_a_commutative_group(a in any_dimension(), b in any_dimension(), c in any_dimension()) {
        prop_assert_eq!(a.times(b), b.times(a));
        prop_assert_eq!(a.times(b).unwrap().times(c), a.times(b.times(c).unwrap()));
        prop_assert_eq!(a.times(Dimension::NONE), Some(a));
        prop_assert_eq!(a.times(a.to_the(-1).unwrap()), Some(Dimension::NONE));
        prop_assert_eq!(a.over(b), a.times(b.to_the(-1).unwrap()));
        prop_assert_eq!(a.times(a), a.to_the(2));
    }

    #[test]
    fn the_dimension_of_a_product_is_the_product_of_dimensions(a in any_unit(), b in any_unit()) {
        if let Ok(product) = a.times(&b) {
            prop_assert_eq!(Some(product.dimension()), a.dimension().times(b.dimension()));
        }
    }
}
