//! The rates of immigrants: background, effect of the year, causes from outside, memory.

use oxus_kernel::{Component, LANES, Step, World};
use oxus_math::{dispatch, ln, normal_quantile, saturate};
use oxus_random::{hash64, mix64};

use super::equations as eq;
use super::memory::Memory;
use super::ports::{ATTACK, COMMUNAL, K, KINDS, PROTEST, Unrest};
use crate::rows::{Row, cells, cells_mut, row};

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
        let presence = step.slice(&self.presence).iter().zip(step.slice(&self.presence_floor));
        for (at, (persons, floor)) in memory.presence_at_origin.iter_mut().zip(presence) {
            *at = ln(persons + floor);
        }
    }

    /// Draws the effects of a new calendar year, one for each state (or province of no state), keyed by year.
    pub(super) fn new_year(&self, step: &Step<'_>, memory: &mut Memory) {
        let now = step.world().first().plus(step.month() as i32).year() as u64;
        let (noise, keys) = step.noise();
        let Memory { year, state_year, year_keys, year_uniforms, state_of, lanes, .. } = memory;
        for which in 0..2 {
            noise.uniforms(keys, self.year_domains[which], year_keys, now, 1, year_uniforms);
            let next = |last: Row, uniform: Row| -> Row {
                std::array::from_fn(|lane| {
                    let s = &lanes[lane].scalars;
                    let sigma = if which == 0 { s.year_sigma } else { s.armed_year_sigma };
                    eq::year_effect(last[lane], s.year_persistence, sigma, normal_quantile(uniform[lane]))
                })
            };
            let states = state_year[which].len() / LANES;
            for s in 0..states {
                let after = next(cells(&state_year[which], s), cells(year_uniforms, s));
                *cells_mut(&mut state_year[which], s) = after;
            }
            let mut outside = states;
            for (p, state) in state_of.iter().enumerate() {
                let after = match state {
                    Some(s) => cells(&state_year[which], *s as usize),
                    None => {
                        outside += 1;
                        next(cells(&year[which], p), cells(year_uniforms, outside - 1))
                    }
                };
                *cells_mut(&mut year[which], p) = after;
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
            changed |= renew(&mut rates_seen[at..end], column);
            at = end;
        }
        changed
    }

    /// Log odds of control lost since the origin, by state. They act saturated: the rate was read off losses of about one unit, and where a
    /// government has lost nearly everything there is no war left to fight at an exponentially growing rate.
    #[inline(always)]
    fn lost_control(&self, step: &Step<'_>, memory: &mut Memory) {
        let Memory { lost_control, lost_effect, control_at_origin, .. } = memory;
        for s in 0..lost_control.len() / LANES {
            let (now, origin) = (row(step, &self.control, s), cells(control_at_origin, s));
            let lost = lanes!(|l| origin[l] - eq::log_odds(now[l]));
            *cells_mut(lost_control, s) = lost;
            *cells_mut(lost_effect, s) = lanes!(|l| saturate(lost[l]));
        }
    }

    /// Writes the log rates of the month, `[kind][province][lane]`.
    #[inline(always)]
    pub(super) fn ln_rates(&self, step: &Step<'_>, memory: &mut Memory) {
        self.lost_control(step, memory);
        let provinces = memory.share.len();
        let (grievance_effect, deterrence_effect) = (memory.scalar(|s| s.grievance_effect), memory.scalar(|s| s.deterrence_effect));
        let (by_repression, elasticity) = (memory.scalar(|s| s.deterrence_by_repression), memory.scalar(|s| s.presence_elasticity));
        let (control_effect, sigmas) =
            (memory.scalar(|s| s.control_effect), [memory.scalar(|s| s.year_sigma), memory.scalar(|s| s.armed_year_sigma)]);
        let half = sigmas.map(
            #[inline(always)]
            |sigma| lanes!(|l| 0.5 * sigma[l] * sigma[l]),
        );
        for p in 0..provinces {
            let (grievance, grievance_first) = (row(step, &self.grievance, p), row(step, &self.grievance_at_origin, p));
            let (deterred, presence_first) = (row(step, &self.deterrence, p), cells(&memory.presence_at_origin, p));
            let (persons, floor) = (row(step, &self.presence, p), row(step, &self.presence_floor, p));
            let rise = self.repression_rise(step, memory, p);
            *cells_mut(&mut memory.repression_rise, p) = rise;
            let lost = memory.state_of[p].map_or(
                [0.0; LANES],
                #[inline(always)]
                |s| cells(&memory.lost_effect, s as usize),
            );
            let year = [cells(&memory.year[0], p), cells(&memory.year[1], p)];
            let embittered = lanes!(|l| grievance_effect[l] * (grievance[l] - grievance_first[l]));
            let silenced = lanes!(|l| eq::deterrence(deterrence_effect[l], deterred[l]) + by_repression[l] * rise[l]);
            let fighters = lanes!(|l| elasticity[l] * (ln(persons[l] + floor[l]) - presence_first[l]));
            let mut cause = [[0.0; LANES]; 3];
            cause[PROTEST] = lanes!(|l| year[0][l] - half[0][l] + embittered[l] - silenced[l]);
            cause[COMMUNAL] = embittered;
            cause[ATTACK] = lanes!(|l| year[1][l] - half[1][l] + fighters[l] + control_effect[l] * lost[l]);
            for k in 0..K {
                let c = k * provinces + p;
                let (base, shift) = (cells(&memory.ln_base, c), row(step, &self.shifts[k], p));
                let cause = &cause[k.min(ATTACK)]; // attacks on foreigners follow those on others
                *cells_mut(&mut memory.ln_rate, c) = lanes!(|l| base[l] + shift[l] + cause[l]);
            }
        }
    }

    /// How far repression has moved since the origin, by lane.
    #[inline(always)]
    fn repression_rise(&self, step: &Step<'_>, memory: &Memory, province: usize) -> Row {
        let now = match memory.state_of[province] {
            Some(s) => row(step, &self.repression, s as usize),
            None => row(step, &self.outside_repression, province),
        };
        let first = cells(&memory.repression_at_origin, province);
        lanes!(|l| now[l] - first[l])
    }
}

dispatch! {
    /// Copies and tells whether anything was different; without early exit, so that it vectorises.
    fn renew(seen: &mut [f64], column: &[f64]) -> bool {
        let mut different = 0_u64;
        for (seen, value) in seen.iter_mut().zip(column) {
            different |= u64::from(*seen != *value);
            *seen = *value;
        }
        different != 0
    }
}
