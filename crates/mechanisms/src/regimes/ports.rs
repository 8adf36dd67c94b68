//! Variables and ports.

use oxus_diag::{Diagnostic, codes};
use oxus_kernel::{AxisId, Emit, Kind, NoiseIn, Own, Param, Ports, Read, Scale, Sum, Variable};

use super::params::{EffectPorts, RegimePorts, RuledPorts, TermPorts};

const fn index(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "index", Kind::Index, about).within(0.0, 1.0)
}

const fn count(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "1", Kind::Count, about).within(0.0, 1.0)
}

const fn target(name: &'static str, about: &'static str) -> Variable {
    Variable::modifier(name, "state", Scale::Additive, about)
}

const HAZARD: Variable =
    Variable::new("regimes.irregular_exit_hazard", "state", "1", Kind::Probability, "Probability of an irregular exit in the month.")
        .within(0.0, 1.0);
const IRREGULAR: Variable = count("regimes.irregular_exits", "1 in a month in which the leader leaves office by other than the rules.");
const EXITS: Variable = count("regimes.leader_exits", "1 in a month in which the leader leaves office in any manner.");
const PHASE: Variable =
    Variable::new("regimes.succession_phase", "state", "index", Kind::Index, "0 none, 1 managed, 2 contested, 3 violent succession under way.")
        .within(0.0, 3.0);
const TENURE: Variable = Variable::new("regimes.tenure", "state", "yr", Kind::Stock, "Years in office of the leader.").within(0.0, 120.0);
const AGE: Variable = Variable::new("regimes.leader_age", "state", "yr", Kind::Stock, "Age of the leader.").within(0.0, 150.0);
const CRISIS: Variable =
    count("regimes.crisis", "1 while the incumbent is gone and armed rivals contend for 30 days, or the capital is lost for 7 days.");
const SHOCK: Variable = index("regimes.neighbour_crisis", "Shock of a neighbour's overthrow or crisis that caught on, 1 when fresh.");

/// The slow indices, in the order of their arrays.
pub(super) const INDICES: [Variable; 6] = [
    index("regimes.corruption", "Political corruption, 0 none to 1 everywhere (V-Dem's scale)."),
    index("regimes.criminalisation", "Hold of organised crime on government, 0 none to 1 complete."),
    index("regimes.service_quality", "Quality of public services, 0 none to 1 as in rich democracies."),
    index("regimes.repression", "Violence of the state against its citizens, 0 none to 1 unlimited (one minus V-Dem's physical integrity)."),
    index("regimes.patronage", "Rule by favours, 0 none to 1 nothing else (V-Dem's neopatrimonialism)."),
    index("regimes.family_capture", "Share of the modern economy under the ruling family, as an index from 0 to 1."),
];
pub(super) const CORRUPTION: usize = 0;
pub(super) const CRIMINALISATION: usize = 1;
pub(super) const SERVICE: usize = 2;
pub(super) const REPRESSION: usize = 3;
pub(super) const PATRONAGE: usize = 4;
pub(super) const CAPTURE: usize = 5;

/// Targets of the first five indices; capture follows tenure alone.
const TARGETS: [Variable; 5] = [
    target("regimes.corruption.target", "Shifts where corruption tends to."),
    target("regimes.criminalisation.target", "Shifts where criminalisation tends to."),
    target("regimes.service_quality.target", "Shifts where the quality of services tends to."),
    target("regimes.repression.target", "Shifts where repression tends to."),
    target("regimes.patronage.target", "Shifts where patronage tends to."),
];
const EXIT_SHIFT: Variable = Variable::modifier("regimes.irregular_exit.log_hazard", "state", Scale::Log, "Shifts the log hazard of irregular exit.");
const CONTESTED_SHIFT: Variable =
    Variable::modifier("regimes.contested_succession.logit", "state", Scale::Logit, "Shifts the probability that a succession is contested.");
const VIOLENT_SHIFT: Variable =
    Variable::modifier("regimes.violent_succession.logit", "state", Scale::Logit, "Shifts the probability that a succession is violent.");

const DISPUTE: Variable =
    Variable::new("regimes.dispute", "border", "index", Kind::Index, "Heat of the quarrel over water, land, gas across the border.").within(0.0, 1.0);
const CLOSED: Variable =
    Variable::new("regimes.border_closed", "border", "1", Kind::Share, "Share of the month's days on which the border is closed.").within(0.0, 1.0);
const DISPUTE_TARGET: Variable = Variable::modifier("regimes.dispute.target", "border", Scale::Additive, "Shifts where the dispute tends to.");

