//! Events of a month: immigrants, their offspring, their severity, their tally.

use oxus_kernel::{Draws, Event, LANES, Step};
use oxus_math::{exp, ln, normal_quantile};
use oxus_random::{hash64, mix64};

use super::equations as eq;
use super::memory::{Memory, Occurrence};
use super::ports::{ATTACK, COMMUNAL, K, KINDS, PROTEST, Unrest};

/// Keys of the lines of offspring, by kind.
const LINES: [u64; K] = [hash64(KINDS[0]), hash64(KINDS[1]), hash64(KINDS[2]), hash64(KINDS[3])];

/// Events of one member in one month past which it counts as run away; the kernel's own cap is the same.
const MOST_EVENTS: usize = 20_000;

/// What an event turned out to be.
struct Outcome {
    /// Size of the published event.
    size: f64,
    participants: f64,
    deaths: f64,
    lethal: bool,
    /// Weight as a source of others.
    mark: f64,
}

impl Unrest {
    /// Runs the events of the month in every live lane.
    pub(super) fn events(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let Memory { embedding, ln_rate, accepted, .. } = memory;
        embedding.month(step, ln_rate, accepted);
        let live = step.live();
        for lane in (0..LANES).filter(|&l| live[l]) {
            self.gather(step, memory, lane);
            memory.protests.clear();
            let mut at = 0;
            while at < memory.present.len() {
                if at == MOST_EVENTS {
                    step.fail(lane, "M002", format!("more than {MOST_EVENTS} events in one month"));
                    break;
                }
                let event = memory.present[at];
                at += 1;
                self.happen(step, memory, lane, event);
            }
            self.revolts(step, memory, lane);
        }
    }

    /// Collects what happens for certain this month: immigrants, imposed events, offspring of earlier months.
    fn gather(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize) {
        let (provinces, month) = (memory.share.len(), step.month());
        memory.present.clear();
        memory.present.append(&mut memory.waiting[lane][month]);
        for i in &memory.accepted[lane] {
            let (kind, province) = (i.component as usize / provinces, i.component as usize % provinces);
            let but_for = step.but_for(lane, &self.shifts[kind], province, i.margin);
            let province = province as u32;
            memory.present.push(Occurrence { id: i.id, parent: None, time: i.time, margin: i.margin, but_for, kind, province, size: None });
        }
        for kind in 0..K {
            for imposed in step.imposed(&self.emits[kind]) {
                memory.present.push(Occurrence {
                    id: imposed.id,
                    parent: None,
                    time: month as f64 + 0.5,
                    margin: f64::INFINITY,
                    but_for: Default::default(),
                    kind,
                    province: imposed.entity,
                    size: Some(imposed.size),
                });
            }
        }
    }

    fn happen(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, event: Occurrence) {
        let province = event.province as usize;
        if step.muted(&self.emits[event.kind], province) || step.silenced(event.id) {
            return;
        }
        let mut draws = step.draws(lane, self.event_domain, event.id, 0);
        // always the same numbers of the stream for the same purpose: a change of one moves no other
        let severity: [f64; 3] = std::array::from_fn(|_| draws.uniform());
        let offspring: [f64; K] = std::array::from_fn(|_| draws.uniform());
        let outcome = self.outcome(step, memory, lane, &event, severity);
        self.tally(step, memory, lane, &event, &outcome);
        let published = Event {
            kind: self.emits[event.kind].kind(),
            entity: event.province,
            id: event.id,
            parent: event.parent,
            time: event.time,
            size: outcome.size,
            margin: event.margin,
            but_for: event.but_for,
        };
        step.emit(lane, published);
        self.trigger(step, memory, lane, &event, outcome.mark, offspring);
    }

