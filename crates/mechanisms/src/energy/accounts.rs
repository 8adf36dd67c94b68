//! The month's books: what buyers ask, what dispatch gives them, prices, revenue, rents, dependence, service.

use oxus_kernel::{LANES, Step};
use oxus_math::{dispatch, exp};

use super::cutoffs::Cutoffs;
use super::dispatch::{Dispatcher, Month, Stages};
use super::equations::{LAG_MONTHS, approach, capacity_left, demand_factor, indexed_price, largest_share, take_or_pay_due, to_units, to_volume};
use super::frame::Follows;
use super::outages::Outages;
use super::seasons::Seasons;
use super::{Energy, Part};
use crate::rows::{self, Row, cells, cells_mut};

/// Books of one commodity, each `[entity][lane]`.
#[derive(Default)]
struct Book {
    dispatcher: Option<Dispatcher>,
    /// By lane: what is asked of the network, and the flows that answer it.
    months: [Month; LANES],
    stages: [Stages; LANES],
    /// Volumes behind the bounds of the arcs, and costs of the edges: what did not change is not converted again.
    volume: Vec<[f64; LANES]>,
    cost: Vec<[f64; LANES]>,
    /// Volume asked and its firm part.
    asked: Vec<f64>,
    firm: Vec<f64>,
    ramp: Vec<f64>,
    tariff: Vec<f64>,
    /// By state: demand and what is served of it.
    demand: Vec<f64>,
    served: Vec<f64>,
    /// Net revenue and rent of a year, by contract.
    revenue: Vec<f64>,
    rent: Vec<f64>,
}

/// All books, oil prices of the past months, seasonal stress.
#[derive(Default)]
pub(super) struct Accounts {
    books: Vec<Book>,
    /// Oil prices of the past months, the oldest first.
    oil: Vec<[f64; LANES]>,
    /// Oil price and Russian netback at the origin: what the contracts' prices of the pack stand for.
    origin: [[f64; LANES]; 2],
    stress: Vec<f64>,
    /// By state: mean demand of the year and demand of the month for gas.
    mean: Vec<[f64; LANES]>,
    present: Vec<[f64; LANES]>,
    by_buyer: Vec<Row>,
    fresh: bool,
}

fn reset(column: &mut Vec<f64>, len: usize) {
    column.clear();
    column.resize(len * LANES, 0.0);
}

impl Accounts {
    /// Empties the books; remembered solutions stay, since each is kept with all that it depends on.
    pub fn start(&mut self, e: &Energy, step: &mut Step<'_>) {
        self.books.resize_with(e.parts.len(), Book::default);
        let months = step.world().months();
        for (book, part) in self.books.iter_mut().zip(&e.parts) {
            let (deals, states) = (part.frame.seller.len(), e.state_keys.len());
            for column in [&mut book.asked, &mut book.firm, &mut book.ramp, &mut book.tariff, &mut book.revenue, &mut book.rent] {
                reset(column, deals);
            }
            for column in [&mut book.demand, &mut book.served] {
                reset(column, states);
            }
            book.blank(part);
            if book.dispatcher.is_none() {
                match Dispatcher::new(part.frame.shape.clone(), months) {
                    Ok(dispatcher) => book.dispatcher = Some(dispatcher),
                    Err(error) => (0..LANES).for_each(|lane| step.fail(lane, "S001", error.to_string())),
                }
            }
        }
        self.origin = [&e.oil_price, &e.netback].map(|p| std::array::from_fn(|lane| step.get(p, 0, lane)));
        self.oil.clear();
        self.oil.resize(LAG_MONTHS, self.origin[0]);
        reset(&mut self.stress, e.state_keys.len());
        self.mean.resize(e.state_keys.len(), [0.0; LANES]);
        self.present.resize(e.state_keys.len(), [0.0; LANES]);
        self.by_buyer.resize(e.buyers, [0.0; LANES]);
        self.fresh = true;
    }

    /// What buyers ask this month, and its part under the take-or-pay floor.
    pub fn ask(&mut self, e: &Energy, step: &Step<'_>, t: usize) {
        for (book, part) in self.books.iter_mut().zip(&e.parts) {
            asked(book, part, step, t);
        }
    }

