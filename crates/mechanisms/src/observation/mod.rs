//! What would be reported or measured: the model's variables as the published files have them.
//!
//! Yearly variables are running sums (or means) of the calendar year and hold its value in December; they are set back in January. Counts of
//! events are thinned by press freedom, the dead are recorded or missed, totals are interval-coded. Oracle: moments of binomial thinning.

pub mod equations;
mod indices;
pub mod measured;
#[cfg(test)]
mod tests;
mod yearbook;

use equations as eq;
use oxus_kernel::{Definition, Kind, LANES, Map, Mechanism, NoiseIn, Own, Param, Ports, Read, Scale, Step, Sum, Variable};

use crate::rows::{Row, add, row};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition = Definition::of::<Observation>("observation", "What published files would show of the year so far.");

const fn measured(name: &'static str, unit: &'static str, kind: Kind, about: &'static str) -> Variable {
    Variable::new(name, "state", unit, kind, about)
}

const fn counted(name: &'static str, unit: &'static str, about: &'static str) -> Variable {
    measured(name, unit, Kind::Count, about).within(0.0, 1e8)
}

const COVERAGE: Variable =
    Variable::modifier("observation.coverage.log_rate", "state", Scale::Log, "Shifts the share of events that is reported: a change of reporters.");

/// Kinds of deaths that files of conflict events record apart.
const KINDS: [&str; 3] = ["state", "communal", "armed"];

scalar_ports! {
    ScalarPorts;
    freedom_elasticity: "1",
    incident_coverage: "1",
    record_least: "deaths",
    counting_sigma: "1",
    low_factor: "1",
    high_factor: "1",
}

/// The mechanism: ports.
pub struct Observation {
    yearbook: yearbook::Yearbook,
    indices: indices::Indices,
    scalars: ScalarPorts,
    freedom: Param,
    freedom_at_origin: Param,
    record: [Param; 3],
    protests: Own,
    conflict_deaths: Own,
    incidents: Own,
    growth: Own,
    remittances: Own,
    debt: Own,
    irregular_exit: Own,
    gas_exports: Own,
    /// Low, best, high.
    deaths: [Own; 3],
    mean_growth: Own,
    coverage: Sum,
    true_protests: Read,
    true_incidents: Read,
    /// By [`KINDS`].
    dead: [Read; 3],
    incursion_dead: Read,
    true_growth: Read,
    true_remittances: Read,
    true_debt: Read,
    exits: Read,
    delivered: Option<Read>,
    recorded: [NoiseIn; 3],
    error: NoiseIn,
    protest_domain: u64,
    incident_domain: u64,
}

/// What the frame alone decides.
#[derive(Default)]
pub struct Memory {
    yearbook: yearbook::Memory,
    indices: indices::Memory,
    keys: Vec<u64>,
    state_of_site: Map,
    seller: Map,
    /// Incidents at the sites of each state this month.
    incidents: Vec<Row>,
}

