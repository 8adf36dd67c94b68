//! Organisations of states: whether they act in a member's crisis, what they adopt at their summits, who holds them back.

mod decide;
pub mod equations;
mod frame;
mod ports;
#[cfg(test)]
mod tests;

use decide::{Question, Table};
use equations as eq;
use frame::Frame;
use oxus_kernel::{Definition, Emit, Event, LANES, Mechanism, NoiseIn, Param, Ports, Read, Scratch, Step};
use oxus_random::mix64;
use ports::{Monthly, OrganisationPorts, ScalarPorts, Scalars, Seats, Shifts, Variables};

use crate::monthly::relax;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Organisations>("organisations", "Organisations of states: action in crises, proposals, cohesion, who blocks.");

/// Months without a trigger, for a state that never had one.
const NEVER: u32 = 1 << 20;

/// The mechanism: ports and frame.
pub struct Organisations {
    own: Variables,
    shifts: Shifts,
    scalars: ScalarPorts,
    monthly: Monthly,
    organisations: OrganisationPorts,
    seat_ports: Seats,
    deaths: Read,
    exits: Read,
    action: Emit,
    blocked: Emit,
    circumstances: NoiseIn,
    gained: Scratch,
    trust: Scratch,
    eased: Scratch,
    crisis_domain: u64,
    decision_domain: u64,
    frame: Frame,
}

/// Months since the last trigger of a crisis, and room for a decision.
#[derive(Default)]
pub struct Memory {
    /// `[state][lane]`.
    quiet: Vec<u32>,
    /// Whether the circumstances of this month are drawn.
    drawn: bool,
    /// New crises of the month: state, lane.
    onsets: Vec<(usize, usize)>,
    table: Table,
}

impl Mechanism for Organisations {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            own: Variables::declare(ports),
            shifts: Shifts::declare(ports),
            scalars: ScalarPorts::declare(ports),
            monthly: Monthly::declare(ports),
            organisations: OrganisationPorts::declare(ports),
            seat_ports: Seats::declare(ports),
            deaths: ports.prev("unrest.deaths", "state", "deaths/month"),
            exits: ports.prev("regimes.irregular_exits", "state", "1"),
            action: ports.emit("organisations.action", "organisation"),
            blocked: ports.emit("organisations.blocked", "organisation"),
            circumstances: ports.normals("stance", "vote"),
            gained: ports.scratch("seat"),
            trust: ports.scratch("organisation"),
            eased: ports.scratch("organisation"),
            crisis_domain: ports.domain("crisis"),
            decision_domain: ports.domain("decision"),
            frame: Frame::new(ports.world()),
        }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.quiet.clear();
        memory.quiet.resize(self.frame.state_keys.len() * LANES, NEVER);
        step.each1(&self.own.confidence, &self.seat_ports.confidence_start, |c| c.clamp(0.0, 1.0));
        step.each1(&self.own.mistrust, &self.monthly.mistrust_start, |m| m.clamp(0.0, 1.0));
        step.each1(&self.own.cohesion, &self.organisations.cohesion_start, |c| c.clamp(0.0, 1.0));
        step.each1(&self.own.capacity, &self.organisations.capacity_start, |c| c.clamp(0.0, 1.0));
        for out in [&self.own.fund, &self.own.adopted, &self.own.position, &self.own.by_majority, &self.own.by_weight, &self.own.settlement] {
            step.fill(out, 0.0);
        }
        self.clear(step);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.drawn = false;
        self.clear(step);
        self.indices(step);
        self.effects(step);
        self.crises(step, memory);
        self.summits(step, memory);
        self.impose(step);
    }
}

impl Organisations {
    fn clear(&self, step: &mut Step<'_>) {
        let o = &self.own;
        for out in [&o.crises, &o.action, &o.blocked, &o.too_late, &o.acts_by_consensus, &o.acts_by_majority, &o.acts_by_weight] {
            step.fill(out, 0.0);
        }
        step.fill(&o.blocks, 0.0);
        step.fill(&o.objections, 0.0);
    }

    /// Mistrust, confidence, cohesion and capacity move towards their targets.
    fn indices(&self, step: &mut Step<'_>) {
        let (o, seats, of, all, shifts) = (&self.own, &self.seat_ports, &self.organisations, &self.monthly, &self.shifts);
        let to = |x: f64, level: f64, shift: f64, months: f64| relax(x, level + shift, months);
        step.update3(&o.mistrust, &all.mistrust_level, &shifts.mistrust, &all.mistrust_months, to);
        step.update3(&o.confidence, &seats.confidence_level, &shifts.confidence, &seats.confidence_months, to);
        step.update3(&o.capacity, &of.capacity_level, &shifts.capacity, &of.capacity_months, to);
        // what confidence gained on average and mistrust eased since the origin goes over to cohesion in part
        step.each2(&self.gained, &o.confidence, &seats.confidence_start, |c, start| c - start.clamp(0.0, 1.0));
        step.sum_up(&self.trust, &self.gained, &self.frame.seat_of);
        for lane in 0..LANES {
            let eased = step.get(&all.mistrust_start, 0, lane) - step.get(&o.mistrust, 0, lane);
            for (organisation, frame) in self.frame.organisations.iter().enumerate() {
                step.set_scratch(&self.eased, organisation, lane, eased);
                let mean = step.get(&self.trust, organisation, lane) / frame.seats.len().max(1) as f64;
                step.set_scratch(&self.trust, organisation, lane, mean);
            }
        }
        step.update5(
            &self.trust,
            &self.eased,
            &of.confidence_weight,
            &of.suspicion_weight,
            &of.cohesion_level,
            &shifts.cohesion,
            |t, eased, c, s, level, shift| c * t + s * eased + level + shift,
        );
        step.update2(&o.cohesion, &self.trust, &of.cohesion_months, relax);
    }