    /// How far each state's demand for heat and light of the month is above its mean, as a share.
    pub fn stress(&mut self, e: &Energy, step: &Step<'_>, t: usize, seasons: &Seasons) {
        let Some(part) = e.gas.as_ref().map(|g| &e.parts[g.part]) else {
            return;
        };
        let (domestic, cold) = (step.slice(&part.ports.domestic), *row(step.slice(&part.ports.cold_sd), 0));
        self.mean.fill([0.0; LANES]);
        self.present.fill([0.0; LANES]);
        for (n, state) in part.frame.state_of.iter().enumerate() {
            let Some(s) = state else { continue };
            let (demand, season) = (row(domestic, n), part.frame.season.at(t)[n]);
            for lane in 0..LANES {
                self.mean[*s][lane] += demand[lane];
                self.present[*s][lane] += demand[lane] * demand_factor(season, seasons.severity[lane], cold[lane]);
            }
        }
        for (stress, (mean, present)) in self.stress.chunks_exact_mut(LANES).zip(self.mean.iter().zip(&self.present)) {
            for (lane, stress) in stress.iter_mut().enumerate() {
                *stress = if mean[lane] > 0.0 { present[lane] / mean[lane] - 1.0 } else { 0.0 };
            }
        }
    }

    /// Stress by state, and volumes asked of the gas contracts.
    pub fn for_cutoffs(&self, gas: usize) -> (&[f64], &[f64]) {
        (&self.stress, &self.books[gas].asked)
    }

    /// Allocates the month of every commodity and lane, and writes volumes.
    pub fn dispatch(&mut self, e: &Energy, step: &mut Step<'_>, t: usize, seasons: &Seasons, outages: &Outages, cutoffs: &Cutoffs) {
        let (_, days) = e.calendar.month(t);
        let live = step.live();
        for (at, (book, part)) in self.books.iter_mut().zip(&e.parts).enumerate() {
            let Some(mut dispatcher) = book.dispatcher.take() else {
                continue;
            };
            let gas = e.gas.as_ref().is_some_and(|g| g.part == at);
            bounds(book, e, part, step, t, seasons);
            book.outages(e, at, part, outages, days);
            for lane in (0..LANES).filter(|l| live[*l]) {
                book.decisions(e, part, cutoffs, seasons, lane, gas);
                match dispatcher.month(t, lane, &book.months[lane], &mut book.stages[lane]) {
                    Ok(()) => {
                        for (k, tariff) in dispatcher.tariffs(&book.months[lane]).iter().enumerate() {
                            book.tariff[k * LANES + lane] = *tariff;
                        }
                    }
                    Err(error) => step.fail(lane, "S001", format!("dispatch of {}: {error}", part.commodity.name)),
                }
            }
            // members that failed are written too, with what they had last: nobody reads them
            let flows: [Flows<'_>; 4] = std::array::from_fn(|stage| book.stages.each_ref().map(|s| dispatcher.flow(s, stage)));
            write(book, e, at, step, &flows, t, outages, days);
            book.dispatcher = Some(dispatcher);
        }
    }
}

/// Flows of all arcs, by lane.
type Flows<'a> = [&'a [i64]; LANES];

#[inline(always)]
fn row(column: &[f64], at: usize) -> &[f64; LANES] {
    const EMPTY: [f64; LANES] = [0.0; LANES];
    column.get(at * LANES..).and_then(<[f64]>::first_chunk).unwrap_or(&EMPTY)
}

impl Book {
    /// Forgets all bounds; no volume equals what is no number, so that the first month converts all.
    fn blank(&mut self, part: &Part) {
        let shape = &part.frame.shape;
        self.volume.clear();
        self.volume.resize(shape.arcs(), [f64::NAN; LANES]);
        self.cost.clear();
        self.cost.resize(shape.ends.len(), [f64::NAN; LANES]);
        for month in &mut self.months {
            month.intact.clear();
            month.intact.resize(shape.arcs(), 0);
            month.edge_cost.clear();
            month.edge_cost.resize(shape.ends.len(), 0.0);
        }
    }

