//! A block: the members that advance together through one case.

use std::any::Any;
use std::time::Duration;

use oxus_random::Key;

use crate::column::{Column, LANES};
use crate::event::{ButFor, Event, KindId};
use crate::hold::{Course, Hold};
use crate::intervention::{Intervention, Op, Place};
use crate::link::LinkState;
use crate::model::Model;
use crate::noise::Noise;
use crate::step::Step;

/// Events of one member in one month past which it counts as run away.
pub(crate) const EVENT_CAP: usize = 20_000;

/// Why a member could not be simulated to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Diagnostic code.
    pub code: &'static str,
    /// Simulated month.
    pub month: usize,
    /// Mechanism or variable.
    pub place: String,
    /// What happened.
    pub reason: String,
}

/// An event that an intervention imposes on every member.
#[derive(Clone, Debug, PartialEq)]
pub struct Imposed {
    /// Kind.
    pub kind: KindId,
    /// Entity on the kind's axis.
    pub entity: u32,
    /// Stable id.
    pub id: u64,
    /// Size on the kind's scale.
    pub size: f64,
}

/// Numbers of a noise port for the steps of one spell, `[entity][step][lane]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ahead {
    pub spell: Option<u64>,
    pub numbers: Column,
}

/// The columns of one block; private to the kernel but for the ports.
#[derive(Default)]
pub struct Store {
    pub(crate) now: Vec<Column>,
    pub(crate) prev: Vec<Column>,
    pub(crate) params: Vec<Column>,
    pub(crate) scratch: Vec<Column>,
    /// Noise of the steps to come, beside the scratch column that it is handed out in.
    pub(crate) ahead: Vec<Ahead>,
    pub(crate) failed: [Option<Failure>; LANES],
    pub(crate) emitted: [Vec<Event>; LANES],
    pub(crate) heard: [Vec<Event>; LANES],
    pub(crate) muted: Vec<(KindId, u32)>,
    pub(crate) imposed: Vec<Imposed>,
    pub(crate) silenced: Vec<u64>,
    traced: [bool; LANES],
    arena: Vec<u32>,
    pub(crate) links: LinkState,
    arriving: std::collections::BTreeMap<(u32, u32), Vec<u32>>,
}

impl Store {
    pub(crate) fn but_for(&mut self, lane: usize, sum: u32, entity: u32, margin: f64) -> ButFor {
        if !self.traced[lane] {
            return ButFor::default();
        }
        let start = self.arena.len() as u32;
        if let Some(rows) = self.arriving.get(&(sum, entity)) {
            let links = &self.links;
            self.arena.extend(rows.iter().filter(|r| links.contribution(**r as usize, lane) >= margin));
        }
        ButFor { start, len: self.arena.len() as u32 - start }
    }
}

/// Which cells are kept for every month: (variable index, entity).
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Cells in the order of the record.
    pub cells: Vec<(usize, u32)>,
}

/// What one run of a block leaves: recorded cells, failures, and for traced lanes the events.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// `[month][cell][lane]`.
    pub record: Vec<f64>,
    /// By lane.
    pub failures: [Option<Failure>; LANES],
    /// Events of traced lanes in order of (month, time, id).
    pub events: [Vec<Event>; LANES],
    /// Links of the but-for sets of the events.
    pub but_for: Vec<u32>,
}

impl Run {
    /// Links in an event's but-for set.
    pub fn but_for(&self, event: &Event) -> &[u32] {
        &self.but_for[event.but_for.start as usize..][..event.but_for.len as usize]
    }
}

/// The state of [`LANES`] members of one case, reused from run to run.
pub struct Block<'m> {
    model: &'m Model,
    store: Store,
    base_params: Vec<Column>,
    memories: Vec<Box<dyn Any + Send>>,
    keys: [Key; LANES],
    timings: Option<Vec<Duration>>,
    clock: Option<fn() -> Duration>,
}

