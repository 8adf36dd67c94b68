//! Variables, modifiers and parameters.

use oxus_kernel::{Kind, Own, Param, Ports, Read, Scale, Sum, Variable};

const MONEY: &str = "million USD@2012/yr";

/// A typical deviation of a log cost: elasticities of about 5 make it half of the trade.
const TYPICAL_COST: f64 = 0.1;

const fn money(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, MONEY, Kind::Flow, about).within(0.0, f64::INFINITY)
}

scalars! {
    World, WorldPorts;
    variety: "1", tolerance: "1", closure_months: "month", disruption_deaths: "deaths/month", disruption_usual: "deaths/month",
    disruption_months: "month", disruption_cost: "1", lines: "share", control_saved: "1", route_sensitivity: "1", transport_share: "share",
    transport_gain: "1", firms_entry: "1/yr", firms_exit: "1/yr",
}

/// The mechanism's ports.
pub struct Trade {
    pub(super) world: WorldPorts,
    pub(super) theta: Param,
    pub(super) common_tariff: Param,
    pub(super) own_tariff: Param,
    pub(super) partner_growth: Param,
    pub(super) border_cost: Param,
    pub(super) transport_capital: Param,
    pub(super) clearance: Param,
    pub(super) customs_union: Param,
    pub(super) carve_out: Param,
    pub(super) province_start: Param,
    pub(super) province_shift: Param,
    pub(super) firms_start: Param,
    pub(super) exports: Own,
    pub(super) imports: Own,
    pub(super) share: Own,
    pub(super) total: Own,
    pub(super) openness: Own,
    pub(super) real_income: Own,
    pub(super) re_exports: Own,
    pub(super) union_entry: Own,
    pub(super) province_exports: Own,
    pub(super) disruption: Own,
    pub(super) closed: Own,
    pub(super) chinese_firms: Own,
    pub(super) firms_change: Own,
    pub(super) cost: Sum,
    pub(super) cost_at_home: Sum,
    pub(super) re_exports_log: Sum,
    pub(super) demand: Sum,
    pub(super) firms_log: Sum,
    pub(super) growth: Read,
    pub(super) output: Read,
    pub(super) gdp: Read,
    pub(super) loans: Read,
    pub(super) border_closed: Read,
    pub(super) deaths: Read,
}

impl Trade {
    pub(super) fn ports(ports: &mut Ports<'_>) -> Self {
        let share = |name, axis, about| Variable::new(name, axis, "1", Kind::Share, about).within(0.0, 1.0);
        let log = |name, axis, about| Variable::modifier(name, axis, Scale::Log, about);
        Self {
            world: WorldPorts::declare(ports),
            theta: ports.param("theta", "goods", "1"),
            common_tariff: ports.param("common_tariff", "goods", "1"),
            own_tariff: ports.param("own_tariff", "state", "1"),
            partner_growth: ports.param("partner_growth", "economy", "1/yr"),
            border_cost: ports.param("border_cost", "border", "1"),
            transport_capital: ports.param("transport_capital", "state", "1"),
            clearance: ports.param("clearance", "state", "1"),
            customs_union: ports.param("customs_union", "state", "1"),
            carve_out: ports.param("carve_out", "state", "1"),
            province_start: ports.param("province_start", "province", MONEY),
            province_shift: ports.param("province_shift", "province", "1"),
            firms_start: ports.param("firms_start", "state", "1"),
            exports: ports.own(&money("trade.exports", "power_state", "What the power buys from the state.")),
            imports: ports.own(&money(
                "trade.imports",
                "power_state",
                "What the state buys from the power, goods to be passed on included (mirror figure).",
            )),
            share: ports.own(&share("trade.share", "power_state", "Share of the power in the state's trade in goods.")),
            total: ports.own(&money("trade.total", "state", "Exports and imports of the state, goods to be passed on counted once, on entry.")),
            openness: ports.own(
                &Variable::new("trade.openness", "state", "1", Kind::Index, "Trade in goods over output in current prices.")
                    .within(0.0, f64::INFINITY),
            ),
            real_income: ports.own(&Variable::new(
                "trade.real_income",
                "state",
                "1",
                Kind::Index,
                "Log change of what a unit of the state's output buys, against the base.",
            )),
            re_exports: ports.own(&money("trade.re_exports", "state", "Goods of others that the state passes on.")),
            union_entry: ports.own(
                &Variable::new("trade.union_entry", "state", "1", Kind::Index, "Membership of the customs union now less that of the base.")
                    .within(-1.0, 1.0),
            ),
            province_exports: ports.own(&money("trade.province_exports", "province", "Exports of a watched province of a power to the states.")),
            disruption: ports.own(&share(
                "trade.disruption",
                "province",
                "How far violence has brought the trade through a province to a standstill.",
            )),
            closed: ports.own(&share("trade.closed", "border", "Share of days on which a border is closed, as traders have it in memory.")),
            chinese_firms: ports.own(
                &Variable::new("trade.chinese_firms", "state", "1", Kind::Count, "Chinese firms at work in the state.").within(0.0, f64::INFINITY),
            ),
            firms_change: ports.own(&Variable::new(
                "trade.firms_change",
                "state",
                "1",
                Kind::Index,
                "Log change of their number against the origin.",
            )),
            cost: ports.sum(
                &log("trade.cost.log", "power_state", "Shifts the log cost of trade between the state and the power, both ways.")
                    .in_unit("1", TYPICAL_COST),
            ),
            cost_at_home: ports
                .sum(&log("trade.cost_at_home.log", "state", "Shifts the log cost of all foreign trade of the state.").in_unit("1", TYPICAL_COST)),
            re_exports_log: ports.sum(&log("trade.re_exports.log", "state", "Shifts the log odds of the way through the state for goods passed on.")),
            demand: ports.sum(&log("trade.demand.log", "power_state", "Shifts the state's log demand for goods of the power.")),
            firms_log: ports.sum(&log("trade.firms.log_rate", "state", "Shifts the log rate at which Chinese firms come.")),
            growth: ports.now("drivers.growth", "power", "1/yr"),
            output: ports.prev("finance.output", "state", "1"),
            gdp: ports.prev("finance.gdp", "state", MONEY),
            loans: ports.prev("finance.loans_stock", "state", "million USD@2012"),
            border_closed: ports.prev("regimes.border_closed", "border", "1"),
            deaths: ports.prev("unrest.province_deaths", "province", "deaths/month"),
        }
    }
}
