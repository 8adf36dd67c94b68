//! What yearbooks would print: prices, output in dollars, trade by partner, votes, military spending, leaders, oil.
//!
//! Values are those of the calendar year so far and hold the year's in December, as all of `observation`.

use oxus_kernel::{Kind, LANES, Own, Param, Ports, Read, Step, Variable};
use oxus_math::{dispatch, exp, exp_m1};

use super::measured as eq;
use crate::monthly::MONTHS;
use crate::rows::{Row, row};

/// Powers whose trade is published apart, and after them the one of which only votes are.
const POWERS: [&str; 3] = ["CHN", "RUS", "USA"];
const TRADED: usize = 2;

const fn of_state(name: &'static str, unit: &'static str, kind: Kind, about: &'static str) -> Variable {
    Variable::new(name, "state", unit, kind, about).within(0.0, f64::INFINITY)
}

const fn trade(name: &'static str, about: &'static str) -> Variable {
    of_state(name, "million USD/yr", Kind::Flow, about)
}

const fn votes(name: &'static str, about: &'static str) -> Variable {
    of_state(name, "share", Kind::Share, about).within(0.0, 1.0)
}

const INFLATION: Variable =
    Variable::new("observation.inflation", "state", "%/yr", Kind::Rate, "Mean of consumer prices of the year so far over that of the year before.");
const GDP: Variable = of_state("observation.gdp_usd", "bn USD/yr", Kind::Flow, "GDP in current dollars, mean of the year so far.");
const EXIT: Variable =
    of_state("observation.leader_exit", "1", Kind::Count, "1 if a leader has left in any manner in the year so far.").within(0.0, 1.0);
const MILITARY: Variable = of_state("observation.military_spending", "%", Kind::Share, "Military spending over GDP, mean of the year so far.");
const TRADE: [Variable; TRADED] = [
    trade("observation.trade_with_china", "Trade with China in current dollars as published, mean of the year so far."),
    trade("observation.trade_with_russia", "Trade with Russia in current dollars as published, mean of the year so far."),
];
const VOTES: [Variable; 3] = [
    votes("observation.un_agreement_china", "Agreement with China in votes of the General Assembly in the last full year."),
    votes("observation.un_agreement_russia", "Agreement with Russia in votes of the General Assembly in the last full year."),
    votes("observation.un_agreement_usa", "Agreement with the United States in votes of the General Assembly in the last full year."),
];
const OIL: Variable = Variable::new("observation.oil_price", "world", "USD/bbl", Kind::Price, "Price of oil, mean of the year so far.");
const REPORTER: Variable = Variable::new(
    "observation.reporter_own",
    "power_state",
    "1",
    Kind::Index,
    "1 where imports are published as the importer reports them, 0 where as the partner does.",
)
.within(0.0, 1.0);

/// Ports of the yearbook.
pub(super) struct Yearbook {
    inflation: Own,
    gdp: Own,
    exit: Own,
    military: Own,
    oil: Own,
    prices: Read,
    growth: Read,
    output: Read,
    real_value: Read,
    spending: Read,
    exits: Read,
    oil_price: Read,
    world_inflation: Param,
    pairs: Option<Pairs>,
}

/// Ports of pairs of a power and a state.
struct Pairs {
    trade: [Own; TRADED],
    votes: [Own; 3],
    reporter: Own,
    exports: Read,
    imports: Read,
    agreement: Read,
    reporter_start: Param,
    reporter_change: Param,
    retained: Param,
    domain: u64,
}

/// What a state's figures stand on.
#[derive(Clone, Default)]
struct State {
    /// Pair with each of [`POWERS`].
    pairs: [Option<usize>; 3],
    /// Log price level, sum of the levels of the calendar year so far, mean of the year before.
    price: Row,
    prices: Row,
    prices_before: Row,
    /// What joins dollars of the months to the yearly figure of the origin: for output, and for prices alone.
    output_join: Row,
    price_join: Row,
}

/// Sums of the year and the frame.
#[derive(Default)]
pub(super) struct Memory {
    states: Vec<State>,
    keys: Vec<u64>,
}