    /// What adopted proposals do: a fund is paid out, borders come under a procedure.
    fn effects(&self, step: &mut Step<'_>) {
        step.fill(&self.own.settlement, 0.0);
        for (organisation, frame) in self.frame.organisations.iter().enumerate() {
            for lane in 0..LANES {
                let adopted = |proposal: Option<usize>, step: &Step<'_>| proposal.map_or(0.0, |p| step.get(&self.own.adopted, p, lane));
                let (fund, procedure) = (adopted(frame.fund, step), adopted(frame.settlement, step));
                let paid = step.get(&self.own.fund, organisation, lane);
                if fund != paid {
                    step.set(&self.own.fund, organisation, lane, relax(paid, fund, step.get(&self.monthly.fund_months, 0, lane)));
                }
                if procedure > 0.0 {
                    for &border in &frame.borders {
                        let others = step.get(&self.own.settlement, border, lane);
                        step.set(&self.own.settlement, border, lane, others.max(procedure));
                    }
                }
            }
        }
    }

    /// Draws the circumstances of the month, once, when something is to be decided.
    fn draw(&self, step: &mut Step<'_>, memory: &mut Memory) {
        if !memory.drawn {
            step.draw(&self.circumstances);
            memory.drawn = true;
        }
    }

    /// Recognises crises by the deaths or the exit of the month before, and has the organisations of the state decide.
    fn crises(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.onsets.clear();
        let (deaths, exits) = (step.slice(&self.deaths), step.slice(&self.exits));
        let (least, quiet_months) = (step.slice(&self.monthly.crisis_deaths), step.slice(&self.monthly.quiet_months));
        for (i, quiet) in memory.quiet.iter_mut().enumerate() {
            let lane = i % LANES;
            let trigger = deaths[i] >= least[lane] || exits[i] > 0.5;
            if trigger && f64::from(*quiet) >= quiet_months[lane] {
                memory.onsets.push((i / LANES, lane));
            }
            *quiet = if trigger { 0 } else { (*quiet + 1).min(NEVER) };
        }
        for at in 0..memory.onsets.len() {
            let (state, lane) = memory.onsets[at];
            self.draw(step, memory);
            let n = self.scalars.at(step, lane);
            for organisation in 0..self.frame.organisations.len() {
                self.crisis(step, memory, &n, organisation, state, lane);
            }
        }
    }

    /// One organisation and one crisis of a member.
    fn crisis(&self, step: &mut Step<'_>, memory: &mut Memory, n: &Scalars, organisation: usize, state: usize, lane: usize) {
        let month = step.month();
        let Some(proposal) = self.frame.organisations[organisation].crisis else { return };
        let Some(seat) = self.frame.seat_of(organisation, state, month) else { return };
        step.increase(&self.own.crises, organisation, lane, 1.0);
        let of = |port: &Param| step.get(port, organisation, lane);
        let more = step.get(&self.own.capacity, organisation, lane) - of(&self.organisations.capacity_start);
        let shift = step.get(&self.shifts.speed, organisation, lane);
        let mean = eq::mean_decision_days(of(&self.organisations.decision_days), n.capacity_speed, more, shift);
        let key = mix64(self.frame.organisation_keys[organisation], self.frame.state_keys[state]);
        let uniform = |domain: u64, key: u64| step.draws(lane, domain, key, month as u64).uniform();
        let decision = eq::waiting_days(mean, uniform(self.decision_domain, key));
        let crisis = eq::waiting_days(n.crisis_days, uniform(self.crisis_domain, self.frame.state_keys[state]));
        if !eq::in_time(decision, crisis, n.window_days) {
            step.increase(&self.own.too_late, organisation, lane, 1.0);
            return self.lose_confidence(step, n, organisation, seat, lane);
        }
        let verdict = self.decide(step, memory, n, Question { proposal, crisis_in: Some(state), lane });
        let ladder = eq::Ladder { mediator: n.act_mediator, money: n.act_money, people: n.act_people, people_capacity: n.people_capacity };
        let o = &self.own;
        for (out, outcome) in
            [(&o.acts_by_consensus, verdict.consensus), (&o.acts_by_majority, verdict.majority), (&o.acts_by_weight, verdict.weighted)]
        {
            step.increase(out, organisation, lane, f64::from(outcome >= n.act_mediator));
        }
        let size = eq::action(verdict.outcome, step.get(&o.capacity, organisation, lane), &ladder);
        let id = mix64(mix64(self.decision_domain, key), month as u64);
        let time = month as f64 + decision / 31.0;
        let kind = if size > 0.0 { self.action } else { self.blocked };
        if step.muted(&kind, organisation) || step.silenced(id) {
            return;
        }
        let mut event = Event {
            kind: kind.kind(),
            entity: organisation as u32,
            id,
            parent: None,
            time,
            size: size.max(1.0),
            margin: 0.5 * (verdict.limit - n.act_mediator).abs(),
            but_for: Default::default(),
        };
        if size > 0.0 {
            // a shift of the pivot's stance moves the limit by twice as much
            event.but_for = verdict.pivot.map(|p| step.but_for(lane, &self.shifts.support, p, event.margin)).unwrap_or_default();
            step.increase(&o.action, organisation, lane, 1.0);
            self.confide(step, organisation, seat, lane, n.action_gain, n.bystander);
        } else {
            step.increase(&o.blocked, organisation, lane, 1.0);
            if let Some(pivot) = verdict.pivot.filter(|_| verdict.limit < n.act_mediator) {
                step.increase(&o.blocks, pivot, lane, 1.0);
            }
            self.lose_confidence(step, n, organisation, seat, lane);
        }
        step.emit(lane, event);
    }

