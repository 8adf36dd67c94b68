//! The rates of immigrants: background, effect of the year, causes from outside, memory.

use oxus_kernel::{Component, LANES, Step, World};
use oxus_math::{ln, saturate};
use oxus_random::{hash64, mix64};

use super::equations as eq;
use super::memory::Memory;
use super::ports::{ATTACK, COMMUNAL, K, KINDS, PROTEST, Scalars, Unrest};

/// Reference rates of the embedding, events a year per million people, by kind: they cost time where they are far off and change no result,
/// so that they are fixed here and not in a pack.
const REFERENCE: [f64; K] = [0.3, 0.03, 0.1, 0.02];
/// People whom the reference of the smallest province is made for, millions.
const LEAST_MILLIONS: f64 = 0.2;

/// One component for each kind and province, kind by kind.
pub(super) fn components(world: &World, people: &[f64]) -> Vec<Component> {
    let keys = world.find("province").map_or(&[][..], |axis| &world.axis(axis).keys);
    let of_kind = |(kind, reference): (&str, f64)| {
        let kind = hash64(kind);
        keys.iter()
            .zip(people)
            .map(move |(&key, people)| Component { key: mix64(kind, key), reference: reference * (people / 1e6).max(LEAST_MILLIONS) / 12.0 })
    };
    KINDS.into_iter().zip(REFERENCE).flat_map(of_kind).collect()
}

impl Unrest {
    /// Remembers the surroundings as they are before the first month; causes act by how far they have moved since.
    pub(super) fn look_around(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for (s, ratio) in memory.control_at_origin.iter_mut().enumerate() {
            *ratio = eq::log_odds(step.get(&self.control, s / LANES, s % LANES));
        }
        for (i, at) in memory.repression_at_origin.iter_mut().enumerate() {
            let (p, lane) = (i / LANES, i % LANES);
            *at = match memory.state_of[p] {
                Some(s) => step.get(&self.repression, s as usize, lane),
                None => step.get(&self.outside_repression_at_origin, p, lane),
            };
        }
        self.ln_presence(step);
        memory.presence_at_origin.copy_from_slice(step.slice(&self.ln_presence));
    }

    fn ln_presence(&self, step: &mut Step<'_>) {
        step.each2(
            &self.ln_presence,
            &self.presence,
            &self.presence_floor,
            #[inline(always)]
            |persons, floor| ln(persons + floor),
        );
    }

    /// Draws the effects of a new calendar year, one for each state (or province of no state), keyed by year.
    pub(super) fn new_year(&self, step: &Step<'_>, memory: &mut Memory) {
        let year = step.world().first().plus(step.month() as i32).year() as u64;
        let world = step.world();
        let keys = |axis: &str| world.find(axis).map_or(&[][..], |a| &world.axis(a).keys);
        let (states, provinces) = (keys("state"), keys("province"));
        for which in 0..2 {
            for lane in 0..LANES {
                let scalars = memory.lanes[lane].scalars;
                let sigma = if which == 0 { scalars.year_sigma } else { scalars.armed_year_sigma };
                let next = |last: f64, key: u64| {
                    let z = step.draws(lane, self.year_domains[which], key, year).normal();
                    eq::year_effect(last, scalars.year_persistence, sigma, z)
                };
                for (s, &key) in states.iter().enumerate() {
                    let cell = &mut memory.state_year[which][s * LANES + lane];
                    *cell = next(*cell, key);
                }
                for (p, &key) in provinces.iter().enumerate() {
                    let i = p * LANES + lane;
                    memory.year[which][i] = match memory.state_of[p] {
                        Some(s) => memory.state_year[which][s as usize * LANES + lane],
                        None => next(memory.year[which][i], key),
                    };
                }
            }
        }
    }

    /// Makes the part of the log rates that only parameters decide anew, if one of them has changed.
    pub(super) fn refresh(&self, step: &Step<'_>, memory: &mut Memory) {
        if !self.changed(step, memory) {
            return;
        }
        let provinces = memory.share.len();
        for lane in 0..LANES {
            let l = memory.lanes[lane];
            for p in 0..provinces {
                for k in 0..K {
                    let of_state = memory.state_of[p].map_or(0.0, |s| step.get(&self.rates[k], s as usize, lane) * memory.share[p]);
                    let yearly = of_state + step.get(&self.local_rates[k], p, lane);
                    memory.ln_base[(k * provinces + p) * LANES + lane] = ln(eq::background(yearly, l.offspring[k][k]) / 12.0);
                }
                let least = step.get(&self.attack_least, p, lane);
                memory.attack_moment[p * LANES + lane] =
                    eq::power_law_moment(l.scalars.severity_power, l.scalars.attack_exponent, least, l.scalars.attack_most);
                memory.attack_kept[p * LANES + lane] = eq::power_law_kept(l.scalars.attack_exponent, least, l.scalars.attack_most);
            }
        }
    }

