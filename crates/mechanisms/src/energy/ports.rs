//! The ports of one commodity, and the table of its variables and parameters.

use oxus_kernel::{Kind, Own, Param, Ports, Scale, Sum, Variable};

/// Names, units and declarations of one commodity's variables and parameters.
pub(super) struct Commodity {
    pub name: &'static str,
    pub node: &'static str,
    pub edge: &'static str,
    pub contract: &'static str,
    variables: [Variable; 10],
    domestic_unmet: Variable,
    nomination: Variable,
    parameters: [(&'static str, &'static str); 6],
    own: [(&'static str, &'static str); 5],
    offtake: &'static str,
    /// Whether rivers make part of the supply.
    pub water: bool,
    /// Whether an oil-indexed price follows the mean of past months rather than today's price.
    pub lagged: bool,
    /// Whether it counts as heat and light.
    pub heats: bool,
}

macro_rules! commodity {
    ($c:literal, $volume:literal, $price:literal, $water:literal, $lagged:literal, $heats:literal) => {
        Commodity {
            name: $c,
            node: concat!($c, ".node"),
            edge: concat!($c, ".edge"),
            contract: concat!($c, ".contract"),
            variables: [
                share(
                    concat!("energy.", $c, ".available"),
                    concat!($c, ".edge"),
                    "Share of the month's days on which the edge can work; 0 before it exists.",
                ),
                flow(concat!("energy.", $c, ".flow"), concat!($c, ".edge"), $volume, "Volume carried by the edge in the month."),
                flow(concat!("energy.", $c, ".delivered"), concat!($c, ".contract"), $volume, "Volume delivered under the contract in the month."),
                flow(
                    concat!("energy.", $c, ".nominated"),
                    concat!($c, ".contract"),
                    $volume,
                    "Volume that the buyer asks for in the month: its ramp, not the ceiling.",
                ),
                share(
                    concat!("energy.", $c, ".delivered_share"),
                    concat!($c, ".contract"),
                    "Delivered over nominated; 1 where nothing is nominated.",
                ),
                flow(concat!("energy.", $c, ".unmet"), concat!($c, ".contract"), $volume, "Nominated less delivered; the sum of the four causes."),
                cause(
                    concat!("energy.", $c, ".unmet_outage"),
                    concat!($c, ".contract"),
                    $volume,
                    "Unmet because of technical outages, beyond shortage; negative where they leave a contract more.",
                ),
                cause(
                    concat!("energy.", $c, ".unmet_attack"),
                    concat!($c, ".contract"),
                    $volume,
                    "Unmet because of attacks, beyond shortage and technical outages; negative where they leave a contract more.",
                ),
                cause(
                    concat!("energy.", $c, ".unmet_decision"),
                    concat!($c, ".contract"),
                    $volume,
                    "Unmet because of cut-offs and of winter diversion, beyond the other causes; negative where they leave a contract more.",
                ),
                flow(
                    concat!("energy.", $c, ".unmet_shortage"),
                    concat!($c, ".contract"),
                    $volume,
                    "Unmet with everything intact and exports served first: fields and lines are too small.",
                ),
            ],
            domestic_unmet: flow(
                concat!("energy.", $c, ".domestic_unmet"),
                concat!($c, ".node"),
                $volume,
                "Domestic demand of the node that is not served in the month.",
            ),
            nomination: Variable::modifier(
                concat!("energy.", $c, ".nomination.log_rate"),
                concat!($c, ".contract"),
                Scale::Log,
                "Shift of what the buyer asks for.",
            ),
            parameters: [
                (concat!($c, ".edge.capacity"), concat!($volume, "/yr")),
                (concat!($c, ".edge.length_km"), "km"),
                (concat!($c, ".edge.cost"), $price),
                (concat!($c, ".node.supply"), concat!($volume, "/yr")),
                (concat!($c, ".node.domestic"), concat!($volume, "/yr")),
                (concat!($c, ".contract.take_or_pay"), "1"),
            ],
            own: [
                (concat!("energy.", $c, ".failure_rate"), "1/yr"),
                (concat!("energy.", $c, ".repair_days"), "day"),
                (concat!("energy.", $c, ".repair_sigma"), "1"),
                (concat!("energy.", $c, ".cold_sd"), "1"),
                (concat!("energy.", $c, ".production_cost"), $price),
            ],
            offtake: concat!("energy.", $c, ".offtake"),
            water: $water,
            lagged: $lagged,
            heats: $heats,
        }
    };
}

/// The commodities in the order of their calculation.
pub(super) static COMMODITIES: [Commodity; 3] = [
    commodity!("gas", "bcm", "USD/(1000 m3)", false, true, true),
    commodity!("oil", "Mt", "USD/t", false, false, false),
    commodity!("electricity", "TWh", "USD/MWh", true, false, true),
];

const fn share(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "1", Kind::Share, about).within(0.0, 1.0)
}

const fn flow(name: &'static str, axis: &'static str, unit: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, unit, Kind::Flow, about).within(0.0, f64::INFINITY)
}

const fn cause(name: &'static str, axis: &'static str, unit: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, unit, Kind::Flow, about)
}

/// What the mechanism reads and writes of one commodity.
pub(super) struct CommodityPorts {
    pub available: Own,
    pub flow: Own,
    pub delivered: Own,
    pub nominated: Own,
    pub delivered_share: Own,
    pub unmet: Own,
    /// Outage, attack, decision, shortage.
    pub causes: [Own; 4],
    pub domestic_unmet: Own,
    pub nomination: Sum,
    pub capacity: Param,
    pub length: Param,
    pub cost: Param,
    pub supply: Param,
    pub domestic: Param,
    pub take_or_pay: Param,
    pub price: Param,
    pub failure_rate: Param,
    pub repair_days: Param,
    pub repair_sigma: Param,
    pub cold_sd: Param,
    pub production_cost: Param,
    pub offtake: Param,
}

impl CommodityPorts {
    pub fn declare(ports: &mut Ports<'_>, c: &'static Commodity) -> Self {
        let [available, flow, delivered, nominated, delivered_share, unmet, outage, attack, decision, shortage] =
            std::array::from_fn(|i| ports.own(&c.variables[i]));
        let axes = [c.edge, c.edge, c.edge, c.node, c.node, c.contract];
        let [capacity, length, cost, supply, domestic, take_or_pay] =
            std::array::from_fn(|i| ports.param(c.parameters[i].0, axes[i], c.parameters[i].1));
        let [failure_rate, repair_days, repair_sigma, cold_sd, production_cost] =
            std::array::from_fn(|i| ports.param(c.own[i].0, "world", c.own[i].1));
        Self {
            available,
            flow,
            delivered,
            nominated,
            delivered_share,
            unmet,
            causes: [outage, attack, decision, shortage],
            domestic_unmet: ports.own(&c.domestic_unmet),
            nomination: ports.sum(&c.nomination),
            capacity,
            length,
            cost,
            supply,
            domestic,
            take_or_pay,
            price: ports.param(&format!("{}.price", c.contract), c.contract, c.own[4].1),
            failure_rate,
            repair_days,
            repair_sigma,
            cold_sd,
            production_cost,
            offtake: ports.param(c.offtake, c.contract, "1"),
        }
    }
}
