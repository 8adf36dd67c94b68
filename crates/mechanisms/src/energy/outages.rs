//! What can stop a line: technical outages and attacks, in whole days, repaired in days that may span months.

use oxus_kernel::{Component, Embedding, Event, Immigrant, LANES, Step};
use oxus_random::mix64;

use super::Energy;
use super::equations::{day_mask, ln_outage_rate, repair_days};
use super::frame::Line;
use crate::rows::row;

/// Reference rate of the embedding, outages a month and line: fixed, so that cases stay paired; about the rate of 350 km of gas line.
const REFERENCE: f64 = 0.01;

/// Longest imposed outage, days.
const LONGEST: f64 = 3650.0;

/// An attack on one line.
#[derive(Clone, Copy, Debug)]
struct Strike {
    lane: usize,
    line: usize,
    time: f64,
    days: i64,
    parent: Option<u64>,
    id: u64,
}

/// What may hit a line: an event heard, or one that a scenario imposes (which puts out every line of the section it hits).
#[derive(Clone, Copy)]
struct Aim {
    lane: usize,
    cause: u64,
    parent: Option<u64>,
    time: f64,
    /// Days of repair, 0 to draw them.
    days: f64,
}

/// Lines out of work, by line and lane.
#[derive(Default)]
pub(super) struct Outages {
    embedding: Embedding,
    accepted: [Vec<Immigrant>; LANES],
    /// Rate times length, and the logarithm of the monthly rate that it makes, taken only when it changes.
    rate: Vec<f64>,
    ln_base: Vec<f64>,
    ln_rate: Vec<f64>,
    /// Day before which the line is out: technical, attack.
    until: [Vec<i64>; 2],
    /// Days of the present month on which it is out.
    mask: [Vec<u32>; 2],
    strikes: Vec<Strike>,
    open: Vec<usize>,
}

impl Outages {
    pub fn start(&mut self, e: &Energy) {
        let components: Vec<Component> = e.lines.all.iter().map(|l| Component { key: l.key, reference: REFERENCE }).collect();
        self.embedding.start(e.domains.outage, &components);
        let cells = components.len() * LANES;
        for column in [&mut self.rate, &mut self.ln_base, &mut self.ln_rate] {
            column.clear();
            column.resize(cells, f64::NEG_INFINITY);
        }
        for column in &mut self.until {
            column.clear();
            column.resize(cells, 0);
        }
        for column in &mut self.mask {
            column.clear();
            column.resize(cells, 0);
        }
    }

    /// Whether a line is out on any day of the month in any lane.
    pub fn any(&self, line: usize) -> bool {
        self.mask.iter().any(|mask| mask[line * LANES..][..LANES].iter().fold(0, |all, m| all | m) != 0)
    }

    /// Days of the month on which a line is out for technical reasons, and for these or attacks.
    pub fn days_out(&self, line: usize, lane: usize) -> [u32; 2] {
        let (technical, attack) = (self.mask[0][line * LANES + lane], self.mask[1][line * LANES + lane]);
        [technical.count_ones(), (technical | attack).count_ones()]
    }

    /// Carries repairs over, then adds this month's outages and attacks.
    pub fn month(&mut self, e: &Energy, step: &mut Step<'_>) {
        let t = step.month();
        let (first, days) = e.calendar.month(t);
        for (mask, until) in self.mask.iter_mut().zip(&self.until) {
            for (mask, until) in mask.chunks_exact_mut(LANES).zip(until.chunks_exact(LANES)) {
                if until.iter().all(|u| *u <= first) {
                    mask.fill(0);
                } else {
                    mask.iter_mut().zip(until).for_each(|(m, u)| *m = day_mask(first, *u, first, days));
                }
            }
        }
        self.technical(e, step, t);
        self.find_strikes(e, step, t);
        self.apply_strikes(e, step, t);
    }

    fn rates(&mut self, e: &Energy, step: &Step<'_>, t: usize) {
        for (l, line) in e.lines.all.iter().enumerate() {
            let (part, cells) = (&e.parts[line.part], l * LANES..(l + 1) * LANES);
            if part.frame.valid.at(t)[line.edge] <= 0.0 {
                self.ln_rate[cells].fill(f64::NEG_INFINITY);
                continue;
            }
            let (rate, length) = (row(step, &part.ports.failure_rate, 0), row(step, &part.ports.length, line.edge));
            let product = lanes!(|lane| rate[lane] * length[lane]);
            if self.rate[cells.clone()] != product {
                self.rate[cells.clone()].copy_from_slice(&product);
                self.ln_base[cells.clone()].copy_from_slice(&lanes!(|lane| ln_outage_rate(rate[lane], length[lane], 0.0)));
            }
            let shift = line.corridor.map_or([0.0; LANES], |c| row(step, &e.outage_shift, c));
            let base = &self.ln_base[cells.clone()];
            let ln_rate = lanes!(|lane| base[lane] + shift[lane]);
            self.ln_rate[cells].copy_from_slice(&ln_rate);
        }
    }

