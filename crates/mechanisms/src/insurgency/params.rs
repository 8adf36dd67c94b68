//! Parameters: by group, by state, and for the whole region.

use oxus_kernel::{Param, Ports};

entity_ports! {
    GroupPorts, "group";
    size: "persons", "Fighters at the origin, abroad and at home.";
    home_share: "1", "Share of them at home.";
    recruitment: "1/yr", "Recruits a year over the fighters of the origin.";
    abroad_share: "1", "Share of recruits who leave for the sanctuary.";
    attrition_abroad: "1/yr", "Rate at which fighters abroad are killed or give up.";
    attrition_home: "1/yr", "Rate at which fighters at home are killed or give up.";
    return_rate: "1/yr", "Rate at which a fighter abroad comes home over an open border.";
    exit_push: "1", "Rise of the log rate of return when foreign forces of the level of 2012 leave the theatre; negative if that holds fighters there.";
    rebel_pull: "1", "Rise of log recruitment per log of the strength of the rebels in the theatre.";
}

/// Parameters by state: each is read where it acts.
pub(super) struct StatePorts {
    /// How open the border is to fighters, 0 sealed to 1 open.
    pub permeability_base: Param,
    /// Probability that a fighter who comes home is caught on the way.
    pub detection_base: Param,
    /// Rate of arrest of a fighter at home whom the services know.
    pub enforcement: Param,
    /// Persons convicted for each fighter caught, helpers included.
    pub convictions_per_arrest: Param,
    /// Incursions a year at the fighters and the border of the origin.
    pub incursion_rate: Param,
}

impl StatePorts {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            permeability_base: ports.param("permeability_base", "state", "index"),
            detection_base: ports.param("detection_base", "state", "1"),
            enforcement: ports.param("enforcement", "state", "1/yr"),
            convictions_per_arrest: ports.param("convictions_per_arrest", "state", "1"),
            incursion_rate: ports.param("incursion_rate", "state", "events/yr"),
        }
    }
}

scalar_ports! {
    ScalarPorts;
    permeability_months: "month",
    permeability_effect: "1",
    abroad_elasticity: "1",
    abroad_floor: "persons",
    fellow_weight: "1",
    launch_elasticity: "1",
    incursion_exponent: "1",
    incursion_least: "deaths",
    incursion_most: "deaths",
    border_weight: "1",
    outside_permeability: "index",
    outside_detection: "1",
    outside_enforcement: "1/yr",
}
