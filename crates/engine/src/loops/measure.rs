//! Pulses up and down on every node in the same futures, and what the sources of links make of them.

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::{Block, Intervention, LANES, Link, Model, Op, Patch, PhiloxNoise, Reference, Schedule, Shape, Target};
use oxus_random::Key;
use rayon::prelude::*;

use super::graph::Graph;
use super::{PULSE, SIZE, Settings, WARM, one};
use crate::ensemble::{Lost, Watch};

/// Student's t with 7 degrees of freedom, 97.5 %: eight replicates decide what is beyond noise.
const T_SEVEN: f64 = 2.365;

/// The mean over the replicates of a draw, with its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Standard error; 0 when every replicate gives the same.
    pub error: f64,
}

impl Estimate {
    /// The mean, or 0 where its 95 % interval holds 0.
    pub fn beyond_noise(self) -> f64 {
        if self.mean.abs() > T_SEVEN * self.error { self.mean } else { 0.0 }
    }
}

/// What one node does to the source of one link, in one draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Response {
    /// Deviations of the source (in the link's scale) per deviation of the node, long run over long run.
    pub source: Estimate,
    /// First moment of the source's response, months times deviations.
    pub source_moment: f64,
    /// The same after the link's delay, trend and slope, for a strength of one.
    pub link: Estimate,
    /// First moment of that.
    pub link_moment: f64,
}

/// One draw.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Strengths of the active links in typical deviations of their targets; 0 where the draw says that the link does not exist.
    pub strengths: Vec<f64>,
    /// `[node][link]`.
    pub responses: Vec<Response>,
}

/// All draws.
pub struct Measured {
    pub(super) graph: Graph,
    /// Draws of which some replicate came through, in order.
    pub draws: Vec<Drawn>,
    /// Draws simulated; fewer than asked for after an interruption.
    pub simulated: u32,
    /// Futures that failed under some pulse; they leave the draw.
    pub lost: Vec<Lost>,
    /// Months simulated.
    pub months: usize,
}

impl Measured {
    /// Futures asked for.
    pub fn futures(&self) -> usize {
        self.simulated as usize * LANES
    }
}

