//! The rates of immigrants: background, effect of the year, causes from outside, memory.

use oxus_kernel::{Component, LANES, Step, World};
use oxus_math::ln;
use oxus_random::{hash64, mix64};

use super::equations as eq;
use super::memory::Memory;
use super::ports::{ATTACK, COMMUNAL, K, KINDS, PROTEST, Unrest};

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
        keys.iter().zip(people).map(move |(&key, people)| Component {
            key: mix64(kind, key),
            reference: reference * (people / 1e6).max(LEAST_MILLIONS) / 12.0,
        })
    };
    KINDS.into_iter().zip(REFERENCE).flat_map(of_kind).collect()
}

impl Unrest {
    /// Repression that the people of a province live under: the state's, or the parameter of a province that lies in no state.
    pub(super) fn repression(&self, step: &Step<'_>, state: Option<u32>, province: usize, lane: usize) -> f64 {
        match state {
            Some(s) => step.get(&self.repression, s as usize, lane),
            None => step.get(&self.outside_repression, province, lane),
        }
    }

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
        step.each2(&self.ln_presence, &self.presence, &self.presence_floor, |persons, floor| ln(persons + floor));
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

    /// Writes the log rates of the month, `[kind][province][lane]`.
    pub(super) fn ln_rates(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.ln_presence(step);
        let provinces = memory.share.len();
        for p in 0..provinces {
            let state = memory.state_of[p];
            for lane in 0..LANES {
                let i = p * LANES + lane;
                let s = &memory.lanes[lane].scalars;
                let embittered = s.grievance_effect * (step.get(&self.grievance, p, lane) - step.get(&self.grievance_at_origin, p, lane));
                let rise = self.repression(step, state, p, lane) - memory.repression_at_origin[i];
                let silenced = eq::deterrence(s.deterrence_effect, step.get(&self.deterrence, p, lane)) + s.deterrence_by_repression * rise;
                let fighters = s.presence_elasticity * (step.get(&self.ln_presence, p, lane) - memory.presence_at_origin[i]);
                let lost = state.map_or(0.0, |st| {
                    memory.control_at_origin[st as usize * LANES + lane] - eq::log_odds(step.get(&self.control, st as usize, lane))
                });
                let armed = memory.year[1][i] - 0.5 * s.armed_year_sigma * s.armed_year_sigma + fighters + s.control_effect * lost;
                for k in 0..K {
                    let cause = match k {
                        PROTEST => memory.year[0][i] - 0.5 * s.year_sigma * s.year_sigma + embittered - silenced,
                        COMMUNAL => embittered,
                        _ => armed,
                    };
                    let c = k * provinces + p;
                    memory.ln_rate[c * LANES + lane] = memory.ln_base[c * LANES + lane] + step.get(&self.shifts[k], p, lane) + cause;
                }
            }
        }
        debug_assert!(ATTACK > COMMUNAL, "internal: the armed kinds follow the others");
    }
}
