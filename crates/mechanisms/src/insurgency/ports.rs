//! What insurgency declares: variables, modifiers, parameters, the event kind.

use oxus_kernel::{Emit, Kind, Own, Param, Ports, Read, Scale, Sum, Variable};

use super::params::{GroupPorts, ScalarPorts, StatePorts};

const fn persons(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "persons", Kind::Stock, about).within(0.0, 1e8)
}

const fn flow(name: &'static str, axis: &'static str, unit: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, unit, Kind::Flow, about).within(0.0, 1e8)
}

const fn of_group(name: &'static str, about: &'static str) -> Variable {
    Variable::modifier(name, "group", Scale::Log, about)
}

const fn of_state(name: &'static str, scale: Scale, about: &'static str) -> Variable {
    Variable::modifier(name, "state", scale, about)
}

const PERMEABILITY: Variable =
    Variable::new("insurgency.permeability", "state", "index", Kind::Index, "How open the border is to fighters, 0 sealed to 1 open.")
        .within(0.0, 1.0);
const DETECTION: Variable =
    Variable::new("insurgency.detection", "state", "1", Kind::Probability, "Probability that a fighter who comes home is caught on the way.")
        .within(0.0, 1.0);

/// The mechanism: ports.
pub struct Insurgency {
    pub(super) groups: GroupPorts,
    pub(super) states: StatePorts,
    pub(super) scalars: ScalarPorts,
    pub(super) foothold: Param,
    pub(super) abroad: Own,
    pub(super) home: Own,
    pub(super) recruits: Own,
    pub(super) returns: Own,
    pub(super) active: Own,
    pub(super) incursions: Own,
    pub(super) incursion_deaths: Own,
    pub(super) convictions: Own,
    pub(super) permeability: Own,
    pub(super) detection: Own,
    pub(super) presence: Own,
    pub(super) recruitment_shift: Sum,
    pub(super) return_shift: Sum,
    pub(super) attrition_shift: Sum,
    pub(super) permeability_target: Sum,
    pub(super) detection_shift: Sum,
    pub(super) incursion_shift: Sum,
    pub(super) enforcement_shift: Sum,
    pub(super) forces: Read,
    pub(super) forces_before: Read,
    pub(super) control: Read,
    pub(super) rebels: Read,
    pub(super) incursion: Emit,
    pub(super) incursion_domain: u64,
    pub(super) size_domain: u64,
}

impl Insurgency {
    pub(super) fn declare_ports(ports: &mut Ports<'_>) -> Self {
        Self {
            groups: GroupPorts::declare(ports),
            states: StatePorts::declare(ports),
            scalars: ScalarPorts::declare(ports),
            foothold: ports.param("foothold", "province", "1"),
            abroad: ports.own(&persons("insurgency.abroad", "group", "Fighters outside their home.")),
            home: ports.own(&persons("insurgency.home", "group", "Fighters in their home.")),
            recruits: ports.own(&flow("insurgency.recruits", "group", "persons/month", "Persons who joined in the month.")),
            returns: ports.own(&flow(
                "insurgency.returns",
                "group",
                "persons/month",
                "Fighters who reached home in the month, those caught on the way left out.",
            )),
            active: ports.own(&persons("insurgency.active", "state", "Fighters of all groups in this state, their home.")),
            incursions: ports.own(&flow("insurgency.incursions", "state", "events/month", "Armed clashes with fighters who crossed the border.")),
            incursion_deaths: ports.own(&flow("insurgency.incursion_deaths", "state", "deaths/month", "Dead of all sides in incursions.")),
            convictions: ports.own(&flow("insurgency.convictions", "state", "persons/month", "Persons convicted for terrorism.")),
            permeability: ports.own(&PERMEABILITY),
            detection: ports.own(&DETECTION),
            presence: ports.own(&persons("insurgency.presence", "province", "Fighters of all groups in this province of their home.")),
            recruitment_shift: ports.sum(&of_group("insurgency.recruitment.log_rate", "Shifts recruitment.")),
            return_shift: ports.sum(&of_group("insurgency.return.log_rate", "Shifts the rate of return.")),
            attrition_shift: ports.sum(&of_group("insurgency.attrition.log_rate", "Shifts losses abroad and at home.")),
            permeability_target: ports.sum(&of_state("insurgency.permeability.target", Scale::Additive, "Shifts where permeability tends to.")),
            detection_shift: ports.sum(&of_state("insurgency.detection.logit", Scale::Logit, "Shifts the probability of detection.")),
            incursion_shift: ports.sum(&of_state("insurgency.incursion.log_rate", Scale::Log, "Shifts the rate of incursions.")),
            enforcement_shift: ports.sum(&of_state("insurgency.enforcement.log", Scale::Log, "Shifts the rate of arrest.")),
            forces: ports.now("drivers.foreign_forces", "state", "1"),
            forces_before: ports.prev("drivers.foreign_forces", "state", "1"),
            control: ports.prev("contested_state.control", "state", "1"),
            rebels: ports.prev("contested_state.rebel_strength", "state", "1"),
            incursion: ports.emit("insurgency.incursion", "state"),
            incursion_domain: ports.domain("incursion"),
            size_domain: ports.domain("incursion_size"),
        }
    }
}
