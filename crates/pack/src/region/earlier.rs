//! The region as it could be started at an earlier month: series cut there, values at the origin and stated parameters found anew.

use std::collections::{BTreeMap, BTreeSet};

use oxus_math::ln_1p;
use oxus_random::Distribution;
use oxus_units::Month;

use super::{AtOrigin, Number, Observation, Parameter, Reestimate, Region, Statistic};

/// A region started earlier, and what could not be known of it.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The region; it holds no observation of a period that ends after its origin.
    pub region: Region,
    /// Values that no observation gives, taken as the mean of the other entities' at the origin: `finance.debt_start/KAZ`.
    pub borrowed: Vec<String>,
    /// Values that nothing gives: the region cannot be started there.
    pub missing: Vec<String>,
    /// Parameters found anew from the cut series.
    pub anew: BTreeSet<String>,
    /// Parameters whose stated data reach beyond the origin and that are used as they are.
    pub later: Vec<String>,
}

impl Region {
    /// The region started after `origin`, up to and with `last`.
    ///
    /// Every series is cut at the origin. Values at the origin are the cut series' last ones. Parameters that `backtest.toml` names are estimated anew.
    /// Sites, edges and contracts that came later are left out, nominated volumes stay at what they were. All other numbers are the pack's own; [`Earlier::later`] lists those estimated on later data.
    #[must_use]
    pub fn earlier(&self, origin: Month, last: Month) -> Earlier {
        let mut region = self.clone();
        region.identity.origin = origin;
        region.identity.last = last;
        region.identity.defaults.horizons.retain(|h| *h > origin && *h <= last);
        for series in region.series.values_mut() {
            for list in series.values.values_mut() {
                list.retain(|seen| seen.period.last() <= origin);
            }
            series.values.retain(|_, list| !list.is_empty());
        }
        region.without_what_came_later(origin);
        let mut earlier = Earlier { region, borrowed: Vec::new(), missing: Vec::new(), anew: BTreeSet::new(), later: Vec::new() };
        earlier.grow(self);
        for (id, parameter) in &self.parameters {
            let found = earlier.parameter(self, parameter);
            earlier.region.parameters.insert(id.clone(), found);
        }
        earlier
    }
}

impl Region {
    /// Sites and edges that opened later never open; contracts hold the volumes nominated up to the origin.
    fn without_what_came_later(&mut self, origin: Month) {
        let later = |from: Option<Month>| from.is_some_and(|from| from > origin);
        for site in self.sites.values_mut().filter(|s| later(s.valid_from)) {
            site.valid_to = Some(origin);
        }
        for network in self.networks.values_mut() {
            for edge in network.edges.values_mut().filter(|e| later(e.valid_from)) {
                edge.valid_to = Some(origin);
            }
            for contract in network.contracts.values_mut() {
                let known = contract.nominated.iter().any(|(year, _)| i32::from(*year) <= origin.year());
                if later(contract.valid_from) || !known {
                    contract.valid_to = Some(origin);
                } else {
                    contract.nominated.retain(|year, _| i32::from(*year) <= origin.year());
                }
            }
        }
    }
}

impl Earlier {
    /// Output of a state over the pack's own; 1 where the series does not say.
    fn growth(&self, whole: &Region, state: &str) -> Option<f64> {
        let name = whole.restart.output.as_ref()?;
        let then = self.region.series.get(&name.id)?.values.get(state)?.last()?.value;
        let now = whole.states.get(state)?.gdp_usd_bn.filter(|x| *x > 0.0)?;
        Some(then / now)
    }

