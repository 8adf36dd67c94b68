//! Small worlds for the tests.

use oxus_kernel::{AxisId, World};
use oxus_units::Month;

use crate::energy::DEFINITION;
use crate::harness::Harness;

/// A node: id, state, supply and domestic demand a year.
pub(super) type Node<'a> = (&'a str, &'a str, f64, f64);
/// An edge: id, ends, capacity a year, length, cost, corridor, province crossed.
pub(super) type Edge<'a> = (&'a str, &'a str, &'a str, f64, f64, f64, &'a str, &'a str);
/// A contract: id, ends, seller, buyer, nominated a year, price.
pub(super) type Deal<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, f64, f64);

/// A network of one commodity.
#[derive(Clone, Default)]
pub(super) struct Network<'a> {
    pub commodity: &'a str,
    pub nodes: Vec<Node<'a>>,
    pub edges: Vec<Edge<'a>>,
    pub deals: Vec<Deal<'a>>,
    /// Nominations by year of the run, as factors of the deal's; empty for constant.
    pub ramp: Vec<(&'a str, Vec<f64>)>,
    pub season: Option<[f64; 12]>,
    pub indexed_to: &'a str,
}

pub(super) const STATES: [&str; 3] = ["AAA", "BBB", "CCC"];

fn ids<T>(items: &[T], id: impl Fn(&T) -> &str) -> Vec<String> {
    items.iter().map(|i| id(i).to_owned()).collect()
}

