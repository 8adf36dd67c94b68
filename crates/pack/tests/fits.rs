//! Fits and panels: what is read, and what is reported.

mod common;

use oxus_pack::region::{FitForm, Method, Transform};
use oxus_pack::{Memory, read};

const FIT: &str = r#"
[growth]
method   = "means"
says     = "mean growth"
of       = { series = "growth", scale = 0.01 }
years    = "2010-2012"
least    = 3
entities = ["AAA", "BBB"]
writes   = [{ estimate = "mean", parameter = "finance.growth_trend", widen = 1.5, because = "a short series" }]
"#;

const SIDECAR: &str = r#"
title = "Exits"
licence = "CC0"
lag_months = 1
vintage = "2013"
[columns]
months = "at risk"
events = "exits"
"#;

fn with(fit: &str) -> Memory {
    let mut files = common::minimal();
    files.insert("fits/growth.toml", fit);
    files
}

/// Codes and headlines of what is wrong.
fn told(files: &Memory) -> Vec<String> {
    read(files).diagnostics.iter().map(|p| format!("{} {}", p.code.id(), p.headline)).collect()
}

#[test]
fn a_fit_is_read_with_its_method_and_targets() {
    let region = read(&with(FIT)).region.unwrap();
    let fit = &region.fits["growth"];
    let Method::Means { of, shrink } = &fit.method else { panic!("{fit:?}") };
    assert_eq!((of.series[0].id.as_str(), of.scale, of.transform, *shrink), ("growth", 0.01, Transform::Level, false));
    let target = &fit.writes[0];
    assert_eq!((target.widen, target.form, target.compare, target.factor("AAA")), (1.5, FitForm::Normal, false, 1.0));
    assert_eq!((fit.years.first().year(), fit.years.last().year(), fit.least), (2010, 2012, 3));
}

#[test]
fn what_a_fit_names_must_exist() {
    for (old, new, expected) in [
        ("series = \"growth\"", "series = \"groth\"", "P014 there is no series `groth`"),
        ("\"finance.growth_trend\"", "\"finance.growth_tend\"", "P014 there is no parameter `finance.growth_tend`"),
        ("estimate = \"mean\"", "estimate = \"median\"", "P014 fit `growth` gives no estimate `median`"),
        ("[\"AAA\", \"BBB\"]", "[\"AAA\", \"CCC\"]", "P014 series `growth` has no entity `CCC`"),
        ("widen = 1.5, because = \"a short series\"", "widen = 1.5", "P009 an entry of `writes` of fit `growth` has no `because`"),
        ("\"means\"", "\"medians\"", "P010 `method` of fit `growth` cannot be this"),
        ("\"2010-2012\"", "\"a decade\"", "P010 `years` of fit `growth` cannot be this"),
        ("widen = 1.5", "widen = 0", "P010 `widen` of an entry of `writes` of `writes` of fit `growth` cannot be this"),
        ("least    = 3", "most = 3", "P008 fit `growth` has no key `most`"),
    ] {
        assert_eq!(FIT.matches(old).count(), 1, "{old}");
        let told = told(&with(&FIT.replace(old, new)));
        let said = told.iter().any(|t| t == expected) || expected.contains("`widen`") && told.iter().any(|t| t.starts_with("P010 `widen`"));
        assert!(said, "{expected}: {told:?}");
    }
}

#[test]
fn no_number_is_written_twice() {
    let twice = format!("{FIT}{}", FIT.replace("[growth]", "[growth-again]"));
    assert!(told(&with(&twice)).iter().all(|t| t.starts_with("A062 two fits write `finance.growth_trend` of ")), "{:?}", told(&with(&twice)));
    let compared = format!("{FIT}{}", FIT.replace("[growth]", "[growth-again]").replace("widen = 1.5", "compare = true"));
    assert!(told(&with(&compared)).is_empty());
}

#[test]
fn panels_are_read_by_their_columns() {
    let panel = |values: &str| {
        let mut files = with("");
        files.insert("panels/exits.toml", SIDECAR);
        files.insert("panels/exits.csv", values);
        files
    };
    let region = read(&panel("state,year,events,months\nXXX,2011,1,14\nXXX,2012,0,12\n")).region.unwrap();
    let exits = &region.panels["exits"];
    assert_eq!(exits.columns.keys().collect::<Vec<_>>(), ["events", "months"]);
    assert_eq!((exits.rows[0].values.as_slice(), exits.rows[1].observable_from.to_string()), (&[1.0, 14.0][..], "2013-01".to_owned()));
    for (values, code) in [
        ("state,year,events\nXXX,2011,1\n", "P009"),
        ("state,year,events,months,more\nXXX,2011,1,12,1\n", "P008"),
        ("state,year,events,months\nXXX,2012,0,12\nXXX,2011,0,12\n", "P020"),
        ("state,year,events,months\nXXX,2012,often,12\n", "P010"),
    ] {
        let told = told(&panel(values));
        assert!(told.iter().any(|t| t.starts_with(code)), "{code}: {told:?}");
    }
}