    /// Bounds one arc in all lanes.
    #[inline(always)]
    fn bound(&mut self, arc: usize, volume: [f64; LANES]) {
        if self.volume[arc] != volume {
            self.volume[arc] = volume;
            for (month, v) in self.months.iter_mut().zip(volume) {
                month.intact[arc] = to_units(v);
            }
        }
    }

    /// Bounds of all arcs with everything intact, and costs of the edges.
    #[inline(always)]
    fn bounds(&mut self, e: &Energy, part: &Part, step: &Step<'_>, t: usize, seasons: &Seasons) {
        let (frame, ports, shape) = (&part.frame, &part.ports, &part.frame.shape);
        let [capacity, cost, supply, domestic] = [&ports.capacity, &ports.cost, &ports.supply, &ports.domestic].map(|p| step.slice(p));
        let (valid, expansion) = (frame.valid.at(t), step.slice(&e.expansion));
        for (c, corridor) in frame.corridor.iter().enumerate() {
            let (capacity, growth) = (row(capacity, c), corridor.map_or(&[1.0; LANES], |c| row(expansion, c)));
            self.bound(shape.edge(c), std::array::from_fn(|lane| capacity[lane] / 12.0 * valid[c] * growth[lane]));
            let cost = row(cost, c);
            if self.cost[c] != *cost {
                self.cost[c] = *cost;
                self.months.iter_mut().zip(cost).for_each(|(month, cost)| month.edge_cost[c] = *cost);
            }
        }
        let cold = row(step.slice(&ports.cold_sd), 0);
        for (n, (season, supply_season)) in frame.season.at(t).iter().zip(frame.supply_season.at(t)).enumerate() {
            let water = match frame.state_of[n] {
                Some(s) if part.commodity.water => row(&seasons.water, s),
                _ => &[1.0; LANES],
            };
            let supply = row(supply, n);
            self.bound(shape.supply(n), std::array::from_fn(|lane| supply[lane] / 12.0 * supply_season * water[lane]));
            let domestic = row(domestic, n);
            let factor = |lane: usize| demand_factor(*season, seasons.severity[lane], cold[lane]);
            self.bound(shape.home(n), std::array::from_fn(|lane| domestic[lane] / 12.0 * factor(lane)));
        }
        for k in 0..frame.seller.len() {
            let (firm, asked) = (*row(&self.firm, k), *row(&self.asked, k));
            if self.volume[shape.firm(k)] != firm || self.volume[shape.free(k)] != asked {
                (self.volume[shape.firm(k)], self.volume[shape.free(k)]) = (firm, asked);
                for (lane, month) in self.months.iter_mut().enumerate() {
                    let floor = to_units(firm[lane]);
                    month.intact[shape.firm(k)] = floor;
                    month.intact[shape.free(k)] = to_units(asked[lane]) - floor;
                }
            }
        }
    }

    fn outages(&mut self, e: &Energy, at: usize, part: &Part, outages: &Outages, days: u32) {
        for month in &mut self.months {
            month.technical.clear();
            month.attacked.clear();
        }
        for (edge, line) in e.lines.of_edge[at].iter().enumerate().filter(|(_, line)| outages.any(**line)) {
            let arc = part.frame.shape.edge(edge);
            for (lane, month) in self.months.iter_mut().enumerate() {
                let [technical, both] = outages.days_out(*line, lane);
                if technical > 0 {
                    month.technical.push((arc, capacity_left(month.intact[arc], technical, days)));
                }
                if both > technical {
                    month.attacked.push((arc, capacity_left(month.intact[arc], both, days)));
                }
            }
        }
    }

    /// Contracts cut off (the part above the floor goes first), and who puts home first.
    fn decisions(&mut self, e: &Energy, part: &Part, cutoffs: &Cutoffs, seasons: &Seasons, lane: usize, gas: bool) {
        let (month, shape) = (&mut self.months[lane], &part.frame.shape);
        month.cut.clear();
        for k in (0..part.frame.seller.len()).filter(|_| gas) {
            let withheld = cutoffs.withheld(k, lane);
            if withheld > 0.0 {
                let (firm, free) = (month.intact[shape.firm(k)], month.intact[shape.free(k)]);
                let left = ((firm + free) as f64 * (1.0 - withheld)).max(0.0) as i64;
                month.cut.push((shape.firm(k), left.min(firm)));
                month.cut.push((shape.free(k), (left - firm).max(0)));
            }
        }
        month.home_first.clear();
        month.home_first.extend((0..e.state_keys.len()).map(|s| seasons.home_first[s * LANES + lane]));
        month.home_first.push(false);
    }