impl<'m> Block<'m> {
    /// An empty block for a model.
    pub fn new(model: &'m Model) -> Self {
        let column = |axis| vec![0.0; model.world.axis(axis).len() * LANES];
        let columns = || model.variables.iter().map(|v| column(v.axis)).collect::<Vec<_>>();
        let store = Store {
            now: columns(),
            prev: columns(),
            params: model.params.iter().map(|p| column(p.axis)).collect(),
            scratch: model.scratch.iter().map(|&a| column(a)).collect(),
            ahead: vec![Ahead::default(); model.scratch.len()],
            links: LinkState::new(model.link_plan.rows()),
            arriving: model.link_plan.arriving.clone(),
            ..Store::default()
        };
        Self {
            model,
            base_params: store.params.clone(),
            store,
            memories: model.mechanisms.iter().map(|m| m.mechanism.memory()).collect(),
            keys: [Key::new(0, 0, 0); LANES],
            timings: None,
            clock: None,
        }
    }

    /// Measures each mechanism with this clock (the kernel has none); entry 0 is the link pass, the last recording and checks.
    pub fn time_with(&mut self, clock: fn() -> Duration) {
        self.clock = Some(clock);
        self.timings = Some(vec![Duration::ZERO; self.model.mechanisms.len() + 2]);
    }

    /// Time spent so far, if measured: links, mechanisms in order, bookkeeping.
    pub fn timings(&self) -> Option<&[Duration]> {
        self.timings.as_deref()
    }

    /// Names the members of the lanes.
    pub fn set_keys(&mut self, keys: [Key; LANES]) {
        self.keys = keys;
    }

    /// Gives parameter use `index` a value for one entity and lane.
    pub fn set_parameter(&mut self, index: usize, entity: usize, lane: usize, value: f64) {
        self.base_params[index][entity * LANES + lane] = value;
    }

    /// Gives a link its strength on the target's scale in one lane; 0 where the draw says that the link does not exist.
    pub fn set_strength(&mut self, link: usize, lane: usize, value: f64) {
        let plan = &self.model.link_plan;
        for row in plan.starts[link]..plan.starts[link + 1] {
            self.store.links.drawn[row * LANES + lane] = value;
        }
    }

    /// Gives one row of a link its strength in one lane (`entity` on the target's axis).
    pub fn scale_strength(&mut self, link: usize, entity: u32, lane: usize, factor: f64) {
        let plan = &self.model.link_plan;
        for row in plan.starts[link]..plan.starts[link + 1] {
            if plan.targets[row].1 == entity {
                self.store.links.drawn[row * LANES + lane] *= factor;
            }
        }
    }

    /// Keeps events and but-for sets of these lanes.
    pub fn trace(&mut self, lanes: [bool; LANES]) {
        self.store.traced = lanes;
    }

    /// Switches single events off by id.
    pub fn silence(&mut self, mut ids: Vec<u64>) {
        ids.sort_unstable();
        self.store.silenced = ids;
    }

    /// Runs all months of one case.
    pub fn run(&mut self, interventions: &[Intervention], recording: &Recording, noise: &dyn Noise) -> Run {
        self.run_held(interventions, recording, noise, None, &mut Course::default())
    }

    /// The same, with parts held to what they passed on in another run of the same members; what `course` follows is put into it.
    pub fn run_held(
        &mut self,
        interventions: &[Intervention],
        recording: &Recording,
        noise: &dyn Noise,
        hold: Option<Hold<'_>>,
        course: &mut Course,
    ) -> Run {
        let months = self.model.world.months();
        let mut run = Run { record: Vec::with_capacity(months * recording.cells.len() * LANES), ..Run::default() };
        course.clear();
        self.start(interventions, noise, hold);
        course.take_variables(&self.store);
        for t in 0..months {
            self.month(t, interventions, noise, hold);
            course.take_links(self.model, &self.store);
            course.take_variables(&self.store);
            if let Some(hold) = hold {
                hold.events(t, &mut self.store.emitted);
            }
            course.take_events(&self.store.emitted);
            let before = self.now();
            for &(variable, entity) in &recording.cells {
                run.record.extend_from_slice(&self.store.now[variable][entity as usize * LANES..][..LANES]);
            }
            self.finish_month(t, &mut run);
            self.spent(self.model.mechanisms.len() + 1, before);
        }
        run.failures = self.store.failed.clone();
        run.but_for = std::mem::take(&mut self.store.arena);
        for link in &mut run.but_for {
            *link = self.model.link_plan.link_of(*link);
        }
        run
    }

    fn now(&self) -> Option<Duration> {
        self.clock.map(|c| c())
    }

    fn spent(&mut self, slot: usize, before: Option<Duration>) {
        if let (Some(before), Some(clock), Some(timings)) = (before, self.clock, &mut self.timings) {
            timings[slot] += clock() - before;
        }
    }

