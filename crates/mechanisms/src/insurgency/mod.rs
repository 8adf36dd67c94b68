//! Fighters by movement and home: abroad and at home, recruits, losses, returns, incursions, convictions.
//!
//! Two compartments for each group with constant hazards within a month (competing risks), so that persons are conserved. Whether the exit
//! of foreign forces sends fighters home or holds them in an emptier sanctuary is the sign of `exit_push`, a mixture over both (claim M102).
//! Incursions are points of the kernel's [`oxus_kernel::Embedding`]. Oracles: conservation, the linear equilibrium.

pub mod equations;
mod frame;
mod incursions;
mod params;
mod ports;
#[cfg(test)]
mod tests;

use equations as eq;
use frame::{Group, Theatre};
use oxus_kernel::{Definition, Embedding, Immigrant, LANES, Mechanism, Ports, Step};
use oxus_math::{exp, ln, logistic, logit};
use params::Scalars;
pub use ports::Insurgency;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Insurgency>("insurgency", "Fighters abroad and at home, their recruitment, return and arrest, and incursions across borders.");

/// Groups of the frame, what is compared with the origin, buffers.
#[derive(Default)]
pub struct Memory {
    groups: Vec<Group>,
    scalars: [Scalars; LANES],
    /// As of the origin, by state and lane.
    forces_at_origin: Vec<f64>,
    control_at_origin: Vec<f64>,
    rebels_at_origin: Vec<f64>,
    reach_at_origin: Vec<f64>,
    /// What theatres do this month, by state and lane; the last row is the mean over contested states.
    theatres: Vec<[Moves; LANES]>,
    /// Fighters abroad who could come, by state and lane.
    reach: Vec<f64>,
    /// Fighters caught in the month, by state and lane.
    caught: Vec<f64>,
    embedding: Embedding,
    accepted: [Vec<Immigrant>; LANES],
    ln_rate: Vec<f64>,
}

/// How a theatre has moved since the origin.
#[derive(Clone, Copy, Debug, Default)]
struct Moves {
    /// Level of foreign forces that has left.
    left: f64,
    /// Log of the rebels' strength.
    ln_rebels: f64,
    /// Log of the ground that the rebels hold.
    ln_ground: f64,
}

impl Mechanism for Insurgency {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.groups = frame::groups(step.world());
        memory.scalars = std::array::from_fn(|lane| self.scalars.at(step, lane));
        let cells = step.slice(&self.permeability).len();
        for buffer in [
            &mut memory.forces_at_origin,
            &mut memory.control_at_origin,
            &mut memory.rebels_at_origin,
            &mut memory.reach,
            &mut memory.caught,
            &mut memory.ln_rate,
        ] {
            buffer.clear();
            buffer.resize(cells, 0.0);
        }
        memory.theatres.clear();
        memory.theatres.resize(cells / LANES + 1, [Moves::default(); LANES]);
        for g in 0..memory.groups.len() {
            for lane in 0..LANES {
                let n = self.groups.at(step, g, lane);
                let home = n.home_share.clamp(0.0, 1.0);
                step.set(&self.abroad, g, lane, n.size.max(0.0) * (1.0 - home));
                step.set(&self.home, g, lane, n.size.max(0.0) * home);
            }
        }
        step.each1(&self.permeability, &self.states.permeability_base, |p| p.clamp(0.0, 1.0));
        step.each1(&self.detection, &self.states.detection_base, |p| p.clamp(0.0, 1.0));
        for port in [&self.recruits, &self.returns, &self.incursions, &self.incursion_deaths, &self.convictions] {
            step.fill(port, 0.0);
        }
        self.place(step, memory);
        self.in_reach(step, memory);
        memory.reach_at_origin.clone_from(&memory.reach);
        self.start_incursions(step, memory);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.scalars = std::array::from_fn(|lane| self.scalars.at(step, lane));
        if step.month() == 0 {
            memory.forces_at_origin.copy_from_slice(step.slice(&self.forces_before));
            memory.control_at_origin.copy_from_slice(step.slice(&self.control));
            memory.rebels_at_origin.copy_from_slice(step.slice(&self.rebels));
        }
        self.look_abroad(step, memory);
        self.borders(step, memory);
        memory.caught.fill(0.0);
        for g in 0..memory.groups.len() {
            for lane in 0..LANES {
                self.move_fighters(step, memory, g, lane);
            }
        }
        self.in_reach(step, memory);
        self.events(step, memory);
        self.place(step, memory);
        for state in 0..memory.caught.len() / LANES {
            for lane in 0..LANES {
                let ratio = step.get(&self.states.convictions_per_arrest, state, lane);
                step.set(&self.convictions, state, lane, ratio * memory.caught[state * LANES + lane]);
            }
        }
    }
}

impl Insurgency {
    /// How each theatre has moved since the origin.
    fn look_abroad(&self, step: &Step<'_>, memory: &mut Memory) {
        let states = memory.theatres.len() - 1;
        for lane in 0..LANES {
            let (mut mean, mut contested) = (Moves::default(), 0.0);
            for s in 0..states {
                let i = s * LANES + lane;
                let rebels = memory.rebels_at_origin[i];
                let fought_over = rebels > 0.0;
                let moves = Moves {
                    left: memory.forces_at_origin[i] - step.get(&self.forces, s, lane),
                    ln_rebels: if fought_over { ln(step.get(&self.rebels, s, lane).max(1e-3 * rebels) / rebels) } else { 0.0 },
                    ln_ground: if fought_over { eq::ln_lost_ground(step.get(&self.control, s, lane), memory.control_at_origin[i]) } else { 0.0 },
                };
                memory.theatres[s][lane] = moves;
                if fought_over {
                    contested += 1.0;
                    mean.left += moves.left;
                    mean.ln_rebels += moves.ln_rebels;
                    mean.ln_ground += moves.ln_ground;
                }
            }
            let n: f64 = if contested > 0.0 { contested } else { 1.0 };
            memory.theatres[states][lane] = Moves { left: mean.left / n, ln_rebels: mean.ln_rebels / n, ln_ground: mean.ln_ground / n };
        }
    }

