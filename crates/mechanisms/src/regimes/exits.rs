//! Exits of leaders, the successions that follow, and what neighbours feel of them.

use oxus_kernel::{ButFor, Emit, Event, LANES, Step};
use oxus_math::{dispatch, exp};
use oxus_random::mix64;

use super::equations::{Manner, Mortality, happens, manner};
use super::{Memory, Regimes};
use crate::monthly::{MONTHS, due, next_due};
use crate::rows::{Row, cells, row};

/// Youngest and oldest age at which a successor takes office.
const SUCCESSOR_AGES: (f64, f64) = (30.0, 85.0);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Overthrow,
    Collapse,
    Death,
    Term,
}

#[derive(Clone, Copy, Debug)]
struct Exit {
    cause: Cause,
    id: u64,
    time: f64,
    margin: f64,
    but_for: ButFor,
}

dispatch! {
    /// A month passes in a state; the hazard of its leader's death in it, for the widest vectors.
    fn pass_month(regimes: &Regimes, step: &mut Step<'_>, memory: &mut Memory, state: usize) -> Row {
        regimes.run_down(step, memory, state);
        let age = row(step, &regimes.wired.age, state);
        lanes!(|lane| memory.mortality[lane].hazard(age[lane]))
    }
}

impl Regimes {
    pub(super) fn exits(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let w = &self.wired;
        step.fill(&w.irregular, 0.0);
        step.fill(&w.exits, 0.0);
        let now = self.calendar(step);
        let imposed = step.imposed(&w.emit_irregular).chain(step.imposed(&w.emit_death)).next().is_some();
        for state in 0..self.neighbours.len() {
            let dying = pass_month(self, step, memory, state);
            let (u, collapse) = (row(step, &w.death_noise, state), row(step, &w.reads.collapse, state));
            for lane in 0..LANES {
                let cell = state * LANES + lane;
                let ends = memory.next_term[cell] == now;
                let falls = collapse[lane] >= 0.5 && !memory.fallen[cell];
                // the costly questions only where something can happen: in most months nothing does
                let stirs = imposed || ends || falls || !memory.accepted[lane].is_empty() || u[lane] < dying[lane];
                if stirs && let Some(exit) = self.exit(step, memory, state, lane) {
                    self.succeed(step, memory, &exit, state, lane);
                }
                if ends {
                    let (first, interval) = w.term.at(step, state, lane).terms();
                    memory.next_term[cell] = next_due(now + 1, first, interval);
                }
            }
        }
    }

    /// A month passes: tenure, age, the succession and the crisis under way.
    #[inline(always)]
    fn run_down(&self, step: &mut Step<'_>, memory: &mut Memory, state: usize) {
        let w = &self.wired;
        for port in [&w.tenure, &w.age] {
            let years = row(step, port, state);
            step.set_row(port, state, lanes!(|lane| years[lane] + 1.0 / MONTHS));
        }
        for (left, port) in [(&mut memory.phase_left, &w.phase), (&mut memory.crisis_left, &w.crisis)] {
            let (before, value) = (cells(left, state), row(step, port, state));
            let after = before.map(|left| (left - 1.0).max(0.0));
            left[state * LANES..][..LANES].copy_from_slice(&after);
            step.set_row(port, state, lanes!(|lane| if after[lane] == 0.0 { 0.0 } else { value[lane] }));
        }
    }

    /// The exit of this month, if there is one: overthrow before collapse before death before the end of a term.
    fn exit(&self, step: &mut Step<'_>, memory: &mut Memory, state: usize, lane: usize) -> Option<Exit> {
        self.overthrow(step, memory, state, lane)
            .or_else(|| self.collapse(step, memory, state, lane))
            .or_else(|| self.death(step, &memory.mortality[lane], state, lane))
            .or_else(|| self.end_of_term(step, memory, state, lane))
    }

