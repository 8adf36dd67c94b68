//! Licences: reviewed after a change of government, suspended or revoked, got back in time.

use oxus_kernel::{Event, Hear, LANES, Step};
use oxus_math::{dispatch, exp, ln};
use oxus_random::mix64;

use super::equations as eq;
use super::memory::Memory;
use super::ports::Communities;
use crate::rows::{Row, row};

dispatch! {
    /// Publishes which licences are held and lists those that may be lost this month, by site and lane.
    fn at_stake(communities: &Communities, step: &mut Step<'_>, memory: &mut Memory) {
        let (frame, month, t) = (&communities.frame, step.month(), step.month() as f64);
        let ceiling = communities.most_hazard(step, memory);
        memory.at_stake.clear();
        for (i, until) in memory.lost_until.chunks_exact(LANES).enumerate() {
            step.set_row(&communities.licence, i, lanes!(|lane| if t < until[lane] { 0.0 } else { 1.0 }));
            if frame.licensed[i] && frame.valid[i][month] > 0.0 {
                let u = row(step, &communities.licence_noise, i);
                // one question for all lanes, since hardly ever one of them is below
                let below = lanes!(|lane| if u[lane] <= ceiling[lane] { 1.0 } else { 0.0 });
                if below.iter().sum::<f64>() > 0.0 {
                    memory.at_stake.extend((0..LANES).filter(|&lane| below[lane] > 0.0).map(|lane| (i, lane)));
                }
            }
        }
    }
}

impl Communities {
    /// Puts the contracts of a state under review after a change of government, each by chance.
    pub(super) fn reviews(&self, step: &Step<'_>, memory: &mut Memory) {
        let s = &self.scalars;
        for lane in 0..LANES {
            self.review(step, memory, lane, &self.irregular_exit, step.get(&s.review_irregular, 0, lane));
            self.review(step, memory, lane, &self.succession, step.get(&s.review_succession, 0, lane));
        }
    }

    fn review(&self, step: &Step<'_>, memory: &mut Memory, lane: usize, change: &Hear, chance: f64) {
        let (frame, review_until) = (&self.frame, &mut memory.review_until);
        let until = step.month() as f64 + step.get(&self.scalars.review_months, 0, lane);
        for event in step.heard(change, lane) {
            for i in (0..frame.keys.len()).filter(|&i| frame.licensed[i] && frame.state.to[i] == Some(event.entity)) {
                if step.draws(lane, self.review_domain, mix64(event.id, frame.keys[i]), 0).uniform() < chance {
                    let cell = &mut review_until[i * LANES + lane];
                    *cell = cell.max(until);
                }
            }
        }
    }

    /// Decides which licences are lost this month, and publishes which are held.
    pub(super) fn licences(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.draw(&self.licence_noise);
        at_stake(self, step, memory);
        for at in 0..memory.at_stake.len() {
            let (site, lane) = memory.at_stake[at];
            self.decide(step, memory, site, lane);
        }
        self.imposed_losses(step, memory);
    }

    /// No licence is lost in a lane at a uniform above this. What happens with a hazard happens at no uniform above it, since
    /// `1 - exp(-hazard) < hazard`; so the logarithms of few cells are needed. A millionth more covers all rounding.
    #[inline(always)]
    fn most_hazard(&self, step: &Step<'_>, memory: &Memory) -> Row {
        let mut most = [f64::NEG_INFINITY; LANES];
        for shift in step.slice(&self.loss).chunks_exact(LANES) {
            most = lanes!(|lane| if shift[lane] > most[lane] { shift[lane] } else { most[lane] });
        }
        lanes!(|lane| 1.000_001 * exp(memory.ln_loss[lane] + memory.ln_review[lane].max(0.0) + most[lane]))
    }

    /// Whether the licence of a site is lost this month.
    fn decide(&self, step: &mut Step<'_>, memory: &mut Memory, site: usize, lane: usize) {
        let (cell, t) = (site * LANES + lane, step.month() as f64);
        let review = t < memory.review_until[cell];
        let hazard = eq::ln_licence_hazard(memory.ln_loss[lane], review, memory.ln_review[lane], step.get(&self.loss, site, lane));
        let margin = hazard - ln(eq::threshold(step.get(&self.licence_noise, site, lane)));
        if margin > 0.0 && t >= memory.lost_until[cell] {
            let id = mix64(mix64(self.licence_domain, self.frame.keys[site]), step.month() as u64);
            self.lose(step, memory, lane, site, id, margin);
        }
        if t < memory.lost_until[cell] {
            step.set(&self.licence, site, lane, 0.0);
        }
    }

    fn lose(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, site: usize, id: u64, margin: f64) {
        if !step.live()[lane] || step.muted(&self.licence_loss, site) || step.silenced(id) {
            return;
        }
        let scalar = |port| step.get(port, 0, lane);
        let s = &self.scalars;
        let mut draws = step.draws(lane, self.licence_domain, id, 0);
        let revoked = draws.uniform() < scalar(&s.revocation_share);
        let (median, size) = if revoked { (&s.revocation_months, eq::REVOCATION) } else { (&s.suspension_months, eq::SUSPENSION) };
        let months = draws.log_normal(scalar(median), scalar(&s.recovery_sigma)).max(1.0);
        let but_for = step.but_for(lane, &self.loss, site, margin);
        self.take_away(
            step,
            memory,
            lane,
            site,
            months,
            Event { kind: self.licence_loss.kind(), entity: site as u32, id, parent: None, time: step.month() as f64 + 0.5, size, margin, but_for },
        );
    }

    /// Losses that interventions impose last as many days as their size says.
    fn imposed_losses(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let losses: Vec<_> = step.imposed(&self.licence_loss).cloned().collect();
        for imposed in losses {
            let site = imposed.entity as usize;
            for lane in 0..LANES {
                if !step.live()[lane] || step.muted(&self.licence_loss, site) {
                    continue;
                }
                let event = Event {
                    kind: imposed.kind,
                    entity: imposed.entity,
                    id: imposed.id,
                    parent: None,
                    time: step.month() as f64 + 0.5,
                    size: imposed.size,
                    margin: f64::INFINITY,
                    but_for: Default::default(),
                };
                self.take_away(step, memory, lane, site, imposed.size / eq::DAYS, event);
                step.set(&self.licence, site, lane, 0.0);
            }
        }
    }

    fn take_away(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, site: usize, months: f64, event: Event) {
        let cell = &mut memory.lost_until[site * LANES + lane];
        *cell = cell.max(step.month() as f64 + months);
        step.emit(lane, event);
    }
}
