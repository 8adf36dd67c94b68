//! What influence owns and reads, and the frame of pairs.

use oxus_kernel::{Emit, Kind, NoiseIn, Own, Param, Ports, Read, Scale, Sum, Variable, World};

const fn share(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power_state", "1", Kind::Share, about).within(0.0, 1.0)
}

const fn index(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power_state", "1", Kind::Index, about).within(0.0, 1.0)
}

const fn flag(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power_state", "1", Kind::Count, about).within(0.0, 1.0)
}

const fn events(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power_state", "events/month", Kind::Flow, about).within(0.0, f64::INFINITY)
}

const SHARES: [Variable; 4] = [
    share("influence.trade", "The power's part of the powers' weight in the state by trade and energy."),
    share("influence.finance", "The power's part of the powers' weight in the state by official finance of three years."),
    share("influence.security", "The power's part of the powers' weight in the state by arms of five years and bases."),
    share("influence.diplomacy", "The power's part of the powers' weight in the state by contacts and alignment."),
];
const INDEX: Variable = index("influence.index", "Weighted mean of the four parts; secondary to them.");
const ALIGNMENT: Variable = index("influence.alignment", "How far the state's rulers side with the power, 0 against to 1 wholly.");
const LENDER_INDEX: Variable =
    Variable::new("influence.lender_index", "state", "1", Kind::Index, "Index of the power whose loans are those of `finance`.").within(0.0, 1.0);
const LENDER_ALIGNMENT: Variable =
    Variable::new("influence.lender_alignment", "state", "1", Kind::Index, "Alignment with the power whose loans are those of `finance`.")
        .within(0.0, 1.0);
const BASE: Variable = index("influence.base", "What is left of the power's military presence of the origin in the state.");
const AGREEMENT: Variable =
    share("influence.un_agreement", "Agreement of votes in the General Assembly in the last full year: a measurement of alignment.");
const FIRSTS: [Variable; 4] = [
    flag("influence.first_trade", "1 if the power was the state's largest partner in trade in the last full year."),
    flag("influence.first_finance", "1 if the power gave most official finance in the last three full years."),
    flag("influence.first_security", "1 if the power gave most arms and military aid in the last five full years."),
    flag("influence.first_diplomacy", "1 if the state's votes agreed most with the power in the last full year."),
];
const LEAD: Variable = flag("influence.lead", "1 if the power was first in at least three of four dimensions in each of the last two full years.");
const MONEY: Variable = Variable::new(
    "influence.money",
    "power_state",
    "million USD@2012/yr",
    Kind::Flow,
    "Official finance from the power in the last quarter, annualised.",
)
.within(0.0, f64::INFINITY);
const COERCIONS: Variable = events("influence.coercions", "Attempts of the power to coerce the state.");
const SUCCESSES: Variable = events("influence.coercion_success", "Attempts to coerce the state in which it yielded.");

const WEIGHT: Variable =
    Variable::modifier("influence.weight.log", "power_state", Scale::Log, "Shifts the log weight of everything between the power and the state.");
const ALIGNMENT_TARGET: Variable =
    Variable::modifier("influence.alignment.target", "power_state", Scale::Additive, "Shifts where alignment with the power tends to.");
const COERCION_RATE: Variable =
    Variable::modifier("influence.coercion.log_rate", "power_state", Scale::Log, "Shifts the log rate of attempts at coercion.");
const MONEY_RATE: Variable = Variable::modifier(
    "influence.money.log_rate",
    "power_state",
    Scale::Log,
    "Shifts the log of official finance of powers other than the lender whose loans are in `finance`.",
);
const CONTACT_RATE: Variable = Variable::modifier("influence.contacts.log_rate", "power_state", Scale::Log, "Shifts the log of diplomatic contacts.");
const RESISTANCE: Variable =
    Variable::modifier("influence.resistance.logit", "state", Scale::Logit, "Shifts the log odds that the state stands firm against coercion.");

scalar_ports! {
    ScalarPorts;
    energy_weight: "1", dependence_weight: "1", half_trade: "1", half_finance: "1", half_security: "1", adjustment: "yr",
    weight_trade: "1", weight_finance: "1", weight_security: "1", weight_diplomacy: "1",
    engagement_gain: "1", alignment_response: "1", alignment_months: "month", pressed_gain: "1", pressed_loss: "1", pressed_months: "month",
    leverage_weight: "1", backing_weight: "1", base_loss: "1", un_slope: "1", agenda_persistence: "1", own_persistence: "1",
}