    fn sudden(&self, step: &Step<'_>, cause: Cause, id: u64) -> Exit {
        Exit { cause, id, time: step.month() as f64 + 0.5, margin: f64::INFINITY, but_for: ButFor::default() }
    }

    /// Id of something that can happen once a month in a state.
    fn id(&self, step: &Step<'_>, name: usize, state: usize) -> u64 {
        let key = step.world().axis(self.wired.states).keys[state];
        mix64(mix64(self.wired.names[name], key), self.calendar(step) as u64)
    }

    fn imposed(&self, step: &Step<'_>, kind: &Emit, state: usize) -> Option<u64> {
        step.imposed(kind).find(|i| i.entity as usize == state && i.size > 0.0).map(|i| i.id)
    }

    fn overthrow(&self, step: &mut Step<'_>, memory: &Memory, state: usize, lane: usize) -> Option<Exit> {
        let w = &self.wired;
        if step.muted(&w.emit_irregular, state) {
            return None;
        }
        if let Some(id) = self.imposed(step, &w.emit_irregular, state) {
            return Some(self.sudden(step, Cause::Overthrow, id));
        }
        let hit = memory.accepted[lane].iter().find(|i| i.component as usize == state)?;
        let but_for = step.but_for(lane, &w.exit_shift, state, hit.margin);
        Some(Exit { cause: Cause::Overthrow, id: hit.id, time: hit.time, margin: hit.margin, but_for })
    }

    /// The fall of a contested country's government takes its leader with it, once.
    fn collapse(&self, step: &Step<'_>, memory: &mut Memory, state: usize, lane: usize) -> Option<Exit> {
        let fallen = &mut memory.fallen[state * LANES + lane];
        if *fallen || step.get(&self.wired.reads.collapse, state, lane) < 0.5 {
            return None;
        }
        *fallen = true;
        let id = self.id(step, 2, state);
        let barred = step.muted(&self.wired.emit_irregular, state) || step.silenced(id);
        (!barred).then(|| self.sudden(step, Cause::Collapse, id))
    }

    fn death(&self, step: &Step<'_>, mortality: &Mortality, state: usize, lane: usize) -> Option<Exit> {
        let w = &self.wired;
        if step.muted(&w.emit_death, state) {
            return None;
        }
        if let Some(id) = self.imposed(step, &w.emit_death, state) {
            return Some(self.sudden(step, Cause::Death, id));
        }
        if !happens(step.get(&w.death_noise, state, lane), mortality.hazard(step.get(&w.age, state, lane))) {
            return None;
        }
        let id = self.id(step, 0, state);
        (!step.silenced(id)).then(|| self.sudden(step, Cause::Death, id))
    }

    fn end_of_term(&self, step: &Step<'_>, memory: &Memory, state: usize, lane: usize) -> Option<Exit> {
        let term = self.wired.term.at(step, state, lane);
        let (first, interval) = term.terms();
        if !due(self.calendar(step), first, interval) {
            return None;
        }
        let p = if memory.changed[state * LANES + lane] { term.turnover_later } else { term.turnover };
        let id = self.id(step, 1, state);
        (step.get(&self.wired.vote_noise, state, lane) < p && !step.silenced(id)).then(|| self.sudden(step, Cause::Term, id))
    }

