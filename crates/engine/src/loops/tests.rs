//! A linear model whose loops are known in closed form.

use oxus_kernel::{
    Block, Definition, LANES, Link, Mechanism, Model, NoiseIn, Own, Param, Ports, Reference, Scale, Shape, Step, Sum, Variable, World,
};
use oxus_units::Month;

use super::*;
use crate::Unwatched;

const X: Variable = Variable::new("a.x", "place", "1", oxus_kernel::Kind::Index, "fades by its own factor");
const PUSH_X: Variable = Variable::modifier("a.push", "place", Scale::Additive, "pushes x").in_unit("1", 1.0);
const Y: Variable = Variable::new("b.y", "place", "1", oxus_kernel::Kind::Index, "fades by its own factor");
const PUSH_Y: Variable = Variable::modifier("b.push", "place", Scale::Additive, "pushes y").in_unit("1", 2.0);

/// `x <- keep x + push + noise`.
struct Fading<const SECOND: bool> {
    x: Own,
    push: Sum,
    keep: Param,
    noise: NoiseIn,
}

impl<const SECOND: bool> Mechanism for Fading<SECOND> {
    type Memory = ();
    fn declare(ports: &mut Ports<'_>) -> Self {
        let (x, push) = if SECOND { (&Y, &PUSH_Y) } else { (&X, &PUSH_X) };
        Self { x: ports.own(x), push: ports.sum(push), keep: ports.param("keep", "place", "1"), noise: ports.normals("noise", "place") }
    }
    fn start(&self, step: &mut Step<'_>, (): &mut ()) {
        step.fill(&self.x, 0.0);
    }
    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        step.draw(&self.noise);
        step.update3(&self.x, &self.keep, &self.push, &self.noise, |x, keep, push, e| keep * x + push + e);
    }
}

const KEEP: [f64; 2] = [0.8, 0.7];
/// Scale of each link's source; b.push has a typical deviation of 2.
const SCALE: [f64; 2] = [5.0, 4.0];
const LAG: [f64; 2] = [3.0, 6.0];

fn model() -> Model {
    changed(|_| ())
}

/// The model with both links changed.
fn changed(change: impl Fn(&mut Link)) -> Model {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), WINDOW);
    world.add_axis("place", vec!["p".into(), "q".into()]);
    let definitions = [Definition::of::<Fading<false>>("a", "x"), Definition::of::<Fading<true>>("b", "y")];
    let model = oxus_kernel::plan(world, &definitions).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
    let at = |name: &str| model.variable(name).expect("a variable");
    let link = |id: &str, from: &str, to: &str, k: usize| Link {
        id: id.into(),
        from: at(from),
        to: at(to),
        pairs: vec![(0, vec![(0, 1.0)]), (1, vec![(1, 1.0)])],
        largest: false,
        scale: SCALE[k],
        lag: LAG[k],
        reference: Reference::Base,
        shape: Shape::Saturating,
    };
    let mut links = vec![link("x-to-y", "a.x", "b.push", 0), link("y-to-x", "b.y", "a.push", 1)];
    links.iter_mut().for_each(change);
    model.with_links(links).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline))
}

/// Draw d has the strengths 0.3 (d + 1) and -0.2 in the units of their targets.
fn strengths(draw: u32) -> [f64; 2] {
    [0.3 * f64::from(draw + 1), -0.2]
}

fn load(block: &mut Block<'_>, draw: u32) -> Vec<f64> {
    for lane in 0..LANES {
        for (k, keep) in KEEP.iter().enumerate() {
            (0..2).for_each(|place| block.set_parameter(k, place, lane, *keep));
        }
    }
    strengths(draw).to_vec()
}

fn settings(draws: u32) -> Settings {
    Settings { seed: 5, draws, longest: 4, most: 5, view: None }
}

