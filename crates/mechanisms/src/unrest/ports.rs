//! What unrest declares: variables, modifiers, parameters, event kinds.

use oxus_diag::{Diagnostic, codes};
use oxus_kernel::{Emit, Kind, Own, Param, Ports, Read, Scale, Sum, Variable};

/// The kinds of event, in the order of all arrays of this mechanism.
pub(super) const KINDS: [&str; 4] = ["protest", "communal", "attack", "foreign_attack"];
/// Number of kinds.
pub(super) const K: usize = KINDS.len();
/// Positions in [`KINDS`].
pub(super) const PROTEST: usize = 0;
pub(super) const COMMUNAL: usize = 1;
pub(super) const ATTACK: usize = 2;

const fn count(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "events/month", Kind::Flow, about).within(0.0, 1e6)
}

const fn deaths(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "deaths/month", Kind::Flow, about).within(0.0, 1e7)
}

const fn log_rate(name: &'static str, about: &'static str) -> Variable {
    Variable::modifier(name, "province", Scale::Log, about)
}

const COUNTS: [Variable; K] = [
    count("unrest.protests", "province", "protests of fifty or more people, at the coverage of the Mass Mobilization file"),
    count("unrest.communal", "province", "clashes between communities"),
    count("unrest.attacks", "province", "armed attacks and clashes with at least `unrest.attack_least` dead"),
    count("unrest.foreign_attacks", "province", "armed attacks on foreign people and property"),
];
const SHIFTS: [Variable; K] = [
    log_rate("unrest.protest.log_rate", "shifts the rate of protests"),
    log_rate("unrest.communal.log_rate", "shifts the rate of communal violence"),
    log_rate("unrest.attack.log_rate", "shifts the rate of armed attacks"),
    log_rate("unrest.foreign_attack.log_rate", "shifts the rate of attacks on foreign people and property"),
];
const GRIEVANCE: Variable =
    Variable::new("unrest.grievance", "province", "index", Kind::Index, "how aggrieved people are, 0 not at all to 1").within(0.0, 1.0);
const GRIEVANCE_TARGET: Variable = Variable::modifier("unrest.grievance.target", "province", Scale::Additive, "shifts what grievance tends to");
const PARTICIPANTS: Variable =
    Variable::new("unrest.participants", "province", "persons/month", Kind::Flow, "people in the month's protests").within(0.0, 1e10);
const REMEMBERED: Variable = Variable::new(
    "unrest.remembered_deaths",
    "province",
    "1",
    Kind::Index,
    "dead at the hands of the state and in communal violence, per million, fading",
)
.within(0.0, 1e7);
const DETERRENCE: Variable =
    Variable::new("unrest.deterrence", "province", "1", Kind::Index, "lethal answers to protest in the state, fading within months").within(0.0, 1e6);
const PROVINCE_DEATHS: Variable = deaths("unrest.province_deaths", "province", "dead of all kinds of political violence in the province");
const PROTESTS_STATE: Variable = count("unrest.protests_state", "state", "protests in the state's provinces");
const ATTACKS_STATE: Variable = count("unrest.attacks_state", "state", "armed attacks in the state's provinces, those on foreigners included");
const DEATHS_STATE: Variable = deaths("unrest.deaths_state", "state", "dead at the hands of state forces");
const DEATHS_COMMUNAL: Variable = deaths("unrest.deaths_communal", "state", "dead in violence between communities");
const DEATHS_ARMED: Variable = deaths("unrest.deaths_armed", "state", "dead in armed attacks and clashes");
const DEATHS: Variable = deaths("unrest.deaths", "state", "dead in political violence, all kinds");
const LEVEL: Variable =
    Variable::new("unrest.level", "state", "index", Kind::Index, "ln(1 + events of the last twelve months per million persons)").within(0.0, 50.0);
const REVOLT: Variable = Variable::new("unrest.revolt", "state", "1", Kind::Count, "1 in the month in which a revolt begins").within(0.0, 1.0);
const LETHALITY: Variable = Variable::modifier("unrest.lethality.log", "state", Scale::Log, "shifts how many die when the answer to unrest kills");
const RESPONSE: Variable =
    Variable::modifier("unrest.repression_response.logit", "state", Scale::Logit, "shifts how often the answer to unrest kills");

scalars! {
    Scalars, ScalarPorts;
    decay: "1/month",
    spread_neighbours: "share",
    spread_border: "share",
    spread_kin: "share",
    severity_power: "1",
    participants_median: "persons",
    participants_sigma: "1",
    attack_exponent: "1",
    attack_most: "deaths",
    communal_exponent: "1",
    communal_most: "deaths",
    communal_contained: "share",
    repression_exponent: "1",
    repression_least: "deaths",
    repression_most: "deaths",
    lethal_protest: "share",
    lethal_communal: "share",
    lethal_by_repression: "1",
    lethal_by_size: "1",
    deterrence_effect: "1",
    deterrence_months: "month",
    deterrence_by_repression: "1",
    grievance_months: "month",
    grievance_effect: "1",
    grievance_by_repression: "1",
    grievance_by_deaths: "1",
    memory_months: "month",
    year_sigma: "1",
    year_persistence: "1",
    armed_year_sigma: "1",
    presence_elasticity: "1",
    control_effect: "1",
}