    /// Permeability relaxes; detection follows its shift at once.
    fn borders(&self, step: &mut Step<'_>, memory: &Memory) {
        for s in 0..memory.theatres.len() - 1 {
            for (lane, scalars) in memory.scalars.iter().enumerate() {
                let target = step.get(&self.states.permeability_base, s, lane) + step.get(&self.permeability_target, s, lane);
                let now = eq::relax(step.get(&self.permeability, s, lane), target, scalars.permeability_months);
                step.set(&self.permeability, s, lane, now);
                let base = step.get(&self.states.detection_base, s, lane).clamp(1e-9, 1.0 - 1e-9);
                let shift = step.get(&self.detection_shift, s, lane);
                step.set(&self.detection, s, lane, logistic(logit(base) + shift));
            }
        }
    }

    /// One month of one group.
    fn move_fighters(&self, step: &mut Step<'_>, memory: &mut Memory, g: usize, lane: usize) {
        let Memory { groups, scalars, caught, theatres, .. } = memory;
        let (group, n, scalars) = (&groups[g], self.groups.at(step, g, lane), &scalars[lane]);
        let theatre = moves(group.theatre, theatres, lane);
        let (permeability, detection, enforcement) = match group.home.map(|s| s as usize) {
            Some(s) => {
                let enforcement = step.get(&self.states.enforcement, s, lane) * exp(step.get(&self.enforcement_shift, s, lane));
                (step.get(&self.permeability, s, lane), step.get(&self.detection, s, lane), enforcement)
            }
            None => (scalars.outside_permeability, scalars.outside_detection, scalars.outside_enforcement),
        };
        let attrition = exp(step.get(&self.attrition_shift, g, lane));
        let shift = step.get(&self.return_shift, g, lane) + eq::ln_exit(n.exit_push, theatre.left);
        let returning = eq::return_hazard(n.return_rate, permeability, shift);
        let recruits = eq::recruits(n.recruitment, n.size, step.get(&self.recruitment_shift, g, lane) + n.rebel_pull * theatre.ln_rebels);
        let (abroad, home) = (step.get(&self.abroad, g, lane), step.get(&self.home, g, lane));
        let (crossing, lost_abroad) = eq::leave(abroad, returning, n.attrition_abroad * attrition);
        let (arrested, lost_home) = eq::leave(home, enforcement * detection, n.attrition_home * attrition);
        let stopped = crossing * detection;
        let returns = crossing - stopped;
        step.set(&self.recruits, g, lane, recruits);
        step.set(&self.returns, g, lane, returns);
        step.set(&self.abroad, g, lane, (abroad - crossing - lost_abroad).max(0.0) + recruits * n.abroad_share);
        step.set(&self.home, g, lane, (home - arrested - lost_home).max(0.0) + returns + recruits * (1.0 - n.abroad_share));
        if let Some(s) = group.home {
            caught[s as usize * LANES + lane] += arrested + stopped;
        }
    }

    /// Sums fighters at home by state and spreads them over provinces by people, foothold and nearness to the sanctuary.
    fn place(&self, step: &mut Step<'_>, memory: &Memory) {
        step.fill(&self.active, 0.0);
        step.fill(&self.presence, 0.0);
        let border: Row = std::array::from_fn(|lane| memory.scalars[lane].border_weight);
        for (g, group) in memory.groups.iter().enumerate() {
            let home = row(step.slice(&self.home), g);
            if let Some(s) = group.home {
                let active = row(step.slice(&self.active), s as usize);
                step.set_row(&self.active, s as usize, std::array::from_fn(|lane| active[lane] + home[lane]));
            }
            let weight = |step: &Step<'_>, p: &frame::Place| -> Row {
                let foothold = row(step.slice(&self.foothold), p.province as usize);
                std::array::from_fn(|lane| p.people * if p.border { border[lane] } else { 1.0 } * foothold[lane])
            };
            let mut total = [0.0; LANES];
            for p in &group.places {
                let weight = weight(step, p);
                total = std::array::from_fn(|lane| total[lane] + weight[lane]);
            }
            for p in &group.places {
                let (weight, before) = (weight(step, p), row(step.slice(&self.presence), p.province as usize));
                let there = |lane: usize| if total[lane] > 0.0 { home[lane] * (weight[lane] / total[lane]) } else { 0.0 };
                step.set_row(&self.presence, p.province as usize, std::array::from_fn(|lane| before[lane] + there(lane)));
            }
        }
    }
}

/// One value for each lane.
type Row = [f64; LANES];

/// The values of one entity.
#[inline(always)]
fn row(column: &[f64], entity: usize) -> Row {
    column[entity * LANES..][..LANES].try_into().expect("internal: a column holds a value for each lane")
}

/// How a group's theatre has moved.
fn moves(theatre: Theatre, theatres: &[[Moves; LANES]], lane: usize) -> Moves {
    match theatre {
        Theatre::Home => Moves::default(),
        Theatre::State(s) => theatres[s as usize][lane],
        Theatre::Contested => theatres[theatres.len() - 1][lane],
    }
}
