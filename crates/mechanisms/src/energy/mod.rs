//! Gas, oil and electricity: who delivers what to whom each month, what stops it, and what it earns.
//!
//! Networks, contracts and seasons come from the region. Each month lines fail or are attacked ([`outages`]), sellers decide
//! ([`cutoffs`]), winter and rivers set demand and hydropower ([`seasons`]), a least-cost circulation allocates what is left
//! ([`dispatch`]), and accounts are made ([`accounts`]). Exposure is reported for whole corridors only: nothing here ranks edges,
//! sites or provinces.

mod accounts;
mod cutoffs;
mod dispatch;
pub mod equations;
mod frame;
mod outages;
mod ports;
mod reach;
mod seasons;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use oxus_kernel::{Definition, Emit, Hear, Kind, Mechanism, Own, Param, Ports, Read, Scale, Step, Sum, Variable};

use accounts::Accounts;
use cutoffs::Cutoffs;
use equations::approach;
use frame::{Calendar, Frame, Line, Lines};
use outages::Outages;
use ports::{COMMODITIES, Commodity, CommodityPorts};
use seasons::Seasons;

use crate::rows::row;

/// The entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Energy>("energy", "Gas, oil and electricity: networks, contracts, outages, cut-offs, deliveries, revenue and service.");

const PRICE: Variable =
    Variable::new("energy.gas.price", "gas.contract", "USD/(1000 m3)", Kind::Price, "Price of the contract where the gas is handed over.")
        .within(0.0, f64::INFINITY);
const ARREARS: Variable = stock("energy.arrears", "gas.contract", "Unpaid gas bills of the buyer, in months of bills.");
const REVENUE: Variable = Variable::new(
    "energy.revenue",
    "state",
    "million USD/month",
    Kind::Flow,
    "What the state's sellers net from all exports in the month: price less transport, and take-or-pay dues.",
)
.within(0.0, f64::INFINITY);
const RENTS: Variable = Variable::new("energy.rents", "state", "1", Kind::Share, "Export revenue of a year less the cost of production, over GDP.")
    .within(0.0, f64::INFINITY);
const DEPENDENCE: Variable =
    Variable::new("energy.buyer_dependence", "state", "1", Kind::Share, "Share of the largest buyer in a year's export revenue; 0 without exports.")
        .within(0.0, 1.0);
const SERVICE: Variable =
    Variable::new("energy.service", "state", "1", Kind::Share, "Heat and light: share of the demand for gas and electricity that is met.")
        .within(0.0, 1.0);
const OUTAGE_DAYS: Variable =
    Variable::new("energy.outage_days", "corridor", "day/month", Kind::Flow, "Days of the month that the corridor's worst line is out.")
        .within(0.0, 31.0);
const EXPANSION: Variable = Variable::new("energy.expansion", "corridor", "1", Kind::Index, "Capacity of the corridor relative to what is planned.")
    .within(0.0, f64::INFINITY);
const WINTER: Variable =
    Variable::new("energy.winter", "world", "1", Kind::Index, "Severity of the winter in standard deviations; 0 is normal.").within(-2.0, 2.0);
const RESERVOIR: Variable = Variable::new(
    "energy.reservoir",
    "state",
    "1",
    Kind::Index,
    "Water stored above normal, as a share of a year's mean inflow; negative below normal.",
);

const fn stock(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "1", Kind::Stock, about).within(0.0, f64::INFINITY)
}

/// One commodity of the region: table, ports, network.
struct Part {
    commodity: &'static Commodity,
    ports: CommodityPorts,
    frame: Frame,
}

/// Keys of the random streams.
struct Domains {
    outage: u64,
    repair: u64,
    strike: u64,
    cutoff: u64,
    cut: u64,
    winter: u64,
    water: u64,
    allocation: u64,
}

/// What only gas contracts have: prices of their own, cut-offs, arrears.
struct Gas {
    part: usize,
    price: Own,
    arrears: Own,
    cutoff: Emit,
    cutoff_shift: Sum,
    dispute: Read,
    cutoff_rate: Param,
    cutoff_winter: Param,
    cutoff_arrears: Param,
    cutoff_dispute: Param,
    cutoff_whole: Param,
    cutoff_part: Param,
    cutoff_days: Param,
    cutoff_sigma: Param,
    unpaid: Param,
    arrears_start: Param,
    arrears_settled: Param,
    arrears_settled_cut: Param,
}