    fn technical(&mut self, e: &Energy, step: &mut Step<'_>, t: usize) {
        self.rates(e, step, t);
        self.embedding.month(step, &self.ln_rate, &mut self.accepted);
        let (first, length) = e.calendar.month(t);
        for lane in 0..LANES {
            for i in 0..self.accepted[lane].len() {
                let found = self.accepted[lane][i];
                let l = found.component as usize;
                let (line, cell) = (&e.lines.all[l], l * LANES + lane);
                let day = e.calendar.day(t, found.time);
                let muted = line.corridor.is_some_and(|c| step.muted(&e.outage, c));
                if day < self.until[0][cell] || muted {
                    continue; // a line that is down cannot fail
                }
                let ports = &e.parts[line.part].ports;
                let [median, sigma] = [ports.repair_days, ports.repair_sigma].map(|p| step.get(&p, 0, lane));
                let days = repair(e, step, line, lane, found.id, median, sigma);
                self.until[0][cell] = day + days;
                self.mask[0][cell] |= day_mask(day, day + days, first, length);
                if let Some(c) = line.corridor {
                    let but_for = step.but_for(lane, &e.outage_shift, c, found.margin);
                    let event = Event {
                        kind: e.outage.kind(),
                        entity: c as u32,
                        id: found.id,
                        parent: None,
                        time: found.time,
                        size: days as f64,
                        margin: found.margin,
                        but_for,
                    };
                    step.emit(lane, event);
                }
            }
        }
    }

    /// Attacks of the last month in provinces that a line crosses, and attacks that a scenario imposes.
    fn find_strikes(&mut self, e: &Energy, step: &Step<'_>, t: usize) {
        self.strikes.clear();
        let live = step.live();
        for lane in (0..LANES).filter(|l| live[*l]) {
            for (heard, chance) in [(&e.attack, &e.attack_hit), (&e.foreign_attack, &e.foreign_attack_hit)] {
                let chance = step.get(chance, 0, lane);
                for event in step.heard(heard, lane) {
                    for group in &e.lines.groups[event.entity as usize] {
                        let aim = Aim { lane, cause: event.id, parent: Some(event.id), time: event.time + 1.0, days: 0.0 };
                        let beside = step.get(&e.attack_parallel, 0, lane);
                        self.strike(e, step, t, group, aim, chance, beside);
                    }
                }
            }
        }
        for imposed in step.imposed(&e.attack_outage) {
            for lane in (0..LANES).filter(|l| live[*l]) {
                let group = &e.of_corridor[imposed.entity as usize];
                let aim = Aim { lane, cause: imposed.id, parent: None, time: t as f64, days: imposed.size };
                self.strike(e, step, t, group, aim, 1.0, 1.0);
            }
        }
    }

    /// With probability `chance` hits one of the group's working lines, and those side by side with it with probability `beside` each.
    #[allow(clippy::too_many_arguments)]
    fn strike(&mut self, e: &Energy, step: &Step<'_>, t: usize, group: &[usize], aim: Aim, chance: f64, beside: f64) {
        self.open.clear();
        self.open.extend(group.iter().filter(|l| e.works(&e.lines.all[**l], t)));
        let Some(lead) = self.open.first() else {
            return;
        };
        let Aim { lane, cause, parent, time, days } = aim;
        let mut draws = step.draws(lane, e.domains.strike, cause, e.lines.all[*lead].key);
        if draws.uniform() >= chance {
            return;
        }
        let picked = self.open[((draws.uniform() * self.open.len() as f64) as usize).min(self.open.len() - 1)];
        let hit = &e.lines.all[picked];
        let [median, sigma] = [e.attack_repair_days, e.attack_repair_sigma].map(|p| step.get(&p, 0, lane));
        for &l in &self.open {
            let line = &e.lines.all[l];
            let side_by_side = (line.part, line.ends) == (hit.part, hit.ends);
            if l == picked || (side_by_side && draws.uniform() < beside) {
                let id = mix64(cause, line.key);
                let days = if days > 0.0 { days.ceil().min(LONGEST) as i64 } else { repair(e, step, line, lane, id, median, sigma) };
                self.strikes.push(Strike { lane, line: l, time, days, parent, id });
            }
        }
    }

    fn apply_strikes(&mut self, e: &Energy, step: &mut Step<'_>, t: usize) {
        let (first, length) = e.calendar.month(t);
        for strike in &self.strikes {
            let corridor = e.lines.all[strike.line].corridor;
            if step.silenced(strike.id) || corridor.is_some_and(|c| step.muted(&e.attack_outage, c)) {
                continue;
            }
            let cell = strike.line * LANES + strike.lane;
            let day = e.calendar.day(t, strike.time);
            self.until[1][cell] = self.until[1][cell].max(day + strike.days);
            self.mask[1][cell] |= day_mask(day, day + strike.days, first, length);
            if let Some(c) = corridor {
                let event = Event {
                    kind: e.attack_outage.kind(),
                    entity: c as u32,
                    id: strike.id,
                    parent: strike.parent,
                    time: strike.time,
                    size: strike.days as f64,
                    margin: f64::INFINITY,
                    but_for: Default::default(),
                };
                step.emit(strike.lane, event);
            }
        }
    }
}

/// Days of one repair, drawn from the stream of its event.
fn repair(e: &Energy, step: &Step<'_>, line: &Line, lane: usize, id: u64, median: f64, sigma: f64) -> i64 {
    let shift = line.corridor.map_or(0.0, |c| step.get(&e.repair_shift, c, lane));
    let normal = step.draws(lane, e.domains.repair, id, 0).normal();
    repair_days(median, sigma, shift, normal)
}
