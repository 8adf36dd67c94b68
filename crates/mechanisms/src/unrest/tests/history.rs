//! The shipped central values against the history of 2003-2012 that they were read from, and the time they take.

use oxus_kernel::World;

use super::*;

/// State, protests, communal, attacks, foreign attacks a year, protests in 2012: medians of packs/central-asia/parameters/unrest.toml.
const STATES: [(&str, [f64; 4], f64); 6] = [
    ("KAZ", [3.4, 0.3, 0.7, 0.05], 1.0),
    ("KGZ", [8.4, 0.7, 0.35, 0.15], 33.0),
    ("TJK", [0.97, 0.2, 2.0, 0.1], 4.0),
    ("TKM", [0.18, 0.03, 0.06, 0.02], 0.0),
    ("UZB", [2.6, 0.2, 0.9, 0.1], 0.0),
    ("AFG", [0.19, 1.0, 20.0, 0.7], 0.3),
];

/// Ten provinces in each state: about as many as in the region.
fn region(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let state = world.add_axis("state", STATES.map(|s| s.0.to_owned()).to_vec());
    let names: Vec<String> = STATES.iter().flat_map(|s| (0..10).map(|i| format!("{}-{i}", s.0))).collect();
    let province = world.add_axis("province", names);
    world.add_map(province, state, (0..60).map(|p| Some(p / 10)).collect());
    world.add_number(province, "population", vec![1e6; 60]);
    let ring = (0..60_u32).flat_map(|p| [(p, (p + 1) % 60, 1.0), ((p + 1) % 60, p, 1.0)]).collect();
    world.add_relation("adjacency", province, province, ring);
    world
}

fn baseline(months: usize) -> Harness {
    let mut h = harness_in(region(months), OFFSPRING);
    for (state, rates, last) in STATES {
        for (kind, rate) in KINDS.iter().zip(rates) {
            h = h.parameter_of(&format!("unrest.{kind}_rate"), state, rate);
        }
        h = h.parameter_of("unrest.protests_at_origin", state, last);
    }
    for i in 0..10 {
        h = h.parameter_of("unrest.attack_least", &format!("AFG-{i}"), 10.0);
    }
    h
}

/// Ten simulated years lie where the ten recorded years lay. Bands are wide on purpose: one decade is one draw from heavy tails.
#[test]
fn a_decade_looks_like_the_last_one() {
    let watch = ["unrest.protests_state", "unrest.deaths"];
    let mut decades: Vec<[f64; 3]> = Vec::new();
    for seed in 0..12 {
        let (paths, run) = baseline(120).seed(seed).run(&watch);
        assert!(run.failures.iter().all(Option::is_none));
        for lane in 0..LANES {
            let sum = |v: usize, states: std::ops::Range<usize>| {
                paths[v].iter().map(|m| m[states.clone()].iter().map(|c| c[lane]).sum::<f64>()).sum::<f64>()
            };
            decades.push([sum(0, 0..5), sum(1, 0..5), sum(1, 5..6)]);
        }
    }
    let quantile = |i: usize, q: f64| {
        let mut v: Vec<f64> = decades.iter().map(|d| d[i]).collect();
        v.sort_by(f64::total_cmp);
        v[(q * (v.len() - 1) as f64) as usize]
    };
    // protests of the five states 2003-2012: 176; dead 2003-2012: 1,422 (best), 809 to 3,890 (low and high); north of Afghanistan 4,000 to 9,000
    for (i, what, recorded) in [(0, "protests", 176.0), (1, "dead", 1422.0), (2, "dead in the north of Afghanistan", 6000.0)] {
        let (low, mid, high) = (quantile(i, 0.05), quantile(i, 0.5), quantile(i, 0.95));
        assert!(low < recorded && recorded < high, "{what}: {low} to {high}, recorded {recorded}");
        assert!(mid > recorded / 3.0 && mid < recorded * 3.0, "{what}: median {mid}, recorded {recorded}");
    }
}

/// The largest number that a parameter of the shipped pack can take: its `high`, the end of a uniform, or 1 for a beta.
fn upper_end(pack: &str, name: &str) -> f64 {
    let section = pack.split(&format!("\n[{name}]\n")).nth(1).unwrap_or_else(|| panic!("the pack has no `{name}`"));
    let value = section.lines().find(|l| l.starts_with("value = ")).expect("a value");
    match value.split("high = ").nth(1) {
        Some(high) => high.trim_end_matches([' ', '}']).parse().expect("a number"),
        None => {
            assert!(value.contains("beta"), "{value}");
            1.0
        }
    }
}

/// The spectral radius is at most the largest column sum, so that no draw of the shipped priors explodes.
#[test]
fn no_draw_of_the_pack_explodes() {
    let pack = include_str!("../../../../../packs/central-asia/parameters/unrest.toml");
    for from in KINDS {
        let most: f64 = KINDS.iter().map(|to| upper_end(pack, &format!("{to}_by_{from}"))).sum();
        assert!(most < 1.0, "offspring of {from}: up to {most}");
    }
}