/// The mechanism: its ports and the frame of the region.
pub struct Energy {
    parts: Vec<Part>,
    gas: Option<Gas>,
    lines: Lines,
    of_corridor: Vec<Vec<usize>>,
    calendar: Calendar,
    state_keys: Vec<u64>,
    gdp_at_origin: Vec<f64>,
    buyers: usize,
    domains: Domains,
    outage_shift: Sum,
    repair_shift: Sum,
    investment: Sum,
    outage: Emit,
    attack_outage: Emit,
    attack: Hear,
    foreign_attack: Hear,
    oil_price: Read,
    netback: Read,
    gdp: Read,
    revenue: Own,
    rents: Own,
    dependence: Own,
    service: Own,
    outage_days: Own,
    expansion: Own,
    winter: Own,
    reservoir: Own,
    attack_hit: Param,
    foreign_attack_hit: Param,
    attack_parallel: Param,
    attack_repair_days: Param,
    attack_repair_sigma: Param,
    expansion_months: Param,
    home_first: Param,
    hydro_share: Param,
    reservoir_start: Param,
    reservoir_months: Param,
    inflow_sd: Param,
    gas_in_service: Param,
    oil_slope: Param,
    netback_slope: Param,
}

impl Energy {
    /// Whether a line exists in month `t`.
    fn works(&self, line: &Line, t: usize) -> bool {
        self.parts[line.part].frame.valid.at(t)[line.edge] > 0.0
    }
}

/// What the mechanism keeps between steps.
#[derive(Default)]
pub struct Memory {
    outages: Outages,
    cutoffs: Cutoffs,
    seasons: Seasons,
    accounts: Accounts,
}

impl Mechanism for Energy {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut buyers = BTreeMap::new();
        let mut parts = Vec::new();
        for commodity in &COMMODITIES {
            if [commodity.node, commodity.edge, commodity.contract].iter().all(|a| ports.world().find(a).is_some()) {
                let frame = Frame::read(ports, commodity, &mut buyers);
                parts.push(Part { commodity, ports: CommodityPorts::declare(ports, commodity), frame });
            }
        }
        let networks: Vec<(&Frame, &'static str)> = parts.iter().map(|p| (&p.frame, p.commodity.edge)).collect();
        let lines = Lines::read(ports, &networks);
        let [state, corridor] = ["state", "corridor"].map(|a| ports.axis(a));
        let corridors = ports.world().axis(corridor).len();
        let of_corridor = (0..corridors).map(|c| (0..lines.all.len()).filter(|l| lines.all[*l].corridor == Some(c)).collect());
        let gas = parts.iter().position(|p| p.commodity.name == "gas").map(|part| Gas::declare(ports, part));
        let states = ports.world().axis(state);
        Self {
            of_corridor: of_corridor.collect(),
            calendar: Calendar::of(ports.world()),
            state_keys: states.keys.clone(),
            gdp_at_origin: ports.world().numbers(state, "gdp").map_or_else(|| vec![0.0; states.len()], <[f64]>::to_vec),
            buyers: buyers.len(),
            domains: Domains {
                outage: ports.domain("outage"),
                repair: ports.domain("repair"),
                strike: ports.domain("strike"),
                cutoff: ports.domain("cutoff"),
                cut: ports.domain("cut"),
                winter: ports.domain("winter"),
                water: ports.domain("water"),
                allocation: ports.domain("allocation"),
            },
            outage_shift: ports.sum(&Variable::modifier("energy.outage.log_rate", "corridor", Scale::Log, "Shift of the rate of technical outages.")),
            repair_shift: ports.sum(&Variable::modifier("energy.repair.log_time", "corridor", Scale::Log, "Shift of the time that repairs take.")),
            investment: ports.sum(&Variable::modifier(
                "energy.investment.log",
                "corridor",
                Scale::Log,
                "Shift of the capacity that the corridor grows towards.",
            )),
            outage: ports.emit("energy.outage", "corridor"),
            attack_outage: ports.emit("energy.attack_outage", "corridor"),
            attack: ports.hear("unrest.attack"),
            foreign_attack: ports.hear("unrest.foreign_attack"),
            oil_price: ports.now("drivers.oil_price", "world", "USD/bbl"),
            netback: ports.now("drivers.gas_netback", "world", "USD/(1000 m3)"),
            gdp: ports.prev("finance.gdp", "state", "million USD@2012/yr"),
            revenue: ports.own(&REVENUE),
            rents: ports.own(&RENTS),
            dependence: ports.own(&DEPENDENCE),
            service: ports.own(&SERVICE),
            outage_days: ports.own(&OUTAGE_DAYS),
            expansion: ports.own(&EXPANSION),
            winter: ports.own(&WINTER),
            reservoir: ports.own(&RESERVOIR),
            attack_hit: ports.param("attack_hit", "world", "1"),
            foreign_attack_hit: ports.param("foreign_attack_hit", "world", "1"),
            attack_parallel: ports.param("attack_parallel", "world", "1"),
            attack_repair_days: ports.param("attack_repair_days", "world", "day"),
            attack_repair_sigma: ports.param("attack_repair_sigma", "world", "1"),
            expansion_months: ports.param("expansion_months", "world", "month"),
            home_first: ports.param("home_first", "state", "1"),
            hydro_share: ports.param("hydro_share", "state", "1"),
            reservoir_start: ports.param("reservoir_start", "state", "1"),
            reservoir_months: ports.param("reservoir_months", "state", "month"),
            inflow_sd: ports.param("inflow_sd", "world", "1"),
            gas_in_service: ports.param("gas_in_service", "state", "1"),
            oil_slope: ports.param("oil_slope", "world", "1"),
            netback_slope: ports.param("netback_slope", "world", "1"),
            parts,
            gas,
            lines,
        }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.fill(&self.winter, 0.0);
        step.fill(&self.expansion, 1.0);
        step.fill(&self.outage_days, 0.0);
        step.copy(&self.reservoir, &self.reservoir_start);
        memory.seasons.start(self.state_keys.len());
        memory.outages.start(self);
        if let Some(gas) = &self.gas {
            step.copy(&gas.arrears, &gas.arrears_start);
            memory.cutoffs.start(self, &self.parts[gas.part]);
        }
        memory.accounts.start(self, step);
        memory.accounts.ask(self, step, 0);
        memory.accounts.dispatch(self, step, 0, &memory.seasons, &memory.outages, &memory.cutoffs);
        memory.accounts.settle(self, step);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let t = step.month();
        memory.seasons.month(self, step);
        memory.outages.month(self, step);
        self.corridors(step, &memory.outages);
        memory.accounts.ask(self, step, t);
        memory.accounts.stress(self, step, t, &memory.seasons);
        if let Some(gas) = &self.gas {
            let part = &self.parts[gas.part];
            let (stress, asked) = memory.accounts.for_cutoffs(gas.part);
            memory.cutoffs.month(self, part, gas, step, stress, asked);
        }
        memory.accounts.dispatch(self, step, t, &memory.seasons, &memory.outages, &memory.cutoffs);
        memory.accounts.settle(self, step);
        if let Some(gas) = &self.gas {
            memory.cutoffs.arrears(&self.parts[gas.part], gas, step);
        }
    }
}