    /// States' output and the base of trade, at the sizes of the origin.
    fn grow(&mut self, whole: &Region) {
        let ratios: BTreeMap<String, f64> = whole.states.keys().filter_map(|s| Some((s.clone(), self.growth(whole, s)?))).collect();
        for (id, ratio) in &ratios {
            if let Some(output) = self.region.states.get_mut(id).and_then(|s| s.gdp_usd_bn.as_mut()) {
                *output *= ratio;
            }
        }
        let Some(trade) = &whole.trade else { return };
        // economies without a series grow as those with one together
        let (mut then, mut now) = (0.0, 0.0);
        for (id, ratio) in &ratios {
            let output = whole.states[id].gdp_usd_bn.unwrap_or(0.0);
            then += ratio * output;
            now += output;
        }
        let rest = if now > 0.0 { then / now } else { 1.0 };
        let ratio = |economy: &str| ratios.get(economy).copied().unwrap_or(rest);
        let values: Vec<f64> = trade.flows.iter().map(|f| f.value * (ratio(&f.exporter.id) * ratio(&f.importer.id)).sqrt()).collect();
        let pair = |a: &str, b: &str| -> f64 {
            let flows = trade.flows.iter().zip(&values);
            let both = flows.filter(|(f, _)| (f.exporter.id == a && f.importer.id == b) || (f.exporter.id == b && f.importer.id == a));
            both.map(|(_, v)| v).sum()
        };
        let factor = |a: &str, b: &str| -> f64 {
            let known = |partner: &str, state: &str| -> Option<f64> {
                let name = whole.restart.trade.get(partner)?;
                let seen = self.region.series.get(&name.id)?.values.get(state)?.last()?.value;
                let base = pair(partner, state);
                (base > 0.0).then(|| seen / base)
            };
            known(a, b).or_else(|| known(b, a)).unwrap_or(1.0)
        };
        let mut flows = trade.flows.clone();
        for (flow, value) in flows.iter_mut().zip(&values) {
            flow.value = if flow.exporter.id == flow.importer.id { *value } else { value * factor(&flow.exporter.id, &flow.importer.id) };
        }
        // sales at home are what exports leave of output, at least a tenth of it
        for economy in trade.economies.keys() {
            let output: f64 = trade.flows.iter().filter(|f| f.exporter.id == *economy).map(|f| f.value).sum::<f64>() * ratio(economy);
            let sold: f64 = flows.iter().filter(|f| f.exporter.id == *economy && f.importer.id != *economy).map(|f| f.value).sum();
            if let Some(home) = flows.iter_mut().find(|f| f.exporter.id == *economy && f.importer.id == *economy) {
                home.value = (output - sold).max(0.1 * output);
            }
        }
        let flow =
            |list: &[super::TradeFlow], a: &str, b: &str| list.iter().find(|f| f.exporter.id == a && f.importer.id == b).map_or(0.0, |f| f.value);
        let mut passed = trade.re_exports.clone();
        for row in &mut passed {
            let (before, after) = (flow(&trade.flows, &row.origin.id, &row.hub.id), flow(&flows, &row.origin.id, &row.hub.id));
            row.value *= if before > 0.0 { after / before } else { 0.0 };
        }
        if let Some(trade) = &mut self.region.trade {
            (trade.flows, trade.re_exports) = (flows, passed);
        }
    }

    fn parameter(&mut self, whole: &Region, parameter: &Parameter) -> Parameter {
        let mut found = parameter.clone();
        for (key, at) in &parameter.at_origin {
            self.at_origin(whole, &mut found, key, at);
        }
        let mut done = BTreeSet::new();
        if let Some(rule) = whole.restart.parameters.get(&parameter.id).filter(|rule| rule.statistic != Statistic::Stated) {
            done = self.reestimate(whole, &mut found, rule);
        }
        if !done.is_empty() {
            self.anew.insert(parameter.id.clone());
        }
        let origin = self.region.identity.origin;
        let reaches = |number: &Number| {
            let years = number.evidence.from.as_ref().and_then(|from| from.years.as_deref());
            years.and_then(|y| oxus_units::Period::parse(y).ok()).is_some_and(|p| p.last() > origin)
        };
        let read_again = |number: &Number| parameter.at_origin.values().any(|at| at.span == number.span);
        let own = parameter.entities.iter().map(|(entity, number)| (entity.as_str(), number)).chain(parameter.default.iter().map(|n| ("", n)));
        if own.filter(|(entity, number)| !done.contains(*entity) && !read_again(number)).any(|(_, number)| reaches(number)) {
            self.later.push(parameter.id.clone());
        }
        found
    }

    /// Values that come from a series at the origin, read again; an entity's own number stays.
    fn at_origin(&mut self, whole: &Region, found: &mut Parameter, key: &str, at: &AtOrigin) {
        let series = self.region.series.get(&at.series.id);
        let last = |entity: &str| series.and_then(|s| s.values.get(entity)).and_then(|list| list.last()).map(|seen| seen.value);
        let known: Vec<f64> = series.iter().flat_map(|s| s.values.values()).filter_map(|list| list.last()).map(|seen| seen.value).collect();
        let others = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        let stated = whole.restart.parameters.get(&found.id).filter(|r| r.statistic == Statistic::Stated).map(|r| r.value);
        let own: Vec<String> = if key.is_empty() {
            found.entities.iter().filter(|(_, number)| number.span == at.span).map(|(entity, _)| entity.clone()).collect()
        } else {
            vec![key.to_owned()]
        };
        let id = found.id.clone();
        for entity in own {
            let of = at.entity.as_ref().map_or(entity.as_str(), |name| name.id.as_str());
            let name = format!("{id}/{entity}");
            let value = match (last(of), stated, others) {
                (Some(value), ..) => at.scale * value,
                (None, Some(value), _) => value,
                (None, None, Some(mean)) => {
                    self.borrowed.push(name);
                    at.scale * mean
                }
                (None, None, None) => {
                    self.missing.push(name);
                    continue;
                }
            };
            let value = if at.sd > 0.0 { Distribution::Normal { mean: value, sd: at.sd } } else { Distribution::Fixed(value) };
            let targets = [found.entities.get_mut(&entity), found.default.as_mut().filter(|n| key.is_empty() && n.span == at.span)];
            for number in targets.into_iter().flatten() {
                number.value = value.clone();
            }
        }
    }

