//! Exits: how often, what follows, who feels them, what mutes them.

use oxus_kernel::Event;

use super::*;

const IRREGULAR: &str = "regimes.irregular_exit";
const DEATH: &str = "regimes.natural_death";

#[test]
fn overthrows_come_at_the_stated_hazard() {
    let months = 120;
    let run = |seed| {
        let harness =
            bench(months).parameter("regimes.constant", -4.0).parameter("regimes.shock_effect", 0.0).parameter("regimes.capture_growth", 0.0);
        harness.parameter("regimes.capture_effect", 0.0).seed(seed).run(&["regimes.irregular_exits", "regimes.irregular_exit_hazard"]).0
    };
    let (mut exits, mut expected) = (0.0, 0.0);
    for paths in (0..40).map(run) {
        exits += paths[0].iter().flatten().flatten().sum::<f64>();
        expected += paths[1].iter().flatten().flatten().sum::<f64>();
    }
    assert!(expected > 500.0);
    // five standard errors of a sum of rare independent events
    assert!((exits - expected).abs() < 5.0 * expected.sqrt(), "{exits} against {expected}");
}

#[test]
fn deaths_come_at_the_rate_of_gompertz() {
    let months = 60;
    let old = |seed| {
        let harness = bench(months).parameter("regimes.constant", -60.0).parameter("regimes.age", 80.0).parameter("regimes.death_log_rate_60", -4.8);
        harness.seed(seed).run(&["regimes.tenure"]).0
    };
    let mut survived = 0.0;
    let seeds = 60;
    for paths in (0..seeds).map(old) {
        // the first leader is still there where tenure has only grown
        survived += paths[0][months - 1].iter().flatten().filter(|t| **t > 14.9).count() as f64;
    }
    let n = seeds as f64 * 3.0 * LANES as f64;
    let closed = oxus_numerics::hazard::gompertz_survival(super::super::equations::gompertz_level(-4.8, 0.1), 0.1, 80.0 + 1.0 / 12.0, 5.0);
    // five standard errors of a share; the month of death is dated by the age at its end
    assert!((survived / n - closed).abs() < 5.0 * (closed * (1.0 - closed) / n).sqrt(), "{} against {closed}", survived / n);
}

#[test]
fn an_imposed_overthrow_replaces_the_leader_and_opens_a_succession() {
    let names = [
        "regimes.irregular_exits",
        "regimes.leader_exits",
        "regimes.tenure",
        "regimes.leader_age",
        "regimes.succession_phase",
        "regimes.family_capture",
    ];
    let (paths, run) = calm(60).patch(impose(IRREGULAR, 10, 60)).run(&names);
    no_failure(&run);
    for lane in 0..LANES {
        assert_eq!((paths[0][10][0][lane], paths[0][11][0][lane], paths[0][10][1][lane]), (1.0, 0.0, 0.0));
        assert_eq!(paths[1][10][0][lane], 1.0);
        assert_eq!(paths[2][10][0][lane], 0.0);
        assert!((30.0..=85.0).contains(&paths[3][10][0][lane]) && paths[3][10][0][lane] != paths[3][9][0][lane]);
        assert!(paths[4][9][0][lane] == 0.0 && paths[4][10][0][lane] >= 1.0);
        assert!(paths[5][59][0][lane] < paths[5][9][0][lane] - 0.05, "a new leader starts with less");
        let kinds: Vec<(f64, Option<u64>)> = run.events[lane].iter().map(|e| (e.size, e.parent)).collect();
        assert!(kinds.len() >= 2 && kinds.iter().any(|k| k.1.is_some()), "the exit and what it led to");
    }
}

fn phases(harness: impl Fn(u64) -> Harness, seeds: u64, month: usize) -> Vec<f64> {
    (0..seeds).flat_map(|seed| harness(seed).run(&["regimes.succession_phase"]).0[0][month][0]).collect()
}

fn share(phases: &[f64], at_least: f64) -> f64 {
    phases.iter().filter(|p| **p >= at_least).count() as f64 / phases.len() as f64
}

#[test]
fn violence_is_rare_unless_a_premise_says_otherwise() {
    let base = phases(|seed| calm(8).seed(seed).patch(impose(DEATH, 3, 8)), 100, 3);
    // five standard errors above three per cent of 800
    assert!(share(&base, 3.0) < 0.03 + 5.0 * (0.03 * 0.97 / 800.0_f64).sqrt());
    let contested = 0.03 + 0.97 * 0.3;
    assert!((share(&base, 2.0) - contested).abs() < 5.0 * (contested * (1.0 - contested) / 800.0).sqrt(), "{}", share(&base, 2.0));
    let feared = phases(
        |seed| {
            let harness = calm(8).seed(seed).patch(impose(DEATH, 3, 8)).patch(shift("regimes.contested_succession.logit", &["A"], 3.0, 8));
            harness.patch(shift("regimes.violent_succession.logit", &["A"], 2.0, 8))
        },
        100,
        3,
    );
    assert!(base.iter().zip(&feared).all(|(b, f)| f >= b), "member by member the premise only worsens it");
    assert!(share(&feared, 2.0) > 0.85 && share(&feared, 3.0) > share(&base, 3.0));
}