impl Mechanism for Observation {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        let traded = ports.world().find("gas.contract").is_some();
        Self {
            yearbook: yearbook::Yearbook::declare(ports),
            indices: indices::Indices::declare(ports),
            scalars: ScalarPorts::declare(ports),
            freedom: ports.param("press_freedom", "state", "index"),
            freedom_at_origin: ports.param("press_freedom_at_origin", "state", "index"),
            record: ["record_state", "record_communal", "record_armed"].map(|name| ports.param(name, "state", "1")),
            protests: ports.own(&counted(
                "observation.protests",
                "events",
                "Protests of the year so far, as the Mass Mobilization file would count.",
            )),
            conflict_deaths: ports.own(&counted("observation.conflict_deaths", "deaths", "Dead of the year so far, as UCDP would count.")),
            incidents: ports.own(&counted(
                "observation.incidents_reported",
                "events",
                "Incidents at sites of the year so far, as the press reports them.",
            )),
            growth: ports.own(&measured("observation.growth", "%/yr", Kind::Rate, "Growth of output, mean of the year so far.")),
            remittances: ports.own(&measured("observation.remittances", "%", Kind::Share, "Remittances over GDP, mean of the year so far.")),
            debt: ports.own(&measured("observation.debt", "%", Kind::Share, "Debt of government over GDP at the end of the month.")),
            irregular_exit: ports.own(&counted("observation.irregular_exit", "1", "1 if a leader has left irregularly in the year so far.")),
            gas_exports: ports.own(&counted("observation.gas_exports", "bcm", "Gas delivered under export contracts of the year so far, by seller.")),
            deaths: [
                ports.own(&counted("observation.deaths_low", "deaths", "Dead in political violence of the year so far, lowest defensible figure.")),
                ports.own(&counted("observation.deaths_best", "deaths", "Dead in political violence of the year so far, best figure.")),
                ports.own(&counted("observation.deaths_high", "deaths", "Dead in political violence of the year so far, highest figure.")),
            ],
            mean_growth: ports.own(&measured("observation.mean_growth", "1/yr", Kind::Rate, "Mean of the log rates of growth of the year so far.")),
            coverage: ports.sum(&COVERAGE),
            true_protests: ports.now("unrest.protests_state", "state", "events/month"),
            true_incidents: ports.now("communities.incidents", "site", "events/month"),
            dead: ["unrest.deaths_state", "unrest.deaths_communal", "unrest.deaths_armed"].map(|name| ports.now(name, "state", "deaths/month")),
            incursion_dead: ports.now("insurgency.incursion_deaths", "state", "deaths/month"),
            true_growth: ports.now("finance.growth", "state", "1/yr"),
            true_remittances: ports.now("finance.remittances", "state", "1"),
            true_debt: ports.now("finance.debt", "state", "1"),
            exits: ports.now("regimes.irregular_exits", "state", "1"),
            delivered: traded.then(|| ports.now("energy.gas.delivered", "gas.contract", "bcm")),
            recorded: KINDS.map(|kind| ports.uniforms(&format!("recorded_{kind}"), "state")),
            error: ports.normals("count_error", "state"),
            protest_domain: ports.domain("protests"),
            incident_domain: ports.domain("incidents"),
        }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.yearbook.start(step, &mut memory.yearbook);
        self.indices.start(step, &mut memory.indices);
        let world = step.world();
        let axis = |name: &str| world.find(name).expect("internal: planning fails without the axes of the ports");
        let state = axis("state");
        memory.keys.clone_from(&world.axis(state).keys);
        memory.incidents.resize(memory.keys.len(), [0.0; LANES]);
        memory.state_of_site = world.map(axis("site"), state).unwrap_or_default();
        memory.seller = world.find("gas.contract").and_then(|c| world.map(c, state)).unwrap_or_default();
        self.new_year(step);
        step.each1(&self.mean_growth, &self.true_growth, eq::log_rate);
        step.each1(&self.growth, &self.mean_growth, eq::percent);
        step.each1(&self.remittances, &self.true_remittances, |x| 100.0 * x);
        step.each1(&self.debt, &self.true_debt, |x| 100.0 * x);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        if step.season() == 0 || step.month() == 0 {
            self.new_year(step);
        }
        self.yearbook.step(step, &mut memory.yearbook);
        self.indices.step(step, &mut memory.indices);
        self.economy(step);
        self.reports(step, memory);
        self.count_dead(step);
        if let Some(delivered) = &self.delivered {
            for (contract, seller) in memory.seller.to.iter().enumerate() {
                let Some(seller) = seller else { continue };
                let (volume, mut year) = (row(step, delivered, contract), row(step, &self.gas_exports, *seller as usize));
                add(&mut year, &volume);
                step.set_row(&self.gas_exports, *seller as usize, year);
            }
        }
    }
}

impl Observation {
    /// Sets back what is summed over the calendar year.
    fn new_year(&self, step: &mut Step<'_>) {
        for port in [&self.protests, &self.conflict_deaths, &self.incidents, &self.irregular_exit, &self.gas_exports] {
            step.fill(port, 0.0);
        }
        for port in &self.deaths {
            step.fill(port, 0.0);
        }
    }

