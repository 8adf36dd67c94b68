//! What is estimated from the data: one table a fit, keys by method.

use std::collections::BTreeMap;

use oxus_units::Period;

use crate::region::{Covariate, Fit, FitErrors, FitForm, FitTarget, HazardLink, Intercept, Measured, Method, Name, Transform};
use crate::walk::{Context, Kind, Table, Value};

/// Words of the methods, for messages.
const METHODS: &[&str] = &[
    "means",
    "deviations",
    "autoregression",
    "common-factor",
    "mean-reversion",
    "regression",
    "rare-changes",
    "yearly-counts",
    "hazard",
    "stock-flow",
];
/// Observations of an entity that are enough unless the fit says otherwise: five leave three beside a mean and a slope.
const LEAST: u64 = 5;

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Fit> {
    let mut fits = BTreeMap::new();
    for (path, _) in cx.folder("fits", "toml") {
        super::keyed(cx, path, Kind::Fit, &mut fits, fit);
    }
    fits
}

fn fit(id: &str, value: &Value<'_>) -> Option<Fit> {
    let table = value.table(format!("fit `{id}`"))?;
    let method = table.need("method").and_then(|word| method(&table, &word));
    let years = table.need("years").and_then(|v| years(&v));
    let panel = matches!(method, Some(Method::Hazard { .. }));
    let entities = if panel { None } else { table.need("entities").and_then(|v| v.names()) };
    if let Some(list) = table.get("entities").filter(|_| entities.as_ref().is_some_and(Vec::is_empty)) {
        list.wrong("an empty list", "the entities whose data are used");
    }
    let least = table.get("least").and_then(|v| v.whole(3, 1000)).unwrap_or(LEAST);
    let writes = table.need("writes").and_then(|v| v.list()).unwrap_or_default();
    let says = table.need("says").and_then(|v| v.words());
    let fit = Fit {
        id: id.to_owned(),
        writes: writes.iter().filter_map(target).collect(),
        says: says?,
        method: method?,
        years: years?,
        entities: entities.unwrap_or_default(),
        least: usize::try_from(least).unwrap_or(usize::MAX),
        span: table.span,
    };
    table.finish();
    Some(fit)
}

fn years(value: &Value<'_>) -> Option<Period> {
    let text = value.text()?;
    let found = Period::parse(&text).ok().filter(|years| years.months().is_multiple_of(12) && years.first().month() == 1);
    if found.is_none() {
        value.wrong(&format!("`{text}`"), "years, such as `\"2003-2012\"`");
    }
    found
}

fn method(table: &Table<'_>, word: &Value<'_>) -> Option<Method> {
    let text = word.text()?;
    let one = |key: &str| table.need(key).and_then(|v| measured(&v, key));
    let some = |key: &str| table.get(key).and_then(|v| v.list()).unwrap_or_default();
    let regressors = || -> Vec<Measured> { some("on").iter().filter_map(|v| measured(v, "")).collect() };
    let flag = |key: &str| table.get(key).and_then(|v| v.flag()).unwrap_or(false);
    Some(match text.as_str() {
        "means" => Method::Means { of: one("of")?, shrink: flag("shrink") },
        "deviations" => Method::Deviations { of: one("of")?, on: regressors() },
        "autoregression" => Method::Autoregression { of: one("of")? },
        "common-factor" => Method::CommonFactor { of: one("of")?, on: regressors() },
        "mean-reversion" => Method::MeanReversion { of: one("of")?, averaged: flag("averaged") },
        "regression" => {
            table.need("on");
            let intercept = table.get("intercept").and_then(|v| v.word()).unwrap_or(Intercept::Common);
            let errors = table.get("errors").and_then(|v| v.word()).unwrap_or(FitErrors::Robust);
            Method::Regression { of: one("of")?, on: regressors(), intercept, each: flag("each"), errors }
        }
        "rare-changes" => {
            let above = table.need("above").and_then(|v| v.real());
            Method::RareChanges { of: one("of")?, on: regressors(), above: above? }
        }
        "yearly-counts" => Method::YearlyCounts { of: one("of")? },
        "hazard" => {
            let name = |key: &str| table.need(key).and_then(|v| v.name());
            let link = table.get("link").and_then(|v| v.word()).unwrap_or(HazardLink::Cloglog);
            let (panel, exposure, event) = (name("panel"), name("exposure"), name("event"));
            let on = some("on").iter().filter_map(covariate).collect();
            Method::Hazard { panel: panel?, exposure: exposure?, event: event?, link, on }
        }
        "stock-flow" => {
            let (debt, balance, growth, inflation) = (one("debt"), one("balance"), one("growth"), one("inflation"));
            let interest = table.need("interest").and_then(|v| v.real());
            Method::StockFlow { debt: debt?, balance: balance?, growth: growth?, inflation: inflation?, interest: interest? }
        }
        _ => {
            word.wrong(&format!("`{text}`"), &format!("one of {}", METHODS.join(", ")));
            return None;
        }
    })
}

