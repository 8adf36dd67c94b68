//! Protest, communal violence, armed attacks, attacks on foreigners: a mutually exciting process over provinces and kinds.
//!
//! Immigrants come by the kernel's [`oxus_kernel::Embedding`], offspring as clusters: per event and kind a Poisson number with mean
//! `alpha[receiver][source] m(severity)`, each after an exponential delay at a place drawn from the event's surroundings. Exact, because
//! modifiers are fixed within a month and move immigrants only. Sources: Hawkes, Biometrika 58 (1971); Brémaud and Massoulié, Ann. Probab.
//! 24 (1996), for the embedding. Oracles: `(I - A)^-1 mu`, the Poisson limit, knock-outs.

mod cascade;
pub mod equations;
mod memory;
mod ports;
mod rates;
mod spread;
#[cfg(test)]
mod tests;

use oxus_kernel::{AxisId, Definition, LANES, Mechanism, Ports, Step};
use oxus_math::{dispatch, exp, logit};
use oxus_numerics::linear::spectral_radius;

use equations as eq;
pub use memory::Memory;
use memory::Window;
use ports::K;
pub use ports::Unrest;
use spread::Spread;

use crate::rows::{add, cells, row};

/// The entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Unrest>("unrest", "protest, communal violence and armed attacks that set one another off, and their dead");

impl Mechanism for Unrest {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.frame(step, memory);
        self.read_scalars(step, memory);
        self.reject_explosions(step, memory);
        for port in self.counts.iter().chain([&self.participants, &self.remembered, &self.deterrence, &self.province_deaths]) {
            step.fill(port, 0.0);
        }
        for port in
            [&self.protests_state, &self.attacks_state, &self.deaths_state, &self.deaths_communal, &self.deaths_armed, &self.deaths, &self.revolt]
        {
            step.fill(port, 0.0);
        }
        step.copy(&self.grievance, &self.grievance_at_origin);
        let states = memory.millions.len();
        for s in 0..states {
            for lane in 0..LANES {
                let [protest, communal, attack, foreign] = self.rates.map(|p| step.get(&p, s, lane));
                let last = step.get(&self.protests_at_origin, s, lane);
                memory.state_year[0][s * LANES + lane] = eq::first_year_effect(last, protest);
                for m in 0..12 {
                    memory.year_of_events[(m * states + s) * LANES + lane] = (last + communal + attack + foreign) / 12.0;
                }
            }
        }
        self.write_level(step, memory);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.read_scalars(step, memory);
        if step.month() == 0 {
            self.look_around(step, memory);
        }
        if step.month() == 0 || step.season() == 0 {
            self.new_year(step, memory);
        }
        self.refresh(step, memory);
        before_events(self, step, memory);
        self.events(step, memory);
        after_events(self, step, memory);
    }
}

// Everything that the columns of a month need is inlined into these two.
dispatch! {
    fn before_events(unrest: &Unrest, step: &mut Step<'_>, memory: &mut Memory) {
        unrest.ln_rates(step, memory);
        unrest.empty(step, memory);
    }
}
dispatch! {
    fn after_events(unrest: &Unrest, step: &mut Step<'_>, memory: &mut Memory) {
        unrest.sums(step, memory);
        unrest.indices(step, memory);
        unrest.write_level(step, memory);
    }
}

