//! Licences: reviewed after a change of government, suspended or revoked, got back in time.

use oxus_kernel::{Event, Hear, LANES, Step};
use oxus_math::ln;
use oxus_random::mix64;

use super::equations as eq;
use super::memory::Memory;
use super::ports::{Communities, Row, row};

impl Communities {
    /// Puts the contracts of a state under review after a change of government, each by chance.
    pub(super) fn reviews(&self, step: &Step<'_>, memory: &mut Memory) {
        for lane in 0..LANES {
            let s = memory.scalars[lane];
            self.review(step, memory, lane, &self.irregular_exit, s.review_irregular);
            self.review(step, memory, lane, &self.succession, s.review_succession);
        }
    }

    fn review(&self, step: &Step<'_>, memory: &mut Memory, lane: usize, change: &Hear, chance: f64) {
        let Memory { frame, review_until, scalars, .. } = memory;
        let until = step.month() as f64 + scalars[lane].review_months;
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
        // two logarithms: too large to be inlined, and so vectorised, without being told
        step.each1(
            &self.ln_threshold,
            &self.licence_noise,
            #[inline(always)]
            |u| ln(eq::threshold(u)),
        );
        step.fill(&self.licence, 1.0);
        let month = step.month();
        let t = month as f64;
        let ln_monthly: Row = std::array::from_fn(|lane| ln(memory.scalars[lane].licence_loss / 12.0));
        let ln_ratio: Row = std::array::from_fn(|lane| ln(memory.scalars[lane].review_ratio));
        for i in 0..memory.frame.keys.len() {
            let at_risk = memory.frame.licensed[i] && memory.frame.valid[i][month] > 0.0;
            let (threshold, shift) = (row(step.slice(&self.ln_threshold), i), row(step.slice(&self.loss), i));
            for lane in 0..LANES {
                let cell = i * LANES + lane;
                let review = t < memory.review_until[cell];
                let margin = eq::ln_licence_hazard(ln_monthly[lane], review, ln_ratio[lane], shift[lane]) - threshold[lane];
                if at_risk && margin > 0.0 && t >= memory.lost_until[cell] {
                    let id = mix64(mix64(self.licence_domain, memory.frame.keys[i]), month as u64);
                    self.lose(step, memory, lane, i, id, margin);
                }
                if t < memory.lost_until[cell] {
                    step.set(&self.licence, i, lane, 0.0);
                }
            }
        }
        self.imposed_losses(step, memory);
    }

    fn lose(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, site: usize, id: u64, margin: f64) {
        if !step.live()[lane] || step.muted(&self.licence_loss, site) || step.silenced(id) {
            return;
        }
        let s = memory.scalars[lane];
        let mut draws = step.draws(lane, self.licence_domain, id, 0);
        let revoked = draws.uniform() < s.revocation_share;
        let (median, size) = if revoked { (s.revocation_months, eq::REVOCATION) } else { (s.suspension_months, eq::SUSPENSION) };
        let months = draws.log_normal(median, s.recovery_sigma).max(1.0);
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
