//! Migration both ways: foreign workers who follow projects, what the host society makes of their number, and own migrants abroad.
//!
//! Anxiety is that of a host society about foreign labour and what data leave open about it; no group of birth or belief has a number here.
//! What migrants send home stays with `finance`.

pub mod equations;
mod ports;
#[cfg(test)]
mod tests;

use equations as eq;
use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step, World};
use oxus_math::dispatch;
pub use ports::Migration;

use crate::monthly::relax;
use crate::rows::{Row, add, row};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Migration>("migration", "Foreign workers, the anxiety and politics around them, and own labour migrants abroad.");

/// Kinds of sites whose foreign staff is counted; what is built on loans is counted by the loans.
const STAFFED: [&str; 4] = ["mine", "oilfield", "gasfield", "refinery"];

/// What is compared with the origin, and the staff of sites.
#[derive(Default)]
pub struct Memory {
    /// Foreign staff of a power's sites in a state, by month: `[power][state][month]`.
    staff: Vec<Vec<Vec<f64>>>,
    /// Workers at the origin without a project, and what people believed, by state.
    settled: Vec<Row>,
    perceived: Vec<Row>,
}

impl Mechanism for Migration {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let states = step.slice(&self.workers).len() / LANES;
        memory.staff = self.staff(step.world());
        memory.settled = vec![[0.0; LANES]; states];
        memory.perceived = vec![[0.0; LANES]; states];
        step.each1(&self.workers, &self.n.workers_start, |x| x.max(0.0));
        step.each1(&self.quality, &self.n.quality_start, |x| x.clamp(0.0, 1.0));
        step.each1(&self.anxiety, &self.n.anxiety_start, |x| x.clamp(0.0, 1.0));
        step.each1(&self.mobilisation, &self.n.mobilisation_start, |x| x.clamp(0.0, 1.0));
        step.each1(&self.discrimination, &self.n.discrimination_start, |x| x.clamp(0.0, 1.0));
        step.each3(&self.perceived, &self.workers, &self.n.blur, &self.quality, eq::perceived);
        step.each1(&self.abroad, &self.n.abroad_start, |x| x.max(0.0));
        step.each2(&self.returnees, &self.abroad, &self.n.return_rate, |stock, rate| stock * rate.max(0.0) / eq::MONTHS);
        step.copy(&self.departures, &self.returnees);
        step.each2(&self.arrivals, &self.workers, &self.n.stay_months, |stock, stay| stock / stay.max(1.0));
        step.each2(&self.extortion, &self.arrivals, &self.n.extortion_share, |arrivals, part| arrivals * part.clamp(0.0, 1.0));
        step.each1(&self.prosecutions, &self.n.prosecution_rate, |rate| rate.max(0.0) / eq::MONTHS);
        for s in 0..states {
            memory.perceived[s] = row(step, &self.perceived, s);
        }
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        month(self, step, memory);
    }
}

// Everything that a month calls is inlined into it.
dispatch! {
    fn month(migration: &Migration, step: &mut Step<'_>, memory: &mut Memory) {
        migration.work(step, memory);
        migration.beliefs(step);
        migration.feeling(step, memory);
        migration.abroad(step);
    }
}

impl Migration {
    /// Foreign staff of each power's sites by state and month.
    fn staff(&self, world: &World) -> Vec<Vec<Vec<f64>>> {
        let (states, powers) = (world.axis(self.axes.state).len(), world.axis(self.axes.power).len());
        let mut staff = vec![vec![vec![0.0; world.months()]; states]; powers];
        let maps = (world.map(self.axes.site, self.axes.state), world.map(self.axes.site, self.axes.power));
        let facts = (world.texts(self.axes.site, "kind"), world.profile(self.axes.site, "valid"));
        let numbers = (world.numbers(self.axes.site, "employees"), world.numbers(self.axes.site, "foreign_staff_share"));
        if let ((Some(state), Some(owner)), (Some(kind), Some(valid)), (Some(employees), Some(share))) = (maps, facts, numbers) {
            for site in 0..kind.len() {
                if let (Some(s), Some(p), true) = (state.to[site], owner.to[site], STAFFED.contains(&kind[site].as_str())) {
                    for (sum, there) in staff[p as usize][s as usize].iter_mut().zip(&valid[site]) {
                        *sum += there * employees[site] * share[site];
                    }
                }
            }
        }
        staff
    }

    /// Workers follow loans and sites; those without a project stay as many as they are.
    #[inline(always)]
    fn work(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let month = step.month();
        for s in 0..memory.settled.len() {
            let mut staff: Row = [0.0; LANES];
            for (p, of_power) in memory.staff.iter().enumerate() {
                let sends = row(step, &self.sender, p);
                add(&mut staff, &lanes!(|l| sends[l] * of_power[s][month]));
            }
            let (loans, jobs) = (row(step, &self.loans, s), row(step, &self.n.jobs, s));
            let (workers, shift, stay) = (row(step, &self.workers, s), row(step, &self.workers_rate, s), row(step, &self.n.stay_months, s));
            let yearly = lanes!(|l| loans[l].max(0.0) * eq::MONTHS);
            if month == 0 {
                memory.settled[s] = lanes!(|l| (workers[l] - jobs[l] * yearly[l] - staff[l]).max(0.0));
            }
            let settled = &memory.settled[s];
            let inflow = lanes!(|l| eq::wanted(settled[l], jobs[l], yearly[l], staff[l], shift[l]) / stay[l].max(1.0));
            let extortion = row(step, &self.n.extortion_share, s);
            step.set_row(&self.workers, s, lanes!(|l| eq::stock(workers[l], inflow[l], 1.0 / stay[l].max(1.0))));
            step.set_row(&self.arrivals, s, inflow);
            step.set_row(&self.extortion, s, lanes!(|l| inflow[l] * extortion[l].clamp(0.0, 1.0)));
        }
    }