/// Gain of a round: `slope s1 / (scale1 (1 - k1))` times `slope s2 / (scale2 (1 - k2))`, whatever the typical deviations.
fn round(draw: u32) -> f64 {
    let slope = 3.0 / 8.0_f64.sqrt();
    let half = |k: usize| slope * strengths(draw)[k] / (SCALE[k] * (1.0 - KEEP[k]));
    half(0) * half(1)
}

/// A pair of first-order delays of 4 and 6 months has less than 1e-4 of its response left after the 60 months from the end of the pulse;
/// there is no Monte Carlo error, because noise that is added cancels in the same futures.
const TRUNCATED: f64 = 2e-3;

#[test]
fn the_loop_of_a_linear_model_is_recovered() {
    let model = model();
    let measured = measure(&model, &settings(5), &load, &Unwatched).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
    let report = report::report(&empty_region(), &model, &settings(5), &measured);
    assert_eq!((report.nodes.len(), report.links, report.draws, report.lost), (2, 2, 5, 0));
    let [found] = report.loops.as_slice() else { panic!("{} loops instead of one", report.loops.len()) };
    let expected = (0..5).map(round).sum::<f64>() / 5.0;
    assert!((found.gain / expected - 1.0).abs() < TRUNCATED, "{} instead of {expected}", found.gain);
    assert!(!found.reinforcing && found.exists == 1.0 && found.sign_agreement == 1.0);
    // one month to read, the lag, and k / (1 - k) of fading, twice; the moment is more sensitive to the end of the window than the sum
    let delay: f64 = (0..2).map(|k| 1.0 + LAG[k] + KEEP[k] / (1.0 - KEEP[k])).sum();
    assert!((found.delay / delay - 1.0).abs() < 0.01, "{} months instead of {delay}", found.delay);
    // inside the first mechanism: 1 / (1 - k) of the modifier's unit, in deviations of the link's scale
    let step = found.steps.iter().find(|s| s.link == "x-to-y").expect("the first link");
    assert!((step.inside_gain - 1.0 / (SCALE[0] * (1.0 - KEEP[0]))).abs() < TRUNCATED);
    assert_eq!((step.from.as_str(), step.to.as_str(), step.inside.as_slice()), ("a.push", "b.push", ["a".to_owned()].as_slice()));
    // two nodes in a ring: the radius is the root of the loop's gain
    let largest = (0..5).map(|d| round(d).abs().sqrt()).fold(0.0, f64::max);
    assert!((report.stability.largest / largest - 1.0).abs() < TRUNCATED);
    assert_eq!((report.stability.unstable, report.stability.turning), (0.0, 0.0));
}

#[test]
fn loops_above_one_are_unstable_and_fail() {
    let model = model();
    // |gain| passes 1 between strengths: slope^2 * s * 0.2 / (1 * 1.2) = 1
    let strong = |sign: f64| {
        move |block: &mut Block<'_>, draw: u32| {
            load(block, draw);
            vec![if draw == 0 { 6.0 } else { 4.0 }, sign]
        }
    };
    for (sign, turning) in [(1.0, 1.0), (-1.0, 0.0)] {
        let measured = measure(&model, &settings(4), &strong(sign), &Unwatched).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
        let report = report::report(&empty_region(), &model, &settings(4), &measured);
        assert_eq!((report.stability.unstable, report.stability.unstable_beyond_noise), (1.0, 1.0));
        assert_eq!(report.stability.turning, turning, "a balancing loop turns round");
        assert!(unstable(&report).is_some());
        assert!(dot(&report).contains("\"a.push\" -> \"a.x\" [style=dashed"));
    }
}