/// Parameters of powers.
pub(super) struct OfPowerPorts {
    /// 1 for the power whose loans are those of `finance`.
    pub lender: Param,
    /// Share of the power's dealings that hangs on its war in the region.
    pub war_share: Param,
    /// 1 for the power that pays in roubles.
    pub rouble_exposure: Param,
    /// Probability that a state yields to coercion by the power, at the weights of the origin.
    pub success: Param,
    /// Deviation of the year's agreement common to all states, log odds.
    pub agenda_sd: Param,
    /// That deviation in the last year before the run.
    pub agenda_origin: Param,
    /// Deviation of a state's own agreement, log odds.
    pub own_sd: Param,
}

impl OfPowerPorts {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name: &str, unit: &str| ports.param(name, "power", unit);
        Self {
            lender: of("lender", "1"),
            war_share: of("war_share", "1"),
            rouble_exposure: of("rouble_exposure", "1"),
            success: of("success", "1"),
            agenda_sd: of("agenda_sd", "1"),
            agenda_origin: of("agenda_origin", "1"),
            own_sd: of("own_sd", "1"),
        }
    }
}

/// Parameters of pairs of a power and a state.
pub(super) struct OfPairPorts {
    /// Official finance a year in the three years before the run.
    pub finance_before: Param,
    /// Meetings of heads of state and government a year, bilateral and in shared organisations.
    pub contacts: Param,
    /// What the power's military presence counts for beside arms and aid.
    pub base_value: Param,
    /// Share of the military presence that goes with the war.
    pub base_war: Param,
    /// Alignment at the origin.
    pub alignment_at_origin: Param,
    /// Attempts at coercion.
    pub coercion_rate: Param,
    /// Agreement in the last year before the run.
    pub un_origin: Param,
    /// Usual agreement.
    pub un_mean: Param,
}

impl OfPairPorts {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name: &str, unit: &str| ports.param(name, "power_state", unit);
        Self {
            finance_before: of("finance_before", "million USD@2012/yr"),
            contacts: of("contacts", "events/yr"),
            base_value: of("base_value", "million USD@2012/yr"),
            base_war: of("base_war", "1"),
            alignment_at_origin: of("alignment_at_origin", "1"),
            coercion_rate: of("coercion_rate", "events/yr"),
            un_origin: of("un_origin", "1"),
            un_mean: of("un_mean", "1"),
        }
    }
}

/// The mechanism: ports.
pub struct Influence {
    pub(super) shares: [Own; 4],
    pub(super) index: Own,
    pub(super) alignment: Own,
    pub(super) lender_index: Own,
    pub(super) lender_alignment: Own,
    pub(super) base: Own,
    pub(super) agreement: Own,
    pub(super) firsts: [Own; 4],
    pub(super) lead: Own,
    pub(super) money: Own,
    pub(super) coercions: Own,
    pub(super) successes: Own,
    pub(super) weight: Sum,
    pub(super) alignment_target: Sum,
    pub(super) coercion_rate: Sum,
    pub(super) money_rate: Sum,
    pub(super) contact_rate: Sum,
    pub(super) resistance: Sum,
    pub(super) scalars: ScalarPorts,
    pub(super) of_power: OfPowerPorts,
    pub(super) of_pair: OfPairPorts,
    pub(super) war_here: Param,
    pub(super) growth: Read,
    pub(super) rouble: Read,
    pub(super) forces: Read,
    pub(super) exports: Read,
    pub(super) imports: Read,
    pub(super) transfers: Read,
    pub(super) loans: Read,
    pub(super) gdp: Read,
    pub(super) engagement: Read,
    pub(super) gas_delivered: Read,
    pub(super) gas_price: Read,
    pub(super) agenda_noise: NoiseIn,
    pub(super) own_noise: NoiseIn,
    pub(super) event: Emit,
    pub(super) rate_domain: u64,
    pub(super) outcome_domain: u64,
}