    fn start(&mut self, interventions: &[Intervention], noise: &dyn Noise, hold: Option<Hold<'_>>) {
        self.store.failed = Default::default();
        self.store.arena.clear();
        for lane in 0..LANES {
            self.store.emitted[lane].clear();
            self.store.heard[lane].clear();
        }
        for (column, base) in self.store.params.iter_mut().zip(&self.base_params) {
            column.copy_from_slice(base);
        }
        for column in self.store.now.iter_mut().chain(&mut self.store.prev) {
            column.fill(0.0);
        }
        for ahead in &mut self.store.ahead {
            ahead.spell = None;
        }
        self.parameters(0, interventions);
        // twice: what one mechanism starts from may be what a later one writes, and each start only writes its own
        for _ in 0..2 {
            for at in 0..self.model.mechanisms.len() {
                let planned = &self.model.mechanisms[at];
                let mut step = step(&mut self.store, self.model, noise, &self.keys, 0, planned.name);
                planned.mechanism.start(&mut step, self.memories[at].as_mut());
                if let Some(hold) = hold {
                    hold.variables(&planned.owned, 0, &mut self.store);
                }
                for &variable in &planned.owned {
                    let (now, prev) = (&self.store.now[variable as usize], &mut self.store.prev[variable as usize]);
                    prev.copy_from_slice(now);
                }
            }
        }
        let changed =
            |link: usize| interventions.iter().any(|i| i.place == Place::Link(link as u32)) || hold.is_some_and(|hold| hold.holds_link(link));
        self.store.links.start(&self.model.link_plan, &self.store.prev, changed);
    }

    fn month(&mut self, t: usize, interventions: &[Intervention], noise: &dyn Noise, hold: Option<Hold<'_>>) {
        let model = self.model;
        let before = self.now();
        self.parameters(t, interventions);
        self.links_and_events(t, interventions);
        for (variable, info) in model.variables.iter().enumerate() {
            if info.sum {
                self.store.now[variable].fill(0.0);
            }
        }
        if let Some(hold) = hold {
            self.store.links.hold(hold.rows(model, t));
        }
        self.store.links.pass(&model.link_plan, &self.store.prev, &mut self.store.now);
        self.spent(0, before);
        for (at, planned) in model.mechanisms.iter().enumerate() {
            let before = self.now();
            let off = interventions.iter().any(|i| i.place == Place::Mechanism(at) && i.active(t).is_some());
            self.change(&planned.sums, t, interventions);
            if let Some(hold) = hold {
                hold.variables(&planned.sums, t + 1, &mut self.store);
            }
            if !off && t.is_multiple_of(planned.mechanism.every()) {
                let mut step = step(&mut self.store, model, noise, &self.keys, t, planned.name);
                planned.mechanism.step(&mut step, self.memories[at].as_mut());
            }
            self.change(&planned.owned, t, interventions);
            if let Some(hold) = hold {
                hold.variables(&planned.owned, t + 1, &mut self.store);
            }
            self.spent(at + 1, before);
        }
    }

    fn parameters(&mut self, t: usize, interventions: &[Intervention]) {
        for i in interventions {
            if let Place::Parameter(p) = i.place {
                let id = &self.model.params[p as usize].id;
                for (q, other) in self.model.params.iter().enumerate().filter(|(_, o)| o.id == *id) {
                    if other.axis == self.model.params[p as usize].axis {
                        self.store.params[q].copy_from_slice(&self.base_params[q]);
                    }
                }
            }
        }
        for i in interventions {
            if let Place::Parameter(p) = i.place {
                let (id, axis) = (&self.model.params[p as usize].id, self.model.params[p as usize].axis);
                for (q, other) in self.model.params.iter().enumerate() {
                    if other.id == *id && other.axis == axis {
                        cells(&mut self.store.params[q], i, t);
                    }
                }
            }
        }
    }