#[test]
fn the_measured_threshold_is_where_the_running_model_explodes() {
    // links on, far below their saturation: what a push leaves in the same futures grows or dies out, on either side of a loop gain of 1
    let model = changed(|link| link.scale = SMALL);
    let slope = 3.0 / 8.0_f64.sqrt();
    let critical = SMALL * SMALL * (1.0 - KEEP[0]) * (1.0 - KEEP[1]) / (slope * slope);
    for (factor, grows) in [(0.8, false), (1.25, true)] {
        let strength = (critical * factor).sqrt();
        let path = |push: f64| {
            let mut block = Block::new(&model);
            load(&mut block, 0);
            for lane in 0..LANES {
                (0..2).for_each(|link| block.set_strength(link, lane, strength));
            }
            let patches = model.resolve(&[pushed(push)]).unwrap_or_else(|p| panic!("{}", p[0].headline));
            let cells = vec![(model.variable("a.x").expect("x"), 0)];
            block.run(&patches, &oxus_kernel::Recording { cells }, &oxus_kernel::PhiloxNoise).record
        };
        let (up, down) = (path(SIZE), path(-SIZE));
        let left = |month: usize| (0..LANES).map(|lane| up[month * LANES + lane] - down[month * LANES + lane]).sum::<f64>();
        // a round takes 18 months: long after the push, one round apart and more
        assert_eq!(left(80) > left(50), grows, "{} after {}, at {factor} of the critical gain", left(80), left(50));
    }
}

/// A push on a.push during the pulse.
fn pushed(size: f64) -> oxus_kernel::Patch {
    oxus_kernel::Patch {
        origin: "test".into(),
        target: oxus_kernel::Target::Variable("a.push".into()),
        entities: Vec::new(),
        op: oxus_kernel::Op::Add,
        schedule: oxus_kernel::Schedule::constant(size, WARM, WARM + PULSE - 1, WINDOW),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Sources so far below their scale that the link is linear: `z` is below 0.01, and the cubic term of the shape below 2e-5 of the linear.
const SMALL: f64 = 1000.0;
const LINEAR: f64 = 1e-4;

#[test]
fn the_link_half_is_what_the_running_link_does() {
    let variants: [fn(&mut Link); 4] = [
        |_| (),
        |link| link.reference = Reference::Trend(24.0),
        |link| (link.lag, link.reference) = (0.0, Reference::Value(3.0)),
        |link| (link.largest, link.pairs) = (true, vec![(0, vec![(0, 1.0), (1, 1.0)]), (1, vec![(1, 1.0)])]),
    ];
    for (k, variant) in variants.into_iter().enumerate() {
        let model = changed(|link| {
            variant(link);
            link.scale = SMALL;
        });
        let measured = measure(&model, &settings(1), &load, &Unwatched).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
        let node = measured.graph.nodes.iter().position(|n| model.spec(n.modifier).name == "a.push").expect("the node");
        let response = measured.draws[0].responses[node * 2].link.mean;
        // the same pulse with the first link on: what arrives at b.push is recorded
        let arrives = |sign: f64| {
            let mut block = Block::new(&model);
            load(&mut block, 0);
            block.set_keys(std::array::from_fn(|lane| oxus_random::Key::new(5, 0, lane as u32)));
            (0..LANES).for_each(|lane| block.set_strength(0, lane, 1.0));
            let patches = model.resolve(&[pushed(sign * SIZE)]).unwrap_or_else(|p| panic!("{}", p[0].headline));
            let push = model.variable("b.push").expect("b.push");
            let recording = oxus_kernel::Recording { cells: vec![(push, 0), (push, 1)] };
            let record = block.run(&patches, &recording, &oxus_kernel::PhiloxNoise).record;
            record.iter().sum::<f64>() / (2 * LANES) as f64
        };
        let running = (arrives(1.0) - arrives(-1.0)) / (2.0 * SIZE * PULSE as f64);
        assert!((response / running - 1.0).abs() < LINEAR, "variant {k}: {response} instead of {running}");
    }
}

#[test]
fn too_short_or_empty_is_refused() {
    let model = model();
    assert!(measure(&model, &settings(0), &load, &Unwatched).is_err());
}

fn empty_region() -> Region {
    let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/diag/minimal");
    oxus_pack::read(&oxus_pack::Folder::new(root)).region.expect("the minimal pack reads")
}
