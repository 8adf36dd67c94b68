//! What was measured, as loops and shares: the same for the table, JSON and DOT.

use oxus_analysis::loops::{self as graphs, grows_without_turning, spectral_radius};
use oxus_kernel::{LANES, Model};
use oxus_pack::region::Region;
use serde::Serialize;

use super::measure::{Drawn, Estimate, Measured, Response};
use super::ways::Ways;
use super::{PULSE, Settings, WARM, WINDOW};

/// Candidates looked at for each loop that is reported: the search ranks by typical gains, the report by draws.
const CANDIDATES: usize = 50;

/// A node.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// Modifier.
    pub modifier: String,
    /// Axis.
    pub axis: String,
    /// Entities that links reach, all of the axis if as many.
    pub entities: Vec<String>,
}

/// One half-round pair of a loop: through mechanisms to the source of a link, and through the link.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Node it starts from.
    pub from: String,
    /// Mechanisms it passes, in order.
    pub inside: Vec<String>,
    /// Source of the link.
    pub source: String,
    /// Deviations of the source per deviation of the node; mean over all draws.
    pub inside_gain: f64,
    /// Mean delay to the source, months.
    pub inside_delay: f64,
    /// Link.
    pub link: String,
    /// Claims the link stands for.
    pub claims: Vec<String>,
    /// Deviations of the next node per deviation of the source; mean over the draws in which the link exists.
    pub link_gain: f64,
    /// Mean delay of the link, months, the month it reads included.
    pub link_delay: f64,
    /// Node it reaches.
    pub to: String,
}

/// A loop.
#[derive(Clone, Debug, Serialize)]
pub struct Loop {
    /// Whether it adds to a deviation that goes round (else it takes from it).
    pub reinforcing: bool,
    /// Gain of a round; mean over the draws in which all its links exist.
    pub gain: f64,
    /// 10 % and 90 % of those draws.
    pub spread: (f64, f64),
    /// Share of the draws in which all its links exist.
    pub exists: f64,
    /// Of those, the share with the sign of the mean.
    pub sign_agreement: f64,
    /// Mean delay of a round, months.
    pub delay: f64,
    /// Its steps in order.
    pub steps: Vec<Step>,
}

/// Whether rounds make deviations grow.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Stability {
    /// Spectral radius of the loop gain: median over draws.
    pub median: f64,
    /// 90 % of the draws are below.
    pub high: f64,
    /// The largest.
    pub largest: f64,
    /// Share of draws with a radius above 1.
    pub unstable: f64,
    /// The same counting only responses whose 95 % interval over the replicates leaves out 0.
    pub unstable_beyond_noise: f64,
    /// Share of draws that grow without turning round.
    pub turning: f64,
}

/// The answer of `oxus loops`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Parameter vectors.
    pub draws: usize,
    /// Replicates of chance for each.
    pub replicates: usize,
    /// Futures that failed and left their draw.
    pub lost: usize,
    /// Seed.
    pub seed: u64,
    /// Months over which a response is summed.
    pub window: usize,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Links that join something.
    pub links: usize,
    /// Stability of the draws.
    pub stability: Stability,
    /// The strongest loops.
    pub loops: Vec<Loop>,
    /// Long-run gain of one round, `[to][from]`, mean over draws.
    pub gains: Vec<Vec<f64>>,
}

/// A measured response between a node and a link, over draws.
struct Edge {
    node: usize,
    link: usize,
    /// Gain of each draw: response times strength.
    gains: Vec<f64>,
}

pub(super) fn report(region: &Region, model: &Model, settings: &Settings, measured: &Measured) -> Report {
    let (graph, draws) = (&measured.graph, &measured.draws);
    let (nodes, links) = (graph.nodes.len(), graph.links.len());
    let at = |d: &Drawn, node: usize, link: usize, of: fn(Estimate) -> f64| d.strengths[link] * of(d.responses[node * links + link].link);
    let matrix = |d: &Drawn, of: fn(Estimate) -> f64| {
        let mut g = vec![0.0; nodes * nodes];
        for link in 0..links {
            (0..nodes).for_each(|node| g[graph.writes[link] * nodes + node] += at(d, node, link, of));
        }
        g
    };
    let whole: Vec<Vec<f64>> = draws.iter().map(|d| matrix(d, |e| e.mean)).collect();
    let sure: Vec<Vec<f64>> = draws.iter().map(|d| matrix(d, Estimate::beyond_noise)).collect();
    let pairs = (0..nodes).flat_map(|node| (0..links).map(move |link| (node, link)));
    let edges: Vec<Edge> =
        pairs.map(|(node, link)| Edge { node, link, gains: draws.iter().map(|d| at(d, node, link, |e| e.mean)).collect() }).collect();
    let gains = (0..nodes).map(|i| (0..nodes).map(|j| mean(whole.iter().map(|g| g[i * nodes + j]))).collect()).collect();
    let telling = Telling { region, model, measured, ways: Ways::of(model), edges: &edges };
    Report {
        draws: draws.len(),
        replicates: LANES,
        lost: measured.lost.len(),
        seed: settings.seed,
        window: measured.months.min(WINDOW) - WARM,
        nodes: (0..nodes).map(|n| telling.node(n)).collect(),
        links,
        stability: stability(&whole, &sure, nodes),
        loops: telling.loops(settings),
        gains,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut n, mut sum) = (0.0_f64, 0.0);
    for x in values {
        n += 1.0;
        sum += x;
    }
    if n > 0.0 { sum / n } else { 0.0 }
}

/// A quantile of sorted numbers by the nearest rank; NaN of none.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((p * last).round() as usize).copied().unwrap_or(f64::NAN)
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

