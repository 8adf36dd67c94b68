//! The page as it is printed, on figures that are known.

use oxus_analysis::{Cluster, Paired, PairedSummary};
use oxus_engine::study::tornado::{Asked, Bar, Sort, Tornado};
use oxus_engine::{Case, Design};
use oxus_units::Month;

use super::page;
use crate::output::measure::Measure;

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

/// From 10 to `to` in each of two draws, give or take `by`.
fn from_ten(to: f64, by: f64) -> PairedSummary {
    let mut paired = Paired::default();
    for sign in [-1.0, 1.0] {
        paired.add(&Cluster { members: vec![(10.0, to + sign * by)] });
    }
    paired.summary().expect("draws")
}

#[test]
fn bars_are_drawn_from_the_mean() {
    let bar = |name: &str, sort, low: f64, high: f64, swing: PairedSummary| Bar {
        name: name.into(),
        sort,
        values: if sort == Sort::Lever { (0.0, 1.0) } else { (0.1, 0.4) },
        low: from_ten(low, 0.5),
        high: from_ten(high, 0.5),
        swing,
    };
    let found = Tornado {
        entity: String::new(),
        level: 10.0,
        bars: vec![
            bar("unrest.rate/KGZ", Sort::Number, 8.0, 14.0, from_ten(16.0, 0.5)),
            bar("links.gifts", Sort::Link, 11.0, 12.0, from_ten(11.0, 2.0)),
            bar("S064", Sort::Lever, 10.0, 9.0, from_ten(9.0, 0.5)),
        ],
        varying: 412,
        moved: 3,
        groups: 40,
        left: 0,
        members: 8,
        draws: 2,
        stopped: false,
    };
    let design = Design { seed: 1, draws: 2, replicates: 4 };
    let asked = Asked { case: Case::default(), outcome: "deaths", entity: "", horizon: month("2016-12"), design, top: 2, levers: Vec::new() };
    let measure = Measure { title: "Deaths".into(), unit: "deaths".into(), binary: false, rounded: false };
    let text = page(&measure, &asked, &found, month("2013-01"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["Deaths, 2013-01 to 2016-12, case baseline", "8 futures of 2 draws, seed 1; mean 10.0"]);
    assert!(lines[2].starts_with("3 of 412 uncertain numbers"), "{text}");
    let of = |name: &str| lines.iter().position(|l| l.contains(name)).expect("a bar");
    let number = of("unrest.rate/KGZ");
    assert!(lines[number].ends_with("swing +6.00 ± 0.980"), "{text}");
    // a quarter of the change makes half the length: 2 of 4 down, 4 of 4 up
    assert_eq!(lines[number + 1], "            ----------|####################");
    assert_eq!(lines[number + 2], "    at 0.100: 8.00 (-2.00 ± 0.980); at 0.400: 14.0 (+4.00 ± 0.980); draws");
    // both ends above the mean; within chance
    let link = of("~links.gifts");
    assert_eq!(lines[link + 1], "                      |=====#####");
    let lever = of("S064");
    assert_eq!(lines[lever + 1], "                 #####|");
    assert_eq!(lines[lever + 2], "    at on: 9.00 (-1.00 ± 0.980); draws -1.50 to -0.499");
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{text}");
}
