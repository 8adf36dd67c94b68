use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};
use oxus_units::{Kind as Quantity, Period, Unit};

use super::units;
use crate::region::{Observation, Series};
use crate::walk::{Context, Kind, Row, Table, parse, rows};

/// Longest publication lag, months: no statistic takes longer than ten years.
const MAX_LAG: u64 = 120;

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Series> {
    let tables: Vec<&str> = cx.folder("series", "csv").into_iter().map(|(_, id)| id).collect();
    let sidecars: Vec<&str> = cx.folder("series", "toml").into_iter().map(|(_, id)| id).collect();
    for id in &tables {
        let sidecar = format!("series/{id}.toml");
        if !sidecars.contains(id) && !cx.broken.contains(&sidecar) {
            let at = cx.file(&format!("series/{id}.csv")).map(|(_, source)| Span::new(source, 0..0));
            cx.push(
                missing(&format!("series `{id}` has no sidecar `{sidecar}`"), at)
                    .help("write its title, unit, kind, publisher, citation, licence, lag_months and vintage there"),
            );
        }
    }
    let mut series = BTreeMap::new();
    for id in sidecars {
        let path = format!("series/{id}.toml");
        let Some((text, source)) = cx.file(&path) else {
            continue;
        };
        cx.declare(Kind::Series, id, Span::new(source, 0..0));
        let tree = parse(cx, &path, text, source);
        let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("series `{id}`"));
        let sidecar = sidecar(&table, id, cx.head(source));
        table.finish();
        let csv = format!("series/{id}.csv");
        let Some((_, values_source)) = cx.file(&csv) else {
            if !cx.broken.contains(&csv) {
                cx.push(missing(&format!("series `{id}` has no values `{csv}`"), Some(table.span)));
            }
            continue;
        };
        let lag = sidecar.as_ref().map_or(0, |series| series.lag_months);
        let values_span = cx.head(values_source);
        let observations = observations(cx, &csv, lag);
        if let Some(sidecar) = sidecar {
            let found = Series { values: observations, table: values_span, ..sidecar };
            bounds(cx, &found);
            series.insert(id.to_owned(), found);
        }
    }
    series
}

fn missing(what: &str, at: Option<Span>) -> Diagnostic {
    Diagnostic::error(codes::P009, what).at_maybe(at, "")
}

fn sidecar(table: &Table<'_>, id: &str, span: Span) -> Option<Series> {
    let words = |key: &str| table.need(key).and_then(|v| v.words());
    let unit: Option<Unit> = table.need("unit").and_then(|v| units::parse(v.cx, &v.text()?, v.span));
    let kind: Option<Quantity> = table.need("kind").and_then(|v| v.word());
    let (title, publisher, citation) = (words("title"), words("publisher"), words("citation"));
    let (vintage, lag) = (words("vintage"), table.need("lag_months").and_then(|v| v.whole(0, MAX_LAG)));
    let licence = licence(table);
    Some(Series {
        id: id.to_owned(),
        variable: table.get("variable").and_then(|v| v.name()),
        url: table.get("url").and_then(|v| v.words()),
        retrieved: table.get("retrieved").and_then(|v| v.date()),
        transform: table.get("transform").and_then(|v| v.words()),
        source: table.get("source").and_then(|v| v.name()),
        note: table.get("note").and_then(|v| v.words()),
        values: BTreeMap::new(),
        span,
        table: span,
        title: title.unwrap_or_default(),
        publisher: publisher.unwrap_or_default(),
        citation: citation.unwrap_or_default(),
        licence: licence.unwrap_or_default(),
        vintage: vintage.unwrap_or_default(),
        lag_months: lag.and_then(|lag| u32::try_from(lag).ok()).unwrap_or(0),
        unit: unit?,
        kind: kind?,
    })
}

fn licence(table: &Table<'_>) -> Option<String> {
    let stated = table.get("licence");
    let text = stated.as_ref().and_then(|v| v.text()).filter(|text| !text.trim().is_empty());
    if text.is_none() {
        table.cx().push(
            Diagnostic::error(codes::P021, format!("{} has no licence", table.what))
                .at(stated.map_or(table.span, |v| v.span), "")
                .help("say under what terms it is published: `licence = \"CC BY 4.0\"`")
                .note("data that may not be passed on cannot be part of a pack"),
        );
    }
    text
}

fn observations(cx: &Context<'_>, path: &str, lag: u32) -> BTreeMap<String, Vec<Observation>> {
    let mut values: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
    let mut last: Option<(String, Period)> = None;
    rows(cx, path, &["entity", "period", "value"], &[], None, |row| {
        let (entity, period, value) = (row.need("entity"), period(row), row.need("value"));
        let value = value.and_then(|cell| cell.real(f64::NEG_INFINITY, f64::INFINITY));
        let (Some(entity), Some(period), Some(value)) = (entity, period, value) else {
            return;
        };
        let here = (entity.text.to_owned(), period);
        if let Some(before) = &last {
            order(cx, row.span, before, &here);
        }
        let lag = i32::try_from(lag).unwrap_or(i32::MAX);
        let observation = Observation { period, observable_from: period.last().plus(lag), value, span: row.span };
        values.entry(here.0.clone()).or_default().push(observation);
        last = Some(here);
    });
    for list in values.values_mut() {
        list.sort_by_key(|observation| observation.period);
    }
    values
}

/// A year or a month.
fn period(row: &Row<'_>) -> Option<Period> {
    let cell = row.need("period")?;
    let found = Period::parse(cell.text).ok().filter(|period| matches!(period.months(), 1 | 12));
    if found.is_none() {
        cell.cx.bad_date(cell.text, cell.span, "a year `YYYY` or a month `YYYY-MM`");
    }
    found
}

/// Rows go by entity, then by time, and no period is described twice.
fn order(cx: &Context<'_>, span: Span, before: &(String, Period), here: &(String, Period)) {
    let what = if before == here {
        format!("`{}` has two values for {}", here.0, here.1)
    } else if here < before {
        format!("{} of `{}` stands after {} of `{}`", here.1, here.0, before.1, before.0)
    } else if here.0 == before.0 && here.1.first() <= before.1.last() {
        format!("{} and {} of `{}` overlap", before.1, here.1, here.0)
    } else {
        return;
    };
    cx.push(Diagnostic::error(codes::P020, what).at(span, "").expected("rows sorted by entity, then by period, each period once"));
}

/// Unit and values have to be possible for the kind; the first value that is not stands for all of the series.
fn bounds(cx: &Context<'_>, series: &Series) {
    if let Err(error) = series.kind.check_unit(&series.unit) {
        cx.push(Diagnostic::error(units::code(&error), error.to_string()).at(series.span, ""));
        return;
    }
    let impossible = |observation: &&Observation| series.kind.check(observation.value, &series.unit).is_err();
    let mut found = series.values.values().flatten().filter(impossible);
    let Some(first) = found.next() else { return };
    let Err(error) = series.kind.check(first.value, &series.unit) else {
        return;
    };
    let more = found.count();
    cx.push(
        Diagnostic::error(units::code(&error), error.to_string())
            .at(first.span, "")
            .and_at(series.span, format!("series `{}` is of kind {}", series.id, series.kind))
            .note(format!("{more} more values of this series are outside too")),
    );
}
