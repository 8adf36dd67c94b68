//! What the mechanism owns, reads and is told.

use oxus_kernel::{Kind, Own, Param, Ports, Scale, Sum, Variable};

const fn index(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "1", Kind::Index, about).within(0.0, 1.0)
}

const fn share(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "1", Kind::Share, about).within(0.0, 1.0)
}

const fn events(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "events/month", Kind::Flow, about).within(0.0, 1e3)
}

macro_rules! owned {
    ($($field:ident: $spec:expr;)+) => {
        /// Variables of the mechanism.
        pub(super) struct Variables {
            $(pub $field: Own,)+
        }

        impl Variables {
            pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
                Self { $($field: ports.own(&$spec),)+ }
            }
        }
    };
}

owned! {
    cohesion: index("organisations.cohesion", "organisation", "How far members pull together, 0 not at all to 1 as one.");
    capacity: index("organisations.capacity", "organisation", "Tools for security and crises: staff, plans, forces at hand; 0 none to 1 complete.");
    crises: events("organisations.crises", "organisation", "Crises in member states that the organisation could act in.");
    action: events("organisations.action", "organisation", "Crises in which it sends money, people or a mediator in time.");
    blocked: events("organisations.blocked", "organisation", "Crises in which it decides in time that nothing but a statement is done.");
    too_late: events("organisations.too_late", "organisation", "Crises that are over, or older than the window, before it decides.");
    acts_by_consensus: events("organisations.acts_by_consensus", "organisation", "Crises decided in time in which consensus would let it act.");
    acts_by_majority: events("organisations.acts_by_majority", "organisation", "Crises decided in time in which a majority of members would let it act.");
    acts_by_weight: events("organisations.acts_by_weight", "organisation", "Crises decided in time in which a weighted vote would let it act.");
    fund: share("organisations.fund_released", "organisation", "Share of the pledged fund that is available.");
    blocks: events("organisations.blocks", "seat", "Crises in which this member's consent was the one that was lacking.");
    objections: events("organisations.objections", "seat", "Proposals at a summit for which this member's consent was the one that was lacking.");
    confidence: index("organisations.confidence", "seat", "Trust of the member in the organisation, 0 none to 1 full.");
    adopted: share("organisations.adopted", "proposal", "1 from the summit on that adopts the proposal.");
    position: index("organisations.position", "proposal", "Outcome at the last summit, 0 status quo to 1 boldest form.");
    by_majority: share("organisations.adopted_by_majority", "proposal", "1 if a majority of members would have adopted it at the last summit.");
    by_weight: share("organisations.adopted_by_weight", "proposal", "1 if a weighted vote would have adopted it at the last summit.");
    mistrust: index("organisations.mistrust", "world", "Mistrust between the two leading powers, 0 none to 1 complete.");
    settlement: share("organisations.settlement", "border", "1 where both sides are under a procedure for disputes that an organisation has adopted.");
}

/// Sums that links feed.
pub(super) struct Shifts {
    pub cohesion: Sum,
    pub capacity: Sum,
    pub mistrust: Sum,
    pub support: Sum,
    pub confidence: Sum,
    pub speed: Sum,
}

impl Shifts {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        let mut sum = |name, axis, scale, about| ports.sum(&Variable::modifier(name, axis, scale, about));
        Self {
            cohesion: sum("organisations.cohesion.target", "organisation", Scale::Additive, "Shifts where cohesion tends to."),
            capacity: sum("organisations.capacity.target", "organisation", Scale::Additive, "Shifts where capacity tends to."),
            mistrust: sum("organisations.mistrust.target", "world", Scale::Additive, "Shifts where mistrust tends to."),
            support: sum("organisations.support", "seat", Scale::Additive, "Shifts the member's stance on every proposal towards acting."),
            confidence: sum("organisations.confidence.target", "seat", Scale::Additive, "Shifts where the member's confidence tends to."),
            speed: sum("organisations.speed.log", "organisation", Scale::Log, "Shifts the log rate of deciding in a crisis."),
        }
    }
}

