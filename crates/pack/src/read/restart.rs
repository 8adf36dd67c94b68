//! `backtest.toml`: how the region is started earlier.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes, did_you_mean};

use super::units::Money;
use crate::region::{Name, Parameter, Reestimate, Regression, Replay, ReplayCheck, Restart, Series, Statistic, Stricter, Threshold};
use crate::walk::{Context, Kind, Table, Value, parse};

const PATH: &str = "backtest.toml";

pub(super) fn read(cx: &Context<'_>, series: &BTreeMap<String, Series>, parameters: &BTreeMap<String, Parameter>, money: &Money) -> Restart {
    let mut restart = Restart::default();
    let Some((text, source)) = cx.file(PATH) else {
        return restart;
    };
    let tree = parse(cx, PATH, text, source);
    let top = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("`{PATH}`"));
    let known = |name: Name| -> Option<Name> {
        if series.contains_key(&name.id) || cx.ids.borrow().has(Kind::Series, &name.id) {
            return Some(name);
        }
        let near = did_you_mean(&name.id, series.keys().map(String::as_str));
        cx.push(Diagnostic::error(codes::P014, format!("there is no series `{}`", name.id)).at(name.span, "").help_maybe(near));
        None
    };
    let sub = |key: &str| top.get(key).and_then(|v| v.table(format!("`{key}` of `{PATH}`")));
    restart.output = top.get("output").and_then(|v| v.name()).and_then(known);
    for partner in sub("trade").iter().flat_map(Table::entries) {
        state(cx, &partner);
        restart.trade.extend(partner.name().and_then(known).map(|name| (partner.key.clone(), name)));
    }
    for left in sub("without").iter().flat_map(Table::entries) {
        if !series.contains_key(&left.key) {
            state(cx, &left);
        }
        restart.without.extend(left.words().map(|reason| (left.key.clone(), reason)));
    }
    for rule in sub("parameters").iter().flat_map(Table::entries) {
        parameter(cx, &rule, parameters);
        restart.parameters.extend(reestimate(&rule, &known).map(|found| (rule.key.clone(), found)));
    }
    restart.conflict = sub("conflict").and_then(|table| {
        let (series, threshold) = (table.need("series").and_then(|v| v.name()).and_then(known), table.need("threshold").and_then(|v| v.real()));
        table.finish();
        Some(Threshold { series: series?, threshold: threshold? })
    });
    restart.regression = sub("regression").and_then(|table| regression(&table, &known));
    for rule in sub("strict").iter().flat_map(Table::entries) {
        parameter(cx, &rule, parameters);
        restart.strict.extend(stricter(&rule).map(|found| (rule.key.clone(), found)));
    }
    for found in sub("replays").iter().flat_map(Table::entries) {
        restart.replays.extend(replay(&found, &known, money).map(|replay| (found.key.clone(), replay)));
    }
    top.finish();
    restart
}

fn parameter(cx: &Context<'_>, rule: &Value<'_>, parameters: &BTreeMap<String, Parameter>) {
    if !parameters.contains_key(&rule.key) {
        let near = did_you_mean(&rule.key, parameters.keys().map(String::as_str));
        cx.push(Diagnostic::error(codes::P014, format!("there is no parameter `{}`", rule.key)).at(rule.key_span, "").help_maybe(near));
    }
}

fn regression(table: &Table<'_>, known: &dyn Fn(Name) -> Option<Name>) -> Option<Regression> {
    let series = |key: &str| table.need(key).and_then(|v| v.name()).and_then(known);
    let (regime, income, conflict) = (series("regime"), series("income"), series("conflict"));
    let events = table.need("events").and_then(|v| v.table("`events` of the regression"));
    let events = events.iter().flat_map(Table::entries).filter_map(|v| Some((v.key.clone(), known(v.name()?)?))).collect();
    table.finish();
    Some(Regression { regime: regime?, income: income?, conflict: conflict?, events })
}

fn replay(value: &Value<'_>, known: &dyn Fn(Name) -> Option<Name>, money: &Money) -> Option<Replay> {
    let table = value.table(format!("replay `{}`", value.key))?;
    let list = |key: &str| table.get(key).and_then(|v| v.list()).unwrap_or_default();
    let year = |v: Value<'_>| v.whole(1000, 9999).and_then(|y| i32::try_from(y).ok());
    let check = |item: &Value<'_>| {
        let check = item.table(format!("a check of replay `{}`", value.key))?;
        let (series, entity) = (check.need("series").and_then(|v| v.name()).and_then(known), check.need("entity").and_then(|v| v.words()));
        let at = check.need("year").and_then(year);
        check.finish();
        Some(ReplayCheck { series: series?, entity: entity?, year: at? })
    };
    let (title, note, origin) =
        (table.need("title").and_then(|v| v.words()), table.need("note").and_then(|v| v.words()), table.need("origin").and_then(year));
    let found = Replay {
        interventions: list("do").iter().filter_map(|item| super::scenarios::intervention(item, &value.key, money)).collect(),
        contracts: table.get("contracts").and_then(|v| v.names()).unwrap_or_default(),
        checks: list("check").iter().filter_map(check).collect(),
        title: title?,
        origin: origin?,
        note: note?,
        span: table.span,
    };
    table.finish();
    Some(found)
}

fn stricter(value: &Value<'_>) -> Option<Stricter> {
    let table = value.table(format!("`{}` of `{PATH}`", value.key))?;
    let number = table.need("value").and_then(|v| super::distribution::read(&v));
    let reason = table.need("reason").and_then(|v| v.words());
    table.finish();
    Some(Stricter { value: number?, reason: reason?, span: table.span })
}

fn state(cx: &Context<'_>, value: &Value<'_>) {
    let ids = cx.ids.borrow();
    if !ids.has(Kind::State, &value.key) {
        let problem = Diagnostic::error(codes::P014, format!("there is no state `{}`", value.key)).at(value.key_span, "");
        cx.push(problem.help_maybe(did_you_mean(&value.key, ids.of(Kind::State))));
    }
}

fn reestimate(value: &Value<'_>, known: &dyn Fn(Name) -> Option<Name>) -> Option<Reestimate> {
    let table = value.table(format!("`{}` of `{PATH}`", value.key))?;
    let statistic: Option<Statistic> = table.need("statistic").and_then(|v| v.word());
    let from_series = !matches!(statistic, Some(Statistic::Share | Statistic::Stated));
    let series = if from_series { table.need("series") } else { table.get("series") }.and_then(|v| v.name()).and_then(known);
    let stated = if statistic == Some(Statistic::Stated) { table.need("value") } else { table.get("value") };
    let (reason, years) = (table.need("reason").and_then(|v| v.words()), table.get("years").and_then(|v| v.whole(1, 100)));
    let number = |key: &str, otherwise: f64| table.get(key).and_then(|v| v.real()).unwrap_or(otherwise);
    let found = Reestimate {
        parameter: Name { id: value.key.clone(), span: value.key_span },
        statistic: statistic?,
        years: years.and_then(|y| u32::try_from(y).ok()).unwrap_or(10),
        scale: number("scale", 1.0),
        error: number("error", 0.0),
        value: stated.and_then(|v| v.real()).unwrap_or(0.0),
        reason: reason?,
        span: table.span,
        series,
    };
    table.finish();
    (!from_series || found.series.is_some()).then_some(found)
}