    /// Whether a parameter of [`Self::refresh`] is not as it was; remembers them.
    fn changed(&self, step: &Step<'_>, memory: &mut Memory) -> bool {
        let Memory { rates_seen, lanes, .. } = memory;
        let columns = self.rates.iter().chain(&self.local_rates).chain([&self.attack_least]).map(|p| step.slice(p));
        let own: [[f64; K + 3]; LANES] = std::array::from_fn(|i| {
            let l = &lanes[i];
            let s = &l.scalars;
            [l.offspring[0][0], l.offspring[1][1], l.offspring[2][2], l.offspring[3][3], s.severity_power, s.attack_exponent, s.attack_most]
        });
        let mut at = 0;
        let mut changed = false;
        for column in columns.chain([own.as_flattened()]) {
            let end = at + column.len();
            if rates_seen.len() < end {
                rates_seen.resize(end, f64::NAN);
            }
            if rates_seen[at..end] != *column {
                rates_seen[at..end].copy_from_slice(column);
                changed = true;
            }
            at = end;
        }
        changed
    }

    /// Log odds of control lost since the origin, by state. They act saturated: the rate was read off losses of about one unit, and where a
    /// government has lost nearly everything there is no war left to fight at an exponentially growing rate.
    fn lost_control(&self, step: &Step<'_>, memory: &mut Memory) {
        let now = step.slice(&self.control);
        let Memory { lost_control, lost_effect, control_at_origin, .. } = memory;
        for ((lost, effect), (origin, now)) in lost_control.iter_mut().zip(lost_effect).zip(control_at_origin.iter().zip(now)) {
            *lost = origin - eq::log_odds(*now);
            *effect = saturate(*lost);
        }
    }

    /// Writes the log rates of the month, `[kind][province][lane]`.
    pub(super) fn ln_rates(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.ln_presence(step);
        self.lost_control(step, memory);
        let provinces = memory.share.len();
        let scalar = |f: fn(&Scalars) -> f64| -> Row { std::array::from_fn(|lane| f(&memory.lanes[lane].scalars)) };
        let (grievance_effect, deterrence_effect) = (scalar(|s| s.grievance_effect), scalar(|s| s.deterrence_effect));
        let (by_repression, elasticity) = (scalar(|s| s.deterrence_by_repression), scalar(|s| s.presence_elasticity));
        let (control_effect, half) = (
            scalar(|s| s.control_effect),
            [scalar(|s| 0.5 * s.year_sigma * s.year_sigma), scalar(|s| 0.5 * s.armed_year_sigma * s.armed_year_sigma)],
        );
        for p in 0..provinces {
            let grievance = row(step.slice(&self.grievance), p);
            let grievance_first = row(step.slice(&self.grievance_at_origin), p);
            let deterred = row(step.slice(&self.deterrence), p);
            let (presence, presence_first) = (row(step.slice(&self.ln_presence), p), row(&memory.presence_at_origin, p));
            let rise = self.repression_rise(step, memory, p);
            let lost = memory.state_of[p].map_or([0.0; LANES], |s| row(&memory.lost_effect, s as usize));
            let year = [row(&memory.year[0], p), row(&memory.year[1], p)];
            let mut cause = [[0.0; LANES]; 3];
            for lane in 0..LANES {
                let embittered = grievance_effect[lane] * (grievance[lane] - grievance_first[lane]);
                let silenced = eq::deterrence(deterrence_effect[lane], deterred[lane]) + by_repression[lane] * rise[lane];
                cause[PROTEST][lane] = year[0][lane] - half[0][lane] + embittered - silenced;
                cause[COMMUNAL][lane] = embittered;
                let fighters = elasticity[lane] * (presence[lane] - presence_first[lane]);
                cause[ATTACK][lane] = year[1][lane] - half[1][lane] + fighters + control_effect[lane] * lost[lane];
            }
            for k in 0..K {
                let c = k * provinces + p;
                let (base, shift) = (row(&memory.ln_base, c), row(step.slice(&self.shifts[k]), p));
                let cause = &cause[k.min(ATTACK)]; // attacks on foreigners follow those on others
                let sum: Row = std::array::from_fn(|lane| base[lane] + shift[lane] + cause[lane]);
                memory.ln_rate[c * LANES..][..LANES].copy_from_slice(&sum);
            }
        }
    }

    /// How far repression has moved since the origin, by lane.
    pub(super) fn repression_rise(&self, step: &Step<'_>, memory: &Memory, province: usize) -> Row {
        let now = match memory.state_of[province] {
            Some(s) => row(step.slice(&self.repression), s as usize),
            None => row(step.slice(&self.outside_repression), province),
        };
        let first = row(&memory.repression_at_origin, province);
        std::array::from_fn(|lane| now[lane] - first[lane])
    }
}

/// One value for each lane.
pub(super) type Row = [f64; LANES];

/// The values of one entity.
#[inline(always)]
pub(super) fn row(column: &[f64], entity: usize) -> Row {
    column[entity * LANES..][..LANES].try_into().expect("internal: a column holds a value for each lane")
}
