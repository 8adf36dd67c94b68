//! The embedding of events: rates, pairing, attribution.

use super::*;

const RATE: Variable = Variable::modifier("c.log_rate", "place", Scale::Log, "shifts the rate");
const COUNT: Variable = Variable::new("c.count", "place", "1", Kind::Count, "events of the month");

struct C {
    count: Own,
    shift: Sum,
    emit: Emit,
    domain: u64,
}

#[derive(Default)]
struct Memory {
    embedding: Embedding,
    ln_rate: Vec<f64>,
    accepted: [Vec<Immigrant>; LANES],
}

const MEAN: f64 = 0.4;

impl Mechanism for C {
    type Memory = Memory;
    fn declare(ports: &mut Ports<'_>) -> Self {
        Self { count: ports.own(&COUNT), shift: ports.sum(&RATE), emit: ports.emit("c.event", "place"), domain: ports.domain("events") }
    }
    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let axis = step.world().axis(step.world().find("place").expect("axis"));
        let components: Vec<_> = axis.keys.iter().map(|&key| Component { key, reference: MEAN / 2.0 }).collect();
        memory.embedding.start(self.domain, &components);
        memory.ln_rate.resize(components.len() * LANES, 0.0);
    }
    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for (r, s) in memory.ln_rate.iter_mut().zip(step.slice(&self.shift)) {
            *r = oxus_math::ln(MEAN) + s;
        }
        step.fill(&self.count, 0.0);
        let Memory { embedding, ln_rate, accepted } = memory;
        embedding.month(step, ln_rate, accepted);
        for (lane, list) in accepted.iter().enumerate() {
            for i in list {
                if step.muted(&self.emit, i.component as usize) {
                    continue;
                }
                let but_for = step.but_for(lane, &self.shift, i.component as usize, i.margin);
                step.increase(&self.count, i.component as usize, lane, 1.0);
                let event =
                    Event { kind: self.emit.kind(), entity: i.component, id: i.id, parent: None, time: i.time, size: 1.0, margin: i.margin, but_for };
                step.emit(lane, event);
            }
        }
    }
}

const MECHANISM_C: Definition = Definition::of::<C>("c", "events");

fn model(places: &[&str], months: usize) -> Model {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    world.add_axis("place", places.iter().map(|p| (*p).to_owned()).collect());
    plan(world, &[MECHANISM_C]).unwrap_or_else(|_| panic!("plans"))
}

fn events(model: &Model, patches: &[Patch], seed: u64) -> [Vec<Event>; LANES] {
    let mut block = Block::new(model);
    block.set_keys(std::array::from_fn(|lane| Key::new(seed, 3, lane as u32)));
    block.trace([true; LANES]);
    let interventions = model.resolve(patches).unwrap_or_else(|p| panic!("{}", p[0].headline));
    block.run(&interventions, &Recording::default(), &PhiloxNoise).events
}

fn shifted(by: f64, entities: &[&str], months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target: Target::Variable("c.log_rate".into()),
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op: Op::Add,
        schedule: Schedule::constant(by, 0, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

#[test]
fn counts_are_poisson_at_the_stated_rate() {
    let model = model(&["p", "q", "r"], 240);
    // the patch lifts the rate through three layers of the embedding
    for (patches, mean) in [(vec![], MEAN), (vec![shifted(2.0, &[], 240)], MEAN * oxus_math::exp(2.0))] {
        let months = (240 * 3 * LANES * 10) as f64;
        let total: usize = (0..10).flat_map(|seed| events(&model, &patches, seed)).map(|l| l.len()).sum();
        // five standard errors of a Poisson total
        let (expected, error) = (mean * months, (mean * months).sqrt());
        assert!((total as f64 - expected).abs() < 5.0 * error, "{total} against {expected}");
    }
}

#[test]
fn cases_share_what_the_change_does_not_touch() {
    let model = model(&["p", "q"], 120);
    let (base, more, less) =
        (events(&model, &[], 1), events(&model, &[shifted(0.7, &["p"], 120)], 1), events(&model, &[shifted(-0.7, &["p"], 120)], 1));
    for lane in 0..LANES {
        let ids = |list: &[Event], entity: u32| list.iter().filter(|e| e.entity == entity).map(|e| e.id).collect::<Vec<_>>();
        assert_eq!(ids(&base[lane], 1), ids(&more[lane], 1), "the other place is the same event for event");
        assert!(ids(&base[lane], 0).iter().all(|id| ids(&more[lane], 0).contains(id)), "a higher rate only adds");
        assert!(ids(&less[lane], 0).iter().all(|id| ids(&base[lane], 0).contains(id)), "a lower rate only removes");
    }
}

#[test]
fn muted_kinds_and_silenced_events_do_not_happen() {
    let model = model(&["p", "q"], 60);
    let mute = Patch { target: Target::Event("c.event".into()), op: Op::Off, entities: vec!["p".into()], ..shifted(1.0, &[], 60) };
    assert!(events(&model, &[mute], 1).iter().flatten().all(|e| e.entity == 1));
    let first = events(&model, &[], 1)[0][0];
    let mut block = Block::new(&model);
    block.set_keys(std::array::from_fn(|lane| Key::new(1, 3, lane as u32)));
    block.trace([true; LANES]);
    block.silence(vec![first.id]);
    let without = block.run(&[], &Recording::default(), &PhiloxNoise).events;
    let expected: Vec<u64> = events(&model, &[], 1)[0].iter().map(|e| e.id).filter(|id| *id != first.id).collect();
    assert_eq!(without[0].iter().map(|e| e.id).collect::<Vec<_>>(), expected);
}

#[test]
fn a_runaway_rate_is_a_typed_failure() {
    let model = model(&["p"], 24);
    let mut block = Block::new(&model);
    let interventions = model.resolve(&[shifted(60.0, &[], 24)]).expect("resolves");
    let run = block.run(&interventions, &Recording::default(), &PhiloxNoise);
    assert!(run.failures.iter().all(|f| f.as_ref().is_some_and(|f| f.code == "M002")));
}
