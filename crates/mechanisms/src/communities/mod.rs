//! Mines, fields and works and the people beside them: acceptance, incidents, days lost, licences, the image of each power.
//!
//! Sites of every owner follow the same equations; the ratio of an owner is centred on 1, so that whether one flag is riskier than another
//! is a result and no assumption. Sources: Christensen, Int. Organ. 73 (2019); Berman, Couttenier, Rohner and Thoenig, Am. Econ. Rev. 107
//! (2017). Oracle: the ratios put in are recovered from the events that come out.

pub mod equations;
mod incidents;
mod licences;
mod memory;
mod ports;
#[cfg(test)]
mod tests;

use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};

use equations as eq;
pub use memory::Memory;
pub use ports::Communities;
use ports::{BENEFIT, CAPTURE, Frame, HARM, OPACITY, OUTREACH, TIED, WAGE};

/// The entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Communities>("communities", "acceptance of mines, fields and works, incidents, days lost, licences and the image of powers");

impl Mechanism for Communities {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.empty(step, memory);
        self.first_indices(step, memory);
        for port in [&self.recent, &self.count, &self.lost, &self.harmed, &self.rate, &self.lost_by_owner] {
            step.fill(port, 0.0);
        }
        step.fill(&self.licence, 1.0);
        self.outputs(step, memory);
        step.copy(&self.image, &self.image_at_origin);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.scalars = std::array::from_fn(|lane| self.scalars.at(step, lane));
        if step.month() == 0 {
            self.look_around(step, memory);
        }
        self.remember(step, memory);
        self.relax_indices(step, memory);
        self.relax_acceptance(step, memory);
        self.reviews(step, memory);
        self.ln_rates(step, memory);
        self.incidents(step, memory);
        self.licences(step, memory);
        self.outputs(step, memory);
        self.owners(step, memory);
    }
}

impl Communities {
    /// What the frame alone decides, and empty buffers.
    fn empty(&self, step: &Step<'_>, memory: &mut Memory) {
        memory.frame = Frame::new(step.world());
        memory.scalars = std::array::from_fn(|lane| self.scalars.at(step, lane));
        memory.embedding.start(self.incident_domain, &incidents::components(&memory.frame.keys));
        let sites = memory.frame.keys.len() * LANES;
        let Memory { ln_rate, first, acceptance_base, closed_until, lost_until, review_until, .. } = memory;
        for buffer in first.iter_mut().chain([ln_rate, acceptance_base]) {
            buffer.clear();
            buffer.resize(sites, 0.0);
        }
        for buffer in [closed_until, lost_until, review_until] {
            buffer.clear();
            buffer.resize(sites, f64::NEG_INFINITY);
        }
        memory.family_at_origin.resize(memory.frame.state.len * LANES, 0.0);
        memory.ln_state.resize(memory.frame.state.len * LANES, 0.0);
        memory.ln_owner.resize(memory.frame.power.len * LANES, 0.0);
    }

    /// Circumstances at the origin: parameters, and what foreign staff mean for pay and tied work; acceptance follows from them.
    fn first_indices(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let [benefit, harm, opacity, outreach, wage, capture] = &self.at_origin;
        for i in 0..memory.frame.keys.len() {
            let staff = memory.frame.foreign_staff[i];
            for lane in 0..LANES {
                let s = &memory.scalars[lane];
                let mut x = [0.0; 7];
                for (at, port) in [(BENEFIT, benefit), (HARM, harm), (OPACITY, opacity), (OUTREACH, outreach), (CAPTURE, capture)] {
                    x[at] = step.get(port, i, lane).clamp(0.0, 1.0);
                }
                x[TIED] = eq::index_target(0.0, s.tied_by_staff * staff);
                x[WAGE] = eq::index_target(step.get(wage, i, lane), s.wage_gap_by_staff * staff);
                for (at, value) in x.into_iter().enumerate() {
                    memory.first[at][i * LANES + lane] = value;
                    step.set(&self.indices[at], i, lane, value);
                }
                let weights = [
                    (s.acceptance_by_benefit, x[BENEFIT] - 0.5),
                    (-s.acceptance_by_harm, x[HARM] - 0.5),
                    (-s.acceptance_by_opacity, x[OPACITY] - 0.5),
                    (s.acceptance_by_outreach, x[OUTREACH] - 0.5),
                    (-s.acceptance_by_tied, x[TIED] - 0.5),
                    (-s.acceptance_by_wage_gap, x[WAGE] - 0.5),
                    (-s.acceptance_by_capture, x[CAPTURE] - 0.5),
                ];
                let base = eq::acceptance_base(s.usual_acceptance, &weights);
                memory.acceptance_base[i * LANES + lane] = base;
                step.set(&self.acceptance, i, lane, base);
            }
        }
    }