    /// Writes what the edges can and do carry.
    #[inline(always)]
    #[allow(clippy::too_many_arguments)]
    fn edges(e: &Energy, at: usize, part: &Part, step: &mut Step<'_>, flows: &Flows<'_>, t: usize, outages: &Outages, days: u32) {
        let ports = &part.ports;
        for (c, line) in e.lines.of_edge[at].iter().enumerate() {
            let exists = if part.frame.valid.at(t)[c] > 0.0 { 1.0 } else { 0.0 };
            let mut available = [exists; LANES];
            if outages.any(*line) {
                for (lane, share) in available.iter_mut().enumerate() {
                    let up = days - outages.days_out(*line, lane)[1].min(days);
                    *share = exists * f64::from(up) / f64::from(days);
                }
            }
            step.set_row(&ports.available, c, available);
            let arc = part.frame.shape.edge(c);
            step.set_row(&ports.flow, c, flows.map(|flow| to_volume(flow[arc])));
        }
    }

    /// Writes what homes lack, and adds up their demand and service by state.
    #[inline(always)]
    fn homes(&mut self, part: &Part, step: &mut Step<'_>, flows: &Flows<'_>) {
        self.demand.fill(0.0);
        self.served.fill(0.0);
        for (n, state) in part.frame.state_of.iter().enumerate() {
            let arc = part.frame.shape.home(n);
            let demand: [i64; LANES] = std::array::from_fn(|lane| self.months[lane].intact[arc]);
            let served = flows.map(|flow| flow[arc]);
            step.set_row(&part.ports.domestic_unmet, n, std::array::from_fn(|lane| to_volume(demand[lane] - served[lane])));
            if let Some(s) = state {
                add(&mut self.demand, *s, demand);
                add(&mut self.served, *s, served);
            }
        }
    }

    /// Writes what contracts get and why they lack the rest, and adds up demand and service of the buyers that are states.
    #[inline(always)]
    fn deals(&mut self, part: &Part, step: &mut Step<'_>, flows: &[Flows<'_>; 4]) {
        let (shape, ports, frame) = (&part.frame.shape, &part.ports, &part.frame);
        // one optimum holds from the first stage to the last
        let calm = (0..LANES).all(|lane| flows.iter().all(|stage| std::ptr::eq(stage[lane], flows[0][lane])));
        for k in 0..frame.seller.len() {
            let nominated: [i64; LANES] = std::array::from_fn(|lane| {
                let intact = &self.months[lane].intact;
                intact[shape.firm(k)] + intact[shape.free(k)]
            });
            let at_last = flows[3].map(|flow| shape.delivered(flow, k));
            let delivered = if calm { [at_last; 4] } else { flows.map(|stage| stage.map(|flow| shape.delivered(flow, k))) };
            step.set_row(&ports.nominated, k, nominated.map(to_volume));
            step.set_row(&ports.delivered, k, at_last.map(to_volume));
            let share = |lane| if nominated[lane] > 0 { at_last[lane] as f64 / nominated[lane] as f64 } else { 1.0 };
            step.set_row(&ports.delivered_share, k, std::array::from_fn(share));
            let less = |more: [i64; LANES], less: [i64; LANES]| -> [f64; LANES] { std::array::from_fn(|lane| to_volume(more[lane] - less[lane])) };
            step.set_row(&ports.unmet, k, less(nominated, at_last));
            let [intact, technical, attacked, decided] = delivered;
            for (port, (more, fewer)) in
                ports.causes.iter().zip([(intact, technical), (technical, attacked), (attacked, decided), (nominated, intact)])
            {
                step.set_row(port, k, less(more, fewer));
            }
            if let Some(s) = frame.buyer[k] {
                add(&mut self.demand, s, nominated);
                add(&mut self.served, s, at_last);
            }
        }
    }
}