fn stability(whole: &[Vec<f64>], sure: &[Vec<f64>], nodes: usize) -> Stability {
    let share = |n: usize| if whole.is_empty() { 0.0 } else { n as f64 / whole.len() as f64 };
    // a radius that is not a number is no sign of stability
    let above = |radii: &[f64]| radii.iter().filter(|r| r.is_nan() || **r > 1.0).count();
    let radii = sorted(whole.iter().map(|g| spectral_radius(g, nodes)).collect());
    let sure: Vec<f64> = sure.iter().map(|g| spectral_radius(g, nodes)).collect();
    Stability {
        median: quantile(&radii, 0.5),
        high: quantile(&radii, 0.9),
        largest: quantile(&radii, 1.0),
        unstable: share(above(&radii)),
        unstable_beyond_noise: share(above(&sure)),
        turning: share(whole.iter().filter(|g| grows_without_turning(g, nodes)).count()),
    }
}

struct Telling<'a> {
    region: &'a Region,
    model: &'a Model,
    measured: &'a Measured,
    ways: Ways<'a>,
    edges: &'a [Edge],
}

impl Telling<'_> {
    fn node(&self, at: usize) -> Node {
        let cells = &self.measured.graph.nodes[at];
        let axis = self.model.axis_of(cells.modifier);
        Node {
            modifier: self.model.spec(cells.modifier).name.to_owned(),
            axis: axis.name.clone(),
            entities: cells.entities.iter().map(|&e| axis.entities[e as usize].clone()).collect(),
        }
    }

    fn loops(&self, settings: &Settings) -> Vec<Loop> {
        let graph = &self.measured.graph;
        let typical = |e: &Edge| mean(e.gains.iter().map(|g| g * g)).sqrt();
        let steps: Vec<graphs::Step> = self.edges.iter().map(|e| graphs::Step { from: e.node, to: graph.writes[e.link], gain: typical(e) }).collect();
        let candidates = graphs::strongest(graph.nodes.len(), &steps, settings.longest, settings.most * CANDIDATES);
        let mut loops: Vec<(f64, Loop)> = candidates.iter().filter_map(|path| self.told(path)).collect();
        loops.sort_by(|a, b| b.0.total_cmp(&a.0));
        loops.into_iter().take(settings.most).map(|(_, told)| told).collect()
    }

    /// The loop with its mean strength over all draws, by which it is ranked.
    fn told(&self, path: &[usize]) -> Option<(f64, Loop)> {
        let draws = self.measured.draws.len();
        let product = |d: usize| path.iter().map(|&i| self.edges[i].gains[d]).product::<f64>();
        let exists = |d: &usize| path.iter().all(|&i| self.measured.draws[*d].strengths[self.edges[i].link] != 0.0);
        let there: Vec<f64> = (0..draws).filter(exists).map(product).collect();
        let gain = mean(there.iter().copied());
        if there.is_empty() || gain == 0.0 {
            return None;
        }
        let strength = there.iter().map(|x| x.abs()).sum::<f64>() / draws as f64;
        let same = there.iter().filter(|x| **x != 0.0 && x.is_sign_positive() == gain.is_sign_positive()).count();
        let (share, agreement) = (there.len() as f64 / draws as f64, same as f64 / there.len() as f64);
        let ranked = sorted(there);
        let steps: Vec<Step> = path.iter().map(|&i| self.step(&self.edges[i])).collect();
        let told = Loop {
            reinforcing: gain > 0.0,
            gain,
            spread: (quantile(&ranked, 0.1), quantile(&ranked, 0.9)),
            exists: share,
            sign_agreement: agreement,
            delay: steps.iter().map(|s| s.inside_delay + s.link_delay).sum(),
            steps,
        };
        Some((strength, told))
    }

    fn step(&self, edge: &Edge) -> Step {
        let (graph, draws) = (&self.measured.graph, &self.measured.draws);
        let link = &self.model.links()[graph.links[edge.link]];
        let of = |f: fn(&Response) -> f64| mean(draws.iter().map(|d| f(&d.responses[edge.node * graph.links.len() + edge.link])));
        let (source, through) = (of(|r| r.source.mean), of(|r| r.link.mean));
        let inside_delay = delay(of(|r| r.source_moment), source, self.measured.months);
        let whole = delay(of(|r| r.link_moment), through, self.measured.months);
        let strengths = draws.iter().map(|d| d.strengths[edge.link]).filter(|s| *s != 0.0);
        let target = graph.nodes[graph.writes[edge.link]].modifier;
        let name = |variable: usize| self.model.spec(variable).name.to_owned();
        let from = graph.nodes[edge.node].modifier;
        let claims = self
            .region
            .links
            .get(&link.id)
            .map_or_else(Vec::new, |l| l.claims.iter().chain(l.contested.values().flat_map(|c| &c.claims)).map(|c| c.id.clone()).collect());
        Step {
            from: name(from),
            inside: self.ways.between(self.model.owner(from).0, self.model.owner(link.from).0).into_iter().map(str::to_owned).collect(),
            source: name(link.from),
            inside_gain: source,
            inside_delay,
            link: link.id.clone(),
            claims,
            link_gain: mean(strengths) * if source == 0.0 { 0.0 } else { through / source },
            link_delay: (whole - inside_delay).max(0.0),
            to: name(target),
        }
    }
}

/// Mean delay of a response, at least none and at most the window: with parts of both signs the first moment can lie outside.
fn delay(moment: f64, total: f64, months: usize) -> f64 {
    let longest = (months - WARM) as f64 - 0.5 * PULSE as f64;
    if total == 0.0 { 0.0 } else { (moment / total).clamp(0.0, longest) }
}