impl Unrest {
    /// What the frame alone decides, and empty buffers.
    fn frame(&self, step: &Step<'_>, memory: &mut Memory) {
        let world = step.world();
        let axis = |name: &str| world.find(name).expect("internal: planning fails without the axes of the ports");
        let (province, state) = (axis("province"), axis("state"));
        let (provinces, states) = (world.axis(province).len(), world.axis(state).len());
        memory.people = world.numbers(province, "population").map(<[f64]>::to_vec).unwrap_or_else(|| vec![1.0; provinces]);
        memory.state_of = world.map(province, state).map_or_else(|| vec![None; provinces], |m| m.to);
        let mut people = vec![0.0; states];
        for (p, s) in memory.state_of.iter().enumerate() {
            if let Some(s) = s {
                people[*s as usize] += memory.people[p];
            }
        }
        memory.share = memory.state_of.iter().zip(&memory.people).map(|(s, n)| s.map_or(1.0, |s| n / people[s as usize])).collect();
        memory.millions = people.iter().map(|n| n.max(1.0) / 1e6).collect();
        memory.spread = Spread::new(world, provinces);
        memory.embedding.start(self.immigrants_domain, &rates::components(world, &memory.people));
        memory.rates_seen.clear();
        for buffer in [&mut memory.ln_rate, &mut memory.ln_base] {
            buffer.clear();
            buffer.resize(K * provinces * LANES, 0.0);
        }
        let [first, second] = &mut memory.year;
        for buffer in [
            &mut memory.presence_at_origin,
            &mut memory.repression_at_origin,
            &mut memory.repression_rise,
            &mut memory.attack_moment,
            &mut memory.attack_kept,
            &mut memory.lethal_outside,
            first,
            second,
        ] {
            buffer.clear();
            buffer.resize(provinces * LANES, 0.0);
        }
        let [first, second] = &mut memory.state_year;
        for buffer in [&mut memory.control_at_origin, &mut memory.lost_control, &mut memory.lost_effect, &mut memory.lethal, first, second] {
            buffer.clear();
            buffer.resize(states * LANES, 0.0);
        }
        let keys = |axis: AxisId| world.axis(axis).keys.iter().copied();
        let outside = keys(province).zip(&memory.state_of).filter(|(_, state)| state.is_none()).map(|(key, _)| key);
        memory.year_keys = keys(state).chain(outside).collect();
        memory.year_uniforms = vec![0.0; memory.year_keys.len() * LANES];
        memory.year_of_events.clear();
        memory.year_of_events.resize(12 * states * LANES, 0.0);
        memory.windows.resize_with(states * LANES, Window::default);
        for window in &mut memory.windows {
            window.recent.clear();
            window.last = f64::NEG_INFINITY;
        }
        for lane in &mut memory.waiting {
            lane.resize_with(world.months(), Vec::new);
            lane.iter_mut().for_each(Vec::clear);
        }
    }

    fn read_scalars(&self, step: &Step<'_>, memory: &mut Memory) {
        for (lane, out) in memory.lanes.iter_mut().enumerate() {
            out.offspring = self.offspring.map(|row| row.map(|p| step.get(&p, 0, lane)));
            let scalars = self.scalars.at(step, lane);
            let communal = |s: &ports::Scalars| (s.severity_power, s.communal_exponent, s.communal_most);
            if communal(&scalars) != communal(&out.scalars) {
                out.communal_moment = eq::power_law_moment(scalars.severity_power, scalars.communal_exponent, 1.0, scalars.communal_most);
                out.communal_kept = eq::power_law_kept(scalars.communal_exponent, 1.0, scalars.communal_most);
            }
            let answer = |s: &ports::Scalars| (s.repression_exponent, s.repression_least, s.repression_most, s.lethal_protest, s.lethal_communal);
            if answer(&scalars) != answer(&out.scalars) {
                out.repression_kept = eq::power_law_kept(scalars.repression_exponent, scalars.repression_least, scalars.repression_most);
                out.lethal_logit = [logit(scalars.lethal_protest), logit(scalars.lethal_communal)];
            }
            out.scalars = scalars;
        }
    }

    /// A member whose events would set off one another without end is no future: it fails at the start.
    fn reject_explosions(&self, step: &mut Step<'_>, memory: &Memory) {
        for (lane, l) in memory.lanes.iter().enumerate() {
            let offspring = (0..K).map(|from| l.offspring.iter().map(|row| row[from]).sum::<f64>());
            if offspring.fold(0.0, f64::max) < 1.0 {
                continue; // the spectral radius is at most the largest column sum
            }
            let radius = spectral_radius(l.offspring.as_flattened(), K).map_or(f64::INFINITY, |r| r.upper);
            if radius >= 1.0 {
                step.fail(lane, "M001", format!("the branching matrix of unrest has spectral radius {radius:.3}; it must be below 1"));
            }
        }
    }