#[test]
fn a_crisis_is_a_violent_succession_and_ends() {
    let harness = calm(120).patch(impose(DEATH, 3, 120)).patch(shift("regimes.violent_succession.logit", &["A"], 40.0, 120));
    let (paths, run) = harness.run(&["regimes.crisis", "regimes.succession_phase"]);
    no_failure(&run);
    for lane in 0..LANES {
        let crisis: Vec<f64> = paths[0].iter().map(|m| m[0][lane]).collect();
        assert!(crisis[3] == 1.0 && crisis[119] == 0.0 && crisis[..3].iter().all(|c| *c == 0.0));
        assert!(paths[1].iter().zip(&crisis).all(|(p, c)| (p[0][lane] == 3.0) == (*c == 1.0)));
    }
    let (paths, _) =
        calm(24).patch(impose(DEATH, 3, 24)).patch(shift("regimes.violent_succession.logit", &["A"], -40.0, 24)).run(&["regimes.crisis"]);
    assert!(paths[0].iter().flatten().flatten().all(|c| *c == 0.0));
}

#[test]
fn the_fall_of_a_contested_government_takes_its_leader_once() {
    let (paths, run) = calm(24).patch(later("contested_state.collapse", 1.0, 24)).run(&["regimes.irregular_exits", "regimes.crisis"]);
    no_failure(&run);
    for lane in 0..LANES {
        let exits: Vec<f64> = paths[0].iter().map(|m| m[0][lane]).collect();
        assert_eq!((exits.iter().sum::<f64>(), exits[2]), (1.0, 1.0), "the month after the fall");
        assert_eq!(paths[1][2][0][lane], 1.0, "the capital is lost");
    }
}

#[test]
fn terms_end_by_the_calendar() {
    let harness = calm(84).parameter("regimes.vote_year", 2014.0).parameter("regimes.turnover", 1.0).parameter("regimes.turnover_later", 0.0);
    let (paths, run) = harness.run(&["regimes.leader_exits", "regimes.irregular_exits"]);
    let months: Vec<usize> = (0..84).filter(|m| paths[0][*m][0][0] == 1.0).collect();
    assert_eq!(months, vec![15], "April 2014; the successor stays in April 2019");
    assert!(paths[1].iter().flatten().flatten().all(|x| *x == 0.0));
    assert!(run.events.iter().flatten().all(|e| e.parent.is_none()));
}

#[test]
fn neighbours_feel_an_overthrow_and_forget_it() {
    let shaken = |p: f64| calm(36).parameter("regimes.shock_probability", p).patch(impose(IRREGULAR, 5, 36)).run(&["regimes.neighbour_crisis"]).0;
    let paths = shaken(1.0);
    for lane in 0..LANES {
        let at = |month: usize, state: usize| paths[0][month][state][lane];
        assert_eq!((at(4, 1), at(5, 1), at(5, 2), at(5, 0)), (0.0, 1.0, 0.0, 0.0), "B touches A, C does not");
        // exp(-1/6) a month
        assert!((at(11, 1) - oxus_math::exp(-1.0)).abs() < 1e-12);
    }
    assert!(shaken(0.0)[0].iter().flatten().flatten().all(|x| *x == 0.0));
    let raised = |p: f64| {
        let harness =
            calm(12).parameter("regimes.constant", -14.0).parameter("regimes.shock_probability", p).parameter("regimes.capture_growth", 0.0);
        harness.patch(impose(IRREGULAR, 5, 12)).run(&["regimes.irregular_exit_hazard"]).0[0][6][1][0]
    };
    let expected = oxus_math::exp(1.1 * oxus_math::exp(-1.0 / 6.0));
    assert!((raised(1.0) / raised(0.0) - expected).abs() < 1e-4, "{}", raised(1.0) / raised(0.0));
}

#[test]
fn muted_kinds_do_not_happen() {
    let mute = |kind: &str| change(Target::Event(kind.into()), &["A"], Op::Off, 0.0, 0, 59, 60);
    let (paths, run) = bench(60).parameter("regimes.constant", -2.0).patch(mute(IRREGULAR)).patch(impose_in("B")).run(&["regimes.irregular_exits"]);
    no_failure(&run);
    assert!(paths[0].iter().all(|m| m[0].iter().all(|x| *x == 0.0)));
    assert!(paths[0][7][1].iter().all(|x| *x == 1.0));
}

fn impose_in(state: &str) -> Patch {
    Patch { entities: vec![state.into()], ..impose(IRREGULAR, 7, 60) }
}

#[test]
fn a_higher_hazard_only_adds_overthrows_and_links_are_named() {
    let months = 120;
    let ids = |by: f64| {
        // no consequences, so that only the hazard differs
        let harness =
            bench(months).parameter("regimes.constant", -4.5).parameter("regimes.shock_effect", 0.0).parameter("regimes.capture_effect", 0.0);
        harness
            .parameter("regimes.death_log_rate_60", -60.0)
            .patch(shift("regimes.irregular_exit.log_hazard", &[], by, months))
            .run(&["regimes.tenure"])
            .1
            .events
    };
    let (base, more) = (ids(0.0), ids(0.7));
    let of = |events: &[Event]| -> Vec<u64> { events.iter().filter(|e| e.parent.is_none() && e.margin.is_finite()).map(|e| e.id).collect() };
    for lane in 0..LANES {
        let (b, m) = (of(&base[lane]), of(&more[lane]));
        // at most one overthrow of a state is counted in a month, the first; an added one may come before and stand in its place
        let kept = b.iter().filter(|id| m.contains(id)).count();
        assert!(kept + 1 >= b.len() && m.len() >= b.len(), "{kept} of {} kept, {} with the shift", b.len(), m.len());
    }
    assert!(more.iter().flatten().count() > base.iter().flatten().count());
}

#[test]
fn two_runs_are_the_same_bits() {
    let run = || {
        bench(132)
            .parameter("regimes.constant", -4.0)
            .run(&["regimes.irregular_exits", "regimes.tenure", "regimes.dispute", "regimes.border_closed"])
            .0
    };
    assert_eq!(run(), run());
}