impl Pairs {
    fn declare(ports: &mut Ports<'_>) -> Option<Self> {
        let axis = "power_state";
        ports.world().find(axis)?;
        let money = "million USD@2012/yr";
        Some(Self {
            trade: TRADE.each_ref().map(|v| ports.own(v)),
            votes: VOTES.each_ref().map(|v| ports.own(v)),
            reporter: ports.own(&REPORTER),
            exports: ports.now("trade.exports", axis, money),
            imports: ports.now("trade.imports", axis, money),
            agreement: ports.now("influence.un_agreement", axis, "1"),
            reporter_start: ports.param("reporter_start", axis, "1"),
            reporter_change: ports.param("reporter_change", "world", "1/yr"),
            retained: ports.param("reporter_retained", axis, "share"),
            domain: ports.domain("reporter"),
        })
    }

    /// Trade and votes of the month, `n`-th of the year so far; `dollar` is the price of a dollar of the base's year.
    #[inline(always)]
    fn publish(&self, step: &mut Step<'_>, s: usize, state: &State, dollar: &Row, n: f64) {
        for (power, pair) in state.pairs.iter().enumerate() {
            let Some(pair) = *pair else { continue };
            if let Some(port) = self.trade.get(power) {
                let (sold, bought, mean) = (row(step, &self.exports, pair), row(step, &self.imports, pair), row(step, port, s));
                let (own, retained) = (row(step, &self.reporter, pair), row(step, &self.retained, pair));
                let value = lanes!(|l| dollar[l] * (sold[l] + eq::shown(bought[l], own[l], retained[l])));
                step.set_row(port, s, lanes!(|l| mean[l] + (value[l] - mean[l]) / n));
            }
            let votes = row(step, &self.agreement, pair);
            step.set_row(&self.votes[power], s, votes);
        }
    }

    /// In January the files may change whose statistics they show.
    fn reporters(&self, step: &mut Step<'_>, memory: &Memory) {
        let chance = row(step, &self.reporter_change, 0);
        let traded = memory.states.iter().flat_map(|state| &state.pairs[..TRADED]).flatten();
        for &pair in traded {
            let (mut own, retained) = (row(step, &self.reporter, pair), row(step, &self.retained, pair));
            // where both sides report the same, it is all one who does
            for l in (0..LANES).filter(|l| retained[*l] < 1.0) {
                let u = step.draws(l, self.domain, memory.keys[pair], step.month() as u64).uniform();
                own[l] = if u < chance[l] { 1.0 - own[l] } else { own[l] };
            }
            step.set_row(&self.reporter, pair, own);
        }
    }
}