scalars! { Scalars, ScalarPorts;
    crisis_days: "day", window_days: "day",
    act_mediator: "1", act_money: "1", act_people: "1", people_capacity: "1", adopt: "1",
    trust_weight: "1", cohesion_weight: "1", circumstance: "1", bargaining: "1", qualified: "1", capacity_speed: "1",
    inaction_loss: "1", action_gain: "1", bystander: "1",
}

/// Parameters of the whole region that every month needs; the others are read when something is decided.
pub(super) struct Monthly {
    pub crisis_deaths: Param,
    pub quiet_months: Param,
    pub mistrust_start: Param,
    pub mistrust_level: Param,
    pub mistrust_months: Param,
    pub fund_months: Param,
}

impl Monthly {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name, unit| ports.param(name, "world", unit);
        Self {
            crisis_deaths: of("crisis_deaths", "deaths/month"),
            quiet_months: of("quiet_months", "month"),
            mistrust_start: of("mistrust_start", "1"),
            mistrust_level: of("mistrust_level", "1"),
            mistrust_months: of("mistrust_months", "month"),
            fund_months: of("fund_months", "month"),
        }
    }
}

/// Parameters of organisations.
pub(super) struct OrganisationPorts {
    /// Mean days to a decision in a crisis.
    pub decision_days: Param,
    /// Rule put in place of its own: 0 consensus, 1 majority, 2 weighted, 3 none; -1 its own.
    pub rule: Param,
    /// How much members shy from forces of their only power.
    pub precedent_fear: Param,
    /// Cohesion at the origin.
    pub cohesion_start: Param,
    /// Where cohesion tends to.
    pub cohesion_level: Param,
    /// Time constant of cohesion.
    pub cohesion_months: Param,
    /// Capacity at the origin.
    pub capacity_start: Param,
    /// Where capacity tends to.
    pub capacity_level: Param,
    /// Time constant of capacity.
    pub capacity_months: Param,
    /// Part of a change in mean confidence that goes over to cohesion.
    pub confidence_weight: Param,
    /// Part of a change in mistrust that goes over to cohesion, downwards.
    pub suspicion_weight: Param,
}

impl OrganisationPorts {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name, unit| ports.param(name, "organisation", unit);
        Self {
            decision_days: of("decision_days", "day"),
            rule: of("rule", "1"),
            precedent_fear: of("precedent_fear", "1"),
            cohesion_start: of("cohesion_start", "1"),
            cohesion_level: of("cohesion_level", "1"),
            cohesion_months: of("cohesion_months", "month"),
            capacity_start: of("capacity_start", "1"),
            capacity_level: of("capacity_level", "1"),
            capacity_months: of("capacity_months", "month"),
            confidence_weight: of("confidence_weight", "1"),
            suspicion_weight: of("suspicion_weight", "1"),
        }
    }
}

/// Parameters of seats and votes.
pub(super) struct Seats {
    pub boldness: Param,
    pub capability: Param,
    pub weight: Param,
    pub confidence_start: Param,
    pub confidence_level: Param,
    pub confidence_months: Param,
    pub position: Param,
    pub salience: Param,
    pub quota: Param,
    /// Month of the organisation's yearly summit, 0 none.
    pub summit_month: Param,
}

impl Seats {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            boldness: ports.param("boldness", "seat", "1"),
            capability: ports.param("capability", "seat", "1"),
            weight: ports.param("organisation.weight", "seat", "1"),
            confidence_start: ports.param("confidence_start", "seat", "1"),
            confidence_level: ports.param("confidence_level", "seat", "1"),
            confidence_months: ports.param("confidence_months", "seat", "month"),
            position: ports.param("organisation.position", "vote", "1"),
            salience: ports.param("organisation.salience", "vote", "1"),
            quota: ports.param("organisation.quota", "organisation", "1"),
            summit_month: ports.param("summit_month", "organisation", "1"),
        }
    }
}
