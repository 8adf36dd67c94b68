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
use oxus_math::{dispatch, exp, ln, logistic, logit};
pub use ports::Insurgency;

use crate::rows::{Row, add, cells, row};
use crate::seen::Seen;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Insurgency>("insurgency", "Fighters abroad and at home, their recruitment, return and arrest, and incursions across borders.");

/// Groups of the frame, what is compared with the origin, buffers.
#[derive(Default)]
pub struct Memory {
    groups: Vec<Group>,
    /// Parameters that decide how groups spread at home, as they were.
    seen: Seen,
    /// Share of a group's men at home in each of its places, group by group.
    shares: Vec<Row>,
    /// As of the origin, by state and lane.
    forces_at_origin: Vec<f64>,
    control_at_origin: Vec<f64>,
    rebels_at_origin: Vec<f64>,
    reach_at_origin: Vec<Row>,
    /// What theatres do this month, by state; the last one is the mean over contested states.
    theatres: Vec<Moves>,
    /// Fighters abroad who could come, by state.
    reach: Vec<Row>,
    /// Fighters caught in the month, by state.
    caught: Vec<Row>,
    embedding: Embedding,
    accepted: [Vec<Immigrant>; LANES],
    ln_rate: Vec<f64>,
}

/// How a theatre has moved since the origin.
#[derive(Clone, Copy, Debug, Default)]
struct Moves {
    /// Level of foreign forces that has left.
    left: Row,
    /// Log of the rebels' strength.
    ln_rebels: Row,
    /// Log of the ground that the rebels hold.
    ln_ground: Row,
}

impl Mechanism for Insurgency {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.groups = frame::groups(step.world());
        memory.seen.forget();
        let cells = step.slice(&self.permeability).len();
        for buffer in [&mut memory.forces_at_origin, &mut memory.control_at_origin, &mut memory.rebels_at_origin, &mut memory.ln_rate] {
            buffer.clear();
            buffer.resize(cells, 0.0);
        }
        for buffer in [&mut memory.reach, &mut memory.caught] {
            buffer.clear();
            buffer.resize(cells / LANES, [0.0; LANES]);
        }
        memory.theatres.clear();
        memory.theatres.resize(cells / LANES + 1, Moves::default());
        for g in 0..memory.groups.len() {
            let (size, home) = (row(step, &self.groups.size, g), row(step, &self.groups.home_share, g).map(|share| share.clamp(0.0, 1.0)));
            step.set_row(&self.abroad, g, lanes!(|lane| size[lane].max(0.0) * (1.0 - home[lane])));
            step.set_row(&self.home, g, lanes!(|lane| size[lane].max(0.0) * home[lane]));
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
        if step.month() == 0 {
            memory.forces_at_origin.copy_from_slice(step.slice(&self.forces_before));
            memory.control_at_origin.copy_from_slice(step.slice(&self.control));
            memory.rebels_at_origin.copy_from_slice(step.slice(&self.rebels));
        }
        fighters(self, step, memory);
        self.events(step, memory);
        self.place(step, memory);
        for (state, caught) in memory.caught.iter().enumerate() {
            let ratio = row(step, &self.states.convictions_per_arrest, state);
            step.set_row(&self.convictions, state, lanes!(|lane| ratio[lane] * caught[lane]));
        }
    }
}

dispatch! {
    /// What happens to fighters in a month, up to the rate of incursions, for the widest vectors.
    fn fighters(insurgency: &Insurgency, step: &mut Step<'_>, memory: &mut Memory) {
        insurgency.look_abroad(step, memory);
        insurgency.borders(step);
        memory.caught.fill([0.0; LANES]);
        for g in 0..memory.groups.len() {
            insurgency.move_fighters(step, memory, g);
        }
        insurgency.in_reach(step, memory);
        insurgency.ln_rates(step, memory);
    }
}

