//! Claims: each has the part in the model that its role says, and views speak of claimants that exist.

use std::collections::BTreeSet;

use oxus_diag::{Diagnostic, codes, did_you_mean};

use super::Check;
use crate::region::{Cite, Region, Role};

pub(super) fn check(check: &mut Check<'_>) {
    used(check);
    claimants(check);
    empty(check);
}

/// A claim whose role is a link, a parameter, a scenario or a lever is taken up by one.
fn used(check: &mut Check<'_>) {
    let region = check.region;
    let (links, numbers, scenarios) = (in_links(region), in_numbers(region), in_scenarios(region));
    for claim in region.claims.values() {
        let (there, where_to) = match claim.role {
            Role::Link => (links.contains(claim.id.as_str()), "the `claims` of a link"),
            Role::Parameter => (numbers.contains(claim.id.as_str()), "the `cites` of a number"),
            Role::Scenario | Role::Lever => (scenarios.contains(claim.id.as_str()), "the `claims` of a scenario or lever"),
            // A figure said to be an observation is one of something.
            Role::Observation => (claim.quantity.is_none(), "`enters`: the series or variable that it is about"),
            Role::Mechanism | Role::Background => continue,
        };
        if !there && claim.enters.is_empty() {
            check.push(
                Diagnostic::warning(codes::P038, format!("claim `{}` has the role `{}` and nothing takes it up", claim.id, claim.role))
                    .at(claim.span, "")
                    .expected(format!("its id in {where_to}"))
                    .help("take it up, or give it the role it has"),
            );
        }
    }
}

fn in_links(region: &Region) -> BTreeSet<&str> {
    let links = region.links.values();
    let sides = links.clone().flat_map(|link| link.contested.values()).flat_map(|side| &side.claims);
    links.flat_map(|link| &link.claims).chain(sides).map(|claim| claim.id.as_str()).collect()
}

fn in_numbers(region: &Region) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    region.each_number(&mut |_, number| {
        ids.extend(number.evidence.cites.iter().filter_map(|cite| match cite {
            Cite::Claim(claim) => Some(claim.id.as_str()),
            Cite::Work(_) => None,
        }));
    });
    ids
}

fn in_scenarios(region: &Region) -> BTreeSet<&str> {
    region.scenarios.values().flat_map(|scenario| &scenario.claims).map(|claim| claim.id.as_str()).collect()
}

/// A view believes claimants that claim something.
fn claimants(check: &mut Check<'_>) {
    let region = check.region;
    let known: BTreeSet<&str> = region.claims.values().map(|claim| claim.claimant.as_str()).collect();
    for view in region.views.values() {
        for claimant in view.believes.keys().filter(|claimant| !known.contains(claimant.as_str())) {
            check.push(
                Diagnostic::error(codes::P014, format!("view `{}` believes `{claimant}`, who claims nothing", view.id))
                    .at(view.span, "")
                    .help_maybe(did_you_mean(claimant, known.iter().copied())),
            );
        }
    }
}

/// A link stands for at least one claim.
fn empty(check: &mut Check<'_>) {
    let region = check.region;
    for link in region.links.values() {
        let sides = link.contested.values().map(|side| (side.claims.len(), side.span));
        let own = link.contested.is_empty().then_some((link.claims.len(), link.span));
        for (_, span) in sides.chain(own).filter(|(count, _)| *count == 0) {
            check.push(
                Diagnostic::error(codes::P041, format!("link `{}` stands for no claim", link.id))
                    .at(span, "")
                    .help("name the claims: `claims = [\"…\"]`; an influence that nobody claims is a mechanism's business"),
            );
        }
    }
}