/// What is read of others, all as of the end of the previous month.
pub(super) struct Reads {
    pub level: Read,
    pub deaths: Read,
    pub growth: Read,
    pub output: Read,
    pub distress: Read,
    pub spending: Read,
    pub rents: Read,
    pub service: Read,
    pub collapse: Read,
}

/// Everything declared.
pub(super) struct Wired {
    pub states: AxisId,
    pub effects: EffectPorts,
    pub regime: RegimePorts,
    pub term: TermPorts,
    pub ruled: RuledPorts,
    pub origin_capture: Param,
    pub dispute_base: Param,
    pub origin_tenure: Param,
    pub origin_age: Param,
    pub years_since_conflict: Param,
    pub hazard: Own,
    pub irregular: Own,
    pub exits: Own,
    pub phase: Own,
    pub tenure: Own,
    pub age: Own,
    pub crisis: Own,
    pub shock: Own,
    pub indices: [Own; 6],
    pub targets: [Sum; 5],
    pub exit_shift: Sum,
    pub contested_shift: Sum,
    pub violent_shift: Sum,
    pub dispute: Own,
    pub closed: Own,
    pub dispute_target: Sum,
    pub reads: Reads,
    pub death_noise: NoiseIn,
    pub vote_noise: NoiseIn,
    pub closure_noise: NoiseIn,
    pub emit_irregular: Emit,
    pub emit_death: Emit,
    pub emit_succession: Emit,
    pub emit_crisis: Emit,
    pub domain: u64,
    pub names: [u64; 4],
}

impl Wired {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        need_income(ports);
        Self {
            states: ports.axis("state"),
            effects: EffectPorts::declare(ports),
            regime: RegimePorts::declare(ports),
            term: TermPorts::declare(ports),
            ruled: RuledPorts::declare(ports),
            origin_capture: ports.param("family_capture", "state", "1"),
            origin_tenure: ports.param("tenure", "state", "yr"),
            origin_age: ports.param("age", "state", "yr"),
            years_since_conflict: ports.param("years_since_conflict", "state", "yr"),
            dispute_base: ports.param("dispute", "border", "1"),
            hazard: ports.own(&HAZARD),
            irregular: ports.own(&IRREGULAR),
            exits: ports.own(&EXITS),
            phase: ports.own(&PHASE),
            tenure: ports.own(&TENURE),
            age: ports.own(&AGE),
            crisis: ports.own(&CRISIS),
            shock: ports.own(&SHOCK),
            indices: INDICES.each_ref().map(|v| ports.own(v)),
            targets: TARGETS.each_ref().map(|v| ports.sum(v)),
            exit_shift: ports.sum(&EXIT_SHIFT),
            contested_shift: ports.sum(&CONTESTED_SHIFT),
            violent_shift: ports.sum(&VIOLENT_SHIFT),
            dispute: ports.own(&DISPUTE),
            closed: ports.own(&CLOSED),
            dispute_target: ports.sum(&DISPUTE_TARGET),
            reads: Reads {
                level: ports.prev("unrest.level", "state", "index"),
                deaths: ports.prev("unrest.deaths", "state", "deaths/month"),
                growth: ports.prev("finance.growth", "state", "1/yr"),
                output: ports.prev("finance.output", "state", "index"),
                distress: ports.prev("finance.distress", "state", "1"),
                spending: ports.prev("finance.public_spending", "state", "index"),
                rents: ports.prev("energy.rents", "state", "1"),
                service: ports.prev("energy.service", "state", "1"),
                collapse: ports.prev("contested_state.collapse", "state", "1"),
            },
            death_noise: ports.uniforms("death", "state"),
            vote_noise: ports.uniforms("vote", "state"),
            closure_noise: ports.uniforms("closure", "border"),
            emit_irregular: ports.emit("regimes.irregular_exit", "state"),
            emit_death: ports.emit("regimes.natural_death", "state"),
            emit_succession: ports.emit("regimes.succession", "state"),
            emit_crisis: ports.emit("regimes.crisis_onset", "state"),
            domain: ports.domain("irregular_exit"),
            names: ["natural_death", "end_of_term", "collapse", "closure_length"].map(|n| ports.domain(n)),
        }
    }
}

/// The hazard depends on income: GDP over population at the origin.
fn need_income(ports: &mut Ports<'_>) {
    let state = ports.axis("state");
    for name in ["gdp", "population"] {
        let values = ports.world().numbers(state, name);
        if !values.is_some_and(|v| v.iter().all(|x| *x > 0.0)) {
            let problem = Diagnostic::error(codes::C009, format!("a state has no {name}, from which `regimes` takes its income a head"));
            ports.problem(problem.expected(format!("a positive {name} of each state")).help("fill the columns of places/states.csv"));
        }
    }
}