    /// Remembers the surroundings before the first month; causes act by how far they have moved since.
    fn look_around(&self, step: &Step<'_>, memory: &mut Memory) {
        memory.family_at_origin.copy_from_slice(step.slice(&self.family_capture));
        memory.ln_oil_at_origin = std::array::from_fn(|lane| oxus_math::ln(step.get(&self.oil_price, 0, lane)));
    }

    /// Last month's incidents enter memory, older ones fade.
    fn remember(&self, step: &mut Step<'_>, memory: &Memory) {
        let kept: [f64; LANES] = std::array::from_fn(|lane| 1.0 - (1.0 / memory.scalars[lane].memory_months).min(1.0));
        for i in 0..memory.frame.keys.len() {
            for (lane, kept) in kept.iter().enumerate() {
                let next = step.get(&self.recent, i, lane) * kept + step.get(&self.count, i, lane);
                step.set(&self.recent, i, lane, next);
            }
        }
    }

    fn relax_indices(&self, step: &mut Step<'_>, memory: &Memory) {
        for i in 0..memory.frame.keys.len() {
            for lane in 0..LANES {
                let s = &memory.scalars[lane];
                let cell = i * LANES + lane;
                let tied = step.get(&self.indices[TIED], i, lane) - memory.first[TIED][cell];
                let family = memory.frame.state.to[i]
                    .map_or(0.0, |st| step.get(&self.family_capture, st as usize, lane) - memory.family_at_origin[st as usize * LANES + lane]);
                for at in 0..self.indices.len() {
                    let coded = match at {
                        WAGE => s.wage_gap_by_tied * tied,
                        CAPTURE => s.capture_by_family * family,
                        _ => 0.0,
                    };
                    let target = eq::index_target(memory.first[at][cell] + coded, step.get(&self.targets[at], i, lane));
                    let next = eq::relax(step.get(&self.indices[at], i, lane), target, s.index_months);
                    step.set(&self.indices[at], i, lane, next);
                }
            }
        }
    }

    fn relax_acceptance(&self, step: &mut Step<'_>, memory: &Memory) {
        for i in 0..memory.frame.keys.len() {
            for lane in 0..LANES {
                let s = &memory.scalars[lane];
                let cell = i * LANES + lane;
                let tied = step.get(&self.indices[TIED], i, lane) - memory.first[TIED][cell];
                let (recent, shift) = (step.get(&self.recent, i, lane), step.get(&self.acceptance_target, i, lane));
                let target =
                    eq::acceptance_target(memory.acceptance_base[cell], s.acceptance_by_incidents, recent, s.acceptance_by_tied, tied, shift);
                let next = eq::relax(step.get(&self.acceptance, i, lane), target, s.acceptance_months);
                step.set(&self.acceptance, i, lane, next);
            }
        }
    }

    fn outputs(&self, step: &mut Step<'_>, memory: &Memory) {
        for i in 0..memory.frame.keys.len() {
            let planned = memory.frame.producing[i][step.month()] * memory.frame.valid[i][step.month()];
            for lane in 0..LANES {
                let share = eq::output(planned, step.get(&self.licence, i, lane), step.get(&self.lost, i, lane) / eq::DAYS);
                step.set(&self.output, i, lane, share);
            }
        }
    }

    /// What the sites of a power in a state mean together: days lost for each, and the power's image.
    fn owners(&self, step: &mut Step<'_>, memory: &Memory) {
        let frame = &memory.frame;
        for (pair, owned) in frame.owned.iter().enumerate() {
            for lane in 0..LANES {
                let s = &memory.scalars[lane];
                let mut moved = [0.0; 7];
                let (mut sites, mut lost, mut recent) = (0.0, 0.0, 0.0);
                for &i in owned.iter().filter(|&&i| frame.valid[i][step.month()] > 0.0) {
                    sites += 1.0;
                    lost += step.get(&self.lost, i, lane);
                    recent += step.get(&self.recent, i, lane);
                    for (at, sum) in moved.iter_mut().enumerate() {
                        *sum += step.get(&self.indices[at], i, lane) - memory.first[at][i * LANES + lane];
                    }
                }
                let each = if sites > 0.0 { 1.0 / sites } else { 0.0 };
                step.set(&self.lost_by_owner, pair, lane, (lost * each).min(eq::DAYS));
                let weights = [
                    (s.image_by_benefit, moved[BENEFIT] * each),
                    (-s.image_by_harm, moved[HARM] * each),
                    (-s.image_by_opacity, moved[OPACITY] * each),
                    (s.image_by_outreach, moved[OUTREACH] * each),
                    (-s.image_by_capture, moved[CAPTURE] * each),
                ];
                let (base, shift) = (step.get(&self.image_at_origin, pair, lane), step.get(&self.image_target, pair, lane));
                let target = eq::image_target(base, &weights, s.image_by_incidents, recent * each, shift);
                let next = eq::relax(step.get(&self.image, pair, lane), target, s.image_months);
                step.set(&self.image, pair, lane, next);
            }
        }
    }
}
