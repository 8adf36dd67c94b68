//! What a mechanism sees of the world while it runs: its declared ports, elementwise operators, noise, events.

use oxus_random::Key;

use crate::block::{Failure, Imposed, Store};
use crate::column::{Column, LANES, fill1, fill2, fill3, fill4, fill5, fill6, fill7, fill8, fold1, fold2, fold3, fold4, fold5, fold6, fold7, fold8};
use crate::event::{ButFor, Event};
use crate::noise::{Draws, Noise, SPELL};
use crate::ports::{Add, Emit, Hear, NoiseIn, Own, Param, Read, Scratch, Sum};
use crate::world::{Map, World};

/// Something a step can read as a column.
pub trait Source {
    /// Its values, `[entity][lane]`.
    fn column<'a>(&self, store: &'a Store) -> &'a [f64];
}

/// Something a step can write as a column.
pub trait Sink {
    /// Takes the column out of the store, so that the rest can be read while it is written.
    fn take(&self, store: &mut Store) -> Column;
    /// Puts it back.
    fn put(&self, store: &mut Store, column: Column);
}

macro_rules! source {
    ($port:ty, |$self:ident, $store:ident| $column:expr) => {
        impl Source for $port {
            #[inline(always)]
            fn column<'a>(&$self, $store: &'a Store) -> &'a [f64] {
                $column
            }
        }
    };
}

source!(Read, |self, store| if self.now { &store.now[self.variable as usize] } else { &store.prev[self.variable as usize] });
source!(Own, |self, store| &store.now[self.0 as usize]);
source!(Sum, |self, store| &store.now[self.0 as usize]);
source!(Param, |self, store| &store.params[self.0 as usize]);
source!(Scratch, |self, store| &store.scratch[self.0 as usize]);
source!(NoiseIn, |self, store| &store.scratch[self.scratch as usize]);

macro_rules! sink {
    ($port:ty, |$self:ident, $store:ident| $place:expr) => {
        impl Sink for $port {
            #[inline(always)]
            fn take(&$self, $store: &mut Store) -> Column {
                std::mem::take(&mut $place)
            }
            #[inline(always)]
            fn put(&$self, $store: &mut Store, column: Column) {
                $place = column;
            }
        }
    };
}

sink!(Own, |self, store| store.now[self.0 as usize]);
sink!(Add, |self, store| store.now[self.0 as usize]);
sink!(Scratch, |self, store| store.scratch[self.0 as usize]);

/// One mechanism's view of one step of one block.
pub struct Step<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) world: &'a World,
    pub(crate) noise: &'a dyn Noise,
    pub(crate) keys: &'a [Key; LANES],
    pub(crate) t: usize,
    pub(crate) mechanism: &'static str,
}

macro_rules! elementwise {
    ($each:ident, $update:ident, $fill:ident, $fold:ident, $($p:ident $a:ident : $t:ty),*) => {
        /// Writes `f` of the sources, element by element.
        #[allow(clippy::too_many_arguments)]
        #[inline(always)]
        pub fn $each<$($p: Source),*>(&mut self, out: &impl Sink, $($a: &$p,)* f: impl Fn($($t),*) -> f64) {
            let mut column = out.take(self.store);
            $fill(&mut column, $($a.column(self.store),)* f);
            out.put(self.store, column);
        }

        /// Writes `f` of the present value and the sources, element by element.
        #[allow(clippy::too_many_arguments)]
        #[inline(always)]
        pub fn $update<$($p: Source),*>(&mut self, out: &impl Sink, $($a: &$p,)* f: impl Fn(f64, $($t),*) -> f64) {
            let mut column = out.take(self.store);
            $fold(&mut column, $($a.column(self.store),)* f);
            out.put(self.store, column);
        }
    };
}

