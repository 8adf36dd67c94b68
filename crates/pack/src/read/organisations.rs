use std::collections::BTreeMap;

use super::evidence::{self, From};
use super::number::{Given, number};
use super::units::Money;
use crate::region::{Member, Number, Organisation, Proposal};
use crate::walk::{Context, Kind, Table, Value};

const FILE: &str = "actors/organisations.toml";

pub(super) fn read(cx: &Context<'_>, money: &Money) -> BTreeMap<String, Organisation> {
    let mut organisations = BTreeMap::new();
    super::keyed(cx, FILE, Kind::Organisation, &mut organisations, |id, value| organisation(id, value, money));
    organisations
}

fn organisation(id: &str, value: &Value<'_>, money: &Money) -> Option<Organisation> {
    let table = value.table(format!("organisation `{id}`"))?;
    let name = table.need("name").and_then(|v| v.words());
    let rule = table.need("rule").and_then(|v| v.word());
    let given = Given::new(money);
    let organisation = Organisation {
        id: id.to_owned(),
        rule_text: table.get("rule_text").and_then(|v| v.words()),
        quota: table.get("quota").and_then(|v| number(&v, &given)),
        members: members(&table, &given),
        proposals: table.get("proposals").map(|v| proposals(&v, id, money)).unwrap_or_default(),
        sources: evidence::sources(&table),
        span: table.span,
        name: name.unwrap_or_default(),
        rule: rule?,
    };
    table.finish();
    Some(organisation)
}

fn members(table: &Table<'_>, given: &Given) -> Vec<Member> {
    let items = table.need("members").and_then(|v| v.list()).unwrap_or_default();
    items.iter().filter_map(|item| member(item, given)).collect()
}

fn member(item: &Value<'_>, given: &Given) -> Option<Member> {
    let table = item.table("a member")?;
    let voting = match table.get("role") {
        None => true,
        Some(role) => match role.text()?.as_str() {
            "member" => true,
            "observer" => false,
            other => {
                role.wrong(&format!("`{other}`"), "`member` or `observer`");
                return None;
            }
        },
    };
    let member = Member {
        voting,
        weight: table.get("weight").and_then(|v| number(&v, given)),
        valid_from: table.get("valid_from").and_then(|v| v.month()),
        valid_to: table.get("valid_to").and_then(|v| v.month()),
        span: item.span,
        id: table.need("id").and_then(|v| v.name())?,
    };
    table.finish();
    Some(member)
}

fn proposals(value: &Value<'_>, organisation: &str, money: &Money) -> BTreeMap<String, Proposal> {
    let Some(table) = value.table(format!("the proposals of `{organisation}`")) else {
        return BTreeMap::new();
    };
    let read = |entry: &Value<'_>| {
        let table = entry.table(format!("proposal `{organisation}.{}`", entry.key))?;
        entry.cx.ids.borrow_mut().mention(Kind::Proposal, &entry.key, entry.key_span);
        let (status, evidence) = evidence::read(&table, From::Data);
        let given = Given { status, evidence, ..Given::new(money) };
        let proposal = Proposal {
            id: entry.key.clone(),
            title: table.need("title").and_then(|v| v.words()).unwrap_or_default(),
            positions: by_member(&table, "positions", &given),
            salience: by_member(&table, "salience", &given),
            sources: evidence::sources(&table),
            span: table.span,
        };
        table.finish();
        Some((entry.key.clone(), proposal))
    };
    table.entries().iter().filter_map(read).collect()
}

fn by_member(table: &Table<'_>, key: &str, given: &Given) -> BTreeMap<String, Number> {
    let Some(inner) = table.need(key).and_then(|v| v.table(format!("`{key}` of {}", table.what))) else {
        return BTreeMap::new();
    };
    let read = |entry: &Value<'_>| Some((entry.key.clone(), number(entry, given)?));
    inner.entries().iter().filter_map(read).collect()
}
