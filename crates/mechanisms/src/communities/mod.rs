//! Mines, fields and works and the people beside them: acceptance, incidents, days lost, licences, the image of each power.
//!
//! Sites of every owner follow the same equations; the ratio of an owner is centred on 1, so that whether one flag is riskier than another
//! is a result and no assumption. Sources: Christensen, Int. Organ. 73 (2019); Berman, Couttenier, Rohner and Thoenig, Am. Econ. Rev. 107
//! (2017). Oracle: the ratios put in are recovered from the events that come out.

mod columns;
pub mod equations;
mod incidents;
mod licences;
mod memory;
mod ports;
#[cfg(test)]
mod tests;

use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_math::dispatch;

use equations as eq;
pub use memory::Memory;
pub use ports::Communities;
use ports::{BENEFIT, CAPTURE, HARM, OPACITY, OUTREACH, TIED, WAGE};

use crate::rows::{Row, cells, row};

/// The entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Communities>("communities", "acceptance of mines, fields and works, incidents, days lost, licences and the image of powers");

impl Mechanism for Communities {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.empty(memory);
        self.refresh(step, memory);
        self.first_indices(step);
        for port in [&self.recent, &self.count, &self.lost, &self.harmed, &self.rate, &self.lost_by_owner] {
            step.fill(port, 0.0);
        }
        step.fill(&self.licence, 1.0);
        self.outputs(step);
        step.copy(&self.image, &self.image_at_origin);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.refresh(step, memory);
        if step.month() == 0 {
            self.look_around(step, memory);
        }
        self.remember(step);
        circumstances(self, step, memory);
        self.reviews(step, memory);
        self.incidents(step, memory);
        self.licences(step, memory);
        self.outputs(step);
        owners(self, step, memory);
    }
}

dispatch! {
    /// Indices, acceptance and the rates that follow from them, for the widest vectors.
    fn circumstances(communities: &Communities, step: &mut Step<'_>, memory: &mut Memory) {
        communities.relax_indices(step, memory);
        communities.relax_acceptance(step);
        communities.ln_rates(step, memory);
    }
}

dispatch! {
    /// See [`Communities::owners`].
    fn owners(communities: &Communities, step: &mut Step<'_>, memory: &mut Memory) {
        communities.owners(step, memory);
    }
}

impl Communities {
    /// Empty buffers.
    fn empty(&self, memory: &mut Memory) {
        memory.seen.forget();
        memory.embedding.start(self.incident_domain, &incidents::components(&self.frame.keys));
        let sites = self.frame.keys.len() * LANES;
        let Memory { ln_rate, closed_until, lost_until, review_until, .. } = memory;
        ln_rate.clear();
        ln_rate.resize(sites, 0.0);
        for buffer in [closed_until, lost_until, review_until] {
            buffer.clear();
            buffer.resize(sites, f64::NEG_INFINITY);
        }
        memory.family_at_origin.resize(self.frame.state.len * LANES, 0.0);
        memory.ln_state.resize(self.frame.state.len * LANES, 0.0);
        memory.ln_owner.resize(self.frame.power.len * LANES, 0.0);
        memory.owned.resize(self.frame.owned.len(), Vec::new());
        memory.sums.iter_mut().chain(&mut memory.moved).for_each(|sums| sums.resize(self.frame.owned.len() * LANES, 0.0));
    }