    /// Estimates a parameter anew; the entities for which that was possible, the empty string for its default.
    fn reestimate(&self, whole: &Region, found: &mut Parameter, rule: &Reestimate) -> BTreeSet<String> {
        let mut done = BTreeSet::new();
        let entities: Vec<String> = match &rule.series {
            _ if rule.statistic == Statistic::Share => found.entities.keys().cloned().collect(),
            Some(name) => self.region.series.get(&name.id).map(|s| s.values.keys().cloned().collect()).unwrap_or_default(),
            None => Vec::new(),
        };
        let unnamed = found.entities.is_empty() && entities.len() == 1;
        for entity in entities {
            let before = found.entities.get(&entity).or(found.default.as_ref()).cloned();
            let Some(mut number) = before else { continue };
            let value = if rule.statistic == Statistic::Share {
                let state = entity.rsplit('.').next().unwrap_or(&entity);
                self.growth(whole, state).map(|ratio| scaled(&number.value, ratio))
            } else {
                let list = rule.series.as_ref().and_then(|name| self.region.series.get(&name.id)).and_then(|s| s.values.get(&entity));
                list.and_then(|list| rule.of(list))
            };
            let Some(value) = value else { continue };
            number.value = value;
            done.insert(if unnamed { String::new() } else { entity.clone() });
            if unnamed {
                found.default = Some(number);
            } else {
                found.entities.insert(entity, number);
            }
        }
        done
    }
}

impl Reestimate {
    /// The distribution that the last observations give; `None` where they are too few.
    fn of(&self, list: &[Observation]) -> Option<Distribution> {
        let recent: Vec<f64> = list[list.len().saturating_sub(self.years as usize)..].iter().map(|seen| seen.value).collect();
        let last = *recent.last()?;
        let values: Vec<f64> = if matches!(self.statistic, Statistic::LogRate | Statistic::LogDeviation) {
            recent.iter().map(|x| ln_1p((x / 100.0).max(-0.99))).collect()
        } else {
            recent
        };
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0).max(1.0);
        let (centre, spread) = match self.statistic {
            Statistic::Last => (last, 0.0),
            Statistic::PositiveMean => {
                let median = self.scale * mean.max(0.5 / n);
                return Some(Distribution::LogNormal { median, sigma: self.error.max(1e-6) });
            }
            _ if values.len() < 3 => return None,
            Statistic::Mean | Statistic::LogRate => (mean, (variance / n).sqrt()),
            Statistic::Deviation | Statistic::LogDeviation => (variance.sqrt(), (variance / (2.0 * (n - 1.0))).sqrt()),
            Statistic::Share | Statistic::Stated => return None,
        };
        let (centre, spread) = (self.scale * centre, self.scale.abs() * self.error * spread);
        Some(match self.statistic {
            // a deviation is positive: its error is taken on the logarithm
            Statistic::Deviation | Statistic::LogDeviation if spread > 0.0 => Distribution::LogNormal { median: centre, sigma: spread / centre },
            _ if spread > 0.0 => Distribution::Normal { mean: centre, sd: spread },
            _ => Distribution::Fixed(centre),
        })
    }
}

/// A distribution of a positive amount, multiplied.
fn scaled(value: &Distribution, factor: f64) -> Distribution {
    match value {
        Distribution::LogNormal { median, sigma } => Distribution::LogNormal { median: median * factor, sigma: *sigma },
        Distribution::Normal { mean, sd } => Distribution::Normal { mean: mean * factor, sd: sd * factor },
        Distribution::Uniform { low, high } => Distribution::Uniform { low: low * factor, high: high * factor },
        Distribution::Triangular { low, mode, high } => Distribution::Triangular { low: low * factor, mode: mode * factor, high: high * factor },
        other => Distribution::Fixed(other.mean() * factor),
    }
}
