//! Every id that an item takes from elsewhere names something.

use super::Check;
use crate::read::is_entity;
use crate::region::{Action, Cite, CitedWork, Evidence, Name, Region, Target};
use crate::walk::Kind;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    places(check, region);
    actors(check, region);
    sites(check, region);
    networks(check, region);
    for series in region.series.values() {
        series.source.iter().for_each(|source| check.exists(Kind::Work, source));
    }
    region.each_number(&mut |_, number| evidence(check, &number.evidence));
    statements(check, region);
    scenarios(check, region);
}

fn works(check: &mut Check<'_>, works: &[CitedWork]) {
    works.iter().for_each(|cited| check.exists(Kind::Work, &cited.work));
}

fn evidence(check: &mut Check<'_>, evidence: &Evidence) {
    for cite in &evidence.cites {
        match cite {
            Cite::Claim(claim) => check.exists(Kind::Claim, claim),
            Cite::Work(cited) => check.exists(Kind::Work, &cited.work),
        }
    }
    for series in evidence.from.iter().flat_map(|from| &from.series) {
        check.exists(Kind::Series, series);
    }
}

fn places(check: &mut Check<'_>, region: &Region) {
    region.states.values().for_each(|state| works(check, &state.sources));
    for province in region.provinces.values() {
        check.exists(Kind::State, &province.state);
        works(check, &province.sources);
    }
    for border in &region.borders {
        check.exists(Kind::State, &border.a);
        check.exists(Kind::State, &border.b);
        works(check, &border.sources);
    }
    for pair in &region.adjacency {
        check.exists(Kind::Province, &pair.a);
        check.exists(Kind::Province, &pair.b);
    }
    for tie in &region.kinship {
        check.exists_among(&[Kind::Province, Kind::State], &tie.a);
        check.exists_among(&[Kind::Province, Kind::State], &tie.b);
        works(check, &tie.sources);
    }
}

fn actors(check: &mut Check<'_>, region: &Region) {
    region.powers.values().for_each(|power| works(check, &power.sources));
    for group in region.groups.values() {
        check.exists(Kind::State, &group.home);
        group.sanctuary.iter().for_each(|sanctuary| check.exists(Kind::State, sanctuary));
        works(check, &group.sources);
    }
    for company in region.companies.values() {
        company.owner_state.iter().for_each(|owner| check.is_home(owner));
        works(check, &company.sources);
    }
    for organisation in region.organisations.values() {
        works(check, &organisation.sources);
        organisation.members.iter().for_each(|member| check.exists_among(&[Kind::State, Kind::Power], &member.id));
        let voting = |id: &str| organisation.members.iter().any(|member| member.voting && member.id.id == id);
        for proposal in organisation.proposals.values() {
            works(check, &proposal.sources);
            for (member, number) in proposal.positions.iter().chain(&proposal.salience) {
                if !voting(member) {
                    check.unknown_member(member, &organisation.id, number.span);
                }
            }
        }
    }
}

fn sites(check: &mut Check<'_>, region: &Region) {
    for site in region.sites.values() {
        check.exists(Kind::State, &site.state);
        check.exists(Kind::Province, &site.province);
        site.owner.iter().for_each(|owner| check.is_home(owner));
        site.company.iter().for_each(|company| check.exists(Kind::Company, company));
        works(check, &site.sources);
    }
}

fn networks(check: &mut Check<'_>, region: &Region) {
    for network in region.networks.values() {
        for node in network.nodes.values() {
            check.exists(Kind::State, &node.state);
            node.province.iter().for_each(|province| check.exists(Kind::Province, province));
        }
        for edge in network.edges.values() {
            edge.provinces.iter().for_each(|province| check.exists(Kind::Province, province));
        }
        for contract in network.contracts.values() {
            check.exists(Kind::State, &contract.seller);
            check.exists(Kind::State, &contract.buyer);
            works(check, &contract.sources);
        }
    }
}

/// Claims, links and views.
fn statements(check: &mut Check<'_>, region: &Region) {
    region.claims.values().flat_map(|claim| &claim.contradicts).for_each(|claim| check.exists(Kind::Claim, claim));
    for link in region.links.values() {
        link.claims.iter().for_each(|claim| check.exists(Kind::Claim, claim));
        link.contested.values().flat_map(|side| &side.claims).for_each(|claim| check.exists(Kind::Claim, claim));
    }
    for view in region.views.values() {
        for parameter in view.parameters.values().filter(|parameter| !region.parameters.contains_key(&parameter.id)) {
            check.exists(Kind::Parameter, &Name { id: parameter.id.clone(), span: parameter.span });
        }
    }
}

fn scenarios(check: &mut Check<'_>, region: &Region) {
    for scenario in region.scenarios.values() {
        scenario.claims.iter().for_each(|claim| check.exists(Kind::Claim, claim));
        for intervention in &scenario.interventions {
            evidence(check, &intervention.evidence);
            intervention.entities.iter().for_each(|entity| check.is_entity(entity));
            match &intervention.target {
                Target::Parameter(name) => parameter(check, name),
                Target::Link(name) => check.exists(Kind::Link, name),
                // Variables, kinds of events and mechanisms are the engine's to know.
                Target::Variable(_) | Target::Event(_) | Target::Mechanism(_) => {}
            }
            if let (Target::Parameter(name), Action::Path(_)) = (&intervention.target, &intervention.action) {
                check.no_path(name);
            }
        }
    }
    for outcome in region.outcomes.values() {
        outcome.entities.iter().for_each(|entity| check.is_entity(entity));
    }
}

/// A parameter by its id, one entity of it (`finance.growth_trend.KGZ`), or a number of the networks (`gas.edge.capacity`) or of the organisations
/// (`organisation.position`).
pub(super) fn parameter(check: &mut Check<'_>, name: &Name) {
    let entity = |dot: usize| check.ids.has(Kind::Parameter, &name.id[..dot]) && is_entity(check.ids, &name.id[dot + 1..]);
    let of_entity = name.id.match_indices('.').any(|(dot, _)| entity(dot));
    if !of_entity && !check.region.is_network_number(&name.id) && !Region::is_organisation_number(&name.id) {
        check.exists(Kind::Parameter, name);
    }
}