impl Yearbook {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        let money = "million USD@2012/yr";
        Self {
            inflation: ports.own(&INFLATION),
            gdp: ports.own(&GDP),
            exit: ports.own(&EXIT),
            military: ports.own(&MILITARY),
            oil: ports.own(&OIL),
            prices: ports.now("finance.inflation", "state", "1/yr"),
            growth: ports.now("finance.growth", "state", "1/yr"),
            output: ports.now("finance.gdp", "state", money),
            real_value: ports.now("finance.real_value", "state", "1"),
            spending: ports.now("forces.spending", "state", money),
            exits: ports.now("regimes.leader_exits", "state", "1"),
            oil_price: ports.now("drivers.oil_price", "world", "USD/bbl"),
            world_inflation: ports.param("finance.world_inflation", "state", "1/yr"),
            pairs: Pairs::declare(ports),
        }
    }

    /// Figures of the year of the origin.
    pub(super) fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.frame(step);
        // months of this calendar year before the first step
        let gone = step.world().season(0);
        for s in 0..memory.states.len() {
            let (inflation, growth) = (row(step, &self.prices, s), row(step, &self.growth, s));
            let (abroad, output, spending) = (row(step, &self.world_inflation, s), row(step, &self.output, s), row(step, &self.spending, s));
            let state = &mut memory.states[s];
            state.price = [0.0; LANES];
            state.prices = lanes!(|l| eq::before_origin(inflation[l], 0, gone));
            state.prices_before = lanes!(|l| eq::before_origin(inflation[l], gone, 12) / MONTHS);
            state.price_join = lanes!(|l| 1.0 / eq::year_before(abroad[l]));
            state.output_join = lanes!(|l| 1.0 / eq::year_before(super::equations::log_rate(growth[l]) + abroad[l]));
            step.set_row(&self.inflation, s, lanes!(|l| 100.0 * exp_m1(inflation[l])));
            step.set_row(&self.gdp, s, output.map(|x| x / 1e3));
            step.set_row(&self.military, s, lanes!(|l| eq::percent_of(spending[l], output[l])));
        }
        step.fill(&self.exit, 0.0);
        step.copy(&self.oil, &self.oil_price);
        if let Some(pairs) = &self.pairs {
            step.copy(&pairs.reporter, &pairs.reporter_start);
            pairs.trade.iter().chain(&pairs.votes).for_each(|port| step.fill(port, 0.0));
            for (s, state) in memory.states.iter().enumerate() {
                pairs.publish(step, s, state, &[1.0; LANES], 1.0);
            }
        }
    }

    pub(super) fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        if step.season() == 0
            && let Some(pairs) = &self.pairs
        {
            pairs.reporters(step, memory);
        }
        month(self, step, memory);
    }

    /// Level of prices, and its mean of the year so far over that of the year before.
    #[inline(always)]
    fn print_prices(&self, step: &mut Step<'_>, s: usize, state: &mut State) {
        if step.season() == 0 && step.month() > 0 {
            state.prices_before = state.prices.map(|sum| sum / MONTHS);
            state.prices = [0.0; LANES];
        }
        let (rate, months) = (row(step, &self.prices, s), step.season() as f64 + 1.0);
        state.price = lanes!(|l| state.price[l] + rate[l] / MONTHS);
        state.prices = lanes!(|l| state.prices[l] + exp(state.price[l]));
        step.set_row(&self.inflation, s, lanes!(|l| eq::rise(state.prices[l] / months, state.prices_before[l])));
    }

    /// Output in dollars, military spending, exits of leaders; `abroad` is the log rise of prices abroad since the origin.
    #[inline(always)]
    fn print_output(&self, step: &mut Step<'_>, s: usize, state: &State, abroad: &Row, n: f64) {
        let (output, value, mean) = (row(step, &self.output, s), row(step, &self.real_value, s), row(step, &self.gdp, s));
        let dollars = lanes!(|l| state.output_join[l] * output[l] * exp(value[l] + abroad[l]) / 1e3);
        step.set_row(&self.gdp, s, lanes!(|l| mean[l] + (dollars[l] - mean[l]) / n));
        let (spending, mean) = (row(step, &self.spending, s), row(step, &self.military, s));
        step.set_row(&self.military, s, lanes!(|l| mean[l] + (eq::percent_of(spending[l], output[l]) - mean[l]) / n));
        let (left, before) = (row(step, &self.exits, s), row(step, &self.exit, s));
        let before = if n > 1.0 { before } else { [0.0; LANES] };
        step.set_row(&self.exit, s, lanes!(|l| left[l].max(before[l])));
    }
}

// Logarithms and exponentials of rows: everything that it calls is inlined into it.
dispatch! {
    fn month(book: &Yearbook, step: &mut Step<'_>, memory: &mut Memory) {
        let n = step.season().min(step.month()) as f64 + 1.0;
        let years = (step.month() + 1) as f64 / MONTHS;
        for (s, state) in memory.states.iter_mut().enumerate() {
            book.print_prices(step, s, state);
            let abroad = row(step, &book.world_inflation, s).map(|rate| rate * years);
            book.print_output(step, s, state, &abroad, n);
            if let Some(pairs) = &book.pairs {
                let dollar = lanes!(|l| state.price_join[l] * exp(abroad[l]));
                pairs.publish(step, s, state, &dollar, n);
            }
        }
        let (price, mean) = (row(step, &book.oil_price, 0), row(step, &book.oil, 0));
        step.set_row(&book.oil, 0, lanes!(|l| mean[l] + (price[l] - mean[l]) / n));
    }
}

impl Memory {
    /// States, and their pairs with the powers.
    fn frame(&mut self, step: &Step<'_>) {
        let world = step.world();
        let states = world.find("state").map_or(0, |axis| world.axis(axis).len());
        self.states = vec![State::default(); states];
        let (Some(pair), Some(power), Some(state)) = (world.find("power_state"), world.find("power"), world.find("state")) else { return };
        self.keys.clone_from(&world.axis(pair).keys);
        let (Some(of_power), Some(of_state)) = (world.map(pair, power), world.map(pair, state)) else { return };
        for (p, (power_at, state_at)) in of_power.to.iter().zip(&of_state.to).enumerate() {
            let (Some(power_at), Some(state_at)) = (power_at, state_at) else { continue };
            let id = &world.axis(power).entities[*power_at as usize];
            if let Some(known) = POWERS.iter().position(|name| name == id) {
                self.states[*state_at as usize].pairs[known] = Some(p);
            }
        }
    }
}