impl Step<'_> {
    elementwise!(each1, update1, fill1, fold1, A a: f64);
    elementwise!(each2, update2, fill2, fold2, A a: f64, B b: f64);
    elementwise!(each3, update3, fill3, fold3, A a: f64, B b: f64, C c: f64);
    elementwise!(each4, update4, fill4, fold4, A a: f64, B b: f64, C c: f64, D d: f64);
    elementwise!(each5, update5, fill5, fold5, A a: f64, B b: f64, C c: f64, D d: f64, E e: f64);
    elementwise!(each6, update6, fill6, fold6, A a: f64, B b: f64, C c: f64, D d: f64, E e: f64, G g: f64);
    elementwise!(each7, update7, fill7, fold7, A a: f64, B b: f64, C c: f64, D d: f64, E e: f64, G g: f64, H h: f64);
    elementwise!(each8, update8, fill8, fold8, A a: f64, B b: f64, C c: f64, D d: f64, E e: f64, G g: f64, H h: f64, K k: f64);

    /// Sets every element.
    pub fn fill(&mut self, out: &impl Sink, value: f64) {
        let mut column = out.take(self.store);
        column.fill(value);
        out.put(self.store, column);
    }

    /// Copies a source of the same axis.
    pub fn copy(&mut self, out: &impl Sink, from: &impl Source) {
        self.each1(out, from, |x| x);
    }

    /// `out[i] = from[map(i)]`, 0 where the map has no target: containment broadcast down.
    pub fn spread_down(&mut self, out: &impl Sink, from: &impl Source, map: &Map) {
        let mut column = out.take(self.store);
        let values = from.column(self.store);
        for (cell, to) in column.chunks_exact_mut(LANES).zip(&map.to) {
            match to {
                Some(j) => cell.copy_from_slice(&values[*j as usize * LANES..][..LANES]),
                None => cell.fill(0.0),
            }
        }
        out.put(self.store, column);
    }

    /// `out[map(i)] += from[i]`, from zero: containment summed up.
    pub fn sum_up(&mut self, out: &impl Sink, from: &impl Source, map: &Map) {
        let mut column = out.take(self.store);
        column.fill(0.0);
        let values = from.column(self.store);
        for (cell, to) in values.chunks_exact(LANES).zip(&map.to) {
            if let Some(j) = to {
                for (o, v) in column[*j as usize * LANES..][..LANES].iter_mut().zip(cell) {
                    *o += v;
                }
            }
        }
        out.put(self.store, column);
    }

    /// `out[row] = sum of weight * from[column]` over a sparse relation.
    pub fn relate(&mut self, out: &impl Sink, from: &impl Source, entries: &[(u32, u32, f64)]) {
        let mut column = out.take(self.store);
        column.fill(0.0);
        let values = from.column(self.store);
        for &(row, source, weight) in entries {
            let cell = &values[source as usize * LANES..][..LANES];
            for (o, v) in column[row as usize * LANES..][..LANES].iter_mut().zip(cell) {
                *o += weight * v;
            }
        }
        out.put(self.store, column);
    }

    /// Values of a port, `[entity][lane]`.
    pub fn slice(&self, from: &impl Source) -> &[f64] {
        from.column(self.store)
    }

    /// One value.
    #[inline(always)]
    pub fn get(&self, from: &impl Source, entity: usize, lane: usize) -> f64 {
        from.column(self.store)[entity * LANES + lane]
    }

    /// Writes one value.
    #[inline(always)]
    pub fn set(&mut self, out: &Own, entity: usize, lane: usize, value: f64) {
        self.store.now[out.0 as usize][entity * LANES + lane] = value;
    }

    /// Writes the values of one entity, one for each lane.
    #[inline(always)]
    pub fn set_row(&mut self, out: &Own, entity: usize, values: [f64; LANES]) {
        self.store.now[out.0 as usize][entity * LANES..][..LANES].copy_from_slice(&values);
    }

    /// Writes the values of one entity of a private column, one for each lane.
    #[inline(always)]
    pub fn set_scratch_row(&mut self, out: &Scratch, entity: usize, values: [f64; LANES]) {
        self.store.scratch[out.0 as usize][entity * LANES..][..LANES].copy_from_slice(&values);
    }

    /// Writes one value of a private column.
    #[inline(always)]
    pub fn set_scratch(&mut self, out: &Scratch, entity: usize, lane: usize, value: f64) {
        self.store.scratch[out.0 as usize][entity * LANES + lane] = value;
    }

    /// Adds to one value of a private column.
    #[inline(always)]
    pub fn add_scratch(&mut self, out: &Scratch, entity: usize, lane: usize, value: f64) {
        self.store.scratch[out.0 as usize][entity * LANES + lane] += value;
    }

    /// Adds to one value of an owned variable.
    #[inline(always)]
    pub fn increase(&mut self, out: &Own, entity: usize, lane: usize, value: f64) {
        self.store.now[out.0 as usize][entity * LANES + lane] += value;
    }

    /// Draws this step's noise into the port's column.
    pub fn draw(&mut self, port: &NoiseIn) {
        let entities = &self.world.axis(port.axis).keys;
        let ahead = &mut self.store.ahead[port.scratch as usize];
        let spell = (self.t / SPELL) as u64;
        if ahead.spell != Some(spell) {
            ahead.spell = Some(spell);
            ahead.numbers.resize(entities.len() * SPELL * LANES, 0.0);
            if port.normal {
                self.noise.normals(self.keys, port.domain, entities, spell, SPELL, &mut ahead.numbers);
            } else {
                self.noise.uniforms(self.keys, port.domain, entities, spell, SPELL, &mut ahead.numbers);
            }
        }
        let column = &mut self.store.scratch[port.scratch as usize];
        let of_this_step = ahead.numbers.chunks_exact(LANES).skip(self.t % SPELL).step_by(SPELL);
        for (cell, numbers) in column.chunks_exact_mut(LANES).zip(of_this_step) {
            cell.copy_from_slice(numbers);
        }
    }

    /// The stream (`domain`, `entity`, `step`) of one lane's member.
    pub fn draws(&self, lane: usize, domain: u64, entity: u64, step: u64) -> Draws<'_> {
        Draws::new(self.noise, self.keys[lane], domain, entity, step)
    }

    /// The noise source and the keys of the block's members.
    pub fn noise(&self) -> (&dyn Noise, &[Key; LANES]) {
        (self.noise, self.keys)
    }

    /// Simulated month, 0 for the first.
    pub fn month(&self) -> usize {
        self.t
    }

    /// Month of the year, 0 for January.
    pub fn season(&self) -> usize {
        self.world.season(self.t)
    }

    /// The frame.
    pub fn world(&self) -> &World {
        self.world
    }

    /// Lanes still to be simulated: members that failed are not.
    pub fn live(&self) -> [bool; LANES] {
        std::array::from_fn(|lane| self.store.failed[lane].is_none())
    }

    /// Events of a kind of the previous step, in order of (time, id).
    pub fn heard(&self, port: &Hear, lane: usize) -> impl Iterator<Item = &Event> {
        let kind = port.0;
        self.store.heard[lane].iter().filter(move |e| e.kind == kind)
    }

    /// Whether an intervention mutes this kind at this entity in this month: its events must not happen, nor have offspring.
    pub fn muted(&self, port: &Emit, entity: usize) -> bool {
        self.store.muted.iter().any(|(kind, e)| *kind == port.0 && *e as usize == entity)
    }

    /// Whether this event is switched off by a knock-out.
    pub fn silenced(&self, id: u64) -> bool {
        self.store.silenced.binary_search(&id).is_ok()
    }

    /// Events of this kind that interventions impose in this month, the same in every member.
    pub fn imposed(&self, port: &Emit) -> impl Iterator<Item = &Imposed> {
        let kind = port.0;
        self.store.imposed.iter().filter(move |i| i.kind == kind)
    }

    /// Publishes an event; past the cap on events of one member in one month the member fails.
    pub fn emit(&mut self, lane: usize, event: Event) {
        if self.store.emitted[lane].len() >= crate::block::EVENT_CAP {
            self.fail(lane, "M002", format!("more than {} events in one month", crate::block::EVENT_CAP));
            return;
        }
        self.store.emitted[lane].push(event);
    }

    /// Links without any one of which an event with this margin on modifier `sum` would not have happened. Empty for untraced members.
    pub fn but_for(&mut self, lane: usize, sum: &Sum, entity: usize, margin: f64) -> ButFor {
        self.store.but_for(lane, sum.0, entity as u32, margin)
    }

    /// Records that this member cannot go on, with where and why.
    pub fn fail(&mut self, lane: usize, code: &'static str, reason: String) {
        if self.store.failed[lane].is_none() {
            let place = self.mechanism.to_owned();
            self.store.failed[lane] = Some(Failure { code, month: self.t, place, reason });
        }
    }
}