    fn lose_confidence(&self, step: &mut Step<'_>, n: &Scalars, organisation: usize, seat: usize, lane: usize) {
        self.confide(step, organisation, seat, lane, -n.inaction_loss, n.bystander);
    }

    /// Confidence of the member in crisis moves by `change`, that of the others by the share `bystander` of it.
    fn confide(&self, step: &mut Step<'_>, organisation: usize, seat: usize, lane: usize, change: f64, bystander: f64) {
        for &other in &self.frame.organisations[organisation].seats {
            let own = if other == seat { 1.0 } else { bystander };
            let confidence = step.get(&self.own.confidence, other, lane) + own * change;
            step.set(&self.own.confidence, other, lane, confidence.clamp(0.0, 1.0));
        }
    }

    /// Yearly summits decide on every proposal that is not about a crisis; what is adopted stays.
    fn summits(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let now = (step.season() + 1) as f64;
        let met = |month: &f64| (month - now).abs() < 0.5;
        if !step.slice(&self.seat_ports.summit_month).iter().any(met) {
            return;
        }
        self.draw(step, memory);
        for lane in 0..LANES {
            let n = self.scalars.at(step, lane);
            for (proposal, frame) in self.frame.proposals.iter().enumerate() {
                let on_crises = self.frame.organisations[frame.organisation].crisis == Some(proposal);
                if !on_crises && met(&step.get(&self.seat_ports.summit_month, frame.organisation, lane)) {
                    self.vote(step, memory, &n, proposal, lane);
                }
            }
        }
    }

    fn vote(&self, step: &mut Step<'_>, memory: &mut Memory, n: &Scalars, proposal: usize, lane: usize) {
        let verdict = self.decide(step, memory, n, Question { proposal, crisis_in: None, lane });
        let o = &self.own;
        step.set(&o.position, proposal, lane, verdict.outcome.min(1.0));
        step.set(&o.by_majority, proposal, lane, f64::from(verdict.majority >= n.adopt));
        step.set(&o.by_weight, proposal, lane, f64::from(verdict.weighted >= n.adopt));
        if verdict.outcome >= n.adopt {
            step.set(&o.adopted, proposal, lane, 1.0);
        } else if step.get(&o.adopted, proposal, lane) < 0.5
            && let Some(pivot) = verdict.pivot.filter(|_| verdict.limit < n.adopt && n.adopt <= verdict.bargain)
        {
            step.increase(&o.objections, pivot, lane, 1.0);
        }
    }

    /// Actions that an intervention imposes, with their size as the kind of action.
    fn impose(&self, step: &mut Step<'_>) {
        let imposed: Vec<(usize, u64, f64)> = step.imposed(&self.action).map(|i| (i.entity as usize, i.id, i.size)).collect();
        for (organisation, id, size) in imposed {
            if step.muted(&self.action, organisation) {
                continue;
            }
            let time = step.month() as f64 + 0.5;
            for lane in 0..LANES {
                step.increase(&self.own.action, organisation, lane, 1.0);
                let kind = self.action.kind();
                let size = size.clamp(1.0, 3.0);
                let entity = organisation as u32;
                step.emit(lane, Event { kind, entity, id, parent: None, time, size, margin: f64::INFINITY, but_for: Default::default() });
            }
        }
    }
}
