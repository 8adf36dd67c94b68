//! Numbers inside the bounds of what they measure.

use oxus_diag::{Code, Diagnostic, codes};
use oxus_random::Distribution;
use oxus_units::Unit;

use super::Check;
use crate::region::{Number, Region, Strength};

/// Probability of a draw outside the bounds that is let pass: a run of a hundred thousand draws would see none in ten.
const NEGLIGIBLE: f64 = 1e-6;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    parameters(check, region);
    networks(check, region);
    for organisation in region.organisations.values() {
        let id = &organisation.id;
        organisation.quota.iter().for_each(|quota| share(check, &format!("`quota` of `{id}`"), quota));
        for member in &organisation.members {
            member.weight.iter().for_each(|weight| least(check, &format!("the weight of `{}`", member.id), weight));
        }
        for proposal in organisation.proposals.values() {
            for (member, number) in proposal.positions.iter().chain(&proposal.salience) {
                share(check, &format!("`{member}` on proposal `{id}.{}`", proposal.id), number);
            }
        }
    }
    for link in region.links.values() {
        link.lag.iter().for_each(|lag| least(check, &format!("`lag` of link `{}`", link.id), lag));
        least(check, &format!("`scale` of link `{}`", link.id), &link.scale);
        if link.scale.value == Distribution::Fixed(0.0) {
            outside(check, codes::P018, &format!("`scale` of link `{}`", link.id), &link.scale, "more than 0");
        }
        if let Strength::Set(strength) = &link.strength {
            least(check, &format!("`strength` of link `{}`", link.id), strength);
        }
    }
}

/// A parameter measured in shares is a part of a whole.
fn parameters(check: &mut Check<'_>, region: &Region) {
    let share_unit = Unit::parse("share").expect("internal: share is a unit");
    let views = region.views.values().flat_map(|view| view.parameters.values());
    for parameter in region.parameters.values().chain(views) {
        let own = parameter.default.iter().map(|number| (String::new(), number));
        let entities = parameter.entities.iter().map(|(entity, number)| (format!(" of `{entity}`"), number));
        for (of, number) in own.chain(entities) {
            if number.unit.to_string() == share_unit.to_string() {
                share(check, &format!("parameter `{}`{of}", parameter.id), number);
            }
        }
    }
}

fn networks(check: &mut Check<'_>, region: &Region) {
    for network in region.networks.values() {
        for node in network.nodes.values() {
            node.supply.iter().for_each(|number| flow(check, &format!("`supply` of node `{}`", node.id), number));
            node.domestic.iter().for_each(|number| flow(check, &format!("`domestic` of node `{}`", node.id), number));
        }
        for edge in network.edges.values() {
            flow(check, &format!("`capacity` of edge `{}`", edge.id), &edge.capacity);
            edge.length_km.iter().for_each(|number| flow(check, &format!("`length_km` of edge `{}`", edge.id), number));
            edge.cost.iter().for_each(|number| flow(check, &format!("`cost` of edge `{}`", edge.id), number));
        }
        for contract in network.contracts.values() {
            let id = &contract.id;
            for (year, number) in &contract.nominated {
                flow(check, &format!("the nomination of contract `{id}` for {year}"), number);
            }
            contract.take_or_pay.iter().for_each(|number| share(check, &format!("`take_or_pay` of contract `{id}`"), number));
            contract.price.iter().for_each(|number| flow(check, &format!("`price` of contract `{id}`"), number));
        }
    }
}

/// From 0 to 1.
fn share(check: &mut Check<'_>, what: &str, number: &Number) {
    if !within(&number.value, 0.0, 1.0) {
        outside(check, codes::P018, what, number, "from 0 to 1");
    }
}

/// At least 0.
fn least(check: &mut Check<'_>, what: &str, number: &Number) {
    if !within(&number.value, 0.0, f64::INFINITY) {
        outside(check, codes::P018, what, number, "at least 0");
    }
}

/// What flows, or holds a flow, is not negative.
fn flow(check: &mut Check<'_>, what: &str, number: &Number) {
    if !within(&number.value, 0.0, f64::INFINITY) {
        outside(check, codes::P029, what, number, "at least 0");
    }
}

fn outside(check: &mut Check<'_>, code: Code, what: &str, number: &Number, bounds: &str) {
    let problem = Diagnostic::error(code, format!("{what} can be outside its bounds")).at(number.span, "").expected(format!("a value {bounds}"));
    let uncertain = !number.value.is_fixed();
    check.push(if uncertain {
        problem.help("cut it off: `{ normal = { … }, low = 0 }`; or take a distribution that ends there, such as `beta`")
    } else {
        problem
    });
}

fn within(distribution: &Distribution, low: f64, high: f64) -> bool {
    let (least, most) = distribution.support();
    let below = least < low && distribution.quantile(NEGLIGIBLE) < low;
    let above = most > high && distribution.quantile(1.0 - NEGLIGIBLE) > high;
    !below && !above
}