    /// Circumstances at the origin: parameters, and what foreign staff mean for pay and tied work; acceptance follows from them.
    fn first_indices(&self, step: &mut Step<'_>) {
        let s = &self.scalars;
        let [tied_by_staff, wage_by_staff, usual] = [&s.tied_by_staff, &s.wage_gap_by_staff, &s.usual_acceptance].map(|port| row(step, port, 0));
        let weights = [
            (BENEFIT, 1.0, &s.acceptance_by_benefit),
            (HARM, -1.0, &s.acceptance_by_harm),
            (OPACITY, -1.0, &s.acceptance_by_opacity),
            (OUTREACH, 1.0, &s.acceptance_by_outreach),
            (TIED, -1.0, &s.acceptance_by_tied),
            (WAGE, -1.0, &s.acceptance_by_wage_gap),
            (CAPTURE, -1.0, &s.acceptance_by_capture),
        ]
        .map(|(at, sign, port)| (at, row(step, port, 0).map(|weight| sign * weight)));
        let [benefit, harm, opacity, outreach, wage, capture] = &self.at_origin;
        for i in 0..self.frame.keys.len() {
            let staff = self.frame.foreign_staff[i];
            let mut x = [[0.0; LANES]; 7];
            for (at, port) in [(BENEFIT, benefit), (HARM, harm), (OPACITY, opacity), (OUTREACH, outreach), (CAPTURE, capture)] {
                x[at] = row(step, port, i).map(|x| x.clamp(0.0, 1.0));
            }
            let at_wage = row(step, wage, i);
            x[TIED] = lanes!(|lane| eq::index_target(0.0, tied_by_staff[lane] * staff));
            x[WAGE] = lanes!(|lane| eq::index_target(at_wage[lane], wage_by_staff[lane] * staff));
            for (at, values) in x.into_iter().enumerate() {
                step.set_scratch_row(&self.columns.first[at], i, values);
                step.set_row(&self.indices[at], i, values);
            }
            let base = lanes!(|lane| eq::acceptance_base(usual[lane], &weights.map(|(at, weight)| (weight[lane], x[at][lane] - 0.5))));
            step.set_scratch_row(&self.columns.acceptance_base, i, base);
            step.set_row(&self.acceptance, i, base);
        }
    }

    /// Remembers the surroundings before the first month; causes act by how far they have moved since.
    fn look_around(&self, step: &Step<'_>, memory: &mut Memory) {
        memory.family_at_origin.copy_from_slice(step.slice(&self.family_capture));
        memory.ln_oil_at_origin = row(step, &self.oil_price, 0).map(oxus_math::ln);
    }

    /// Last month's incidents enter memory, older ones fade.
    fn remember(&self, step: &mut Step<'_>) {
        step.update2(&self.recent, &self.columns.memory_kept, &self.count, |recent, kept, count| recent * kept + count);
    }

    #[inline(always)]
    fn relax_indices(&self, step: &mut Step<'_>, memory: &Memory) {
        let c = &self.columns;
        let [benefit, harm, opacity, outreach, _, _] = &self.at_origin;
        for (at, base) in [(BENEFIT, benefit), (HARM, harm), (OPACITY, opacity), (OUTREACH, outreach)] {
            step.update3(&self.indices[at], base, &self.targets[at], &c.index_speed, |x, base, shift, speed| {
                eq::relax(x, eq::index_target(base, shift), speed)
            });
        }
        // pay follows tied work as it was, so that tied work comes last
        for at in [WAGE, CAPTURE, TIED] {
            match at {
                WAGE => self.code_wage_gap(step),
                CAPTURE => self.code_capture(step, memory),
                _ => step.fill(&c.coded, 0.0),
            }
            step.update4(&self.indices[at], &c.first[at], &c.coded, &self.targets[at], &c.index_speed, |x, first, coded, shift, speed| {
                eq::relax(x, eq::index_target(first + coded, shift), speed)
            });
        }
    }

    /// What tied work above that of the origin adds to the gap in pay.
    fn code_wage_gap(&self, step: &mut Step<'_>) {
        step.spread_down(&self.columns.coded, &self.scalars.wage_gap_by_tied, &self.frame.everywhere);
        step.update2(&self.columns.coded, &self.indices[TIED], &self.columns.first[TIED], |by, tied, first| by * (tied - first));
    }

    /// What capture by the ruling family above that of the origin adds to capture at the sites of its state.
    #[inline(always)]
    fn code_capture(&self, step: &mut Step<'_>, memory: &Memory) {
        let by_family = row(step, &self.scalars.capture_by_family, 0);
        for (i, state) in self.frame.state.to.iter().enumerate() {
            let rise = state.map_or([0.0; LANES], |s| {
                let (now, first) = (row(step, &self.family_capture, s as usize), cells(&memory.family_at_origin, s as usize));
                lanes!(|lane| by_family[lane] * (now[lane] - first[lane]))
            });
            step.set_scratch_row(&self.columns.coded, i, rise);
        }
    }