    /// Sets what is counted anew each month to zero, and lets memory fade.
    #[inline(always)]
    fn empty(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for port in self.counts.iter().chain([&self.participants, &self.province_deaths]) {
            step.fill(port, 0.0);
        }
        for port in [&self.protests_state, &self.attacks_state, &self.deaths_state, &self.deaths_communal, &self.deaths_armed, &self.revolt] {
            step.fill(port, 0.0);
        }
        memory.lethal.fill(0.0);
        memory.lethal_outside.fill(0.0);
        let n = memory.millions.len() * LANES;
        memory.year_of_events[step.month() % 12 * n..][..n].fill(0.0);
        let months = memory.scalar(|s| s.memory_months);
        let kept = lanes!(|l| 1.0 - eq::speed(months[l]));
        for p in 0..memory.share.len() {
            let remembered = row(step, &self.remembered, p);
            step.set_row(&self.remembered, p, lanes!(|l| remembered[l] * kept[l]));
        }
    }

    /// The dead of states, with those of the parts of a state that lie outside the region.
    #[inline(always)]
    fn sums(&self, step: &mut Step<'_>, memory: &Memory) {
        let (sigma, control_effect) = (memory.scalar(|s| s.armed_year_sigma), memory.scalar(|s| s.control_effect));
        for s in 0..memory.millions.len() {
            let (yearly, mut armed) = (row(step, &self.elsewhere, s), row(step, &self.deaths_armed, s));
            if yearly != [0.0; LANES] {
                let (year, lost) = (cells(&memory.state_year[1], s), cells(&memory.lost_control, s));
                let cause = lanes!(|l| year[l] - 0.5 * sigma[l] * sigma[l] + control_effect[l] * lost[l]);
                armed = lanes!(|l| armed[l] + yearly[l].max(0.0) / 12.0 * exp(cause[l]));
                step.set_row(&self.deaths_armed, s, armed);
            }
            let (by_state, communal) = (row(step, &self.deaths_state, s), row(step, &self.deaths_communal, s));
            step.set_row(&self.deaths, s, lanes!(|l| by_state[l] + communal[l] + armed[l]));
        }
    }

    /// Grievance relaxes to its target; deterrence fades and takes up the lethal answers of the month in the whole state.
    #[inline(always)]
    fn indices(&self, step: &mut Step<'_>, memory: &Memory) {
        let (grievance_months, deterrence_months) = (memory.scalar(|s| s.grievance_months), memory.scalar(|s| s.deterrence_months));
        let (slow, fast) = (lanes!(|l| eq::speed(grievance_months[l])), lanes!(|l| eq::speed(deterrence_months[l])));
        let (by_repression, by_deaths) = (memory.scalar(|s| s.grievance_by_repression), memory.scalar(|s| s.grievance_by_deaths));
        for (p, state) in memory.state_of.iter().enumerate() {
            let (grievance, base) = (row(step, &self.grievance, p), row(step, &self.grievance_at_origin, p));
            let (rise, remembered) = (cells(&memory.repression_rise, p), row(step, &self.remembered, p));
            let (shift, deterrence) = (row(step, &self.grievance_target, p), row(step, &self.deterrence, p));
            let lethal = match state {
                Some(s) => cells(&memory.lethal, *s as usize),
                None => cells(&memory.lethal_outside, p),
            };
            let settled = lanes!(|l| eq::grievance_target(base[l], by_repression[l], rise[l], by_deaths[l], remembered[l], shift[l]));
            step.set_row(&self.grievance, p, lanes!(|l| eq::relax(grievance[l], settled[l], slow[l])));
            step.set_row(&self.deterrence, p, lanes!(|l| eq::relax(deterrence[l], 0.0, fast[l]) + lethal[l]));
        }
    }

    #[inline(always)]
    fn write_level(&self, step: &mut Step<'_>, memory: &Memory) {
        let states = memory.millions.len();
        for (s, millions) in memory.millions.iter().enumerate() {
            let mut events = [0.0; LANES];
            for month in 0..12 {
                add(&mut events, &cells(&memory.year_of_events, month * states + s));
            }
            step.set_row(&self.level, s, lanes!(|l| eq::level(events[l], *millions)));
        }
    }
}
