use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};
use oxus_units::Unit;

use super::evidence::{self, From};
use super::number::{Given, number};
use super::units::Money;
use crate::region::{Contract, Edge, Indexation, Network, Node, Number, Season, Status};
use crate::walk::{Context, Kind, Table, Value, parse};

pub(super) fn read(cx: &Context<'_>, money: &Money) -> BTreeMap<String, Network> {
    let mut networks = BTreeMap::new();
    for (path, stem) in cx.folder("networks", "toml") {
        let Some((text, source)) = cx.file(path) else {
            continue;
        };
        let tree = parse(cx, path, text, source);
        let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("network `{stem}`"));
        cx.declare(Kind::Network, stem, table.span);
        let span = cx.head(source);
        networks.extend(network(&table, stem, money, span).map(|network| (stem.to_owned(), network)));
        table.finish();
    }
    networks
}

fn network(table: &Table<'_>, stem: &str, money: &Money, span: Span) -> Option<Network> {
    let commodity = table.need("commodity");
    if let Some(value) = commodity.as_ref().filter(|v| v.as_text().is_some_and(|text| text != stem)) {
        value.wrong("another name than the file's", &format!("`{stem}`, as in `networks/{stem}.toml`"));
    }
    let unit = table.need("unit").and_then(|v| money.unit(&v));
    let season = season(table, "season");
    // Without a unit the rest is still read for its other problems, as plain numbers.
    let given = Given::new(money).unit(unit.as_ref().unwrap_or(&Unit::one()));
    let nodes = items(table, "nodes", |entry| node(entry, &given));
    let edges = items(table, "edges", |entry| edge(entry, &given));
    let contracts = items(table, "contracts", |entry| contract(entry, &given));
    Some(Network { commodity: stem.to_owned(), unit: unit?, season, nodes, edges, contracts, span })
}

fn items<T>(table: &Table<'_>, key: &str, item: impl Fn(&Value<'_>) -> Option<T>) -> BTreeMap<String, T> {
    let Some(inner) = table.get(key).and_then(|v| v.table(format!("`{key}` of {}", table.what))) else {
        return BTreeMap::new();
    };
    let kind = match key {
        "nodes" => Kind::Node,
        "edges" => Kind::Edge,
        _ => Kind::Contract,
    };
    let read = |entry: &Value<'_>| {
        // Nodes are named within their network; edges and contracts are entities of the model.
        if kind != Kind::Node {
            table.cx().declare(kind, &entry.key, entry.key_span);
        }
        Some((entry.key.clone(), item(entry)?))
    };
    inner.entries().iter().filter_map(read).collect()
}

fn node(entry: &Value<'_>, given: &Given<'_>) -> Option<Node> {
    let table = entry.table(format!("node `{}`", entry.key))?;
    let state = table.need("state").and_then(|v| v.name());
    let node = Node {
        id: entry.key.clone(),
        province: table.get("province").and_then(|v| v.name()),
        supply: table.get("supply").and_then(|v| number(&v, given)),
        domestic: table.get("domestic").and_then(|v| number(&v, given)),
        supply_season: season(&table, "supply_season"),
        domestic_season: season(&table, "domestic_season"),
        span: table.span,
        state: state?,
    };
    table.finish();
    Some(node)
}

fn edge(entry: &Value<'_>, given: &Given<'_>) -> Option<Edge> {
    let table = entry.table(format!("edge `{}`", entry.key))?;
    let km = Unit::parse("km").expect("internal: km is a unit");
    let (from, to) = (table.need("from").and_then(|v| v.name()), table.need("to").and_then(|v| v.name()));
    let capacity = table.need("capacity").and_then(|v| number(&v, given));
    let edge = Edge {
        id: entry.key.clone(),
        name: table.get("name").and_then(|v| v.words()),
        length_km: table.get("length_km").and_then(|v| number(&v, &given.unit(&km))),
        provinces: table.get("provinces").and_then(|v| v.names()).unwrap_or_default(),
        corridor: table.get("corridor").and_then(|v| v.words()),
        cost: table.get("cost").and_then(|v| with_unit(&v, given)),
        valid_from: table.get("valid_from").and_then(|v| v.month()),
        valid_to: table.get("valid_to").and_then(|v| v.month()),
        span: table.span,
        from: from?,
        to: to?,
        capacity: capacity?,
    };
    table.finish();
    if let Some(corridor) = &edge.corridor {
        table.cx().ids.borrow_mut().mention(Kind::Corridor, corridor, edge.span);
    }
    Some(edge)
}

