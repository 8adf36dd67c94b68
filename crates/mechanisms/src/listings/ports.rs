//! Variables, modifiers and parameters of `listings`.

use oxus_kernel::{Kind, Own, Param, Ports, Read, Scale, Scratch, Sum, Variable};

use super::side::{Names, Side};

scalars! {
    Numbers, NumberPorts;
    persons: "persons",
    organisations: "1",
    persons_per_organisation: "persons",
    prevalence: "share",
    sensitivity: "1",
    standard: "share",
    breadth: "index",
    review_base: "index",
    review_by_public: "1",
    review_months: "month",
    review_sensitivity: "1",
    review_criterion: "1",
    review_before: "share",
    review_cases: "1/yr",
    exit: "1/yr",
    convention: "share",
    precedence: "share",
    swift_transfer: "share",
    refuge_duty: "share",
    transfer_rate: "1/yr",
    transfer_speed_up: "1",
    refusal_under_duty: "share",
    public_base: "share",
    public_months: "month",
    plots_per_attack: "1",
    violent_pool: "persons",
    watch_capacity: "persons",
    found: "share",
}

const STATES: Names = Names {
    axis: "state",
    submissions: "listings.submissions",
    rightful: "listings.rightful_by_state",
    wrongful: "listings.wrongful_by_state",
    parameter: "submissions",
    check: "domestic_check",
    dissent: "listings.dissent",
};

const POWERS: Names = Names {
    axis: "power",
    submissions: "listings.power_submissions",
    rightful: "listings.rightful_by_power",
    wrongful: "listings.wrongful_by_power",
    parameter: "power_submissions",
    check: "power_domestic_check",
    dissent: "listings.power_dissent",
};

/// All ports.
pub(super) struct PortSet {
    pub numbers: NumberPorts,
    pub states: Side,
    pub powers: Side,
    pub persons: Own,
    pub organisations: Own,
    pub wrongful: Own,
    pub new: Own,
    pub wrongful_rate: Own,
    pub delisted: Own,
    pub detected: Own,
    pub public: Own,
    pub review: Own,
    pub attack_level: Own,
    pub transfers: Own,
    pub wrongful_transfers: Own,
    pub refused: Own,
    pub member: Param,
    pub dissent_share: Param,
    pub dissent_repression: Param,
    pub origin_repression: Own,
    pub transfer_factor: Scratch,
    pub power_dissent_share: Param,
    pub presence: Param,
    pub applications: Param,
    pub refusal_usual: Param,
    pub repression: Read,
    pub attacks: Read,
    pub breadth_shift: Sum,
    pub standard_shift: Sum,
    pub review_shift: Sum,
    pub disclosure_shift: Sum,
    pub submission_shift: Sum,
    pub use_shift: Sum,
    pub transfer_shift: Sum,
}

fn positive(name: &'static str, axis: &'static str, unit: &'static str, kind: Kind, about: &'static str) -> Variable {
    Variable::new(name, axis, unit, kind, about).within(0.0, f64::INFINITY)
}

impl PortSet {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let world = |name, unit, kind, about| positive(name, "world", unit, kind, about);
        let flow = |name, about| positive(name, "state", "persons/yr", Kind::Flow, about);
        let shift = |name, axis, scale, about| Variable::modifier(name, axis, scale, about);
        Self {
            numbers: NumberPorts::declare(ports),
            states: Side::declare(ports, &STATES),
            powers: Side::declare(ports, &POWERS),
            persons: ports.own(&world("listings.persons", "persons", Kind::Stock, "Persons on the shared list.")),
            organisations: ports.own(&world("listings.organisations", "1", Kind::Count, "Organisations on the shared list.")),
            wrongful: ports.own(&world(
                "listings.wrongful",
                "persons",
                Kind::Stock,
                "Persons on the list who would fail a review of the evidence by the standard of the United Nations.",
            )),
            new: ports.own(&world("listings.new", "persons/yr", Kind::Flow, "Persons put on the list.")),
            wrongful_rate: ports.own(&world(
                "listings.wrongful_rate",
                "1/yr",
                Kind::Rate,
                "Of each 1,000 persons listed in a year, those who would fail a review of the evidence.",
            )),
            delisted: ports.own(&world("listings.delisted", "persons/yr", Kind::Flow, "Persons struck off after review.")),
            detected: ports.own(&world(
                "listings.detected",
                "events/yr",
                Kind::Flow,
                "Plots found because of the list; to be read beside `listings.wrongful`.",
            )),
            public: ports.own(
                &Variable::new("listings.public_knowledge", "world", "share", Kind::Share, "What of criteria and figures is public.")
                    .within(0.0, 1.0),
            ),
            review: ports.own(
                &Variable::new("listings.review", "world", "index", Kind::Index, "Reach of outside review, 0 none to 1 every entry.")
                    .within(0.0, 1.0),
            ),
            attack_level: ports.own(&world("listings.attack_level", "events/yr", Kind::Flow, "Armed attacks in member states, a slow mean.")),
            transfers: ports.own(&flow("listings.transfers", "Listed persons a state hands over to another member.")),
            wrongful_transfers: ports.own(&flow("listings.wrongful_transfers", "Those of them whose entry would fail a review.")),
            refused: ports.own(&flow("listings.refused_refuge", "Nationals of members refused refuge in a state.")),
            member: ports.param("member", "state", "share"),
            dissent_share: ports.param("dissent_share", "state", "share"),
            dissent_repression: ports.param("dissent_repression", "state", "1"),
            origin_repression: ports.own(&Variable::new(
                "listings.origin_repression",
                "state",
                "index",
                Kind::Index,
                "Repression at the origin, with which the present is compared.",
            )),
            transfer_factor: ports.scratch("state"),
            power_dissent_share: ports.param("power_dissent_share", "power", "share"),
            presence: ports.param("presence", "state", "share"),
            applications: ports.param("applications", "state", "persons/yr"),
            refusal_usual: ports.param("refusal_usual", "state", "share"),
            repression: ports.prev("regimes.repression", "state", "index"),
            attacks: ports.prev("unrest.attacks_state", "state", "events/month"),
            breadth_shift: ports.sum(&shift(
                "listings.criterion.target",
                "world",
                Scale::Additive,
                "Shifts how broad the definition of the offence is.",
            )),
            standard_shift: ports.sum(&shift(
                "listings.standard.logit",
                "world",
                Scale::Logit,
                "Shifts the share of unlinked persons kept off the list.",
            )),
            review_shift: ports.sum(&shift("listings.review.target", "world", Scale::Additive, "Shifts where outside review tends to.")),
            disclosure_shift: ports.sum(&shift("listings.disclosure.target", "world", Scale::Additive, "Shifts what is made public.")),
            submission_shift: ports.sum(&shift("listings.submission.log_rate", "state", Scale::Log, "Shifts the persons a state proposes.")),
            use_shift: ports.sum(&shift("listings.repression_use.logit", "state", Scale::Logit, "Shifts the share proposed for peaceful dissent.")),
            transfer_shift: ports.sum(&shift("listings.transfer.log_rate", "state", Scale::Log, "Shifts the rate of handing listed persons over.")),
        }
    }
}