impl Energy {
    /// Outage days and capacity of whole corridors.
    fn corridors(&self, step: &mut Step<'_>, outages: &Outages) {
        step.fill(&self.outage_days, 0.0);
        for (c, lines) in self.of_corridor.iter().enumerate() {
            if lines.iter().any(|l| outages.any(*l)) {
                let worst = |lane| f64::from(lines.iter().map(|l| outages.days_out(*l, lane)[1]).max().unwrap_or(0));
                step.set_row(&self.outage_days, c, std::array::from_fn(worst));
            }
        }
        let months = row(step, &self.expansion_months, 0);
        for c in 0..self.of_corridor.len() {
            let (shift, now) = (row(step, &self.investment, c), row(step, &self.expansion, c));
            let target = shift.map(|shift| if shift == 0.0 { 1.0 } else { oxus_math::exp(shift) });
            step.set_row(&self.expansion, c, lanes!(|lane| approach(now[lane], target[lane], months[lane])));
        }
    }
}

impl Gas {
    fn declare(ports: &mut Ports<'_>, part: usize) -> Self {
        Self {
            part,
            price: ports.own(&PRICE),
            arrears: ports.own(&ARREARS),
            cutoff: ports.emit("energy.cutoff", "gas.contract"),
            cutoff_shift: ports.sum(&Variable::modifier(
                "energy.cutoff.log_hazard",
                "state",
                Scale::Log,
                "Shift of the hazard that the state as seller cuts a gas buyer off.",
            )),
            dispute: ports.prev("regimes.dispute", "border", "1"),
            cutoff_rate: ports.param("cutoff_rate", "gas.contract", "1/yr"),
            cutoff_winter: ports.param("cutoff_winter", "world", "1"),
            cutoff_arrears: ports.param("cutoff_arrears", "world", "1"),
            cutoff_dispute: ports.param("cutoff_dispute", "world", "1"),
            cutoff_whole: ports.param("cutoff_whole", "world", "1"),
            cutoff_part: ports.param("cutoff_part", "world", "1"),
            cutoff_days: ports.param("cutoff_days", "world", "day"),
            cutoff_sigma: ports.param("cutoff_sigma", "world", "1"),
            unpaid: ports.param("unpaid", "gas.contract", "1"),
            arrears_start: ports.param("arrears_start", "gas.contract", "1"),
            arrears_settled: ports.param("arrears_settled", "world", "1/month"),
            arrears_settled_cut: ports.param("arrears_settled_cut", "world", "1/month"),
        }
    }
}
