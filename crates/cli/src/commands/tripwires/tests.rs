//! The page as it is printed, on figures that are known.

use oxus_analysis::tripwire::{Figures, Rule};
use oxus_engine::study::tripwires::{Asked, Danger, Found, Searched, Tripwire};
use oxus_engine::{Case, Design};
use oxus_units::Month;

use super::page;
use crate::output::measure::Measure;

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

fn found(tripwires: Vec<Tripwire>) -> Found {
    Found {
        entity: "KGZ".into(),
        danger: Danger::Happens,
        tripwires,
        searched: Searched { observables: 200, months: 7, rules: 18_200, judged: 8 },
        training: 1024,
        held_out: 1024,
        chance: 0.153,
    }
}

fn asked() -> Asked<'static> {
    let design = Design { seed: 1, draws: 512, replicates: 4 };
    Asked { case: Case::default(), outcome: "irregular-exit", entity: "KGZ", horizon: month("2016-12"), design, top: 5 }
}

fn measure() -> Measure {
    Measure { title: "Irregular exit of the leader [KGZ]".into(), unit: "probability".into(), binary: true, rounded: false }
}

#[test]
fn a_tripwire_reads_as_a_sentence() {
    let figures = Figures {
        futures: 980,
        draws: 256,
        fires: 90,
        chance: 0.15,
        chance_fired: 0.41,
        chance_fired_interval: (0.33, 0.5),
        chance_silent: 0.12,
        odds_ratio: 4.9,
        odds_interval: (3.2, 7.6),
        p: 1e-6,
        hit_rate: 0.25,
        false_alarms: 0.064,
    };
    let wire = Tripwire {
        variable: "observation.protests",
        about: "Protests of the year so far, as a file would count.",
        unit: "events",
        entity: "UZB".into(),
        month: month("2014-06"),
        rule: Rule { above: true, threshold: 12.0, information: 0.03 },
        worst: None,
        figures,
        adjusted_p: 1e-5,
        lead: 7.0,
    };
    let text = page(&measure(), &asked(), &found(vec![wire]), month("2013-01"));
    let golden = "\
Tripwires for \"Irregular exit of the leader [KGZ]\", 2013-01 to 2016-12, case
baseline
Chance over all futures 15 %; futures in which it has happened before the look
are left out.
200 figures in 7 months, 18200 rules searched on 1024 futures; 8 judged on
1024 others of other draws.

 1. UZB: Protests of the year so far, as a file would count
    (observation.protests): if it stands above 12.0 events in 2014-06, the
    chance goes from 15 % to 41 % (33 to 50 %; unlikely). Odds x 4.90 (3.20 to
    7.60). Hits 25 %, false alarms 6 %, lead 7 months.

Only one found that holds on held-out futures.
";
    assert!(text.starts_with(golden), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn none_is_said_to_be_none() {
    let text = page(&measure(), &asked(), &found(Vec::new()), month("2013-01"));
    assert!(text.ends_with("\nNone found that holds on held-out futures.\n"), "{text}");
}