    /// Counts and publishes the exit, draws how the succession goes and who follows.
    fn succeed(&self, step: &mut Step<'_>, memory: &mut Memory, exit: &Exit, state: usize, lane: usize) {
        let (w, e, cell) = (&self.wired, &self.wired.effects, state * LANES + lane);
        step.set(&w.exits, state, lane, 1.0);
        if matches!(exit.cause, Cause::Overthrow | Cause::Collapse) {
            step.set(&w.irregular, state, lane, 1.0);
            self.publish(step, &w.emit_irregular, exit, exit.id, None, state, lane, 1.0);
        } else if exit.cause == Cause::Death {
            self.publish(step, &w.emit_death, exit, exit.id, None, state, lane, 1.0);
        }
        let scalar = |step: &Step<'_>, port| step.get(port, 0, lane);
        let contested = match exit.cause {
            Cause::Term => &e.contested_after_vote,
            Cause::Death => &e.contested_after_death,
            Cause::Overthrow | Cause::Collapse => &e.contested_after_overthrow,
        };
        let shifts = (step.get(&w.violent_shift, state, lane), step.get(&w.contested_shift, state, lane));
        let mut draws = step.draws(lane, w.domain, exit.id, 0);
        let uniforms = [draws.uniform(), draws.uniform()];
        let drawn = manner(scalar(step, &e.violent_probability), shifts.0, scalar(step, contested), shifts.1, uniforms);
        let manner = if exit.cause == Cause::Collapse { Manner::Violent } else { drawn };
        let median = match manner {
            Manner::Managed => &e.managed_months,
            Manner::Contested => &e.contested_months,
            Manner::Violent => &e.violent_months,
        };
        let length = (scalar(step, median) * exp(scalar(step, &e.duration_sigma) * draws.normal())).max(1.0);
        let age = scalar(step, &e.successor_age) + scalar(step, &e.successor_age_sd) * draws.normal();
        step.set(&w.tenure, state, lane, 0.0);
        step.set(&w.age, state, lane, age.clamp(SUCCESSOR_AGES.0, SUCCESSOR_AGES.1));
        memory.changed[cell] = true;
        (memory.capture_from[cell], memory.tenure_from[cell]) = (scalar(step, &e.capture_new), 0.0);
        if step.muted(&w.emit_succession, state) {
            return;
        }
        step.set(&w.phase, state, lane, manner.phase());
        memory.phase_left[cell] = length;
        let succession = mix64(exit.id, 1);
        let parent = (exit.cause != Cause::Term).then_some(exit.id);
        self.publish(step, &w.emit_succession, &triggered(exit), succession, parent, state, lane, manner.phase());
        self.shake(step, memory, exit, (manner, length), state, lane);
    }

    /// A violent succession is a crisis (armed rivals for a month or more), a collapse too (the capital is lost); neighbours feel a crisis
    /// or an overthrow, and borders close.
    fn shake(&self, step: &mut Step<'_>, memory: &mut Memory, exit: &Exit, (manner, length): (Manner, f64), state: usize, lane: usize) {
        let w = &self.wired;
        let crisis = manner == Manner::Violent && !step.muted(&w.emit_crisis, state);
        if crisis {
            step.set(&w.crisis, state, lane, 1.0);
            memory.crisis_left[state * LANES + lane] = length;
            self.publish(step, &w.emit_crisis, &triggered(exit), mix64(exit.id, 2), Some(mix64(exit.id, 1)), state, lane, length);
        }
        if !crisis && !matches!(exit.cause, Cause::Overthrow | Cause::Collapse) {
            return;
        }
        for &neighbour in &self.neighbours[state] {
            let key = step.world().axis(w.states).keys[neighbour];
            if step.draws(lane, w.domain, mix64(exit.id, key), 1).uniform() < step.get(&w.effects.shock_probability, 0, lane) {
                step.set(&w.shock, neighbour, lane, 1.0);
            }
        }
        self.close_borders(step, memory, exit.id, state, lane);
    }

    #[allow(clippy::too_many_arguments)]
    fn publish(&self, step: &mut Step<'_>, kind: &Emit, exit: &Exit, id: u64, parent: Option<u64>, state: usize, lane: usize, size: f64) {
        let event = Event { kind: kind.kind(), entity: state as u32, id, parent, time: exit.time, size, margin: exit.margin, but_for: exit.but_for };
        step.emit(lane, event);
    }
}

/// The same moment, for what follows from the exit: triggered events have no margin of their own.
fn triggered(exit: &Exit) -> Exit {
    Exit { margin: f64::INFINITY, but_for: ButFor::default(), ..*exit }
}