    /// Measured identities: growth, remittances, debt, exits.
    fn economy(&self, step: &mut Step<'_>) {
        let months = step.season().min(step.month()) as f64 + 1.0;
        step.update1(
            &self.mean_growth,
            &self.true_growth,
            #[inline(always)]
            |mean, x| eq::running_mean(mean, eq::log_rate(x), months),
        );
        step.each1(&self.growth, &self.mean_growth, eq::percent);
        step.update1(&self.remittances, &self.true_remittances, |mean, x| eq::running_mean(mean, 100.0 * x, months));
        step.each1(&self.debt, &self.true_debt, |x| 100.0 * x);
        step.update1(&self.irregular_exit, &self.exits, f64::max);
    }

    /// Protests and incidents that are reported.
    fn reports(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let Memory { keys, state_of_site, incidents, .. } = memory;
        incidents.fill([0.0; LANES]);
        for (site, state) in state_of_site.to.iter().enumerate() {
            if let Some(state) = state {
                add(&mut incidents[*state as usize], &row(step, &self.true_incidents, site));
            }
        }
        for (s, &key) in keys.iter().enumerate() {
            let protests = row(step, &self.true_protests, s);
            for lane in 0..LANES {
                let scalar = |port| step.get(port, 0, lane);
                let (of_freedom, of_incidents) = (scalar(&self.scalars.freedom_elasticity), scalar(&self.scalars.incident_coverage));
                let (freedom, shift) = (step.get(&self.freedom, s, lane), step.get(&self.coverage, s, lane));
                if protests[lane] > 0.0 {
                    let share = eq::coverage(freedom, step.get(&self.freedom_at_origin, s, lane), of_freedom, shift);
                    self.report(step, &self.protests, self.protest_domain, (s, lane, key), protests[lane], share);
                }
                if incidents[s][lane] > 0.0 {
                    let share = (of_incidents * eq::coverage(freedom, 1.0, of_freedom, shift)).clamp(0.0, 1.0);
                    self.report(step, &self.incidents, self.incident_domain, (s, lane, key), incidents[s][lane], share);
                }
            }
        }
    }

    /// Adds the part of `n` events in a state and lane that is reported, each with probability `share`.
    fn report(&self, step: &mut Step<'_>, port: &Own, domain: u64, (state, lane, key): (usize, usize, u64), n: f64, share: f64) {
        let mut draws = step.draws(lane, domain, key, step.month() as u64);
        let seen = eq::thin(n, share, || draws.uniform());
        step.increase(port, state, lane, seen);
    }

    /// The dead as recorded by kind, and as counted in all with an interval.
    fn count_dead(&self, step: &mut Step<'_>) {
        for port in self.recorded.iter().chain([&self.error]) {
            step.draw(port);
        }
        let scalars = &self.scalars;
        let [least, sigma, low, high] =
            [&scalars.record_least, &scalars.counting_sigma, &scalars.low_factor, &scalars.high_factor].map(|port| row(step, port, 0));
        for s in 0..step.slice(&self.error).len() / LANES {
            let mut dead = self.dead.map(|port| row(step, &port, s));
            add(&mut dead[2], &row(step, &self.incursion_dead, s));
            // nobody died in most states and months
            if dead.as_flattened().iter().all(|deaths| *deaths == 0.0) {
                continue;
            }
            let mut year = row(step, &self.conflict_deaths, s);
            for (kind, deaths) in dead.iter().enumerate() {
                let (chance, u) = (row(step, &self.record[kind], s), row(step, &self.recorded[kind], s));
                add(&mut year, &lanes!(|lane| eq::recorded(deaths[lane], least[lane], chance[lane], u[lane])));
            }
            step.set_row(&self.conflict_deaths, s, year);
            let z = row(step, &self.error, s);
            let best = lanes!(|lane| dead.iter().map(|deaths| deaths[lane]).sum::<f64>() * eq::count_error(sigma[lane], z[lane]));
            for (port, factor) in self.deaths.iter().zip([low, [1.0; LANES], high]) {
                let mut year = row(step, port, s);
                add(&mut year, &lanes!(|lane| best[lane] * factor[lane]));
                step.set_row(port, s, year);
            }
        }
    }
}