/// Measures the responses of a model; `load` gives a block the parameters of a draw and returns the strengths of all links.
///
/// # Errors
/// `E002` no draws, or fewer simulated months than warming up, the pulse and a year after it.
pub fn measure(
    model: &Model,
    settings: &Settings,
    load: &(dyn Fn(&mut Block<'_>, u32) -> Vec<f64> + Sync),
    watch: &dyn Watch,
) -> Result<Measured, Diagnostics> {
    let months = model.world().months();
    if settings.draws == 0 {
        return Err(one(Diagnostic::error(codes::E002, "no draws: nothing is measured").expected("at least one draw, which is eight futures")));
    }
    if months < WARM + PULSE + 12 {
        let text = format!("{months} months are too few to see feedback");
        return Err(one(Diagnostic::error(codes::E002, text).expected(format!("at least {}", WARM + PULSE + 12))));
    }
    let graph = Graph::of(model);
    let pulses = graph.nodes.iter().map(|node| pulse(model, node)).collect::<Result<Vec<_>, _>>()?;
    let (mut draws, mut lost, mut simulated) = (Vec::new(), Vec::new(), 0);
    let wave = rayon::current_num_threads().max(1) as u32;
    while simulated < settings.draws {
        let group: Vec<u32> = (simulated..settings.draws.min(simulated + wave)).collect();
        let results: Vec<_> = group.par_iter().map(|&d| draw(model, settings, &graph, &pulses, load, d)).collect();
        for (drawn, failed) in results {
            draws.extend(drawn);
            lost.extend(failed);
        }
        simulated += group.len() as u32;
        if !watch.progress(simulated * LANES as u32, settings.draws * LANES as u32) {
            break;
        }
    }
    Ok(Measured { graph, draws, simulated, lost, months })
}

/// The node's cells lower and higher by half a typical deviation during the pulse.
fn pulse(model: &Model, node: &super::graph::Cells) -> Result<[Vec<Intervention>; 2], Diagnostics> {
    let (spec, axis) = (model.spec(node.modifier), model.axis_of(node.modifier));
    let patch = |sign: f64| Patch {
        origin: "a pulse".into(),
        target: Target::Variable(spec.name.into()),
        entities: node.entities.iter().map(|&e| axis.entities[e as usize].clone()).collect(),
        op: Op::Add,
        schedule: Schedule::constant(sign * SIZE * spec.typical, WARM, WARM + PULSE - 1, model.world().months()),
        strength: 1.0,
        order: 0,
        span: None,
    };
    let resolve = |sign: f64| {
        model.resolve(&[patch(sign)]).map_err(|found| {
            let mut problems = Diagnostics::new();
            problems.extend(found);
            problems
        })
    };
    Ok([resolve(-1.0)?, resolve(1.0)?])
}

type Failed = Vec<Lost>;

fn draw(
    model: &Model,
    settings: &Settings,
    graph: &Graph,
    pulses: &[[Vec<Intervention>; 2]],
    load: &(dyn Fn(&mut Block<'_>, u32) -> Vec<f64> + Sync),
    draw: u32,
) -> (Option<Drawn>, Failed) {
    let mut block = Block::new(model);
    let strengths = load(&mut block, draw);
    // links off: the strengths stay zero in the block
    block.set_keys(std::array::from_fn(|lane| Key::new(settings.seed, draw, lane as u32)));
    let mut lost: [Option<Lost>; LANES] = Default::default();
    let mut by_lane = Vec::with_capacity(pulses.len() * graph.links.len());
    for pulse in pulses {
        let [down, up] = [0, 1].map(|side| {
            let run = block.run(&pulse[side], &graph.recording, &PhiloxNoise);
            for (lane, failure) in run.failures.into_iter().enumerate() {
                if let (Some(failure), None) = (failure, &lost[lane]) {
                    lost[lane] = Some(Lost { case: side, member: draw * LANES as u32 + lane as u32, failure });
                }
            }
            graph.sources(&run.record)
        });
        let months = model.world().months() * LANES;
        for (at, &link) in graph.links.iter().enumerate() {
            let (down, up) = (&down[at * months..][..months], &up[at * months..][..months]);
            by_lane.push(respond(&model.links()[link], down, up));
        }
    }
    let kept: Vec<usize> = (0..LANES).filter(|&lane| lost[lane].is_none()).collect();
    let strengths = graph.links.iter().map(|&l| strengths[l] / model.spec(model.links()[l].to).typical).collect();
    let responses = by_lane.iter().map(|lanes| over_lanes(lanes, &kept)).collect();
    ((!kept.is_empty()).then_some(Drawn { strengths, responses }), lost.into_iter().flatten().collect())
}

/// Long-run response and first moment of the source, and of the link of strength one, of every lane.
fn respond(link: &Link, down: &[f64], up: &[f64]) -> [[f64; 4]; LANES] {
    let slope = match link.shape {
        Shape::Saturating => 3.0 / 8.0_f64.sqrt(),
        Shape::Step => 1.0,
    };
    let gain = 1.0 / (1.0 + link.lag.max(0.0));
    let follow = match link.reference {
        Reference::Trend(months) => 1.0 / months.max(1.0),
        Reference::Base | Reference::Value(_) => 0.0,
    };
    let middle = WARM as f64 + 0.5 * (PULSE as f64 - 1.0);
    let mut sums = [[0.0; 4]; LANES];
    let (mut before, mut trend, mut response) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (t, (down, up)) in down.chunks_exact(LANES).zip(up.chunks_exact(LANES)).enumerate() {
        let when = t as f64 - middle;
        for lane in 0..LANES {
            // the link pass reads the month before
            response[lane] += (slope * (before[lane] - trend[lane]) - response[lane]) * gain;
            trend[lane] += (before[lane] - trend[lane]) * follow;
            before[lane] = (up[lane] - down[lane]) / (2.0 * SIZE * link.scale);
            let [x, y] = [before[lane] / PULSE as f64, response[lane] / PULSE as f64];
            for (sum, part) in sums[lane].iter_mut().zip([x, x * when, y, y * when]) {
                *sum += part;
            }
        }
    }
    sums
}

fn over_lanes(lanes: &[[f64; 4]; LANES], kept: &[usize]) -> Response {
    let n = kept.len() as f64;
    let mean = |k: usize| kept.iter().map(|&l| lanes[l][k]).sum::<f64>() / n;
    let estimate = |k: usize| {
        let mean = mean(k);
        let squares: f64 = kept.iter().map(|&l| (lanes[l][k] - mean) * (lanes[l][k] - mean)).sum();
        Estimate { mean, error: if kept.len() > 1 { (squares / (n - 1.0) / n).sqrt() } else { f64::INFINITY } }
    };
    Response { source: estimate(0), source_moment: mean(1), link: estimate(2), link_moment: mean(3) }
}