impl Insurgency {
    /// How each theatre has moved since the origin.
    #[inline(always)]
    fn look_abroad(&self, step: &Step<'_>, memory: &mut Memory) {
        let states = memory.theatres.len() - 1;
        let (mut mean, mut contested) = (Moves::default(), [0.0; LANES]);
        for s in 0..states {
            let (at_origin, forces) = (cells(&memory.forces_at_origin, s), row(step, &self.forces, s));
            let mut moves = Moves { left: lanes!(|lane| at_origin[lane] - forces[lane]), ..Moves::default() };
            let before = cells(&memory.rebels_at_origin, s);
            if before.iter().any(|rebels| *rebels > 0.0) {
                let (rebels, control, control_before) =
                    (row(step, &self.rebels, s), row(step, &self.control, s), cells(&memory.control_at_origin, s));
                let ln_rebels = lanes!(|lane| ln(rebels[lane].max(1e-3 * before[lane]) / before[lane]));
                let ln_ground = lanes!(|lane| eq::ln_lost_ground(control[lane], control_before[lane]));
                let fought_over = lanes!(|lane| if before[lane] > 0.0 { 1.0 } else { 0.0 });
                let where_fought = |x: Row| lanes!(|lane| if fought_over[lane] > 0.0 { x[lane] } else { 0.0 });
                (moves.ln_rebels, moves.ln_ground) = (where_fought(ln_rebels), where_fought(ln_ground));
                for (sum, by) in [
                    (&mut contested, &fought_over),
                    (&mut mean.left, &where_fought(moves.left)),
                    (&mut mean.ln_rebels, &moves.ln_rebels),
                    (&mut mean.ln_ground, &moves.ln_ground),
                ] {
                    add(sum, by);
                }
            }
            memory.theatres[s] = moves;
        }
        let n = lanes!(|lane| if contested[lane] > 0.0 { contested[lane] } else { 1.0 });
        let each = |sum: Row| lanes!(|lane| sum[lane] / n[lane]);
        memory.theatres[states] = Moves { left: each(mean.left), ln_rebels: each(mean.ln_rebels), ln_ground: each(mean.ln_ground) };
    }

    /// Permeability relaxes; detection follows its shift at once.
    #[inline(always)]
    fn borders(&self, step: &mut Step<'_>) {
        let months = row(step, &self.scalars.permeability_months, 0);
        for s in 0..step.slice(&self.permeability).len() / LANES {
            let (base, shift) = (row(step, &self.states.permeability_base, s), row(step, &self.permeability_target, s));
            let now = row(step, &self.permeability, s);
            step.set_row(&self.permeability, s, lanes!(|lane| eq::relax(now[lane], base[lane] + shift[lane], months[lane])));
            let (base, shift) = (row(step, &self.states.detection_base, s), row(step, &self.detection_shift, s));
            step.set_row(&self.detection, s, lanes!(|lane| logistic(logit(base[lane].clamp(1e-9, 1.0 - 1e-9)) + shift[lane])));
        }
    }

