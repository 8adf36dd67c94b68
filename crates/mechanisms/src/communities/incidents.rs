//! Incidents at sites: how often, of which kind, what they cost.

use oxus_kernel::{Component, Event, LANES, Step};
use oxus_math::{dispatch, exp, ln, normal_quantile, poisson_quantile};
use oxus_random::mix64;

use super::equations as eq;
use super::memory::{Incident, Memory};
use super::ports::{ASSAULT, BLOCKADE, Communities, INCIDENTS, OPACITY, STOPPAGE};
use crate::rows::{Row, row};

/// Reference rate of the embedding, incidents a month at one site: costs time where it is far off and changes no result.
const REFERENCE: f64 = 0.2 / 12.0;

pub(super) fn components(keys: &[u64]) -> Vec<Component> {
    keys.iter().map(|&key| Component { key, reference: REFERENCE }).collect()
}

dispatch! {
    /// Months of this month that closures of earlier ones take from each site; none from a lane whose month starts never.
    fn closed(communities: &Communities, step: &mut Step<'_>, memory: &Memory, start: Row) {
        let end = step.month() as f64 + 1.0;
        for (i, until) in memory.closed_until.chunks_exact(LANES).enumerate() {
            let lost = lanes!(|lane| if until[lane] > start[lane] { until[lane].min(end) - start[lane] } else { 0.0 });
            step.set_row(&communities.lost, i, lost);
        }
    }
}

impl Communities {
    /// Writes the log monthly rates and publishes them as events a year.
    #[inline(always)]
    pub(super) fn ln_rates(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let c = &self.columns;
        let (price, at_origin) = (row(step, &self.oil_price, 0), memory.ln_oil_at_origin);
        let ln_price = lanes!(|lane| ln(price[lane]) - at_origin[lane]);
        for i in 0..self.frame.keys.len() {
            step.set_scratch_row(&c.ln_price, i, ln_price);
        }
        step.each7(
            &self.ln_rate,
            &c.ln_base,
            &c.planned,
            &self.licence,
            &self.acceptance,
            &c.usual_acceptance,
            &c.by_acceptance,
            &c.by_producing,
            |base, planned, licence, acceptance, usual, by_acceptance, by_producing| {
                base + eq::ln_site_effect(by_acceptance, usual - acceptance, by_producing, planned * licence)
            },
        );
        step.update5(
            &self.ln_rate,
            &self.indices[OPACITY],
            &c.by_price,
            &c.price_hushed,
            &c.ln_price,
            &self.rate_shift,
            |so_far, opacity, by_price, hushed, ln_price, shift| so_far + eq::ln_price_effect(by_price, hushed, 1.0 - opacity, ln_price) + shift,
        );
        memory.ln_rate.copy_from_slice(step.slice(&self.ln_rate));
        step.each1(
            &self.rate,
            &self.ln_rate,
            #[inline(always)]
            |ln_monthly| 12.0 * exp(ln_monthly),
        );
    }

    /// Runs the incidents of the month.
    pub(super) fn incidents(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let Memory { embedding, ln_rate, accepted, .. } = memory;
        embedding.month(step, ln_rate, accepted);
        for port in [&self.count, &self.harmed] {
            step.fill(port, 0.0);
        }
        let start = step.month() as f64;
        let live = step.live();
        let started = live.map(|live| if live { start } else { f64::INFINITY });
        closed(self, step, memory, started);
        for lane in (0..LANES).filter(|&l| live[l]) {
            self.gather(step, memory, lane);
            for at in 0..memory.present.len() {
                let incident = memory.present[at];
                self.happen(step, memory, lane, incident);
            }
        }
        // closures are disjoint parts of one month; the sum may pass 1 by rounding only
        step.update1(&self.lost, &self.licence, |months, _| months.min(1.0) * eq::DAYS);
    }