/// Adds volumes to a row of `[entity][lane]`.
#[inline(always)]
fn add(column: &mut [f64], at: usize, units: [i64; LANES]) {
    for (sum, units) in column[at * LANES..][..LANES].iter_mut().zip(units) {
        *sum += to_volume(units);
    }
}

impl Accounts {
    /// Prices, revenue, rents, dependence and service of the month; then the month's oil price becomes the past.
    pub fn settle(&mut self, e: &Energy, step: &mut Step<'_>) {
        settled(self, e, step);
        if !self.fresh {
            self.oil.rotate_left(1);
            self.oil[LAG_MONTHS - 1] = cells(step.slice(&e.oil_price), 0);
        }
        self.fresh = false;
    }

    #[inline(always)]
    fn prices_and_revenue(&mut self, e: &Energy, step: &mut Step<'_>) {
        step.fill(&e.revenue, 0.0);
        let [spot, netback] = [&e.oil_price, &e.netback].map(|p| cells(step.slice(p), 0));
        let [oil_slope, netback_slope] = [&e.oil_slope, &e.netback_slope].map(|p| cells(step.slice(p), 0));
        let past = lanes!(|l| self.oil.iter().map(|month| month[l]).sum::<f64>() / LAG_MONTHS as f64);
        let [oil_then, netback_then] = self.origin;
        for (at, (book, part)) in self.books.iter_mut().zip(&e.parts).enumerate() {
            let oil = if part.commodity.lagged { past } else { spot };
            for (k, follows) in part.frame.follows.iter().enumerate() {
                let base = cells(step.slice(&part.ports.price), k);
                let price = match follows {
                    Follows::Oil => lanes!(|l| indexed_price(base[l], oil[l], oil_then[l], oil_slope[l])),
                    Follows::Russia => lanes!(|l| indexed_price(base[l], netback[l], netback_then[l], netback_slope[l])),
                    Follows::Nothing => base,
                };
                if let Some(gas) = e.gas.as_ref().filter(|g| g.part == at) {
                    step.set_row(&gas.price, k, price);
                }
                let net = book.earn(part, step, k, &price, self.fresh);
                if let Some(s) = part.frame.seller[k] {
                    let sum = cells(step.slice(&e.revenue), s);
                    step.set_row(&e.revenue, s, lanes!(|l| sum[l] + net[l]));
                }
            }
        }
    }

    /// Rents over GDP and dependence on the largest buyer, from the yearly books.
    #[inline(always)]
    fn yearly(&mut self, e: &Energy, step: &mut Step<'_>) {
        for s in 0..e.state_keys.len() {
            self.by_buyer.fill([0.0; LANES]);
            let mut rent = [0.0; LANES];
            for (book, part) in self.books.iter().zip(&e.parts) {
                for (k, _) in part.frame.seller.iter().enumerate().filter(|(_, seller)| **seller == Some(s)) {
                    rows::add(&mut rent, &cells(&book.rent, k));
                    rows::add(&mut self.by_buyer[part.frame.buyer_name[k]], &cells(&book.revenue, k));
                }
            }
            let (now, origin) = (cells(step.slice(&e.gdp), s), e.gdp_at_origin[s]);
            let gdp = lanes!(|l| if now[l] > 0.0 { now[l] } else { origin });
            step.set_row(&e.rents, s, lanes!(|l| if gdp[l] > 0.0 { rent[l] / gdp[l] } else { 0.0 }));
            step.set_row(&e.dependence, s, largest_share(&self.by_buyer));
        }
    }

    /// Mean of the served shares of gas and electricity, weighted by their place in heat and light; what nobody demands has no weight.
    #[inline(always)]
    fn service(&mut self, e: &Energy, step: &mut Step<'_>) {
        for s in 0..e.state_keys.len() {
            let of_gas = cells(step.slice(&e.gas_in_service), s).map(|share| share.clamp(0.0, 1.0));
            let (mut weights, mut sum) = ([0.0; LANES], [0.0; LANES]);
            for (book, part) in self.books.iter().zip(&e.parts).filter(|(_, p)| p.commodity.heats) {
                let (demand, served) = (cells(&book.demand, s), cells(&book.served, s));
                for l in 0..LANES {
                    let weight = if part.commodity.water { 1.0 - of_gas[l] } else { of_gas[l] };
                    if demand[l] > 0.0 {
                        weights[l] += weight;
                        sum[l] += weight * (served[l] / demand[l]).min(1.0);
                    }
                }
            }
            step.set_row(&e.service, s, lanes!(|l| if weights[l] > 0.0 { (sum[l] / weights[l]).clamp(0.0, 1.0) } else { 1.0 }));
        }
    }
}

