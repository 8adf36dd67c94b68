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

use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_numerics::linear::spectral_radius;

use equations as eq;
pub use memory::Memory;
use memory::Window;
use ports::K;
pub use ports::Unrest;
use spread::Spread;

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
        self.ln_rates(step, memory);
        self.empty(step, memory);
        self.events(step, memory);
        self.sums(step, memory);
        self.indices(step, memory);
        self.write_level(step, memory);
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
            let shape = |s: &ports::Scalars| (s.severity_power, s.communal_exponent, s.communal_most);
            if shape(&scalars) != shape(&out.scalars) {
                out.communal_moment = eq::power_law_moment(scalars.severity_power, scalars.communal_exponent, 1.0, scalars.communal_most);
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
        let kept: [f64; LANES] = std::array::from_fn(|lane| 1.0 - eq::speed(memory.lanes[lane].scalars.memory_months));
        for p in 0..memory.share.len() {
            let remembered = rates::row(step.slice(&self.remembered), p);
            step.set_row(&self.remembered, p, std::array::from_fn(|lane| remembered[lane] * kept[lane]));
        }
    }

    /// The dead of states, with those of the parts of a state that lie outside the region.
    fn sums(&self, step: &mut Step<'_>, memory: &Memory) {
        for s in 0..memory.millions.len() {
            for lane in 0..LANES {
                let i = s * LANES + lane;
                let yearly = step.get(&self.elsewhere, s, lane);
                if yearly > 0.0 {
                    let scalars = &memory.lanes[lane].scalars;
                    let sigma = scalars.armed_year_sigma;
                    let cause = memory.state_year[1][i] - 0.5 * sigma * sigma + scalars.control_effect * memory.lost_control[i];
                    step.increase(&self.deaths_armed, s, lane, yearly / 12.0 * oxus_math::exp(cause));
                }
            }
        }
        step.each3(&self.deaths, &self.deaths_state, &self.deaths_communal, &self.deaths_armed, |a, b, c| a + b + c);
    }

    /// Grievance relaxes to its target; deterrence fades and takes up the lethal answers of the month in the whole state.
    fn indices(&self, step: &mut Step<'_>, memory: &Memory) {
        let slow: [f64; LANES] = std::array::from_fn(|lane| eq::speed(memory.lanes[lane].scalars.grievance_months));
        let fast: [f64; LANES] = std::array::from_fn(|lane| eq::speed(memory.lanes[lane].scalars.deterrence_months));
        let scalar = |f: fn(&ports::Scalars) -> f64| -> rates::Row { std::array::from_fn(|lane| f(&memory.lanes[lane].scalars)) };
        let (by_repression, by_deaths) = (scalar(|s| s.grievance_by_repression), scalar(|s| s.grievance_by_deaths));
        for (p, state) in memory.state_of.iter().enumerate() {
            let rise = self.repression_rise(step, memory, p);
            let (grievance, base) = (rates::row(step.slice(&self.grievance), p), rates::row(step.slice(&self.grievance_at_origin), p));
            let (shift, remembered) = (rates::row(step.slice(&self.grievance_target), p), rates::row(step.slice(&self.remembered), p));
            let deterrence = rates::row(step.slice(&self.deterrence), p);
            let lethal = match state {
                Some(s) => rates::row(&memory.lethal, *s as usize),
                None => rates::row(&memory.lethal_outside, p),
            };
            let settled =
                |lane: usize| eq::grievance_target(base[lane], by_repression[lane], rise[lane], by_deaths[lane], remembered[lane], shift[lane]);
            step.set_row(&self.grievance, p, std::array::from_fn(|lane| eq::relax(grievance[lane], settled(lane), slow[lane])));
            step.set_row(&self.deterrence, p, std::array::from_fn(|lane| eq::relax(deterrence[lane], 0.0, fast[lane]) + lethal[lane]));
        }
    }

    fn write_level(&self, step: &mut Step<'_>, memory: &Memory) {
        let states = memory.millions.len();
        for s in 0..states {
            let mut events = [0.0; LANES];
            for month in 0..12 {
                let of_month = rates::row(&memory.year_of_events, month * states + s);
                events.iter_mut().zip(of_month).for_each(|(sum, n)| *sum += n);
            }
            for (lane, events) in events.into_iter().enumerate() {
                step.set(&self.level, s, lane, eq::level(events, memory.millions[s]));
            }
        }
    }
}