/// A variable made of series; `name` is its name where the table gives none.
fn measured(value: &Value<'_>, name: &str) -> Option<Measured> {
    let table = value.table(format!("`{}` of {}", value.key, value.owner))?;
    let own = if name.is_empty() { table.need("name").and_then(|v| v.name()) } else { None };
    let series = table.need("series").and_then(|v| names(&v));
    if let Some(list) = table.get("series").filter(|_| series.as_ref().is_some_and(Vec::is_empty)) {
        list.wrong("an empty list", "a series, or several to be multiplied");
    }
    let measured = Measured {
        name: own.map_or_else(|| name.to_owned(), |own| own.id),
        series: series?,
        entity: table.get("entity").and_then(|v| v.name()),
        scale: table.get("scale").and_then(|v| v.real()).unwrap_or(1.0),
        transform: table.get("transform").and_then(|v| v.word()).unwrap_or(Transform::Level),
        span: value.span,
    };
    table.finish();
    Some(measured)
}

/// One id or a list of them.
fn names(value: &Value<'_>) -> Option<Vec<Name>> {
    if value.as_text().is_some() { Some(vec![value.name()?]) } else { value.names() }
}

fn covariate(value: &Value<'_>) -> Option<Covariate> {
    let table = value.table(format!("`{}` of {}", value.key, value.owner))?;
    let name = table.need("name").and_then(|v| v.name());
    let column = table.get("column").and_then(|v| v.name()).or_else(|| name.clone());
    let transform = table.get("transform").and_then(|v| {
        let transform: Transform = v.word()?;
        if matches!(transform, Transform::Change | Transform::LogChange) {
            v.wrong("a change", "`level`, `log` or `log-plus-one`: rows of a panel stand alone");
            return None;
        }
        Some(transform)
    });
    let centre = table.get("centre").and_then(|v| v.real()).unwrap_or(0.0);
    table.finish();
    Some(Covariate { name: name?.id, column: column?, transform: transform.unwrap_or(Transform::Level), centre })
}

fn target(value: &Value<'_>) -> Option<FitTarget> {
    let table = value.table(format!("an entry of `writes` of {}", value.owner))?;
    let (estimate, parameter) = (table.need("estimate").and_then(|v| v.name()), table.need("parameter").and_then(|v| v.name()));
    let real = |key: &str| table.get(key).and_then(|v| v.real());
    let times = table.get("times").map(|v| factors(&v)).unwrap_or_default();
    let widen = table.get("widen").and_then(|v| positive(&v));
    let because = table.get("because").and_then(|v| v.words());
    let compare = table.get("compare").and_then(|v| v.flag()).unwrap_or(false);
    if (widen.is_some() || !times.is_empty() || compare) && !table.has("because") {
        // what the data say is changed, or not taken: by what right?
        table.missing("because");
    }
    let target = FitTarget {
        entity: table.get("entity").and_then(|v| v.name()),
        only: table.get("only").and_then(|v| names(&v)).unwrap_or_default(),
        form: table.get("form").and_then(|v| v.word()).unwrap_or(FitForm::Normal),
        low: real("low"),
        high: real("high"),
        times,
        widen: widen.unwrap_or(1.0),
        because,
        compare,
        estimate: estimate?,
        parameter: parameter?,
        span: value.span,
    };
    table.finish();
    Some(target)
}

/// A factor for all, or one for each entity.
fn factors(value: &Value<'_>) -> BTreeMap<String, f64> {
    if !value.is_table() {
        return factor(value).map(|factor| (String::new(), factor)).into_iter().collect();
    }
    let Some(table) = value.table(format!("`times` of {}", value.owner)) else { return BTreeMap::new() };
    table.entries().iter().filter_map(|entry| Some((entry.key.clone(), factor(entry)?))).collect()
}

fn factor(value: &Value<'_>) -> Option<f64> {
    let number = value.real()?;
    if number == 0.0 {
        value.wrong("0", "a factor other than 0");
        return None;
    }
    Some(number)
}

fn positive(value: &Value<'_>) -> Option<f64> {
    let number = value.real()?;
    if number <= 0.0 {
        value.wrong(&format!("{number}"), "a factor above 0");
        return None;
    }
    Some(number)
}
