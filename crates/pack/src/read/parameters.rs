use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes, did_you_mean};
use oxus_units::{Month, Unit, UnitError};

use super::evidence;
use super::number::Given;
use super::units::Money;
use super::{distribution, refused};
use crate::region::{AtOrigin, Number, Parameter, Series};
use crate::walk::{Context, Kind, Table, Value, parse};

/// Deepest path of a parameter.
const MAX_DEPTH: usize = 8;
/// Keys that make a table a parameter, or a family of parameters that share them.
const MARKS: &[&str] = &["value", "unit", "status", "cites", "sources", "from", "formula", "reason", "per_entity"];

/// What parameters are read with.
#[derive(Clone, Copy)]
pub(super) struct With<'r> {
    pub money: &'r Money,
    pub series: &'r BTreeMap<String, Series>,
    pub origin: Month,
    /// Whether the parameters are the pack's own, rather than a view's in place of them.
    pub own: bool,
}

/// Reads `parameters/*.toml`. Entities must be declared before: their ids tell an override from a parameter.
pub(super) fn read(cx: &Context<'_>, with: With<'_>) -> BTreeMap<String, Parameter> {
    let mut parameters = BTreeMap::new();
    for (path, stem) in cx.folder("parameters", "toml") {
        let Some((text, source)) = cx.file(path) else {
            continue;
        };
        let tree = parse(cx, path, text, source);
        let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("`{path}`"));
        below(&table, stem, &Given::new(with.money), with, &mut parameters);
    }
    parameters
}

/// Reads the tables inside a group: each is a parameter, or a group again.
pub(super) fn below(group: &Table<'_>, path: &str, given: &Given<'_>, with: With<'_>, into: &mut BTreeMap<String, Parameter>) {
    for entry in group.entries() {
        let id = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        refused::segment(entry.cx, &entry.key, entry.key_span);
        if !entry.is_table() {
            // A bare number under a group: a parameter without unit or status.
            match entry.key.as_str() {
                "note" => {}
                _ => evidence::bare(entry.cx, &format!("parameter `{id}`"), entry.span),
            }
            continue;
        }
        let Some(table) = entry.table(format!("parameter `{id}`")) else {
            continue;
        };
        if id.split('.').count() > MAX_DEPTH {
            entry.wrong("a table nested too deeply", &format!("an id of at most {MAX_DEPTH} parts"));
        } else if MARKS.iter().any(|mark| table.has(mark)) || has_entities(&table) {
            parameter(&table, &id, given, with, into);
        } else {
            below(&table, &id, given, with, into);
        }
    }
}

/// Whether a table has an entity's sub-table.
fn has_entities(table: &Table<'_>) -> bool {
    let probe = table.renamed(table.span, "");
    let ids = table.cx().ids.borrow();
    probe.entries().iter().any(|entry| entry.is_table() && super::is_entity(&ids, &entry.key))
}

/// Reads one parameter with its entities; sub-tables that are no entities are parameters of their own, which inherit.
fn parameter(table: &Table<'_>, id: &str, given: &Given<'_>, with: With<'_>, into: &mut BTreeMap<String, Parameter>) {
    let inner = given.within(table);
    let per_entity = table.get("per_entity").and_then(|v| v.flag()).unwrap_or(false);
    if with.own {
        table.cx().declare(Kind::Parameter, id, table.span);
    }
    let mut parameter =
        Parameter { id: id.to_owned(), default: None, entities: BTreeMap::new(), per_entity, at_origin: BTreeMap::new(), span: table.span };
    let value = table.get("value");
    let overrides = has_entities(table);
    for entry in table.other_tables() {
        refused::segment(entry.cx, &entry.key, entry.key_span);
        let known = super::is_entity(&entry.cx.ids.borrow(), &entry.key);
        if known {
            entity(&entry, &entry.key, &inner, with, &mut parameter);
        } else if value.is_some() || overrides {
            no_entity(&entry, id);
        } else if let Some(child) = entry.table(format!("parameter `{id}.{}`", entry.key)) {
            self::parameter(&child, &format!("{id}.{}", entry.key), &inner, with, into);
        }
    }
    if let Some(value) = &value {
        own_value(value, "", &inner, with, &mut parameter);
    }
    table.finish();
    if parameter.default.is_some() || !parameter.entities.is_empty() {
        into.insert(id.to_owned(), parameter);
    } else if value.is_none() && !into.keys().any(|other| other.starts_with(&format!("{id}."))) {
        table.missing("value");
    }
}

/// Reads an entity's sub-table; entities may nest (`[x.KAZ.CHN]`), for parameters on two axes.
fn entity(entry: &Value<'_>, path: &str, given: &Given<'_>, with: With<'_>, parameter: &mut Parameter) {
    let Some(table) = entry.table(format!("`{path}` of parameter `{}`", parameter.id)) else {
        return;
    };
    let inner = given.within(&table);
    let value = table.get("value");
    let inside = table.other_tables();
    for child in &inside {
        let known = super::is_entity(&child.cx.ids.borrow(), &child.key);
        if known {
            entity(child, &format!("{path}.{}", child.key), &inner, with, parameter);
        } else {
            no_entity(child, &parameter.id);
        }
    }
    match value {
        Some(value) => own_value(&value, path, &inner, with, parameter),
        None if inside.is_empty() => table.missing("value"),
        None => {}
    }
    table.finish();
}

fn no_entity(entry: &Value<'_>, id: &str) {
    let ids = entry.cx.ids.borrow();
    let known = super::ENTITIES.iter().flat_map(|&kind| ids.of(kind));
    let near = did_you_mean(&entry.key, known);
    entry.cx.push(
        Diagnostic::error(codes::P014, format!("`{}` of parameter `{id}` is no entity of the pack", entry.key))
            .at(entry.key_span, "")
            .expected("a state, province, border, site, route, power, group, company, organisation, proposal, edge, corridor, contract or node")
            .help_maybe(near),
    );
}

