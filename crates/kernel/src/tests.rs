//! Whole-kernel tests on small mechanisms made for the purpose.

use oxus_random::Key;
use oxus_units::Month;

use crate::*;

const X: Variable = Variable::new("a.x", "place", "1", Kind::Stock, "a stock that grows by its drift");
const SHIFT: Variable = Variable::modifier("a.shift", "place", Scale::Additive, "shifts the drift").in_unit("1", 1.0);
const Y: Variable = Variable::new("b.y", "place", "1", Kind::Stock, "follows x within the step");

struct A {
    x: Own,
    shift: Sum,
    drift: Param,
    noise: NoiseIn,
}

impl Mechanism for A {
    type Memory = ();
    fn declare(ports: &mut Ports<'_>) -> Self {
        Self { x: ports.own(&X), shift: ports.sum(&SHIFT), drift: ports.param("drift", "place", "1"), noise: ports.normals("noise", "place") }
    }
    fn start(&self, step: &mut Step<'_>, (): &mut ()) {
        step.fill(&self.x, 1.0);
    }
    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        step.draw(&self.noise);
        step.update3(&self.x, &self.drift, &self.shift, &self.noise, |x, drift, shift, e| x + drift + shift + 0.01 * e);
    }
}

struct B {
    y: Own,
    x: Read,
}

impl Mechanism for B {
    type Memory = ();
    fn declare(ports: &mut Ports<'_>) -> Self {
        Self { y: ports.own(&Y), x: ports.now("a.x", "place", "1") }
    }
    fn start(&self, step: &mut Step<'_>, (): &mut ()) {
        step.copy(&self.y, &self.x);
    }
    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        step.each1(&self.y, &self.x, |x| 2.0 * x);
    }
}

const MECHANISM_A: Definition = Definition::of::<A>("a", "grows");
const MECHANISM_B: Definition = Definition::of::<B>("b", "follows");

fn world(places: &[&str]) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), 24);
    world.add_axis("place", places.iter().map(|p| (*p).to_owned()).collect());
    world
}

fn run(model: &Model, patches: &[Patch], strengths: &[f64]) -> Run {
    let mut block = Block::new(model);
    block.set_keys(std::array::from_fn(|lane| Key::new(7, 0, lane as u32)));
    for lane in 0..LANES {
        for place in 0..model.world().axis(model.world().find("place").expect("axis")).len() {
            block.set_parameter(0, place, lane, 0.1);
        }
        for (link, s) in strengths.iter().enumerate() {
            block.set_strength(link, lane, *s);
        }
    }
    let cells = (0..model.variable_names().count()).map(|v| (v, 0)).collect();
    let interventions = model.resolve(patches).unwrap_or_else(|p| panic!("{}", p[0].headline));
    block.run(&interventions, &Recording { cells }, &PhiloxNoise)
}

fn at(model: &Model, run: &Run, name: &str, month: usize, lane: usize) -> f64 {
    let n = model.variable_names().count();
    run.record[(month * n + model.variable(name).expect("variable")) * LANES + lane]
}

#[test]
fn order_does_not_depend_on_registration() {
    for definitions in [[MECHANISM_A, MECHANISM_B], [MECHANISM_B, MECHANISM_A]] {
        let model = plan(world(&["p", "q"]), &definitions).unwrap_or_else(|_| panic!("plans"));
        assert_eq!(model.mechanism_names().collect::<Vec<_>>(), ["a", "b"]);
        let run = run(&model, &[], &[]);
        assert_eq!(at(&model, &run, "b.y", 3, 2), 2.0 * at(&model, &run, "a.x", 3, 2));
    }
}

#[test]
fn adding_an_entity_changes_nothing_elsewhere() {
    let small = plan(world(&["p"]), &[MECHANISM_A]).unwrap_or_else(|_| panic!("plans"));
    let large = plan(world(&["p", "q", "r"]), &[MECHANISM_B, MECHANISM_A]).unwrap_or_else(|_| panic!("plans"));
    let (a, b) = (run(&small, &[], &[]), run(&large, &[], &[]));
    for month in 0..24 {
        for lane in 0..LANES {
            assert_eq!(at(&small, &a, "a.x", month, lane).to_bits(), at(&large, &b, "a.x", month, lane).to_bits());
        }
    }
}

struct Selfish {
    x: Own,
    y: Read,
}

