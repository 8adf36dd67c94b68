//! Organisations of states: the axes `organisation`, `seat`, `proposal` and `vote`, with who sits where and when.

use oxus_kernel::World;
use oxus_pack::region::{Organisation, Region, Rule};

use super::{Places, valid};

/// Adds the four axes. A seat is a voting member of an organisation (`sco.CHN`), whatever the times of its membership; a proposal is named
/// `sco.development-fund`; a vote is a seat's say on a proposal (`sco.development-fund.CHN`).
pub(super) fn organisations(world: &mut World, region: &Region, places: &Places) {
    let all: Vec<&Organisation> = region.organisations.values().collect();
    let organisation = world.add_axis("organisation", all.iter().map(|o| o.id.clone()).collect());
    world.add_text(organisation, "name", all.iter().map(|o| o.name.clone()).collect());
    world.add_number(organisation, "rule", all.iter().map(|o| rule(o.rule)).collect());

    let seats: Vec<(u32, String)> = all.iter().enumerate().flat_map(|(o, org)| members(org).into_iter().map(move |m| (o as u32, m))).collect();
    let name = |o: u32, id: &str| format!("{}.{id}", all[o as usize].id);
    let seat = world.add_axis("seat", seats.iter().map(|(o, m)| name(*o, m)).collect());
    world.add_map(seat, organisation, seats.iter().map(|(o, _)| Some(*o)).collect());
    world.add_map(seat, places.state, seats.iter().map(|(_, m)| places.states.get(m).copied()).collect());
    world.add_map(seat, places.power, seats.iter().map(|(_, m)| places.powers.get(m).copied()).collect());
    let present = |o: u32, id: &str, world: &World| -> Vec<f64> {
        let spells = all[o as usize].members.iter().filter(|m| m.voting && m.id.id == id).map(|m| valid(m.valid_from, m.valid_to, world));
        spells.fold(vec![0.0; world.months()], |sum, spell| sum.iter().zip(spell).map(|(a, b)| a.max(b)).collect())
    };
    let profile: Vec<Vec<f64>> = seats.iter().map(|(o, m)| present(*o, m, world)).collect();
    let sitting: Vec<bool> = profile.iter().map(|months| months.contains(&1.0)).collect();
    world.add_profile(seat, "member", profile);

    let proposals: Vec<(u32, String)> =
        all.iter().enumerate().flat_map(|(o, org)| org.proposals.keys().map(move |p| (o as u32, p.clone()))).collect();
    let proposal = world.add_axis("proposal", proposals.iter().map(|(o, p)| name(*o, p)).collect());
    world.add_map(proposal, organisation, proposals.iter().map(|(o, _)| Some(*o)).collect());
    world.add_text(proposal, "proposal", proposals.iter().map(|(_, p)| p.clone()).collect());

    let votes: Vec<(usize, usize)> = (0..proposals.len())
        .flat_map(|p| seats.iter().enumerate().filter(|(_, (o, _))| *o == proposals[p].0).map(|(s, _)| (p, s)).collect::<Vec<_>>())
        .collect();
    let named = votes.iter().map(|&(p, s)| format!("{}.{}", name(proposals[p].0, &proposals[p].1), seats[s].1));
    let vote = world.add_axis("vote", named.collect());
    world.add_map(vote, proposal, votes.iter().map(|&(p, _)| Some(p as u32)).collect());
    world.add_map(vote, seat, votes.iter().map(|&(_, s)| Some(s as u32)).collect());

    // who belongs at some time of the run; a member that left before it has a seat without a vote
    let sits: Vec<(u32, u32)> =
        seats.iter().zip(&sitting).filter(|(_, sits)| **sits).filter_map(|((o, m), _)| places.states.get(m).map(|&s| (*o, s))).collect();
    let powers =
        seats.iter().zip(&sitting).filter(|(_, sits)| **sits).filter_map(|((o, m), _)| places.powers.get(m).map(|&p| (*o, p, 1.0))).collect();
    world.add_relation("organisation-power", organisation, places.power, powers);
    world.add_relation("organisation-state", organisation, places.state, sits.iter().map(|&(o, s)| (o, s, 1.0)).collect());
    world.add_relation("state-organisation", places.state, organisation, sits.iter().map(|&(o, s)| (s, o, 1.0)).collect());
    if let (Some(border), Some(sides)) = (world.find("border"), world.relation("border-state")) {
        let sides = sides.clone();
        let both = |b: usize, o: u32| {
            let ends = sides.row(b);
            ends.len() == 2 && ends.iter().all(|e| sits.contains(&(o, e.1)))
        };
        let pairs = (0..all.len() as u32).flat_map(|o| (0..world.axis(border).len()).filter(move |&b| both(b, o)).map(move |b| (o, b as u32, 1.0)));
        let pairs: Vec<_> = pairs.collect();
        world.add_relation("organisation-border", organisation, border, pairs);
    }
}

/// Ids of those who ever have a vote, in the order of the file, each once.
fn members(organisation: &Organisation) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for member in organisation.members.iter().filter(|m| m.voting) {
        if !ids.contains(&member.id.id) {
            ids.push(member.id.id.clone());
        }
    }
    ids
}

/// The rule as a number: 0 consensus, 1 majority, 2 weighted, 3 none (it decides nothing).
fn rule(rule: Rule) -> f64 {
    match rule {
        Rule::Consensus => 0.0,
        Rule::Majority => 1.0,
        Rule::Weighted => 2.0,
        Rule::Advisory => 3.0,
    }
}