fn contract(entry: &Value<'_>, given: &Given<'_>) -> Option<Contract> {
    let table = entry.table(format!("contract `{}`", entry.key))?;
    let (status, evidence) = evidence::read(&table, From::Other);
    let given = Given { status, evidence, ..given.clone() };
    let name = |key: &str| table.need(key).and_then(|v| v.name());
    let (seller, buyer, from, to) = (name("seller"), name("buyer"), name("from"), name("to"));
    let contract = Contract {
        id: entry.key.clone(),
        nominated: nominated(&table, &given),
        take_or_pay: table.get("take_or_pay").and_then(|v| number(&v, &given.unit(&Unit::one()))),
        price: table.get("price").and_then(|v| with_unit(&v, &given)),
        season: season(&table, "season"),
        indexed_to: table.get("indexed_to").and_then(|v| v.word()).unwrap_or(Indexation::Fixed),
        priority: table.get("priority").and_then(|v| v.count(0)).unwrap_or(1),
        sources: evidence::sources(&table),
        valid_from: table.get("valid_from").and_then(|v| v.month()),
        valid_to: table.get("valid_to").and_then(|v| v.month()),
        span: table.span,
        seller: seller?,
        buyer: buyer?,
        from: from?,
        to: to?,
    };
    table.finish();
    Some(contract)
}

/// A number that has no unit to inherit: a cost or a price states its own.
fn with_unit(value: &Value<'_>, given: &Given<'_>) -> Option<Number> {
    let stated = value.value.as_table().is_some_and(|table| table.contains_key("unit"));
    if !stated {
        value.cx.push(
            Diagnostic::error(codes::P009, format!("`{}` of {} has no `unit`", value.key, value.owner))
                .at(value.span, "")
                .help("write `{ value = …, unit = \"…\", … }`"),
        );
    }
    number(value, given).filter(|_| stated)
}

fn nominated(table: &Table<'_>, given: &Given<'_>) -> BTreeMap<u16, Number> {
    let Some(inner) = table.need("nominated").and_then(|v| v.table(format!("`nominated` of {}", table.what))) else {
        return BTreeMap::new();
    };
    let mut ramp = BTreeMap::new();
    for entry in inner.entries() {
        match entry.key.parse::<u16>() {
            Ok(year) if entry.key.len() == 4 => ramp.extend(number(&entry, given).map(|number| (year, number))),
            _ => inner.cx().bad_date(&entry.key, entry.key_span, "a year in quotes, such as `\"2012\"`"),
        }
    }
    if ramp.is_empty() && inner.entries().is_empty() {
        inner.missing("2012");
    }
    ramp
}

/// `<key> = [12 numbers]` with `<key>_status` and what that status requires.
fn season(table: &Table<'_>, key: &str) -> Option<Season> {
    let status: Option<Status> = table.get(&format!("{key}_status")).and_then(|v| v.word());
    let reason = table.get(&format!("{key}_reason")).and_then(|v| v.words());
    let sources = table.get(&format!("{key}_sources")).and_then(|v| v.list()).unwrap_or_default();
    let value = table.get(key)?;
    let factors: Vec<f64> = value.list()?.iter().filter_map(Value::real).collect();
    let Ok(by_month) = <[f64; 12]>::try_from(factors.clone()) else {
        value.wrong(&format!("{} numbers", factors.len()), "12 numbers, January first");
        return None;
    };
    if by_month.iter().any(|&factor| factor < 0.0) {
        value.wrong("a negative factor", "factors of at least 0");
        return None;
    }
    let what = format!("`{key}` of {}", table.what);
    let mean = by_month.iter().sum::<f64>() / 12.0;
    // Factors are written with two or three digits: twelve roundings of 0.005 at most.
    if (mean - 1.0).abs() > 0.005 {
        table.cx().push(
            Diagnostic::error(codes::P019, format!("{what} does not have mean 1"))
                .at(value.span, "")
                .found(format!("mean {mean:.4}"))
                .expected("12 factors whose mean is 1, within 0.005")
                .help("divide each factor by their mean"),
        );
    }
    let Some(status) = status else {
        evidence::bare(table.cx(), &what, value.span);
        return None;
    };
    let cited = |item: &Value<'_>| Some(crate::walk::cited(&item.text()?, item.span));
    let season = Season { by_month, status, reason, sources: sources.iter().filter_map(cited).collect(), span: value.span };
    let evidence = crate::region::Evidence {
        cites: season.sources.iter().cloned().map(crate::region::Cite::Work).collect(),
        reason: season.reason.clone(),
        ..crate::region::Evidence::default()
    };
    evidence::require(table.cx(), &what, value.span, status, &evidence);
    Some(season)
}
