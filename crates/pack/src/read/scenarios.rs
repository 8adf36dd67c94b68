use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};

use super::evidence::{self, From};
use super::number::{Given, number};
use super::units::Money;
use crate::region::{Action, Intervention, Lever, Scenario, Target};
use crate::walk::{Context, Kind, Table, Value, parse};

pub(super) fn read(cx: &Context<'_>, money: &Money) -> BTreeMap<String, Scenario> {
    let mut scenarios = BTreeMap::new();
    for (path, stem) in cx.folder("scenarios", "toml") {
        let Some((text, source)) = cx.file(path) else {
            continue;
        };
        let tree = parse(cx, path, text, source);
        let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("scenario `{stem}`"));
        let scenario = scenario(&table, money, cx.head(source));
        scenarios.entry(scenario.id.clone()).or_insert(scenario);
    }
    scenarios
}

fn scenario(table: &Table<'_>, money: &Money, span: Span) -> Scenario {
    let id = table.need("id").and_then(|v| v.name());
    if let Some(id) = &id {
        table.cx().declare(Kind::Scenario, &id.id, id.span);
    }
    let id = id.map(|name| name.id).unwrap_or_default();
    let lever = lever(table);
    let changes = table.need("do").and_then(|v| v.list()).unwrap_or_default();
    if table.has("do") && changes.is_empty() {
        table.cx().push(
            Diagnostic::error(codes::P036, format!("scenario `{id}` changes nothing"))
                .at(table.span, "")
                .help("add a change: `[[do]]` with a target, an action, a status and its evidence"),
        );
    }
    let scenario = Scenario {
        title: table.need("title").and_then(|v| v.words()).unwrap_or_default(),
        claims: table.need("claims").and_then(|v| v.names()).unwrap_or_default(),
        narrative: table.need("narrative").and_then(|v| v.words()).unwrap_or_default(),
        lever,
        interventions: changes.iter().filter_map(|item| intervention(item, &id, money)).collect(),
        span,
        id,
    };
    table.finish();
    scenario
}

fn lever(table: &Table<'_>) -> Option<Lever> {
    let is_lever = table.get("lever").and_then(|v| v.flag()).unwrap_or(false);
    let cost = table.get("cost").and_then(|v| v.words());
    let protective = table.get("protective");
    if !is_lever {
        // Not asked for, so that they are reported as unknown where the file is no lever.
        return None;
    }
    let actor = table.need("actor").and_then(|v| v.words()).unwrap_or_default();
    if protective.is_none() {
        table.missing("protective");
    }
    Some(Lever { actor, protective: protective.and_then(|v| v.flag()).unwrap_or(false), cost })
}

pub(super) fn intervention(item: &Value<'_>, scenario: &str, money: &Money) -> Option<Intervention> {
    let table = item.table(format!("a change of scenario `{scenario}`"))?;
    let (status, evidence) = evidence::read(&table, From::Other);
    let target = target(&table);
    let given = Given { status, evidence: evidence.clone(), ..Given::new(money) };
    let action = action(&table, target.as_ref(), &given);
    let intervention = Intervention {
        entities: table.get("entities").and_then(|v| v.names()).unwrap_or_default(),
        from: table.get("from").and_then(|v| v.month()),
        to: table.get("to").and_then(|v| v.month()),
        span: table.span,
        target: target?,
        action: action?,
        status: match status {
            Some(status) => {
                evidence::require(table.cx(), &table.what, table.span, status, &evidence);
                status
            }
            None => {
                evidence::bare(table.cx(), &table.what, table.span);
                return None;
            }
        },
        evidence,
    };
    table.finish();
    Some(intervention)
}

/// Exactly one of the keys that name a target.
fn target(table: &Table<'_>) -> Option<Target> {
    let named = |key: &str| table.get(key).and_then(|v| v.name());
    let mut found: Vec<Target> = Vec::new();
    found.extend(named("variable").map(Target::Variable));
    found.extend(named("parameter").map(Target::Parameter));
    found.extend(named("link").map(Target::Link));
    found.extend(named("event").map(Target::Event));
    found.extend(named("mechanism").map(Target::Mechanism));
    if found.len() != 1 {
        ambiguous(table, found.len(), "target", "`variable`, `parameter`, `link`, `event` or `mechanism`");
        return None;
    }
    found.pop()
}

/// Exactly one of the keys that name an action.
fn action(table: &Table<'_>, target: Option<&Target>, given: &Given<'_>) -> Option<Action> {
    let (set, off) = (table.get("set"), table.get("off").and_then(|v| v.flag()));
    let (add, scale) = (table.get("add"), table.get("scale"));
    let count = [set.is_some(), off == Some(true), add.is_some(), scale.is_some()].iter().filter(|&&there| there).count();
    if count != 1 {
        ambiguous(table, count, "action", "`set`, `add`, `scale` or `off = true`");
        return None;
    }
    if let Some(set) = set {
        return set_to(&set, target, given);
    }
    add.map(|v| v.real().map(Action::Add)).or(scale.map(|v| v.real().map(Action::Scale))).unwrap_or(Some(Action::Off))
}

fn ambiguous(table: &Table<'_>, count: usize, what: &str, expected: &str) {
    table.cx().push(
        Diagnostic::error(codes::P036, format!("{} has {count} {what}s", table.what))
            .at(table.span, "")
            .expected(format!("exactly one of {expected}")),
    );
}

/// A number, a path of months, or (for a parameter) a distribution.
fn set_to(set: &Value<'_>, target: Option<&Target>, given: &Given<'_>) -> Option<Action> {
    if !set.is_table() {
        return set.real().map(Action::Set);
    }
    let table = set.table(format!("`set` of {}", set.owner))?;
    let entries = table.entries();
    let is_path = entries.iter().all(|entry| entry.key.starts_with(|c: char| c.is_ascii_digit()));
    if !is_path {
        if !matches!(target, Some(Target::Parameter(_))) {
            set.wrong("a distribution", "a number, or a path of months: only a parameter is set to a distribution");
            return None;
        }
        return number(set, given).map(|number| Action::Draw(Box::new(number)));
    }
    if entries.is_empty() {
        set.wrong("an empty path", "a number, or a path such as `{ \"2013-01\" = 1.0, \"2014-12\" = 0.0 }`");
        return None;
    }
    let mut path = BTreeMap::new();
    for entry in &entries {
        if let (Some(month), Some(value)) = (entry.cx.month(&entry.key, entry.key_span), entry.real()) {
            path.insert(month, value);
        }
    }
    (path.len() == entries.len()).then_some(Action::Path(path))
}