impl Mechanism for Selfish {
    type Memory = ();
    fn declare(ports: &mut Ports<'_>) -> Self {
        ports.prev("nobody.owns", "place", "1");
        ports.prev("b.y", "place", "USD@2012");
        ports.add("b.y", "place", "1");
        ports.axis("plaice");
        Self { x: ports.own(&X), y: ports.now("b.y", "place", "1") }
    }
    fn start(&self, _: &mut Step<'_>, (): &mut ()) {}
    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        step.copy(&self.x, &self.y);
    }
}

#[test]
fn the_planner_reports_everything_at_once() {
    let selfish = Definition::of::<Selfish>("selfish", "breaks every rule");
    let problems = plan(world(&["p"]), &[selfish.clone(), MECHANISM_B, MECHANISM_A]).err().expect("fails").into_sorted();
    let codes: Vec<&str> = problems.iter().map(|p| p.code.id()).collect();
    for code in ["C001", "C002", "C003", "C004", "C008"] {
        assert!(codes.contains(&code), "{code} is missing in {codes:?}");
    }
    let problems = plan(world(&["p"]), &[selfish, MECHANISM_B]).err().expect("fails").into_sorted();
    assert!(problems.iter().any(|p| p.code.id() == "C005"), "a cycle of present reads");
}

fn linked(lag: f64) -> Model {
    joined(lag, Shape::Saturating)
}

fn joined(lag: f64, shape: Shape) -> Model {
    let model = plan(world(&["p"]), &[MECHANISM_A, MECHANISM_B]).unwrap_or_else(|_| panic!("plans"));
    let (from, to) = (model.variable("b.y").expect("y"), model.variable("a.shift").expect("shift"));
    let link = Link {
        id: "y-feeds-x".into(),
        from,
        to,
        pairs: vec![(0, vec![(0, 1.0)])],
        largest: false,
        scale: 0.5,
        lag,
        reference: Reference::Base,
        shape,
    };
    model.with_links(vec![link]).unwrap_or_else(|_| panic!("links"))
}

#[test]
fn links_saturate_and_lag() {
    let model = linked(0.0);
    let run = run(&model, &[], &[0.2]);
    assert_eq!(at(&model, &run, "a.shift", 0, 0), 0.0, "no change yet");
    let y = at(&model, &run, "b.y", 4, 0);
    let z = (y - 1.0) / 0.5; // the reference is y at the origin, which is x there
    let expected = 0.2 * oxus_math::saturate(z);
    assert_eq!(at(&model, &run, "a.shift", 5, 0), expected);
    assert!(at(&model, &run, "a.shift", 23, 0) < 0.6, "at most three typical deviations");
    let slow = linked(6.0);
    let delayed = self::run(&slow, &[], &[0.2]);
    assert!(at(&slow, &delayed, "a.shift", 3, 0) < at(&model, &run, "a.shift", 3, 0));
}

#[test]
fn a_step_acts_all_at_once_above_its_reference() {
    let model = joined(0.0, Shape::Step);
    let run = run(&model, &[], &[0.2]);
    assert_eq!(at(&model, &run, "a.shift", 0, 0), 0.0, "at its reference");
    for month in 2..24 {
        assert_eq!(at(&model, &run, "a.shift", month, 0), 0.2, "above its reference, however far");
    }
}

/// Reads one parameter for each place and for the whole.
struct Twice {
    y: Own,
    of_place: Param,
    of_all: Param,
}

impl Mechanism for Twice {
    type Memory = ();
    fn declare(ports: &mut Ports<'_>) -> Self {
        Self { y: ports.own(&Y), of_place: ports.param("rate", "place", "1"), of_all: ports.param("rate", "whole", "1") }
    }
    fn start(&self, step: &mut Step<'_>, (): &mut ()) {
        self.step(step, &mut ());
    }
    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        let all: [f64; LANES] = std::array::from_fn(|lane| step.get(&self.of_all, 0, lane));
        let places: Vec<[f64; LANES]> = (0..2).map(|p| std::array::from_fn(|lane| step.get(&self.of_place, p, lane))).collect();
        for (p, values) in places.iter().enumerate() {
            for lane in 0..LANES {
                step.set(&self.y, p, lane, values[lane] + 100.0 * all[lane]);
            }
        }
    }
}