    /// One month of one group.
    #[inline(always)]
    fn move_fighters(&self, step: &mut Step<'_>, memory: &mut Memory, g: usize) {
        let (n, scalars) = (&self.groups, &self.scalars);
        let number = |port| row(step, port, g);
        let (home, theatre) = (memory.groups[g].home, moves(memory.groups[g].theatre, &memory.theatres));
        let (permeability, detection, enforcement) = match home.map(|s| s as usize) {
            Some(s) => {
                let (usual, shift) = (row(step, &self.states.enforcement, s), row(step, &self.enforcement_shift, s));
                (row(step, &self.permeability, s), row(step, &self.detection, s), lanes!(|lane| usual[lane] * exp(shift[lane])))
            }
            None => {
                (row(step, &scalars.outside_permeability, 0), row(step, &scalars.outside_detection, 0), row(step, &scalars.outside_enforcement, 0))
            }
        };
        let shift = row(step, &self.attrition_shift, g);
        let attrition = lanes!(|lane| exp(shift[lane]));
        let (shift, push, rate) = (row(step, &self.return_shift, g), number(&n.exit_push), number(&n.return_rate));
        let returning = lanes!(|lane| {
            let shift = shift[lane] + eq::ln_exit(push[lane], theatre.left[lane]);
            eq::return_hazard(rate[lane], permeability[lane], shift)
        });
        let (shift, pull) = (row(step, &self.recruitment_shift, g), number(&n.rebel_pull));
        let (rate, size) = (number(&n.recruitment), number(&n.size));
        let recruits = lanes!(|lane| eq::recruits(rate[lane], size[lane], shift[lane] + pull[lane] * theatre.ln_rebels[lane]));
        let (abroad, at_home) = (row(step, &self.abroad, g), row(step, &self.home, g));
        let (by_abroad, by_home, leaving) = (number(&n.attrition_abroad), number(&n.attrition_home), number(&n.abroad_share));
        let [mut returns, mut abroad_next, mut home_next, mut caught] = [[0.0; LANES]; 4];
        for lane in 0..LANES {
            let (crossing, lost_abroad) = eq::leave(abroad[lane], returning[lane], by_abroad[lane] * attrition[lane]);
            let (arrested, lost_home) = eq::leave(at_home[lane], enforcement[lane] * detection[lane], by_home[lane] * attrition[lane]);
            let stopped = crossing * detection[lane];
            returns[lane] = crossing - stopped;
            abroad_next[lane] = (abroad[lane] - crossing - lost_abroad).max(0.0) + recruits[lane] * leaving[lane];
            home_next[lane] = (at_home[lane] - arrested - lost_home).max(0.0) + returns[lane] + recruits[lane] * (1.0 - leaving[lane]);
            caught[lane] = arrested + stopped;
        }
        step.set_row(&self.recruits, g, recruits);
        step.set_row(&self.returns, g, returns);
        step.set_row(&self.abroad, g, abroad_next);
        step.set_row(&self.home, g, home_next);
        if let Some(s) = home {
            add(&mut memory.caught[s as usize], &caught);
        }
    }

    /// Sums fighters at home by state and spreads them over provinces by people, foothold and nearness to the sanctuary.
    fn place(&self, step: &mut Step<'_>, memory: &mut Memory) {
        if memory.seen.changed(step, [&self.foothold, &self.scalars.border_weight]) {
            self.shares(step, memory);
        }
        step.fill(&self.active, 0.0);
        step.fill(&self.presence, 0.0);
        let mut shares = memory.shares.iter();
        for (g, group) in memory.groups.iter().enumerate() {
            let home = row(step, &self.home, g);
            if let Some(s) = group.home {
                let mut active = row(step, &self.active, s as usize);
                add(&mut active, &home);
                step.set_row(&self.active, s as usize, active);
            }
            for (p, share) in group.places.iter().zip(&mut shares) {
                let before = row(step, &self.presence, p.province as usize);
                step.set_row(&self.presence, p.province as usize, lanes!(|lane| before[lane] + home[lane] * share[lane]));
            }
        }
    }

    /// Over which of its places each group's men at home spread.
    fn shares(&self, step: &Step<'_>, memory: &mut Memory) {
        let border = row(step, &self.scalars.border_weight, 0);
        memory.shares.clear();
        for group in &memory.groups {
            let first = memory.shares.len();
            let mut total = [0.0; LANES];
            for p in &group.places {
                let foothold = row(step, &self.foothold, p.province as usize);
                let weight = lanes!(|lane| p.people * if p.border { border[lane] } else { 1.0 } * foothold[lane]);
                add(&mut total, &weight);
                memory.shares.push(weight);
            }
            for share in &mut memory.shares[first..] {
                *share = lanes!(|lane| if total[lane] > 0.0 { share[lane] / total[lane] } else { 0.0 });
            }
        }
    }
}

/// How a group's theatre has moved.
#[inline(always)]
fn moves(theatre: Theatre, theatres: &[Moves]) -> Moves {
    match theatre {
        Theatre::Home => Moves::default(),
        Theatre::State(s) => theatres[s as usize],
        Theatre::Contested => theatres[theatres.len() - 1],
    }
}