/// Reads a `value` for an entity (empty for the default): a distribution, or a series at the origin.
fn own_value(value: &Value<'_>, entity: &str, given: &Given<'_>, with: With<'_>, parameter: &mut Parameter) {
    let what = if entity.is_empty() { format!("parameter `{}`", parameter.id) } else { format!("parameter `{}` of `{entity}`", parameter.id) };
    let Some(status) = given.status else {
        return evidence::bare(value.cx, &what, value.span);
    };
    if !given.unit_stated {
        value.cx.push(
            Diagnostic::error(codes::P009, format!("{what} has no `unit`"))
                .at(value.span, "")
                .help("add `unit = \"…\"`; a plain number has the unit `\"1\"`"),
        );
    }
    evidence::require(value.cx, &what, value.span, status, &given.evidence);
    let number = |distribution| Number {
        value: distribution,
        unit: given.unit.clone().unwrap_or_else(Unit::one),
        status,
        evidence: given.evidence.clone(),
        note: given.note.clone(),
        span: value.span,
    };
    let from_series = value.value.as_table().is_some_and(|table| table.contains_key("series"));
    if !from_series {
        if let Some(distribution) = distribution::read(value) {
            put(parameter, entity, number(distribution));
        }
        return;
    }
    let Some((at_origin, found)) = at_origin(value, entity, given, with) else {
        return;
    };
    parameter.at_origin.insert(entity.to_owned(), at_origin);
    for (entity, distribution) in found {
        put(parameter, &entity, number(distribution));
    }
}

/// An entity's own table wins over what a series gives for it.
fn put(parameter: &mut Parameter, entity: &str, number: Number) {
    if entity.is_empty() {
        parameter.default = Some(number);
    } else {
        parameter.entities.entry(entity.to_owned()).or_insert(number);
    }
}

type Found = Vec<(String, oxus_random::Distribution)>;

/// `{ series = "…", at = "origin", entity, scale, sd }`: what it says, and the distribution of each entity it gives.
fn at_origin(value: &Value<'_>, own: &str, given: &Given<'_>, with: With<'_>) -> Option<(AtOrigin, Found)> {
    let table = value.table(format!("`value` of {}", value.owner))?;
    let name = table.need("series").and_then(|v| v.name());
    if let Some(at) = table.need("at").filter(|at| at.as_text() != Some("origin")) {
        at.wrong("another moment", "`\"origin\"`");
    }
    let entity = table.get("entity").and_then(|v| v.name());
    let scale = table.get("scale").and_then(|v| v.real());
    let sd = table.get("sd").and_then(|v| v.real()).unwrap_or(0.0);
    table.finish();
    let name = name?;
    let Some(series) = with.series.get(&name.id) else {
        if !value.cx.ids.borrow().has(Kind::Series, &name.id) {
            let near = did_you_mean(&name.id, with.series.keys().map(String::as_str));
            let problem = Diagnostic::error(codes::P014, format!("there is no series `{}`", name.id));
            value.cx.push(problem.at(name.span, "").help_maybe(near));
        }
        return None;
    };
    let wanted = entity.as_ref().map(|name| name.id.as_str()).or(Some(own).filter(|own| !own.is_empty()));
    let last = |entity: &str| {
        let list = series.values.get(entity)?;
        list.iter().rev().find(|observation| observation.period.last() <= with.origin)
    };
    let mut found = Found::new();
    let mut used = 1.0;
    let entities: Vec<&str> = wanted.map_or_else(|| series.values.keys().map(String::as_str).collect(), |one| vec![one]);
    for one in &entities {
        let Some(observation) = last(one) else {
            continue;
        };
        used = match factor(series, given.unit.as_ref(), scale, observation.period.last().year()) {
            Ok(factor) => factor,
            Err(error) => {
                let problem = Diagnostic::error(super::units::code(&error), error.to_string());
                let problem = problem.at(value.span, "").and_at(series.span, "the series");
                value.cx.push(problem.help("give the factor: `scale = …`"));
                return None;
            }
        };
        let distribution = distribution::around(value, observation.value * used, sd)?;
        let target = if wanted.is_some() { own } else { *one };
        found.push((target.to_owned(), distribution.clone()));
        // A world price has one entity, which is nobody's: it is the value for all.
        if wanted.is_none() && entities.len() == 1 {
            found.push((String::new(), distribution));
        }
    }
    if found.is_empty() {
        let of = wanted.map_or_else(String::new, |entity| format!(" of `{entity}`"));
        value.cx.push(
            Diagnostic::error(codes::P037, format!("series `{}` has no value{of} up to the origin {}", name.id, with.origin))
                .at(value.span, "")
                .and_at(series.table, "")
                .help_maybe(wanted.and_then(|entity| did_you_mean(entity, series.values.keys().map(String::as_str)))),
        );
        return None;
    }
    Some((AtOrigin { series: name, entity, scale: used, sd, span: value.span }, found))
}

/// From an observation to the parameter's unit. A stated factor is the writer's business; without one the units convert, where money
/// without a price year is in the prices of the year observed.
fn factor(series: &Series, unit: Option<&Unit>, scale: Option<f64>, year: i32) -> Result<f64, UnitError> {
    let (Some(unit), None) = (unit, scale) else {
        return Ok(scale.unwrap_or(1.0));
    };
    match series.unit.money().filter(|_| series.unit.lacks_price_year()) {
        Some(money) => {
            let dated = super::units::dated(&series.unit.to_string(), money.currency, year);
            Unit::parse(&dated)?.convert(1.0, unit)
        }
        None => series.unit.convert(1.0, unit),
    }
}
