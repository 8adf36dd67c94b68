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
use ports::{BENEFIT, CAPTURE, Frame, HARM, OPACITY, OUTREACH, Row, Scalars, TIED, WAGE, row};

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
        let kept: Row = std::array::from_fn(|lane| 1.0 - eq::speed(memory.scalars[lane].memory_months));
        for i in 0..memory.frame.keys.len() {
            let (recent, count) = (row(step.slice(&self.recent), i), row(step.slice(&self.count), i));
            step.set_row(&self.recent, i, std::array::from_fn(|lane| recent[lane] * kept[lane] + count[lane]));
        }
    }

    fn relax_indices(&self, step: &mut Step<'_>, memory: &Memory) {
        let [benefit, harm, opacity, outreach, _, _] = &self.at_origin;
        for (at, base) in [(BENEFIT, benefit), (HARM, harm), (OPACITY, opacity), (OUTREACH, outreach)] {
            step.update3(&self.indices[at], base, &self.targets[at], &self.index_months, |x, base, shift, months| {
                eq::relax(x, eq::index_target(base, shift), eq::speed(months))
            });
        }
        let scalar = |f: fn(&Scalars) -> f64| -> Row { std::array::from_fn(|lane| f(&memory.scalars[lane])) };
        let (by_tied, by_family) = (scalar(|s| s.wage_gap_by_tied), scalar(|s| s.capture_by_family));
        for i in 0..memory.frame.keys.len() {
            let (tied, tied_first) = (row(step.slice(&self.indices[TIED]), i), row(&memory.first[TIED], i));
            let state = memory.frame.state.to[i].map(|s| s as usize);
            let family = state.map_or([[0.0; LANES]; 2], |s| [row(step.slice(&self.family_capture), s), row(&memory.family_at_origin, s)]);
            let speed = row(step.slice(&self.index_months), i).map(eq::speed);
            for at in [TIED, WAGE, CAPTURE] {
                let (x, first, shift) = (row(step.slice(&self.indices[at]), i), row(&memory.first[at], i), row(step.slice(&self.targets[at]), i));
                let coded: Row = match at {
                    WAGE => std::array::from_fn(|lane| by_tied[lane] * (tied[lane] - tied_first[lane])),
                    CAPTURE => std::array::from_fn(|lane| by_family[lane] * (family[0][lane] - family[1][lane])),
                    _ => [0.0; LANES],
                };
                let target: Row = std::array::from_fn(|lane| eq::index_target(first[lane] + coded[lane], shift[lane]));
                step.set_row(&self.indices[at], i, std::array::from_fn(|lane| eq::relax(x[lane], target[lane], speed[lane])));
            }
        }
    }

    fn relax_acceptance(&self, step: &mut Step<'_>, memory: &Memory) {
        let speed: Row = std::array::from_fn(|lane| eq::speed(memory.scalars[lane].acceptance_months));
        let scalar = |f: fn(&Scalars) -> f64| -> Row { std::array::from_fn(|lane| f(&memory.scalars[lane])) };
        let (by_incidents, by_tied) = (scalar(|s| s.acceptance_by_incidents), scalar(|s| s.acceptance_by_tied));
        for i in 0..memory.frame.keys.len() {
            let (tied, tied_first) = (row(step.slice(&self.indices[TIED]), i), row(&memory.first[TIED], i));
            let (recent, shift) = (row(step.slice(&self.recent), i), row(step.slice(&self.acceptance_target), i));
            let (x, base) = (row(step.slice(&self.acceptance), i), row(&memory.acceptance_base, i));
            let next = std::array::from_fn(|lane| {
                let tied = tied[lane] - tied_first[lane];
                let target = eq::acceptance_target(base[lane], by_incidents[lane], recent[lane], by_tied[lane], tied, shift[lane]);
                eq::relax(x[lane], target, speed[lane])
            });
            step.set_row(&self.acceptance, i, next);
        }
    }

    fn outputs(&self, step: &mut Step<'_>, memory: &Memory) {
        step.each2(&self.output, &self.licence, &self.lost, |licence, lost| eq::output(1.0, licence, lost / eq::DAYS));
        for i in 0..memory.frame.keys.len() {
            let planned = memory.frame.producing[i][step.month()] * memory.frame.valid[i][step.month()];
            if planned < 1.0 {
                let output = row(step.slice(&self.output), i);
                step.set_row(&self.output, i, output.map(|x| planned * x));
            }
        }
    }

    /// What the sites of a power in a state mean together: days lost for each, and the power's image.
    fn owners(&self, step: &mut Step<'_>, memory: &Memory) {
        let frame = &memory.frame;
        let speed: Row = std::array::from_fn(|lane| eq::speed(memory.scalars[lane].image_months));
        for (pair, owned) in frame.owned.iter().enumerate() {
            let (mut sites, mut lost, mut recent, mut moved) = (0.0, [0.0; LANES], [0.0; LANES], [[0.0; LANES]; 7]);
            for &i in owned.iter().filter(|&&i| frame.valid[i][step.month()] > 0.0) {
                sites += 1.0;
                gain(&mut lost, row(step.slice(&self.lost), i), 1.0);
                gain(&mut recent, row(step.slice(&self.recent), i), 1.0);
                for (sum, (index, first)) in moved.iter_mut().zip(self.indices.iter().zip(&memory.first)) {
                    gain(sum, row(step.slice(index), i), 1.0);
                    gain(sum, row(first, i), -1.0);
                }
            }
            let each = if sites > 0.0 { 1.0 / sites } else { 0.0 };
            let (base, shift) = (row(step.slice(&self.image_at_origin), pair), row(step.slice(&self.image_target), pair));
            let image = row(step.slice(&self.image), pair);
            for lane in 0..LANES {
                let s = &memory.scalars[lane];
                let by = |at: usize| moved[at][lane] * each;
                let weights = [
                    (s.image_by_benefit, by(BENEFIT)),
                    (-s.image_by_harm, by(HARM)),
                    (-s.image_by_opacity, by(OPACITY)),
                    (s.image_by_outreach, by(OUTREACH)),
                    (-s.image_by_capture, by(CAPTURE)),
                ];
                let target = eq::image_target(base[lane], &weights, s.image_by_incidents, recent[lane] * each, shift[lane]);
                step.set(&self.image, pair, lane, eq::relax(image[lane], target, speed[lane]));
                step.set(&self.lost_by_owner, pair, lane, (lost[lane] * each).min(eq::DAYS));
            }
        }
    }
}

/// Adds `sign` times a row to a sum.
fn gain(sum: &mut Row, add: Row, sign: f64) {
    sum.iter_mut().zip(add).for_each(|(s, x)| *s += sign * x);
}