impl Influence {
    pub(super) fn wire(ports: &mut Ports<'_>) -> Self {
        let money = "million USD@2012/yr";
        Self {
            shares: [0, 1, 2, 3].map(|d: usize| ports.own(&SHARES[d])),
            index: ports.own(&INDEX),
            alignment: ports.own(&ALIGNMENT),
            lender_index: ports.own(&LENDER_INDEX),
            lender_alignment: ports.own(&LENDER_ALIGNMENT),
            base: ports.own(&BASE),
            agreement: ports.own(&AGREEMENT),
            firsts: [0, 1, 2, 3].map(|d: usize| ports.own(&FIRSTS[d])),
            lead: ports.own(&LEAD),
            money: ports.own(&MONEY),
            coercions: ports.own(&COERCIONS),
            successes: ports.own(&SUCCESSES),
            weight: ports.sum(&WEIGHT),
            alignment_target: ports.sum(&ALIGNMENT_TARGET),
            coercion_rate: ports.sum(&COERCION_RATE),
            money_rate: ports.sum(&MONEY_RATE),
            contact_rate: ports.sum(&CONTACT_RATE),
            resistance: ports.sum(&RESISTANCE),
            scalars: ScalarPorts::declare(ports),
            of_power: OfPowerPorts::declare(ports),
            of_pair: OfPairPorts::declare(ports),
            war_here: ports.param("war_here", "state", "1"),
            growth: ports.prev("drivers.growth", "power", "1/yr"),
            rouble: ports.prev("drivers.rouble", "world", "1"),
            forces: ports.prev("drivers.foreign_forces", "state", "1"),
            exports: ports.prev("trade.exports", "power_state", money),
            imports: ports.prev("trade.imports", "power_state", money),
            transfers: ports.prev("forces.transfers", "power_state", money),
            loans: ports.prev("finance.loans_disbursed", "state", "million USD@2012/month"),
            gdp: ports.prev("finance.gdp", "state", money),
            engagement: ports.prev("doctrine.engagement", "power_state", "1"),
            gas_delivered: ports.prev("energy.gas.delivered", "gas.contract", "bcm"),
            gas_price: ports.prev("energy.gas.price", "gas.contract", "USD/(1000 m3)"),
            agenda_noise: ports.normals("agenda", "power"),
            own_noise: ports.normals("own", "power_state"),
            event: ports.emit("influence.coercion", "power_state"),
            rate_domain: ports.domain("coercion"),
            outcome_domain: ports.domain("outcome"),
        }
    }
}

/// Who is paired with whom; gas contracts by the pair of buyer and seller.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub keys: Vec<u64>,
    /// Power and state of each pair.
    pub pairs: Vec<(usize, usize)>,
    /// Pairs of each state.
    pub of_state: Vec<Vec<usize>>,
    pub powers: usize,
    /// Pair of a gas contract's buyer with its seller, where the buyer is a power; bcm a year nominated in the first month.
    pub contracts: Vec<Option<(usize, f64)>>,
}

impl Frame {
    pub fn new(world: &World) -> Self {
        let axis = |name: &str| world.find(name).expect("internal: planning fails without the axes of the ports");
        let (pair, power, state, contract) = (axis("power_state"), axis("power"), axis("state"), axis("gas.contract"));
        let to = |from, into, i: usize| world.map(from, into).and_then(|m| m.to[i]).map(|x| x as usize);
        let pairs: Vec<(usize, usize)> =
            (0..world.axis(pair).len()).map(|i| (to(pair, power, i).unwrap_or(0), to(pair, state, i).unwrap_or(0))).collect();
        let buyers = world.texts(contract, "buyer");
        let nominated = world.profile(contract, "nominated");
        let found = |c: usize| {
            let buyer = world.axis(power).position(&buyers?[c])?;
            let seller = to(contract, state, c)?;
            let of = pairs.iter().position(|p| *p == (buyer, seller))?;
            Some((of, nominated.map_or(0.0, |n| n[c][0])))
        };
        Self {
            keys: world.axis(pair).keys.clone(),
            of_state: (0..world.axis(state).len()).map(|s| (0..pairs.len()).filter(|&i| pairs[i].1 == s).collect()).collect(),
            powers: world.axis(power).len(),
            contracts: (0..world.axis(contract).len()).map(found).collect(),
            pairs,
        }
    }
}