/// Every port of the mechanism.
pub struct Unrest {
    pub(super) counts: [Own; K],
    pub(super) shifts: [Sum; K],
    pub(super) emits: [Emit; K],
    pub(super) grievance: Own,
    pub(super) grievance_target: Sum,
    pub(super) participants: Own,
    pub(super) remembered: Own,
    pub(super) deterrence: Own,
    pub(super) province_deaths: Own,
    pub(super) protests_state: Own,
    pub(super) attacks_state: Own,
    pub(super) deaths_state: Own,
    pub(super) deaths_communal: Own,
    pub(super) deaths_armed: Own,
    pub(super) deaths: Own,
    pub(super) level: Own,
    pub(super) revolt: Own,
    pub(super) lethality: Sum,
    pub(super) response: Sum,
    pub(super) repression: Read,
    pub(super) presence: Read,
    pub(super) control: Read,
    /// Rates of whole states and of single provinces, events a year.
    pub(super) rates: [Param; K],
    pub(super) local_rates: [Param; K],
    /// `[receiver][source]`.
    pub(super) offspring: [[Param; K]; K],
    pub(super) scalars: ScalarPorts,
    pub(super) protests_at_origin: Param,
    pub(super) elsewhere: Param,
    pub(super) attack_least: Param,
    pub(super) grievance_at_origin: Param,
    pub(super) outside_repression: Param,
    pub(super) outside_repression_at_origin: Param,
    pub(super) presence_floor: Param,
    pub(super) immigrants_domain: u64,
    pub(super) event_domain: u64,
    pub(super) child_domain: u64,
    pub(super) year_domains: [u64; 2],
}

impl Unrest {
    pub(super) fn declare_ports(ports: &mut Ports<'_>) -> Self {
        need_population(ports);
        let state = |ports: &mut Ports<'_>, name: String| ports.param(&name, "state", "events/yr");
        let province = |ports: &mut Ports<'_>, name: String| ports.param(&name, "province", "events/yr");
        Self {
            counts: COUNTS.map(|v| ports.own(&v)),
            shifts: SHIFTS.map(|v| ports.sum(&v)),
            emits: ["unrest.protest", "unrest.communal_violence", "unrest.attack", "unrest.foreign_attack"].map(|k| ports.emit(k, "province")),
            grievance: ports.own(&GRIEVANCE),
            grievance_target: ports.sum(&GRIEVANCE_TARGET),
            participants: ports.own(&PARTICIPANTS),
            remembered: ports.own(&REMEMBERED),
            deterrence: ports.own(&DETERRENCE),
            province_deaths: ports.own(&PROVINCE_DEATHS),
            protests_state: ports.own(&PROTESTS_STATE),
            attacks_state: ports.own(&ATTACKS_STATE),
            deaths_state: ports.own(&DEATHS_STATE),
            deaths_communal: ports.own(&DEATHS_COMMUNAL),
            deaths_armed: ports.own(&DEATHS_ARMED),
            deaths: ports.own(&DEATHS),
            level: ports.own(&LEVEL),
            revolt: ports.own(&REVOLT),
            lethality: ports.sum(&LETHALITY),
            response: ports.sum(&RESPONSE),
            repression: ports.prev("regimes.repression", "state", "index"),
            presence: ports.prev("insurgency.presence", "province", "persons"),
            control: ports.prev("contested_state.control", "state", "share"),
            rates: KINDS.map(|k| state(ports, format!("{k}_rate"))),
            local_rates: KINDS.map(|k| province(ports, format!("local_{k}_rate"))),
            offspring: KINDS.map(|to| KINDS.map(|from| ports.param(&format!("{to}_by_{from}"), "world", "1"))),
            scalars: ScalarPorts::declare(ports),
            protests_at_origin: ports.param("protests_at_origin", "state", "events/yr"),
            elsewhere: ports.param("elsewhere_deaths", "state", "deaths/yr"),
            attack_least: ports.param("attack_least", "province", "deaths"),
            grievance_at_origin: ports.param("grievance_at_origin", "province", "index"),
            outside_repression: ports.param("outside_repression", "province", "index"),
            outside_repression_at_origin: ports.param("outside_repression_at_origin", "province", "index"),
            presence_floor: ports.param("presence_floor", "province", "persons"),
            immigrants_domain: ports.domain("immigrants"),
            event_domain: ports.domain("event"),
            child_domain: ports.domain("child"),
            year_domains: [ports.domain("year"), ports.domain("armed_year")],
        }
    }
}

/// Rates are shared within a state by population.
fn need_population(ports: &mut Ports<'_>) {
    let province = ports.axis("province");
    let problem = match ports.world().numbers(province, "population") {
        Some(values) if values.iter().all(|v| *v > 0.0) => None,
        Some(_) => Some("a province has no people"),
        None => Some("provinces have no population"),
    };
    if let Some(headline) = problem {
        let diagnostic = Diagnostic::error(codes::C009, format!("{headline}, by which `unrest` shares out the events of a state"));
        ports.problem(diagnostic.expected("a positive population of each province").help("fill the column `population_k` of places/provinces.csv"));
    }
}
