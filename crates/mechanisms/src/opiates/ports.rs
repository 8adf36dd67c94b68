//! Ports: what the mechanism owns, reads and takes as parameters.

use oxus_kernel::{AxisId, Kind, NoiseIn, Own, Param, Ports, Read, Scale, Sum, Variable};

const ANY: f64 = f64::INFINITY;

const fn amount(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "t/yr", Kind::Flow, about).within(0.0, ANY)
}

const fn index(name: &'static str, axis: &'static str, high: f64, about: &'static str) -> Variable {
    Variable::new(name, axis, "1", Kind::Index, about).within(0.0, high)
}

/// The mechanism: ports.
pub struct Opiates {
    pub(super) state: OfState,
    pub(super) route: OfRoute,
    pub(super) end: OfEnd,
    pub(super) world: OfWorld,
    pub(super) axes: Axes,
}

/// Axes of the frame.
pub(super) struct Axes {
    pub route: AxisId,
    pub power: AxisId,
    pub province: AxisId,
}

/// What lies on states.
pub(super) struct OfState {
    pub harvest: Read,
    pub stock: Own,
    pub exports: Own,
    pub transit: Own,
    pub seized: Own,
    pub seizure_share: Own,
    pub consumed: Own,
    pub revenue: Own,
    pub capture: Own,
    pub interdiction: Sum,
    pub capture_target: Sum,
    pub inventory: Param,
    pub usual_harvest: Param,
    pub seizure_start: Param,
    pub local_share: Param,
    pub margin: Param,
    pub capture_start: Param,
    pub officers: Param,
    pub trained: Param,
}

/// What lies on ways.
pub(super) struct OfRoute {
    pub share: Own,
    pub flow: Own,
    pub cost: Sum,
    pub share_start: Param,
}

/// What lies on powers and provinces at the end of ways, and on the rest of the world.
pub(super) struct OfEnd {
    pub arrivals: Own,
    pub elsewhere: Own,
    pub province_arrivals: Own,
    pub addiction: Own,
    pub crime: Own,
    pub link: Own,
    pub effort: Own,
    pub reach: Own,
    pub chance: Own,
    pub link_target: Sum,
    pub effort_logit: Sum,
    pub effort_rate: Param,
    pub onset: NoiseIn,
}

/// Numbers that hold for the whole region.
pub(super) struct OfWorld {
    pub heroin_per_opium: Param,
    pub elasticity: Param,
    pub route_months: Param,
    pub price_response: Param,
    pub capture_months: Param,
    pub capture_revenue: Param,
    pub capture_seizure: Param,
    pub training_effect: Param,
    pub training_years: Param,
    pub addiction_months: Param,
    pub addiction_elasticity: Param,
    pub crime_months: Param,
    pub link_start: Param,
    pub link_months: Param,
    pub flood: Param,
    pub link_threshold: Param,
    pub steepness: Param,
    pub effort_months: Param,
    pub effort_effect: Param,
    pub reach_months: Param,
}

impl Opiates {
    pub(super) fn declare_ports(ports: &mut Ports<'_>) -> Self {
        let axes = Axes { route: ports.axis("route"), power: ports.axis("power"), province: ports.axis("province") };
        Self { state: of_state(ports), route: of_route(ports), end: of_end(ports), world: of_world(ports), axes }
    }
}

fn of_state(ports: &mut Ports<'_>) -> OfState {
    let modifier = |name, scale, about| Variable::modifier(name, "state", scale, about);
    OfState {
        harvest: ports.now("drivers.opium_potential", "state", "t/yr"),
        stock: ports.own(&Variable::new("opiates.stock", "state", "t", Kind::Stock, "Opium in the stores of farmers and traders.").within(0.0, ANY)),
        exports: ports.own(&amount("opiates.exports", "state", "Heroin equivalent that sets out for markets abroad, pure.")),
        transit: ports.own(&amount("opiates.transit", "state", "Heroin equivalent that enters the state on its way, pure.")),
        seized: ports.own(&amount("opiates.seized", "state", "Heroin equivalent seized, pure.")),
        seizure_share: ports
            .own(&Variable::new("opiates.seizure_share", "state", "1", Kind::Share, "Part of what enters that is seized.").within(0.0, 1.0)),
        consumed: ports.own(&amount("opiates.consumed", "state", "Heroin equivalent used by people in the state, pure.")),
        revenue: ports.own(
            &Variable::new("opiates.revenue", "state", "million USD@2012/yr", Kind::Flow, "Net income of those who move opiates through the state.")
                .within(0.0, ANY),
        ),
        capture: ports.own(&index("opiates.capture", "state", 1.0, "Share of officials in the trade, 0 none to 1 it runs through them.")),
        interdiction: ports.sum(&modifier("opiates.interdiction.logit", Scale::Logit, "Shifts the odds that opiates are seized in the state.")),
        capture_target: ports.sum(&modifier("opiates.capture.target", Scale::Additive, "Shifts where the share of officials in the trade tends to.")),
        inventory: ports.param("inventory", "state", "yr"),
        usual_harvest: ports.param("usual_harvest", "state", "t/yr"),
        seizure_start: ports.param("seizure_start", "state", "1"),
        local_share: ports.param("local_share", "state", "1"),
        margin: ports.param("margin", "state", "million USD@2012/t"),
        capture_start: ports.param("capture_start", "state", "1"),
        officers: ports.param("officers", "state", "persons"),
        trained: ports.param("trained", "state", "persons"),
    }
}