    /// Size, dead and weight of an event; `u` are its uniforms for size, the state's answer and the dead.
    fn outcome(&self, step: &Step<'_>, memory: &Memory, lane: usize, event: &Occurrence, u: [f64; 3]) -> Outcome {
        let constants = &memory.lanes[lane];
        let s = &constants.scalars;
        let p = event.province as usize;
        let state = memory.state_of[p];
        let rise = memory.repression_rise[p * LANES + lane];
        let of_state = |port| state.map_or(0.0, |st| step.get(port, st as usize, lane));
        let lethal = |ln_ratio: f64| {
            let (base, by_size) = (constants.lethal_logit[event.kind], s.lethal_by_size);
            u[1] < eq::lethal_probability(base, s.lethal_by_repression, rise, by_size, ln_ratio, of_state(&self.response))
        };
        match event.kind {
            PROTEST => {
                let z = match event.size {
                    Some(size) => ln((size - eq::LEAST_PARTICIPANTS).max(1.0) / s.participants_median) / s.participants_sigma,
                    None => normal_quantile(u[0]),
                };
                let crowd = s.participants_median * exp(s.participants_sigma * z);
                let participants = event.size.unwrap_or((eq::LEAST_PARTICIPANTS + crowd).floor()).min(memory.people[p]);
                let lethal = lethal(s.participants_sigma * z);
                let dead = || {
                    let (least, most, kept) = (s.repression_least, s.repression_most, constants.repression_kept);
                    eq::power_law_quantile_kept(u[2], s.repression_exponent, least, most, kept) * exp(of_state(&self.lethality))
                };
                let deaths = if lethal { dead().floor().min(participants) } else { 0.0 };
                Outcome { size: participants, participants, deaths, lethal, mark: eq::log_normal_mark(z, s.severity_power, s.participants_sigma) }
            }
            COMMUNAL => {
                let drawn = || eq::power_law_quantile_kept(u[0], s.communal_exponent, 1.0, s.communal_most, constants.communal_kept);
                let potential = event.size.unwrap_or_else(drawn);
                let lethal = lethal(0.0);
                let kept = if lethal { 1.0 } else { s.communal_contained };
                let deaths = event.size.unwrap_or_else(|| (potential * kept * exp(of_state(&self.lethality))).floor());
                let mark = eq::power_law_mark(potential.max(1.0), s.severity_power, constants.communal_moment);
                Outcome { size: deaths, participants: 0.0, deaths, lethal, mark }
            }
            _ => {
                let least = step.get(&self.attack_least, p, lane);
                let kept = memory.attack_kept[p * LANES + lane];
                let drawn = || eq::power_law_quantile_kept(u[0], s.attack_exponent, least, s.attack_most, kept);
                let severity = event.size.unwrap_or_else(drawn);
                let mark = eq::power_law_mark(severity.max(1.0), s.severity_power, memory.attack_moment[p * LANES + lane]);
                Outcome { size: severity.floor(), participants: 0.0, deaths: severity.floor(), lethal: false, mark }
            }
        }
    }

    fn tally(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, event: &Occurrence, outcome: &Outcome) {
        let p = event.province as usize;
        step.increase(&self.counts[event.kind], p, lane, 1.0);
        step.increase(&self.participants, p, lane, outcome.participants);
        step.increase(&self.province_deaths, p, lane, outcome.deaths);
        if event.kind == PROTEST {
            memory.protests.push((event.time, event.id, event.province, outcome.participants));
            match memory.state_of[p] {
                Some(s) => memory.lethal[s as usize * LANES + lane] += f64::from(outcome.lethal),
                None => memory.lethal_outside[p * LANES + lane] += f64::from(outcome.lethal),
            }
        }
        if event.kind < ATTACK {
            step.increase(&self.remembered, p, lane, outcome.deaths / (memory.people[p] / 1e6));
        }
        let Some(s) = memory.state_of[p].map(|s| s as usize) else { return };
        let (count, deaths) = match event.kind {
            PROTEST => (Some(&self.protests_state), &self.deaths_state),
            COMMUNAL => (None, &self.deaths_communal),
            _ => (Some(&self.attacks_state), &self.deaths_armed),
        };
        if let Some(count) = count {
            step.increase(count, s, lane, 1.0);
        }
        step.increase(deaths, s, lane, outcome.deaths);
        let n = memory.millions.len();
        memory.year_of_events[(step.month() % 12 * n + s) * LANES + lane] += 1.0;
    }

    /// Draws the offspring of an event: for each kind a Poisson number by one uniform, each child with its own id and stream.
    fn trigger(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, event: &Occurrence, mark: f64, u: [f64; K]) {
        let Memory { lanes, spread, waiting, present, .. } = memory;
        let l = &lanes[lane];
        for kind in 0..K {
            let children = eq::offspring(u[kind], l.offspring[kind][event.kind] * mark);
            if children == 0 {
                continue;
            }
            let line = mix64(event.id, LINES[kind]);
            for i in 0..children {
                let id = mix64(line, i);
                let mut draws: Draws<'_> = step.draws(lane, self.child_domain, id, 0);
                let time = event.time + draws.exponential() / l.scalars.decay;
                let (channel, target) = (draws.uniform(), draws.uniform());
                let province = spread.place(&l.scalars, event.province, channel, target);
                let child =
                    Occurrence { id, parent: Some(event.id), time, margin: f64::INFINITY, but_for: Default::default(), kind, province, size: None };
                let month = time as usize;
                if month == step.month() {
                    present.push(child);
                } else if let Some(later) = waiting[lane].get_mut(month) {
                    later.push(child);
                }
            }
        }
    }

    /// Marks the states in which a revolt begins this month.
    fn revolts(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize) {
        let Memory { protests, windows, state_of, .. } = memory;
        protests.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(time, _, province, participants) in protests.iter() {
            let Some(s) = state_of[province as usize].map(|s| s as usize) else { continue };
            let window = &mut windows[s * LANES + lane];
            window.recent.retain(|e| time - e.0 <= eq::REVOLT_WINDOW);
            window.recent.push((time, participants));
            let people: f64 = window.recent.iter().map(|e| e.1).sum();
            if people >= eq::REVOLT_PARTICIPANTS || window.recent.len() >= eq::REVOLT_PROTESTS {
                if time - window.last > eq::REVOLT_CALM {
                    step.set(&self.revolt, s, lane, 1.0);
                }
                window.last = time;
            }
        }
    }
}
