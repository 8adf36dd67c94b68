//! Incidents at sites: how often, of which kind, what they cost.

use oxus_kernel::{Component, Event, LANES, Step};
use oxus_math::{exp, ln, poisson_quantile};
use oxus_random::mix64;

use super::equations as eq;
use super::memory::{Incident, Memory};
use super::ports::{ASSAULT, BLOCKADE, Communities, INCIDENTS, OPACITY, Row, STOPPAGE, Scalars, row};

/// Reference rate of the embedding, incidents a month at one site: costs time where it is far off and changes no result.
const REFERENCE: f64 = 0.2 / 12.0;

pub(super) fn components(keys: &[u64]) -> Vec<Component> {
    keys.iter().map(|&key| Component { key, reference: REFERENCE }).collect()
}

/// Relative rate of incidents at a site of a kind, in the order of `SITE_KINDS`.
fn exposure(s: &Scalars, kind: usize) -> f64 {
    let by_kind = [
        s.exposure_mine,
        s.exposure_oilfield,
        s.exposure_gasfield,
        s.exposure_refinery,
        s.exposure_works,
        s.exposure_base,
        s.exposure_post,
        s.exposure_hub,
    ];
    by_kind[kind]
}

impl Communities {
    /// Writes the log monthly rates and publishes them as events a year.
    pub(super) fn ln_rates(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let Memory { frame, ln_rate, scalars, ln_state, ln_owner, ln_oil_at_origin, .. } = memory;
        for lane in 0..LANES {
            for s in 0..frame.state.len {
                ln_state[s * LANES + lane] = ln(step.get(&self.incident_rate, s, lane) / 12.0);
            }
            for p in 0..frame.power.len {
                ln_owner[p * LANES + lane] = ln(step.get(&self.owner_ratio, p, lane));
            }
        }
        let month = step.month();
        let ln_price: Row = std::array::from_fn(|lane| ln(step.get(&self.oil_price, 0, lane)) - ln_oil_at_origin[lane]);
        let ln_kind: [Row; 8] = std::array::from_fn(|kind| std::array::from_fn(|lane| ln(exposure(&scalars[lane], kind))));
        let scalar = |f: fn(&Scalars) -> f64| -> Row { std::array::from_fn(|lane| f(&scalars[lane])) };
        let (usual, by_acceptance, by_producing) =
            (scalar(|s| s.usual_acceptance), scalar(|s| s.incident_by_acceptance), scalar(|s| s.incident_by_producing));
        let (by_price, hushed) = (scalar(|s| s.incident_by_price), scalar(|s| s.price_hushed));
        for i in 0..frame.keys.len() {
            let of_state = match frame.state.to[i] {
                Some(state) if frame.valid[i][month] > 0.0 => row(ln_state, state as usize),
                _ => [f64::NEG_INFINITY; LANES],
            };
            let owner = frame.power.to[i].map_or([0.0; LANES], |p| row(ln_owner, p as usize));
            let (licence, acceptance) = (row(step.slice(&self.licence), i), row(step.slice(&self.acceptance), i));
            let (opacity, shift) = (row(step.slice(&self.indices[OPACITY]), i), row(step.slice(&self.rate_shift), i));
            let (planned, ln_kind) = (frame.producing[i][month], &ln_kind[frame.kind[i]]);
            let sum: Row = std::array::from_fn(|lane| {
                let working = planned * licence[lane];
                let below = usual[lane] - acceptance[lane];
                let transparency = 1.0 - opacity[lane];
                let site = eq::ln_site_effect(by_acceptance[lane], below, by_producing[lane], working);
                let price = eq::ln_price_effect(by_price[lane], hushed[lane], transparency, ln_price[lane]);
                of_state[lane] + ln_kind[lane] + owner[lane] + site + price + shift[lane]
            });
            ln_rate[i * LANES..][..LANES].copy_from_slice(&sum);
            step.set_scratch_row(&self.ln_rate, i, sum);
        }
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
        for port in [&self.count, &self.harmed, &self.lost] {
            step.fill(port, 0.0);
        }
        let (start, end) = (step.month() as f64, step.month() as f64 + 1.0);
        let live = step.live();
        for lane in (0..LANES).filter(|&l| live[l]) {
            for i in 0..memory.frame.keys.len() {
                let until = memory.closed_until[i * LANES + lane];
                if until > start {
                    step.set(&self.lost, i, lane, until.min(end) - start);
                }
            }
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
        let Memory { frame, present, scalars, .. } = memory;
        let month = step.month();
        for attack in step.heard(&self.foreign_attack, lane) {
            let exposed = |i: &usize| frame.province.to[*i] == Some(attack.entity) && frame.foreign[*i] && frame.valid[*i][month] > 0.0;
            let sites = (0..frame.keys.len()).filter(exposed).count();
            for i in (0..frame.keys.len()).filter(exposed) {
                let id = mix64(attack.id, frame.keys[i]);
                let mut draws = step.draws(lane, self.hit_domain, id, 0);
                if draws.uniform() < scalars[lane].attack_hits / sites as f64 {
                    let days = draws.log_normal(scalars[lane].stoppage_days, scalars[lane].days_sigma);
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
        let s = &memory.scalars[lane];
        let mut draws = step.draws(lane, self.event_domain, incident.id, 0);
        let (u, z, harmed) = (draws.uniform(), draws.normal(), draws.uniform());
        let (kind, size) = incident.given.unwrap_or_else(|| {
            let kind = eq::draw_kind(u, &[s.complaint_share, s.blockade_share, s.assault_share, s.stoppage_share]);
            let size = match kind {
                BLOCKADE => s.blockade_days * exp(s.days_sigma * z),
                STOPPAGE => s.stoppage_days * exp(s.days_sigma * z),
                ASSAULT => poisson_quantile(harmed, s.harmed_mean),
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