    /// Collects the month's incidents in order of time.
    fn gather(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize) {
        memory.present.clear();
        self.attacks(step, memory, lane);
        for i in &memory.accepted[lane] {
            let but_for = step.but_for(lane, &self.rate_shift, i.component as usize, i.margin);
            memory.present.push(Incident { id: i.id, parent: None, time: i.time, margin: i.margin, but_for, site: i.component, given: None });
        }
        let middle = step.month() as f64 + 0.5;
        for (kind, emit) in self.incidents.iter().enumerate() {
            for imposed in step.imposed(emit) {
                memory.present.push(Incident {
                    id: imposed.id,
                    parent: None,
                    time: middle,
                    margin: f64::INFINITY,
                    but_for: Default::default(),
                    site: imposed.entity,
                    given: Some((kind, imposed.size)),
                });
            }
        }
        memory.present.sort_unstable_by(|a, b| a.time.total_cmp(&b.time).then(a.id.cmp(&b.id)));
    }

    /// Attacks on foreigners in a province, heard a month later, strike each of its foreign sites with an equal share of the chance.
    fn attacks(&self, step: &Step<'_>, memory: &mut Memory, lane: usize) {
        let present = &mut memory.present;
        let (frame, s, month) = (&self.frame, &self.scalars, step.month());
        for attack in step.heard(&self.foreign_attack, lane) {
            let exposed = |i: &usize| frame.province.to[*i] == Some(attack.entity) && frame.foreign[*i] && frame.valid[*i][month] > 0.0;
            let sites = (0..frame.keys.len()).filter(exposed).count();
            for i in (0..frame.keys.len()).filter(exposed) {
                let id = mix64(attack.id, frame.keys[i]);
                let mut draws = step.draws(lane, self.hit_domain, id, 0);
                if draws.uniform() < step.get(&s.attack_hits, 0, lane) / sites as f64 {
                    let days = draws.log_normal(step.get(&s.stoppage_days, 0, lane), step.get(&s.days_sigma, 0, lane));
                    present.push(Incident {
                        id,
                        parent: Some(attack.id),
                        time: month as f64,
                        margin: f64::INFINITY,
                        but_for: Default::default(),
                        site: i as u32,
                        given: Some((STOPPAGE, days)),
                    });
                }
            }
        }
    }

    fn happen(&self, step: &mut Step<'_>, memory: &mut Memory, lane: usize, incident: Incident) {
        let i = incident.site as usize;
        let s = &self.scalars;
        let (kind, size) = incident.given.unwrap_or_else(|| {
            let scalar = |port| step.get(port, 0, lane);
            let mut draws = step.draws(lane, self.event_domain, incident.id, 0);
            let [of_kind, of_days, of_harm] = std::array::from_fn(|_| draws.uniform());
            let kind = eq::draw_kind(of_kind, &[&s.complaint_share, &s.blockade_share, &s.assault_share, &s.stoppage_share].map(scalar));
            let days = |median| scalar(median) * exp(scalar(&s.days_sigma) * normal_quantile(of_days));
            let size = match kind {
                BLOCKADE => days(&s.blockade_days),
                STOPPAGE => days(&s.stoppage_days),
                ASSAULT => poisson_quantile(of_harm, scalar(&s.harmed_mean)),
                _ => 1.0,
            };
            (kind, size)
        });
        if step.muted(&self.incidents[kind], i) || step.silenced(incident.id) {
            return;
        }
        debug_assert!(kind < INCIDENTS.len(), "internal: a kind of incident");
        step.increase(&self.count, i, lane, 1.0);
        match kind {
            BLOCKADE | STOPPAGE => {
                let end = step.month() as f64 + 1.0;
                let until = &mut memory.closed_until[i * LANES + lane];
                let lost = eq::close(until, incident.time, size / eq::DAYS, end);
                step.increase(&self.lost, i, lane, lost);
            }
            ASSAULT => step.increase(&self.harmed, i, lane, size),
            _ => {}
        }
        step.emit(
            lane,
            Event {
                kind: self.incidents[kind].kind(),
                entity: incident.site,
                id: incident.id,
                parent: incident.parent,
                time: incident.time,
                size,
                margin: incident.margin,
                but_for: incident.but_for,
            },
        );
    }
}