    fn relax_acceptance(&self, step: &mut Step<'_>) {
        let c = &self.columns;
        step.update8(
            &self.acceptance,
            &c.acceptance_base,
            &c.acceptance_by_incidents,
            &self.recent,
            &c.acceptance_by_tied,
            &self.indices[TIED],
            &c.first[TIED],
            &self.acceptance_target,
            &c.acceptance_speed,
            #[inline(always)]
            |x, base, by_incidents, recent, by_tied, tied, first, shift, speed| {
                eq::relax(x, eq::acceptance_target(base, by_incidents, recent, by_tied, tied - first, shift), speed)
            },
        );
    }

    fn outputs(&self, step: &mut Step<'_>) {
        step.each3(&self.output, &self.columns.working, &self.licence, &self.lost, |working, licence, lost| {
            working * eq::output(1.0, licence, lost / eq::DAYS)
        });
    }

    /// What the sites of a power in a state mean together: days lost for each, and the power's image.
    #[inline(always)]
    fn owners(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let Memory { owned, sums: [lost, recent], moved, .. } = memory;
        sum_owned(lost, owned, step.slice(&self.lost));
        sum_owned(recent, owned, step.slice(&self.recent));
        for at in [BENEFIT, HARM, OPACITY, OUTREACH, CAPTURE] {
            sum_moved(&mut moved[at], owned, step.slice(&self.indices[at]), step.slice(&self.columns.first[at]));
        }
        let s = &self.scalars;
        let scalar = |step: &Step<'_>, port| row(step, port, 0);
        let speed = scalar(step, &s.image_months).map(eq::speed);
        let [benefit, harm, opacity] = [&s.image_by_benefit, &s.image_by_harm, &s.image_by_opacity].map(|port| scalar(step, port));
        let [outreach, capture, incidents] = [&s.image_by_outreach, &s.image_by_capture, &s.image_by_incidents].map(|port| scalar(step, port));
        for (pair, open) in owned.iter().enumerate() {
            let each = if open.is_empty() { 0.0 } else { 1.0 / open.len() as f64 };
            let (base, shift) = (row(step, &self.image_at_origin, pair), row(step, &self.image_target, pair));
            let (image, lost, recent) = (row(step, &self.image, pair), cells(lost, pair), cells(recent, pair));
            let moved: [Row; 7] = std::array::from_fn(|at| cells(&moved[at], pair));
            let next = lanes!(|lane| {
                let weights = [
                    (benefit[lane], moved[BENEFIT][lane] * each),
                    (-harm[lane], moved[HARM][lane] * each),
                    (-opacity[lane], moved[OPACITY][lane] * each),
                    (outreach[lane], moved[OUTREACH][lane] * each),
                    (-capture[lane], moved[CAPTURE][lane] * each),
                ];
                let target = eq::image_target(base[lane], &weights, incidents[lane], recent[lane] * each, shift[lane]);
                eq::relax(image[lane], target, speed[lane])
            });
            step.set_row(&self.image, pair, next);
            step.set_row(&self.lost_by_owner, pair, lost.map(|lost| (lost * each).min(eq::DAYS)));
        }
    }
}

dispatch! {
    /// Sums a column of sites over those of each pair of a power and a state.
    fn sum_owned(sums: &mut [f64], owned: &[Vec<usize>], x: &[f64]) {
        for (sums, owned) in sums.chunks_exact_mut(LANES).zip(owned) {
            let mut sum = [0.0; LANES];
            for &i in owned {
                for (sum, x) in sum.iter_mut().zip(&x[i * LANES..][..LANES]) {
                    *sum += x;
                }
            }
            sums.copy_from_slice(&sum);
        }
    }
}

dispatch! {
    /// Sums how far a column of sites has moved from what it was first, over those of each pair of a power and a state.
    fn sum_moved(sums: &mut [f64], owned: &[Vec<usize>], x: &[f64], first: &[f64]) {
        for (sums, owned) in sums.chunks_exact_mut(LANES).zip(owned) {
            let mut sum = [0.0; LANES];
            for &i in owned {
                for (sum, (x, first)) in sum.iter_mut().zip(x[i * LANES..][..LANES].iter().zip(&first[i * LANES..][..LANES])) {
                    *sum = *sum + x - first;
                }
            }
            sums.copy_from_slice(&sum);
        }
    }
}
