//! Networks: edges and contracts between nodes that exist, nothing left alone, a way for every contract.

use std::collections::BTreeSet;

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_units::Month;

use super::Check;
use crate::region::{Contract, Edge, Name, Network};

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    for network in region.networks.values() {
        for edge in network.edges.values() {
            node(check, network, &edge.from);
            node(check, network, &edge.to);
            if edge.from.id == edge.to.id {
                check.push(Diagnostic::error(codes::P028, format!("edge `{}` ends where it starts", edge.id)).at(edge.to.span, ""));
            }
        }
        alone(check, network);
        for contract in network.contracts.values() {
            node(check, network, &contract.from);
            node(check, network, &contract.to);
            way(check, network, contract);
        }
    }
}

fn node(check: &mut Check<'_>, network: &Network, name: &Name) {
    if !network.nodes.contains_key(&name.id) {
        let near = did_you_mean(&name.id, network.nodes.keys().map(String::as_str));
        check
            .push(Diagnostic::error(codes::P014, format!("network `{}` has no node `{name}`", network.commodity)).at(name.span, "").help_maybe(near));
    }
}

/// A node that no edge touches takes no part in the network.
fn alone(check: &mut Check<'_>, network: &Network) {
    let touched: BTreeSet<&str> = network.edges.values().flat_map(|edge| [edge.from.id.as_str(), edge.to.id.as_str()]).collect();
    for node in network.nodes.values().filter(|node| !touched.contains(node.id.as_str())) {
        // Supply and demand at one place make a network of its own.
        if node.supply.is_some() && node.domestic.is_some() {
            continue;
        }
        check.push(
            Diagnostic::warning(codes::P028, format!("no edge touches node `{}`", node.id))
                .at(node.span, "")
                .help("add an edge from or to it, or delete it"),
        );
    }
}

/// A contract needs a way from its first node to its last when it starts.
fn way(check: &mut Check<'_>, network: &Network, contract: &Contract) {
    let known = |name: &Name| network.nodes.contains_key(&name.id);
    if !known(&contract.from) || !known(&contract.to) || contract.from.id == contract.to.id {
        return;
    }
    let first = check.region.identity.origin.next();
    let start = contract.valid_from.map_or(first, |from| from.max(first));
    let open = |edge: &Edge, month: Month| edge.valid_from.is_none_or(|from| from <= month) && edge.valid_to.is_none_or(|to| month <= to);
    let problem = if !reaches(network, contract, |_| true) {
        Diagnostic::error(codes::P027, format!("contract `{}` has no way to deliver", contract.id))
            .help("add the missing edges; an edge carries one way, from `from` to `to`")
    } else if !reaches(network, contract, |edge| open(edge, start)) {
        Diagnostic::warning(codes::P027, format!("contract `{}` cannot deliver when it starts, in {start}", contract.id))
            .help("until its edges open, all of it is unmet; give the contract the `valid_from` of its way")
    } else {
        return;
    };
    check.push(problem.at(contract.span, format!("no edges lead from `{}` to `{}`", contract.from, contract.to)).and_at(contract.to.span, ""));
}

/// Whether edges that are `usable` lead from the contract's first node to its last.
fn reaches(network: &Network, contract: &Contract, usable: impl Fn(&Edge) -> bool) -> bool {
    let mut reached = BTreeSet::from([contract.from.id.as_str()]);
    let mut front = vec![contract.from.id.as_str()];
    while let Some(here) = front.pop() {
        for edge in network.edges.values().filter(|edge| edge.from.id == here && usable(edge)) {
            if reached.insert(&edge.to.id) {
                front.push(&edge.to.id);
            }
        }
    }
    reached.contains(contract.to.id.as_str())
}