impl Book {
    /// What the seller of a contract nets this month; also moves the yearly books, which start from the first year as planned.
    #[inline(always)]
    fn earn(&mut self, part: &Part, step: &Step<'_>, k: usize, price: &Row, fresh: bool) -> Row {
        let cost = cells(step.slice(&part.ports.production_cost), 0);
        let (delivered, floor) = (cells(step.slice(&part.ports.delivered), k), cells(step.slice(&part.ports.take_or_pay), k));
        let (tariff, ramp, asked) = (cells(&self.tariff, k), cells(&self.ramp, k), cells(&self.asked, k));
        let margin = lanes!(|l| (price[l] - tariff[l]).max(0.0));
        let due = lanes!(|l| take_or_pay_due(ramp[l], floor[l], asked[l], price[l]));
        let net = lanes!(|l| delivered[l] * margin[l] + due[l]);
        let (revenue, rent) = (cells_mut(&mut self.revenue, k), cells_mut(&mut self.rent, k));
        if fresh {
            let months = step.world().months().min(12);
            let year: f64 = (0..months).map(|t| part.frame.nominated.at(t)[k]).sum::<f64>() / months.max(1) as f64;
            *revenue = lanes!(|l| year * margin[l]);
            *rent = lanes!(|l| year * (margin[l] - cost[l]).max(0.0));
        } else {
            *revenue = lanes!(|l| approach(revenue[l], 12.0 * net[l], 12.0));
            *rent = lanes!(|l| approach(rent[l], 12.0 * (delivered[l] * (margin[l] - cost[l]).max(0.0) + due[l]), 12.0));
        }
        net
    }
}

dispatch! {
    /// What buyers ask, in all lanes.
    fn asked(book: &mut Book, part: &Part, step: &Step<'_>, t: usize) {
        let [nomination, offtake, take_or_pay] =
            [step.slice(&part.ports.nomination), step.slice(&part.ports.offtake), step.slice(&part.ports.take_or_pay)];
        for (k, ramp) in part.frame.nominated.at(t).iter().enumerate() {
            let ramp = (ramp / 12.0).max(0.0);
            let (shift, offtake, floor) = (cells(nomination, k), cells(offtake, k), cells(take_or_pay, k));
            let factor = if shift == [0.0; LANES] { [1.0; LANES] } else { lanes!(|l| exp(shift[l])) };
            let asked = lanes!(|l| ramp * (offtake[l] * factor[l]).max(0.0));
            *cells_mut(&mut book.ramp, k) = [ramp; LANES];
            *cells_mut(&mut book.asked, k) = asked;
            *cells_mut(&mut book.firm, k) = lanes!(|l| (ramp * floor[l]).max(0.0).min(asked[l]));
        }
    }
}

dispatch! {
    fn bounds(book: &mut Book, e: &Energy, part: &Part, step: &Step<'_>, t: usize, seasons: &Seasons) {
        book.bounds(e, part, step, t, seasons);
    }
}

dispatch! {
    /// Writes what the flows of the four stages are worth in volumes.
    #[allow(clippy::too_many_arguments)]
    fn write(book: &mut Book, e: &Energy, at: usize, step: &mut Step<'_>, flows: &[Flows<'_>; 4], t: usize, outages: &Outages, days: u32) {
        let part = &e.parts[at];
        Book::edges(e, at, part, step, &flows[3], t, outages, days);
        book.homes(part, step, &flows[3]);
        book.deals(part, step, flows);
    }
}

dispatch! {
    fn settled(accounts: &mut Accounts, e: &Energy, step: &mut Step<'_>) {
        accounts.prices_and_revenue(e, step);
        accounts.yearly(e, step);
        accounts.service(e, step);
    }
}
