use std::path::PathBuf;

use super::*;
use crate::Unwatched;

fn region(months: i32) -> Region {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia");
    let mut region = oxus_pack::read(&oxus_pack::Folder::new(root)).region.expect("the shipped region reads");
    region.identity.last = region.identity.origin.plus(months);
    region
}

fn small(region: &Region) -> Search {
    Search {
        against: Case::parse("S001", region).expect("a case of the pack"),
        objectives: vec!["afghan-collapse".into()],
        levers: vec!["S066".into()],
        budget: 1.5,
        training: Design { seed: 5, draws: 16, replicates: 1 },
        held_out: Design { seed: 6, draws: 16, replicates: 1 },
        directions: 1,
        evaluations: 12,
        views: vec!["chinese-public".into()],
        horizon: region.identity.last,
    }
}

fn plan(region: &Region) -> Model {
    crate::model(region).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline))
}

#[test]
fn settings_keep_to_the_budget_and_safeguards_are_always_objectives() {
    let region = region(30);
    let model = plan(&region);
    let mut asked = small(&region);
    asked.levers = Vec::new();
    let found = search(&region, &model, &asked, &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    for id in ["repression", "deaths-by-state-forces"] {
        assert!(found.objectives.iter().any(|o| o.outcome == id && o.safeguard), "{id}");
    }
    assert!(found.screened.windows(2).all(|w| w[0].gain >= w[1].gain));
    assert!(found.evaluations > 0 && !found.front.is_empty());
    for setting in &found.front {
        assert!(setting.effort <= asked.budget + 1e-9);
        assert!(setting.strengths.iter().all(|s| s.1 > 0.0 && s.1 <= 1.0));
        assert!(setting.regret >= 0.0);
        assert_eq!((setting.differences.len(), setting.by_view.len()), (found.objectives.len(), 1));
    }
    let again = search(&region, &model, &asked, &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(format!("{:?}", found.front), format!("{:?}", again.front), "the same bits again");
}

#[test]
fn what_is_no_protective_lever_or_has_no_bad_direction_is_refused() {
    let region = region(6);
    let model = plan(&region);
    let refused = |change: &dyn Fn(&mut Search), code: &str| {
        let mut asked = small(&region);
        change(&mut asked);
        match search(&region, &model, &asked, &Unwatched) {
            Err(RunError::Problems(problems)) => assert!(problems.into_sorted().iter().any(|p| p.code.id() == code), "{code}"),
            other => panic!("{code}: {:?}", other.map(|f| f.front.len())),
        }
    };
    refused(&|s| s.levers = vec!["S001".into()], "A070");
    refused(&|s| s.levers = vec!["S999".into()], "E001");
    refused(&|s| s.objectives = vec!["nothing".into()], "E003");
    let either = region.outcomes.values().find(|o| o.bad_if == oxus_pack::region::BadIf::Either).map(|o| o.id.clone());
    if let Some(either) = either {
        refused(&|s| s.objectives = vec![either.clone()], "A070");
    }
    let mut bare = region.clone();
    bare.outcomes.values_mut().for_each(|o| o.safeguard = false);
    match search(&bare, &model, &small(&region), &Unwatched) {
        Err(RunError::Problems(problems)) => assert_eq!(problems.into_sorted()[0].code.id(), "A070"),
        other => panic!("{:?}", other.map(|f| f.front.len())),
    }
}