#[test]
fn a_parameter_is_patched_on_every_axis_it_is_read_on() {
    let mut world = world(&["p", "q"]);
    world.add_axis("whole", vec!["region".to_owned()]);
    let model = plan(world, &[Definition::of::<Twice>("b", "reads twice")]).unwrap_or_else(|_| panic!("plans"));
    let rate = |entities: &[&str]| {
        let entities = entities.iter().map(|e| (*e).to_owned()).collect();
        [Patch { entities, ..patch(Target::Parameter("b.rate".into()), Op::Set, 2.0, 1.0) }]
    };
    let y = |patches: &[Patch]| at(&model, &run(&model, patches, &[]), "b.y", 10, 0);
    assert_eq!(y(&[]), 0.1, "as `run` sets it for places");
    assert_eq!(y(&rate(&[])), 202.0, "everywhere");
    assert_eq!(y(&rate(&["region"])), 200.1, "the whole alone");
    assert_eq!(y(&rate(&["p"])), 2.0, "the place alone");
    assert_eq!(y(&rate(&["q"])), 0.1, "another place");
    let problems = model.resolve(&rate(&["nowhere"])).expect_err("no such entity");
    assert_eq!((problems.len(), problems[0].code.id()), (1, "C007"));
}

fn patch(target: Target, op: Op, value: f64, strength: f64) -> Patch {
    let schedule = Schedule::constant(value, 6, 23, 24);
    Patch { origin: "test".into(), target, entities: vec![], op, schedule, strength, order: 0, span: None }
}

#[test]
fn interventions_do_what_they_say() {
    let model = linked(0.0);
    let base = run(&model, &[], &[0.2]);
    let off = run(&model, &[patch(Target::Link("y-feeds-x".into()), Op::Off, 1.0, 1.0)], &[0.2]);
    assert_eq!(at(&model, &base, "a.x", 5, 1), at(&model, &off, "a.x", 5, 1), "not before its time");
    assert_eq!(at(&model, &off, "a.shift", 6, 1), 0.0);
    let half = run(&model, &[patch(Target::Variable("a.x".into()), Op::Set, 10.0, 0.5)], &[0.0]);
    let free = run(&model, &[], &[0.0]);
    assert_eq!(at(&model, &half, "a.x", 6, 0), 0.5 * at(&model, &free, "a.x", 6, 0) + 5.0);
    assert_eq!(at(&model, &half, "b.y", 6, 0), 2.0 * at(&model, &half, "a.x", 6, 0), "readers see the intervention");
    let held = run(&model, &[patch(Target::Mechanism("a".into()), Op::Off, 1.0, 1.0)], &[0.0]);
    assert_eq!(at(&model, &held, "a.x", 23, 0), at(&model, &held, "a.x", 5, 0));
    let faster = run(&model, &[patch(Target::Parameter("a.drift".into()), Op::Scale, 2.0, 1.0)], &[0.0]);
    let gained = at(&model, &faster, "a.x", 6, 0) - at(&model, &free, "a.x", 6, 0);
    assert!((gained - 0.1).abs() < 1e-12, "{gained}");
}

#[test]
fn two_sets_of_one_cell_and_unknown_names_are_errors() {
    let model = linked(0.0);
    let set = |v| patch(Target::Variable("a.x".into()), Op::Set, v, 1.0);
    let problems = model.resolve(&[set(1.0), set(2.0)]).expect_err("conflict");
    assert_eq!(problems[0].code.id(), "C006");
    let ordered = Patch { order: 1, ..set(2.0) };
    let run = run(&model, &[set(1.0), ordered], &[0.0]);
    assert_eq!(at(&model, &run, "a.x", 10, 0), 2.0, "the higher order acts last");
    let problems = model.resolve(&[patch(Target::Variable("a.z".into()), Op::Set, 0.0, 1.0)]).expect_err("unknown");
    assert_eq!(problems[0].code.id(), "C007");
}

/// Reads what `a.x` was; its own variable is nobody's business.
struct LooksBack {
    seen: Own,
    x: Read,
}

impl Mechanism for LooksBack {
    type Memory = ();
    fn declare(ports: &mut Ports<'_>) -> Self {
        const SEEN: Variable = Variable::new("back.seen", "place", "1", Kind::Stock, "x of the month before");
        Self { seen: ports.own(&SEEN), x: ports.prev("a.x", "place", "1") }
    }
    fn start(&self, step: &mut Step<'_>, (): &mut ()) {
        step.copy(&self.seen, &self.x);
    }
    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        step.copy(&self.seen, &self.x);
    }
}

