use crate::{Kind, Unit};

/// Whether a value in a unit is possible for a kind.
fn possible(kind: Kind, value: f64, unit: &str) -> bool {
    kind.check(value, &Unit::parse(unit).unwrap()).is_ok()
}

#[test]
fn units_fit_their_kinds() {
    let fitting = [
        (Kind::Stock, vec!["bcm", "USD@2012", "persons", "1"], vec!["bcm/yr", "GW"]),
        (Kind::Flow, vec!["bcm/yr", "persons/month", "GW", "1/yr"], vec!["bcm", "1"]),
        (Kind::Rate, vec!["1/yr", "%/yr", "events/month", "1/(1000 km yr)"], vec!["bcm/yr", "1", "yr"]),
        (Kind::Probability, vec!["1", "share", "%"], vec!["1/yr", "persons"]),
        (Kind::Share, vec!["share", "%", "% of GDP"], vec!["t", "1/yr"]),
        (Kind::Index, vec!["index", "1"], vec!["t"]),
        (Kind::Price, vec!["USD@2012/bbl", "USD/(1000 m3)"], vec!["USD@2012", "bbl/USD", "t USD/yr", "1"]),
        (Kind::Count, vec!["1", "events", "persons", "deaths"], vec!["persons/yr", "t"]),
    ];
    for (kind, good, bad) in fitting {
        for unit in good {
            assert!(kind.check_unit(&Unit::parse(unit).unwrap()).is_ok(), "{kind} in {unit}");
        }
        for unit in bad {
            let error = kind.check_unit(&Unit::parse(unit).unwrap()).expect_err(unit);
            assert_eq!(error.code(), "U006");
        }
    }
}

#[test]
fn values_stay_inside_bounds() {
    assert!(possible(Kind::Share, 35.0, "%") && possible(Kind::Share, 0.0, "share") && possible(Kind::Share, 100.0, "%"));
    assert!(!possible(Kind::Share, 35.0, "share") && !possible(Kind::Probability, -0.1, "1"));
    assert!(!possible(Kind::Share, 100.1, "%"));
    assert!(possible(Kind::Rate, -0.02, "1/yr"), "growth may be negative");
    assert!(!possible(Kind::Count, -1.0, "persons") && !possible(Kind::Price, -1.0, "USD@2012/bbl"));
    assert!(possible(Kind::Stock, -1.0, "USD@2012"));
    for kind in Kind::ALL {
        let unit = if kind == Kind::Price { "USD@2012/t" } else { "1/yr" };
        let unit = if matches!(kind, Kind::Flow | Kind::Rate | Kind::Price) { unit } else { "1" };
        assert!(possible(kind, 0.5, unit), "{kind}");
        assert!(!possible(kind, f64::NAN, unit) && !possible(kind, f64::INFINITY, unit), "{kind}");
        assert_eq!(kind.name().parse(), Ok(kind));
    }
    assert!("shares".parse::<Kind>().is_err());
}
