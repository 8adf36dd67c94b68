use oxus_engine::study::why::{Alone, Chain, ClaimLine, Effect, Joint, Necessity, Probability, Report, RuledOut, Sort, Step, Strength, Verdict};

use super::text;

fn necessity(share: f64, half_width: f64) -> Necessity {
    let probability = Some(Probability { coupled: 0.5 * share, bounds: (0.4 * share, 1.0) });
    Necessity { share, half_width, p: 0.001, q: 0.004, probability, testable: true }
}

fn step(sort: Sort, id: &str, title: &str, passes: &str, share: f64) -> Step {
    let verdict = if share >= 0.3 { Verdict::Carries } else { Verdict::NotConfirmed };
    Step {
        sort,
        id: id.into(),
        title: title.into(),
        passes: passes.into(),
        entities: vec!["AFG".into()],
        change: Some(-0.1),
        response: Some(0.6),
        carried: None,
        necessity: Some(necessity(share, 0.1)),
        verdict,
        strength: None,
        claims: Vec::new(),
        notes: Vec::new(),
    }
}

fn report() -> Report {
    let claim = ClaimLine {
        id: "M109".into(),
        says: "Leaving before the war is won harms Afghanistan.".into(),
        claimant: "chinese-analysts".into(),
        at: vec!["V".into(), "n.191".into()],
        evidence: "one unnamed".into(),
    };
    let strength = Strength { status: "from the words of its claims".into(), exists: 0.47, mean: -0.21, lag: 6.0 };
    let link = Step {
        claims: vec![claim],
        strength: Some(strength),
        notes: vec!["delay: assumed: a fighting season".into()],
        ..step(Sort::Link, "pay-keeps-soldiers", "pay keeps soldiers", "drivers.funding -> state.readiness.target", 0.6)
    };
    Report {
        case: "S001".into(),
        case_title: "NATO leaves in disorder".into(),
        baseline: "baseline".into(),
        outcome: "collapse".into(),
        outcome_title: "Collapse of the government".into(),
        unit: "probability".into(),
        entity: String::new(),
        chosen_of: 1,
        horizon: "2016-12".into(),
        binary: true,
        seed: 7,
        effect: Effect { baseline: 0.2, case: 0.5, difference: 0.3, monte_carlo: 0.06, spread: (0.0, 0.6), members: 400, draws: 100, needed: None },
        necessity_of_case: Some(Probability { coupled: 0.62, bounds: (0.6, 1.0) }),
        responding: 120,
        budget: 40,
        steps: vec![
            Step { change: None, response: None, ..step(Sort::Shock, "drivers.funding", "funding (AFG) set", "variable", 0.7) },
            link,
            step(Sort::Mechanism, "state.control", "control down (AFG)", "state", 0.9),
            step(Sort::Link, "one-road", "one road", "a.x -> b.push", 0.05),
            step(Sort::Link, "other-road", "other road", "a.y -> b.push", 0.02),
            step(Sort::Link, "planted", "planted", "a.z -> b.push", 0.01),
        ],
        links_together: Some(necessity(0.65, 0.09)),
        untested_together: Some(necessity(0.01, 0.02)),
        joint: vec![Joint { steps: vec![3, 4], together: necessity(0.5, 0.1), beyond: Some((0.43, 0.1, 0.001)), redundant: true }],
        chains: vec![Chain {
            steps: vec![0, 1, 2],
            weakest: 0.6,
            alone: Some(Alone { cut: vec![3], share: 0.8, half_width: 0.1, probability: Some(Probability { coupled: 0.3, bounds: (0.25, 0.6) }) }),
        }],
        ruled_out: vec![RuledOut { id: "far".into(), because: "responds too weakly for the budget" }],
    }
}

#[test]
fn the_page_is_the_golden_one_on_80_columns() {
    let page = text(&report(), false);
    assert!(page.lines().all(|l| l.chars().count() <= 80), "{page}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/commands/why/page/golden.txt"), &page).expect("written");
    }
    assert_eq!(page, include_str!("golden.txt"));
}

#[test]
fn an_unclear_effect_says_how_many_futures_would_tell_it() {
    let mut report = report();
    report.effect = Effect { difference: 0.02, monte_carlo: 0.06, needed: Some(3604), ..report.effect };
    let page = text(&report, false);
    let flat = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("about 3,604 futures (3,204 more)") && !page.contains("Strongest chain"), "{page}");
    report.effect = Effect { difference: 0.0, monte_carlo: 0.0, needed: None, ..report.effect };
    assert!(text(&report, false).contains("there is nothing to explain"));
}