#[test]
fn a_value_out_of_bounds_fails_its_member_only() {
    const BOUNDED: Variable = Variable::new("a.x", "place", "1", Kind::Stock, "bounded").within(0.0, 3.0);
    let given = Definition::given("g", vec![(BOUNDED, 1.0)]);
    let back = Definition::of::<LooksBack>("back", "looks back");
    // bounds are checked whether or not anybody reads the past of the variable
    for definitions in [vec![given.clone()], vec![given, back]] {
        let model = plan(world(&["p"]), &definitions).unwrap_or_else(|_| panic!("plans"));
        let mut block = Block::new(&model);
        for value in [f64::NAN, f64::INFINITY, -0.1, 3.1] {
            let wild = Patch { schedule: Schedule::constant(value, 3, 3, 24), ..patch(Target::Variable("a.x".into()), Op::Set, 0.0, 1.0) };
            let interventions = model.resolve(&[wild]).expect("resolves");
            let run = block.run(&interventions, &Recording::default(), &PhiloxNoise);
            let failure = run.failures[0].as_ref().expect("fails");
            assert_eq!((failure.code, failure.month, failure.place.as_str()), ("M003", 3, "a.x[p]"));
        }
        assert!(block.run(&[], &Recording::default(), &PhiloxNoise).failures.iter().all(Option::is_none), "a block starts afresh");
    }
}

#[test]
fn the_past_is_what_was_a_month_before() {
    let model = plan(world(&["p"]), &[MECHANISM_A, MECHANISM_B, Definition::of::<LooksBack>("back", "looks back")]);
    let model = model.unwrap_or_else(|_| panic!("plans"));
    let run = run(&model, &[], &[]);
    for month in 1..24 {
        assert_eq!(at(&model, &run, "back.seen", month, 1), at(&model, &run, "a.x", month - 1, 1));
    }
}

#[test]
fn paths_are_linear_and_held() {
    let path = Schedule::path(&[(-2, 0.0), (2, 4.0), (4, 0.0)], 0, 5, 8);
    assert_eq!(path.0, [Some(2.0), Some(3.0), Some(4.0), Some(2.0), Some(0.0), Some(0.0), None, None]);
}

mod embedding;

/// Runs with parts held to a course of the plain run: what is held, what the shock is, and the values of b.y.
fn held(model: &Model, patches: &[Patch], strengths: &[f64], hold: Option<(&Course, &[usize], &[usize])>, course: &mut Course) -> Vec<u64> {
    let mut block = Block::new(model);
    block.set_keys(std::array::from_fn(|lane| Key::new(7, 0, lane as u32)));
    for lane in 0..LANES {
        for place in 0..model.world().axis(model.world().find("place").expect("axis")).len() {
            block.set_parameter(0, place, lane, 0.1);
        }
        for (link, s) in strengths.iter().enumerate() {
            block.set_strength(link, lane, *s);
        }
    }
    let interventions = model.resolve(patches).unwrap_or_else(|p| panic!("{}", p[0].headline));
    let cells = vec![(model.variable("b.y").expect("b.y"), 0)];
    let hold = hold.map(|(to, variables, links)| Hold { to, variables, links, kinds: &[] });
    let run = block.run_held(&interventions, &Recording { cells }, &PhiloxNoise, hold, course);
    run.record.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn what_is_held_passes_on_what_it_did_and_a_part_that_does_not_respond_keeps_every_bit() {
    let model = plan(world(&["p", "q"]), &[MECHANISM_A, MECHANISM_B]).unwrap_or_else(|_| panic!("plans"));
    let x = model.variable("a.x").expect("a.x");
    let followed = Followed { variables: vec![x], links: Vec::new(), kinds: Vec::new() };
    let (mut plain, mut unused) = (Course::of(followed), Course::default());
    let shock = Patch {
        origin: "test".into(),
        target: Target::Variable("a.x".into()),
        entities: Vec::new(),
        op: Op::Add,
        schedule: Schedule::constant(1.0, 3, 23, 24),
        strength: 1.0,
        order: 0,
        span: None,
    };
    let base = held(&model, &[], &[], None, &mut plain);
    let shocked = held(&model, std::slice::from_ref(&shock), &[], None, &mut unused);
    assert_ne!(base, shocked);
    // b reads a.x alone: with it held, nothing of the shock gets through, bit for bit
    let cut = held(&model, std::slice::from_ref(&shock), &[], Some((&plain, &[0], &[])), &mut unused);
    assert_eq!(base, cut);
    // held to what it does anyway
    assert_eq!(base, held(&model, &[], &[], Some((&plain, &[0], &[])), &mut unused));
}
