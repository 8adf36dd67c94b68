//! Pairs of places: each once, none with itself, and kinds that fit the states.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};

use super::Check;
use crate::region::{Crossing, Name};

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    pairs(check, "border", region.borders.iter().map(|pair| (&pair.a, &pair.b, pair.span)));
    pairs(check, "adjacency", region.adjacency.iter().map(|pair| (&pair.a, &pair.b, pair.span)));
    pairs(check, "tie", region.kinship.iter().map(|pair| (&pair.a, &pair.b, pair.span)));
    crossings(check);
    inside(check);
}

/// A pair stands once, whichever way round; nothing is paired with itself.
fn pairs<'p>(check: &mut Check<'_>, what: &str, pairs: impl Iterator<Item = (&'p Name, &'p Name, Span)>) {
    let mut seen: BTreeMap<(&str, &str), Span> = BTreeMap::new();
    for (a, b, span) in pairs {
        if a.id == b.id {
            check.push(
                Diagnostic::error(codes::P025, format!("`{a}` has a {what} with itself"))
                    .at(span, "")
                    .help("delete the row, or correct one of its ids"),
            );
            continue;
        }
        let key = if a.id < b.id { (a.id.as_str(), b.id.as_str()) } else { (b.id.as_str(), a.id.as_str()) };
        if let Some(&first) = seen.get(&key) {
            check.push(
                Diagnostic::error(codes::P025, format!("the {what} of `{}` and `{}` stands twice", key.0, key.1))
                    .at(span, "again here")
                    .and_at(first, "first here")
                    .help("a pair holds both ways and stands once: delete one row"),
            );
        } else {
            seen.insert(key, span);
        }
    }
}

/// `internal` joins provinces of one state, `international` those of two that share a border.
fn crossings(check: &mut Check<'_>) {
    let region = check.region;
    let state = |name: &Name| region.provinces.get(&name.id).map(|province| province.state.id.as_str());
    for pair in &region.adjacency {
        let (Some(a), Some(b)) = (state(&pair.a), state(&pair.b)) else {
            continue;
        };
        let expected = if a == b { Crossing::Internal } else { Crossing::International };
        if pair.kind != expected {
            check.push(
                Diagnostic::error(codes::P026, format!("the adjacency of `{}` and `{}` has the wrong kind", pair.a, pair.b))
                    .at(pair.span, "")
                    .found(format!("`{}`, while they lie in `{a}` and `{b}`", pair.kind))
                    .expected(format!("`{expected}`")),
            );
        } else if a != b {
            let touch = |x: &str, y: &str| region.borders.iter().any(|border| border.a.id == x && border.b.id == y);
            if !touch(a, b) && !touch(b, a) {
                check.push(
                    Diagnostic::error(codes::P026, format!("`{}` and `{}` touch, but their states do not", pair.a, pair.b))
                        .at(pair.span, "")
                        .help(format!("add the border of `{a}` and `{b}` to `places/borders.csv`, or delete the row")),
                );
            }
        }
    }
}

/// What lies in a province lies in the province's state.
fn inside(check: &mut Check<'_>) {
    let region = check.region;
    let sites = region.sites.values().map(|site| (&site.province, &site.state, format!("site `{}`", site.id)));
    let nodes = region
        .networks
        .values()
        .flat_map(|network| network.nodes.values())
        .filter_map(|node| node.province.as_ref().map(|province| (province, &node.state, format!("node `{}`", node.id))));
    for (province, state, what) in sites.chain(nodes) {
        let Some(found) = region.provinces.get(&province.id).filter(|found| found.state.id != state.id) else {
            continue;
        };
        check.push(
            Diagnostic::error(codes::P039, format!("{what} lies in a province of another state"))
                .at(province.span, format!("`{province}` belongs to `{}`", found.state))
                .and_at(state.span, "this is its state")
                .help("correct the province or the state"),
        );
    }
}