    /// The quality of data, and what people believe in view of it.
    #[inline(always)]
    fn beliefs(&self, step: &mut Step<'_>) {
        let n = &self.n;
        for s in 0..step.slice(&self.quality).len() / LANES {
            let (before, start, shift) = (row(step, &self.quality, s), row(step, &n.quality_start, s), row(step, &self.quality_target, s));
            let (months, workers, blur) = (row(step, &n.quality_months, s), row(step, &self.workers, s), row(step, &n.blur, s));
            let quality = lanes!(|l| relax(before[l], start[l] + shift[l], months[l]));
            step.set_row(&self.quality, s, quality);
            step.set_row(&self.perceived, s, lanes!(|l| eq::perceived(workers[l], blur[l], quality[l])));
        }
    }

    /// Anxiety follows the perceived stock; mobilisation, discrimination and prosecutions follow anxiety.
    #[inline(always)]
    fn feeling(&self, step: &mut Step<'_>, memory: &Memory) {
        let n = &self.n;
        for s in 0..memory.perceived.len() {
            let (perceived, at_origin) = (row(step, &self.perceived, s), &memory.perceived[s]);
            let (before, start, by_stock) = (row(step, &self.anxiety, s), row(step, &n.anxiety_start, s), row(step, &n.anxiety_sensitivity, s));
            let (shift, months) = (row(step, &self.anxiety_target, s), row(step, &n.anxiety_months, s));
            let target = lanes!(|l| eq::anxiety_target(start[l], by_stock[l], perceived[l], at_origin[l], shift[l]));
            let anxiety = lanes!(|l| relax(before[l], target[l], months[l]));
            step.set_row(&self.anxiety, s, anxiety);
            let change = lanes!(|l| anxiety[l] - start[l]);
            self.politics(step, s, &change);
            let (before, base, slope) =
                (row(step, &self.discrimination, s), row(step, &n.discrimination_start, s), row(step, &n.discrimination_slope, s));
            let (shift, months) = (row(step, &self.discrimination_target, s), row(step, &n.discrimination_months, s));
            step.set_row(&self.discrimination, s, lanes!(|l| relax(before[l], base[l] + slope[l] * change[l] + shift[l], months[l])));
        }
    }

    /// Mobilisation and the prosecutions that answer it, in proportion.
    #[inline(always)]
    fn politics(&self, step: &mut Step<'_>, s: usize, change: &Row) {
        let n = &self.n;
        let (before, base, slope) = (row(step, &self.mobilisation, s), row(step, &n.mobilisation_start, s), row(step, &n.mobilisation_slope, s));
        let (shift, months, rate) =
            (row(step, &self.mobilisation_target, s), row(step, &n.mobilisation_months, s), row(step, &n.prosecution_rate, s));
        let target = lanes!(|l| eq::mobilisation_target(base[l], slope[l], change[l], shift[l]));
        let mobilisation = lanes!(|l| relax(before[l], target[l], months[l]));
        step.set_row(&self.mobilisation, s, mobilisation);
        step.set_row(&self.prosecutions, s, lanes!(|l| rate[l].max(0.0) / eq::MONTHS * mobilisation[l] / base[l].max(1e-6)));
    }

    /// Own migrants leave and return as rules, currency and income of the hosts have it.
    #[inline(always)]
    fn abroad(&self, step: &mut Step<'_>) {
        let n = &self.n;
        let (rules, rouble) = (row(step, &self.entry, 0), row(step, &self.rouble, 0));
        for s in 0..step.slice(&self.abroad).len() / LANES {
            let (stock, start, income) = (row(step, &self.abroad, s), row(step, &n.abroad_start, s), row(step, &self.income, s));
            let (by_entry, by_rouble, by_income) =
                (row(step, &n.entry_elasticity, s), row(step, &n.rouble_elasticity, s), row(step, &n.income_elasticity, s));
            let (rate, part) = (row(step, &n.return_rate, s), row(step, &n.departure_part, s));
            let pull = lanes!(|l| eq::pull(by_entry[l], rules[l], by_rouble[l], rouble[l], by_income[l], income[l]));
            let (mut leave, mut returning) = ([0.0; LANES], [0.0; LANES]);
            for l in 0..LANES {
                (leave[l], returning[l]) = eq::turnover(rate[l].max(0.0), start[l].max(0.0), part[l].clamp(0.0, 1.0), pull[l]);
            }
            step.set_row(&self.departures, s, leave);
            step.set_row(&self.returnees, s, lanes!(|l| returning[l] * stock[l]));
            step.set_row(&self.abroad, s, lanes!(|l| eq::stock(stock[l], leave[l], returning[l])));
        }
    }
}
