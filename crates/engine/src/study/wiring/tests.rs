use std::path::PathBuf;

use oxus_kernel::Link;

use super::placebo::rewired;
use super::*;
use crate::{Case, Unwatched};

fn region() -> Region {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia");
    oxus_pack::read(&oxus_pack::Folder::new(root)).region.expect("the shipped region reads")
}

fn summary(difference: f64, monte_carlo: f64) -> PairedSummary {
    PairedSummary {
        members: 100,
        draws: 50,
        baseline: 0.0,
        scenario: difference,
        difference,
        monte_carlo,
        spread: (difference, difference),
        runs_saved: 1.0,
        sign_agreement: 1.0,
    }
}

fn weighed(believed: f64, alone: f64, placebo: Option<(f64, f64)>) -> Weighed {
    let [believed, without_links] = [believed, alone].map(|d| summary(d, 0.1));
    let placebo = placebo.map(|(part, bar)| Placebo { part, bar, smaller: 0.5, packs: 200 });
    Weighed { case: 1, cell: 0, believed, without_links, without_assumed: without_links, halved: believed, doubled: believed, placebo }
}

#[test]
fn verdicts_follow_what_links_carry() {
    assert_eq!(weighed(0.05, 0.0, None).verdict(), Verdict::NoEffect, "within the interval");
    assert_eq!(weighed(1.0, 0.9, Some((0.1, 0.0))).verdict(), Verdict::Mechanisms, "a tenth is minor, whatever the placebos");
    assert_eq!(weighed(1.0, 0.2, Some((0.8, 0.5))).verdict(), Verdict::Links);
    assert_eq!(weighed(1.0, 0.2, Some((0.8, 0.8))).verdict(), Verdict::Arbitrary, "no more than the bar");
    assert_eq!(weighed(1.0, 1.6, Some((-0.6, 0.5))).verdict(), Verdict::Links, "links may hold an effect down");
    assert_eq!(weighed(1.0, 0.2, None).verdict(), Verdict::Untested);
}

#[test]
fn placebo_packs_exchange_targets_of_one_kind_and_nothing_else() {
    let region = region();
    let model = crate::model(&region).unwrap_or_else(|_| panic!("the shipped region plans"));
    let kind = |l: &Link| (model.axis_of(l.to).name.clone(), format!("{:?}", model.spec(l.to).kind));
    let (first, again, second) = (rewired(&model, 7, 0), rewired(&model, 7, 0), rewired(&model, 7, 1));
    let targets = |links: &[Link]| links.iter().map(|l| l.to).collect::<Vec<_>>();
    assert_eq!(targets(&first), targets(&again));
    assert_ne!(targets(&first), targets(&second));
    let mut kept = 0;
    for (link, placebo) in model.links().iter().zip(&first) {
        assert_eq!((&link.id, link.from, kind(link)), (&placebo.id, placebo.from, kind(placebo)));
        assert_eq!(link.pairs, placebo.pairs);
        kept += usize::from(link.to == placebo.to);
    }
    assert!(kept * 2 < first.len(), "{kept} of {} links arrive where they did", first.len());
    let sorted = |links: &[Link]| {
        let mut all = targets(links);
        all.sort_unstable();
        all
    };
    assert_eq!(sorted(model.links()), sorted(&first));
}

#[test]
fn a_study_of_the_shipped_region() {
    let region = region();
    let short = crate::study::shortened(&region, 24).unwrap_or_else(|_| panic!("the shipped region plans"));
    let horizon = region.identity.origin.plus(24);
    let mut cut = region.clone();
    cut.identity.last = horizon;
    let request = Request {
        cases: ["baseline", "S001"].map(|c| Case::parse(c, &region).expect("a case of the pack")).to_vec(),
        outcomes: vec!["afghan-control".into(), "distress".into()],
        horizons: vec![horizon],
        design: Design { seed: 1, draws: 8, replicates: 2 },
        thin: 0,
        timed: false,
        folder: None,
    };
    let effort = Effort { arms: request.design, placebo: Design { draws: 4, ..request.design }, packs: 3 };
    let run = || study(&cut, &short, &request, effort, &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    let found = run();
    // as text, since a sign agreement without any difference is not a number
    assert_eq!(format!("{:?}", found.rows), format!("{:?}", run().rows), "the same bits again");
    assert!(!found.rows.is_empty());
    for row in &found.rows {
        let placebo = row.placebo.expect("packs ran");
        assert_eq!(placebo.packs, 3);
        assert!(placebo.bar >= 0.0 && (0.0..=1.0).contains(&placebo.smaller));
    }
    assert!(found.rows.iter().any(|r| r.halved.scenario != r.doubled.scenario), "strengths matter somewhere");
}
