use std::collections::BTreeMap;

use oxus_diag::Span;

use super::number::Given;
use super::parameters::{With, below};
use crate::region::{Belief, View};
use crate::walk::{Context, Kind, Table, Value, parse};

pub(super) fn read(cx: &Context<'_>, with: With<'_>) -> BTreeMap<String, View> {
    let mut views = BTreeMap::new();
    for (path, stem) in cx.folder("views", "toml") {
        let Some((text, source)) = cx.file(path) else {
            continue;
        };
        let tree = parse(cx, path, text, source);
        let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("view `{stem}`"));
        let view = view(&table, with, cx.head(source));
        views.entry(view.id.clone()).or_insert(view);
    }
    views
}

fn view(table: &Table<'_>, with: With<'_>, span: Span) -> View {
    let id = table.need("id").and_then(|v| v.name());
    if let Some(id) = &id {
        table.cx().declare(Kind::View, &id.id, id.span);
    }
    let mut view = View {
        id: id.map(|name| name.id).unwrap_or_default(),
        title: table.need("title").and_then(|v| v.words()).unwrap_or_default(),
        note: table.get("note").and_then(|v| v.words()),
        believes: BTreeMap::new(),
        denied: None,
        others: Belief::Pooled,
        parameters: BTreeMap::new(),
        span,
    };
    if let Some(believes) = table.get("believes").and_then(|v| v.table(format!("`believes` of view `{}`", view.id))) {
        beliefs(&believes, &mut view);
    }
    if let Some(inner) = table.get("parameters").and_then(|v| v.table(format!("`parameters` of view `{}`", view.id))) {
        below(&inner, "", &Given::new(with.money), with, &mut view.parameters);
    }
    table.finish();
    view
}

fn beliefs(table: &Table<'_>, view: &mut View) {
    for entry in table.entries() {
        let Some(belief) = belief(&entry) else {
            continue;
        };
        match (entry.key.as_str(), belief) {
            ("others", belief) => view.others = belief,
            ("denied", Belief::Exists(probability)) => view.denied = Some(probability),
            ("denied", Belief::Pooled) => entry.wrong("`\"pooled\"`", "a probability from 0 to 1"),
            (claimant, belief) => drop(view.believes.insert(claimant.to_owned(), belief)),
        }
    }
}

fn belief(value: &Value<'_>) -> Option<Belief> {
    match value.as_text() {
        Some("pooled") => Some(Belief::Pooled),
        Some(_) => {
            value.wrong("another text", "`\"pooled\"`, or a probability from 0 to 1");
            None
        }
        None => {
            let probability = value.real()?;
            if !(0.0..=1.0).contains(&probability) {
                value.wrong(&probability.to_string(), "a probability from 0 to 1");
                return None;
            }
            Some(Belief::Exists(probability))
        }
    }
}