fn position(names: &[String], name: &str) -> Option<u32> {
    names.iter().position(|n| n == name).map(|i| i as u32)
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// A world of three states with these networks.
pub(super) fn world(months: usize, networks: &[Network<'_>]) -> World {
    let mut world = World::new(Month::new(2013, 1).unwrap(), months);
    let states = ids(&STATES, |s| s);
    let state = world.add_axis("state", states.clone());
    world.add_number(state, "gdp", vec![10_000.0; 3]);
    let corridors = sorted(networks.iter().flat_map(|n| n.edges.iter().map(|e| e.6.to_owned())));
    let corridor = world.add_axis("corridor", corridors.clone());
    let provinces = sorted(networks.iter().flat_map(|n| n.edges.iter().map(|e| e.7.to_owned())));
    let province = world.add_axis("province", provinces.clone());
    let border = world.add_axis("border", vec!["AAA-BBB".to_owned()]);
    world.add_relation("border-state", border, state, vec![(0, 0, 1.0), (0, 1, 1.0)]);
    for network in networks {
        add(&mut world, network, &[state, corridor, province], &states, &corridors, &provinces);
    }
    world
}

fn add(world: &mut World, n: &Network<'_>, axes: &[AxisId; 3], states: &[String], corridors: &[String], provinces: &[String]) {
    let [state, corridor, province] = *axes;
    let months = world.months();
    let name = |what: &str| format!("{}.{what}", n.commodity);
    let nodes = ids(&n.nodes, |x| x.0);
    let node = world.add_axis(&name("node"), nodes.clone());
    let edge = world.add_axis(&name("edge"), ids(&n.edges, |x| x.0));
    let contract = world.add_axis(&name("contract"), ids(&n.deals, |x| x.0));
    world.add_map(node, state, n.nodes.iter().map(|x| position(states, x.1)).collect());
    world.add_map(contract, state, n.deals.iter().map(|x| position(states, x.3)).collect());
    world.add_map(edge, corridor, n.edges.iter().map(|x| position(corridors, x.6)).collect());
    let crosses = n.edges.iter().enumerate().filter_map(|(e, x)| Some((e as u32, position(provinces, x.7)?, 1.0)));
    let crosses = crosses.collect();
    world.add_relation(&format!("{}-province", name("edge")), edge, province, crosses);
    let at = |v: &str| f64::from(position(&nodes, v).expect("the test's node exists"));
    world.add_number(edge, "from", n.edges.iter().map(|x| at(x.1)).collect());
    world.add_number(edge, "to", n.edges.iter().map(|x| at(x.2)).collect());
    world.add_number(contract, "from", n.deals.iter().map(|x| at(x.1)).collect());
    world.add_number(contract, "to", n.deals.iter().map(|x| at(x.2)).collect());
    world.add_number(contract, "priority", (0..n.deals.len()).map(|k| k as f64 + 1.0).collect());
    world.add_text(contract, "buyer", ids(&n.deals, |x| x.4));
    let follows = if n.indexed_to.is_empty() { "fixed" } else { n.indexed_to };
    world.add_text(contract, "indexed_to", vec![follows.to_owned(); n.deals.len()]);
    world.add_profile(edge, "valid", vec![vec![1.0; months]; n.edges.len()]);
    let season: Vec<f64> = (0..months).map(|t| n.season.map_or(1.0, |s| s[t % 12])).collect();
    world.add_profile(node, "season", vec![season; n.nodes.len()]);
    world.add_profile(node, "supply_season", vec![vec![1.0; months]; n.nodes.len()]);
    let nominated = n.deals.iter().map(|d| {
        let ramp = n.ramp.iter().find(|r| r.0 == d.0).map(|r| &r.1);
        (0..months).map(|t| d.5 * ramp.map_or(1.0, |r| r[(t / 12).min(r.len() - 1)])).collect()
    });
    let nominated = nominated.collect();
    world.add_profile(contract, "nominated", nominated);
}

/// A bench in which nothing fails, nobody decides, and the weather is normal.
pub(super) fn calm(world: World, networks: &[Network<'_>]) -> Harness {
    calm_beside(world, networks, 0.0)
}

/// The same beside this dispute at the border.
pub(super) fn calm_beside(world: World, networks: &[Network<'_>], dispute: f64) -> Harness {
    let mut bench = surroundings(Harness::new(world, DEFINITION), dispute, 10_000.0);
    for (id, value) in QUIET {
        bench = bench.parameter(id, *value);
    }
    for n in networks {
        for (what, value) in
            [("offtake", 1.0), ("failure_rate", 0.0), ("repair_days", 5.0), ("repair_sigma", 0.8), ("production_cost", 0.0), ("cold_sd", 0.0)]
        {
            bench = bench.parameter(&format!("energy.{}.{what}", n.commodity), value);
        }
        let id = |what: &str| format!("{}.{what}", n.commodity);
        bench = bench.parameter(&id("contract.take_or_pay"), 0.0);
        for x in &n.nodes {
            bench = bench.parameter_of(&id("node.supply"), x.0, x.2).parameter_of(&id("node.domestic"), x.0, x.3);
        }
        for x in &n.edges {
            bench = bench.parameter_of(&id("edge.capacity"), x.0, x.3).parameter_of(&id("edge.length_km"), x.0, x.4);
            bench = bench.parameter_of(&id("edge.cost"), x.0, x.5);
        }
        for x in &n.deals {
            bench = bench.parameter_of(&id("contract.price"), x.0, x.6);
        }
    }
    bench
}

/// Variables of other mechanisms that `energy` reads.
pub(super) fn surroundings(bench: Harness, dispute: f64, gdp: f64) -> Harness {
    bench
        .given("drivers.oil_price", "world", "USD/bbl", 100.0)
        .given("drivers.gas_netback", "world", "USD/(1000 m3)", 300.0)
        .given("finance.gdp", "state", "million USD@2012/yr", gdp)
        .given("regimes.dispute", "border", "1", dispute)
}

const QUIET: &[(&str, f64)] = &[
    ("energy.attack_hit", 0.0),
    ("energy.foreign_attack_hit", 0.0),
    ("energy.attack_parallel", 0.0),
    ("energy.attack_repair_days", 10.0),
    ("energy.attack_repair_sigma", 0.5),
    ("energy.expansion_months", 24.0),
    ("energy.home_first", 0.0),
    ("energy.hydro_share", 0.0),
    ("energy.reservoir_start", 0.0),
    ("energy.reservoir_months", 12.0),
    ("energy.inflow_sd", 0.0),
    ("energy.gas_in_service", 0.5),
    ("energy.oil_slope", 1.0),
    ("energy.netback_slope", 1.0),
    ("energy.cutoff_rate", 0.0),
    ("energy.cutoff_winter", 0.0),
    ("energy.cutoff_arrears", 0.0),
    ("energy.cutoff_dispute", 0.0),
    ("energy.cutoff_whole", 1.0),
    ("energy.cutoff_part", 0.5),
    ("energy.cutoff_days", 30.0),
    ("energy.cutoff_sigma", 0.5),
    ("energy.unpaid", 0.0),
    ("energy.arrears_start", 0.0),
    ("energy.arrears_settled", 0.1),
    ("energy.arrears_settled_cut", 0.5),
];

/// State AAA produces 60 a year, uses 24, and sells to BBB over one line and abroad over another.
pub(super) fn two_buyers<'a>() -> Network<'a> {
    Network {
        commodity: "gas",
        nodes: vec![("field", "AAA", 60.0, 0.0), ("town", "AAA", 0.0, 24.0), ("market", "BBB", 0.0, 0.0), ("abroad", "", 0.0, 0.0)],
        edges: vec![
            ("home", "field", "town", 48.0, 300.0, 1.0, "inner", "P1"),
            ("east-a", "field", "abroad", 18.0, 1000.0, 20.0, "east", "P2"),
            ("east-b", "field", "abroad", 18.0, 1000.0, 20.0, "east", "P2"),
            ("south", "field", "market", 12.0, 500.0, 5.0, "south", "P1"),
        ],
        deals: vec![("a-abroad", "field", "abroad", "AAA", "ZZZ", 24.0, 300.0), ("a-b", "field", "market", "AAA", "BBB", 12.0, 100.0)],
        ..Network::default()
    }
}