fn of_route(ports: &mut Ports<'_>) -> OfRoute {
    OfRoute {
        share: ports
            .own(&Variable::new("opiates.share", "route", "1", Kind::Share, "Part of its source's exports that takes this way.").within(0.0, 1.0)),
        flow: ports.own(&amount("opiates.flow", "route", "Heroin equivalent that sets out on this way, pure.")),
        cost: ports.sum(&Variable::modifier("opiates.route_cost.log", "route", Scale::Log, "Shifts the log cost of moving opiates on this way.")),
        share_start: ports.param("share", "route", "1"),
    }
}

fn of_end(ports: &mut Ports<'_>) -> OfEnd {
    OfEnd {
        arrivals: ports.own(&amount("opiates.arrivals", "power", "Heroin equivalent that arrives at the power's border, pure.")),
        elsewhere: ports.own(&amount("opiates.elsewhere", "world", "Heroin equivalent that goes to markets of no power of the model, pure.")),
        province_arrivals: ports.own(&amount("opiates.province_arrivals", "province", "Heroin equivalent that arrives at the province, pure.")),
        addiction: ports.own(&index("opiates.addiction", "province", ANY, "People addicted, 1 at the origin; 0 where no way ends.")),
        crime: ports.own(&index("opiates.crime", "province", ANY, "Strength of criminal groups that live on the trade, 1 at the origin.")),
        link: ports.own(&index("opiates.separatist_link", "province", 1.0, "Ties of traffickers to separatists, 0 none to 1 they are one.")),
        effort: ports.own(
            &Variable::new("opiates.effort", "power", "1", Kind::Count, "1 while a larger regional effort against drugs is under way.")
                .within(0.0, 1.0),
        ),
        reach: ports.own(&index("opiates.effort_reach", "power", 1.0, "How far that effort has reached the states on the way, 0 to 1.")),
        chance: ports.own(
            &Variable::new("opiates.effort_chance", "power", "1", Kind::Probability, "Chance that a larger effort begins in the month.")
                .within(0.0, 1.0),
        ),
        link_target: ports.sum(&Variable::modifier(
            "opiates.separatist_link.target",
            "province",
            Scale::Additive,
            "Shifts where the ties of traffickers to separatists tend to.",
        )),
        effort_logit: ports.sum(&Variable::modifier(
            "opiates.effort.logit",
            "power",
            Scale::Logit,
            "Shifts the monthly odds that a larger effort begins.",
        )),
        effort_rate: ports.param("effort_rate", "power", "1/yr"),
        onset: ports.uniforms("effort", "power"),
    }
}

fn of_world(ports: &mut Ports<'_>) -> OfWorld {
    let mut world = |name: &str, unit: &str| ports.param(name, "world", unit);
    OfWorld {
        heroin_per_opium: world("heroin_per_opium", "1"),
        elasticity: world("elasticity", "1"),
        route_months: world("route_months", "month"),
        price_response: world("price_response", "1"),
        capture_months: world("capture_months", "month"),
        capture_revenue: world("capture_revenue", "1"),
        capture_seizure: world("capture_seizure", "1"),
        training_effect: world("training_effect", "1"),
        training_years: world("training_years", "yr"),
        addiction_months: world("addiction_months", "month"),
        addiction_elasticity: world("addiction_elasticity", "1"),
        crime_months: world("crime_months", "month"),
        link_start: world("link_start", "1"),
        link_months: world("link_months", "month"),
        flood: world("flood", "1"),
        link_threshold: world("link_threshold", "1"),
        steepness: world("steepness", "1"),
        effort_months: world("effort_months", "month"),
        effort_effect: world("effort_effect", "1"),
        reach_months: world("reach_months", "month"),
    }
}