    fn links_and_events(&mut self, t: usize, interventions: &[Intervention]) {
        self.store.muted.clear();
        self.store.imposed.clear();
        if interventions.iter().any(|i| matches!(i.place, Place::Link(_))) {
            self.store.links.forget_changes();
        }
        for i in interventions {
            match i.place {
                Place::Link(link) => {
                    self.store.links.change(&self.model.link_plan, link as usize, |x| i.apply(x, t));
                }
                Place::Event(kind) => {
                    if let Some(size) = i.active(t) {
                        for &entity in &i.entities {
                            if i.op == Op::Off {
                                self.store.muted.push((kind, entity));
                            } else if i.strength > 0.0 {
                                let id = oxus_random::mix64(i.key, (t as u64) << 32 | u64::from(entity));
                                self.store.imposed.push(Imposed { kind, entity, id, size: size * i.strength });
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn change(&mut self, variables: &[u32], t: usize, interventions: &[Intervention]) {
        for i in interventions {
            if let Place::Variable(v) = i.place
                && variables.contains(&v)
            {
                cells(&mut self.store.now[v as usize], i, t);
            }
        }
    }

    fn finish_month(&mut self, t: usize, run: &mut Run) {
        for (variable, info) in self.model.variables.iter().enumerate() {
            let (now, prev) = (&self.store.now[variable], &mut self.store.prev[variable]);
            let (low, high) = (info.spec.low, info.spec.high);
            // nobody reads the past of many variables
            let good = if self.model.past_read[variable] { pass_on(prev, now, low, high) } else { within(now, low, high) };
            if !good {
                self.blame(variable, t);
            }
        }
        for lane in 0..LANES {
            let emitted = &mut self.store.emitted[lane];
            emitted.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.id.cmp(&b.id)));
            if self.store.traced[lane] {
                run.events[lane].extend_from_slice(emitted);
            }
            std::mem::swap(&mut self.store.heard[lane], emitted);
            emitted.clear();
        }
    }

    fn blame(&mut self, variable: usize, t: usize) {
        let info = &self.model.variables[variable];
        let axis = self.model.world.axis(info.axis);
        for (i, &x) in self.store.now[variable].iter().enumerate() {
            let lane = i % LANES;
            if (x < info.spec.low || x > info.spec.high || !x.is_finite()) && self.store.failed[lane].is_none() {
                let place = format!("{}[{}]", info.spec.name, axis.entities[i / LANES]);
                let reason = format!("{x} outside [{}, {}]", info.spec.low, info.spec.high);
                self.store.failed[lane] = Some(Failure { code: "M003", month: t, place, reason });
            }
        }
    }
}

fn step<'a>(store: &'a mut Store, model: &'a Model, noise: &'a dyn Noise, keys: &'a [Key; LANES], t: usize, mechanism: &'static str) -> Step<'a> {
    Step { store, world: &model.world, noise, keys, t, mechanism }
}

fn cells(column: &mut Column, i: &Intervention, t: usize) {
    if i.active(t).is_some() {
        for &entity in &i.entities {
            for x in &mut column[entity as usize * LANES..][..LANES] {
                *x = i.apply(*x, t);
            }
        }
    }
}

oxus_math::dispatch! {
    /// Whether every value is finite and within bounds, as [`pass_on`] finds it.
    fn within(now: &[f64], low: f64, high: f64) -> bool {
        let (mut least, mut most, mut zero) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES], [0.0; LANES]);
        for cell in now.chunks_exact(LANES) {
            for lane in 0..LANES {
                let x = cell[lane];
                least[lane] = if x < least[lane] { x } else { least[lane] };
                most[lane] = if x > most[lane] { x } else { most[lane] };
                zero[lane] += 0.0 * x;
            }
        }
        (0..LANES).all(|lane| zero[lane] == 0.0 && least[lane] >= low && most[lane] <= high)
    }
}

oxus_math::dispatch! {
    /// Copies what is now to what was before; whether every value is finite and within bounds. Smallest, largest and `0 x` (which is not 0
    /// for what is not finite) are kept lane by lane, so that the loop vectorises; columns are whole numbers of lanes.
    fn pass_on(before: &mut [f64], now: &[f64], low: f64, high: f64) -> bool {
        let (mut least, mut most, mut zero) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES], [0.0; LANES]);
        for (cell, before) in now.chunks_exact(LANES).zip(before.chunks_exact_mut(LANES)) {
            for lane in 0..LANES {
                let x = cell[lane];
                before[lane] = x;
                least[lane] = if x < least[lane] { x } else { least[lane] };
                most[lane] = if x > most[lane] { x } else { most[lane] };
                zero[lane] += 0.0 * x;
            }
        }
        (0..LANES).all(|lane| zero[lane] == 0.0 && least[lane] >= low && most[lane] <= high)
    }
}
