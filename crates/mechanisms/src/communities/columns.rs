//! Columns by site of what does not move within a run or is one number for the region.

use oxus_kernel::{LANES, Param, Ports, Scratch, Step};
use oxus_math::ln;

use super::equations as eq;
use super::memory::Memory;
use super::ports::{Communities, SITE_KINDS};
use crate::rows::{cells, row};

/// Columns by site of what does not move within a run or is one number for the region: so that equations run over all sites at once.
pub(super) struct Columns {
    /// Circumstances at the origin, by index, and the acceptance that follows from them.
    pub first: [Scratch; 7],
    pub acceptance_base: Scratch,
    /// Part of the way to its target that an index goes in a month, and acceptance; part of the memory of incidents that stays.
    pub index_speed: Scratch,
    pub acceptance_speed: Scratch,
    pub memory_kept: Scratch,
    pub acceptance_by_incidents: Scratch,
    pub acceptance_by_tied: Scratch,
    pub usual_acceptance: Scratch,
    pub by_acceptance: Scratch,
    pub by_producing: Scratch,
    pub by_price: Scratch,
    pub price_hushed: Scratch,
    /// Log rate of the state, the kind and the owner of a site, minus infinity where there is no site in this month; planned production.
    pub ln_base: Scratch,
    pub planned: Scratch,
    /// Planned production of a site that there is.
    pub working: Scratch,
    /// Log of the price of oil less that at the origin.
    pub ln_price: Scratch,
    /// What the code adds to the target of an index.
    pub coded: Scratch,
}

impl Columns {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        let mut site = || ports.scratch("site");
        Self {
            first: std::array::from_fn(|_| site()),
            acceptance_base: site(),
            index_speed: site(),
            acceptance_speed: site(),
            memory_kept: site(),
            acceptance_by_incidents: site(),
            acceptance_by_tied: site(),
            usual_acceptance: site(),
            by_acceptance: site(),
            by_producing: site(),
            by_price: site(),
            price_hushed: site(),
            ln_base: site(),
            planned: site(),
            working: site(),
            ln_price: site(),
            coded: site(),
        }
    }
}

impl Communities {
    /// Makes the columns anew if a parameter that decides them has changed, or the sites that there are.
    pub(super) fn refresh(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let s = &self.scalars;
        let shared = [
            &s.acceptance_months,
            &s.memory_months,
            &s.acceptance_by_incidents,
            &s.acceptance_by_tied,
            &s.usual_acceptance,
            &s.incident_by_acceptance,
            &s.incident_by_producing,
            &s.incident_by_price,
            &s.price_hushed,
            &s.licence_loss,
            &s.review_ratio,
            &self.index_months,
            &self.incident_rate,
            &self.owner_ratio,
        ];
        let changed = memory.seen.changed(step, shared.into_iter().chain(self.exposures()));
        if changed {
            self.spread(step);
            memory.ln_loss = row(step, &s.licence_loss, 0).map(|yearly| ln(yearly / 12.0));
            memory.ln_review = row(step, &s.review_ratio, 0).map(ln);
        }
        if changed || self.frame.changes[step.month()] {
            self.ln_base(step, memory);
        }
    }

    /// Parameters of the relative rate of incidents at a site, by kind of site.
    fn exposures(&self) -> [&Param; SITE_KINDS.len()] {
        let s = &self.scalars;
        [
            &s.exposure_mine,
            &s.exposure_oilfield,
            &s.exposure_gasfield,
            &s.exposure_refinery,
            &s.exposure_works,
            &s.exposure_base,
            &s.exposure_post,
            &s.exposure_hub,
        ]
    }

    /// Hands numbers for the region to every site.
    fn spread(&self, step: &mut Step<'_>) {
        let (c, s, everywhere) = (&self.columns, &self.scalars, &self.frame.everywhere);
        for (to, from) in [
            (&c.acceptance_speed, &s.acceptance_months),
            (&c.memory_kept, &s.memory_months),
            (&c.acceptance_by_incidents, &s.acceptance_by_incidents),
            (&c.acceptance_by_tied, &s.acceptance_by_tied),
            (&c.usual_acceptance, &s.usual_acceptance),
            (&c.by_acceptance, &s.incident_by_acceptance),
            (&c.by_producing, &s.incident_by_producing),
            (&c.by_price, &s.incident_by_price),
            (&c.price_hushed, &s.price_hushed),
        ] {
            step.spread_down(to, from, everywhere);
        }
        step.update1(&c.acceptance_speed, &self.index_months, |months, _| eq::speed(months));
        step.update1(&c.memory_kept, &self.index_months, |months, _| 1.0 - eq::speed(months));
        step.each1(&c.index_speed, &self.index_months, eq::speed);
    }

    /// The part of the log rates that the frame and parameters decide.
    fn ln_base(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let (frame, Memory { ln_state, ln_owner, .. }) = (&self.frame, &mut *memory);
        for (to, yearly) in ln_state.iter_mut().zip(step.slice(&self.incident_rate)) {
            *to = ln(yearly / 12.0);
        }
        for (to, &ratio) in ln_owner.iter_mut().zip(step.slice(&self.owner_ratio)) {
            *to = ln(ratio);
        }
        let ln_kind = self.exposures().map(|kind| row(step, kind, 0).map(ln));
        let month = step.month();
        for i in 0..frame.keys.len() {
            let of_state = match frame.state.to[i] {
                Some(state) if frame.valid[i][month] > 0.0 => cells(ln_state, state as usize),
                _ => [f64::NEG_INFINITY; LANES],
            };
            let owner = frame.power.to[i].map_or([0.0; LANES], |p| cells(ln_owner, p as usize));
            let kind = &ln_kind[frame.kind[i]];
            step.set_scratch_row(&self.columns.ln_base, i, lanes!(|lane| of_state[lane] + kind[lane] + owner[lane]));
            step.set_scratch_row(&self.columns.planned, i, [frame.producing[i][month]; LANES]);
            let working = (frame.producing[i][month] * frame.valid[i][month]).min(1.0);
            step.set_scratch_row(&self.columns.working, i, [working; LANES]);
        }
        for (open, owned) in memory.owned.iter_mut().zip(&frame.owned) {
            open.clear();
            open.extend(owned.iter().filter(|&&i| frame.valid[i][month] > 0.0));
        }
    }
}
