//! Nodes of the loops and what has to be recorded to see the sources of links.

use std::collections::BTreeMap;

use oxus_kernel::{LANES, Model, Recording};

/// The cells of one modifier that some link reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cells {
    pub modifier: usize,
    pub entities: Vec<u32>,
}

/// What a link reads, as the mean over the cells it writes.
#[derive(Clone, Debug, Default)]
struct Source {
    /// Recorded cells with weights.
    weights: Vec<(usize, f64)>,
    /// For a link that takes the largest: for each cell it writes, the recorded cells.
    largest: Vec<Vec<usize>>,
}

/// Nodes and active links (those that join something) of a model.
pub(super) struct Graph {
    pub nodes: Vec<Cells>,
    /// Model indices of the active links.
    pub links: Vec<usize>,
    /// Node that each active link writes.
    pub writes: Vec<usize>,
    pub recording: Recording,
    sources: Vec<Source>,
}

impl Graph {
    pub fn of(model: &Model) -> Self {
        let cells = |l: &oxus_kernel::Link| Cells { modifier: l.to, entities: l.pairs.iter().map(|p| p.0).collect() };
        let links: Vec<usize> = (0..model.links().len()).filter(|&l| !model.links()[l].pairs.is_empty()).collect();
        let mut nodes: Vec<Cells> = links.iter().map(|&l| cells(&model.links()[l])).collect();
        nodes.sort();
        nodes.dedup();
        let writes = links.iter().map(|&l| nodes.binary_search(&cells(&model.links()[l])).unwrap_or(0)).collect();
        let mut index: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        let sources = links.iter().map(|&l| source(&model.links()[l], &mut index)).collect();
        let mut recorded = vec![(0, 0); index.len()];
        for (cell, at) in index {
            recorded[at] = cell;
        }
        Self { nodes, links, writes, recording: Recording { cells: recorded }, sources }
    }

    /// Sources of all active links, `[link][month][lane]`, from a record `[month][cell][lane]`.
    pub fn sources(&self, record: &[f64]) -> Vec<f64> {
        let width = self.recording.cells.len() * LANES;
        let months = record.len() / width.max(1);
        let mut out = vec![0.0; self.links.len() * months * LANES];
        for (source, path) in self.sources.iter().zip(out.chunks_exact_mut((months * LANES).max(1))) {
            for (month, out) in record.chunks_exact(width).zip(path.chunks_exact_mut(LANES)) {
                source.read(month, out);
            }
        }
        out
    }
}

fn source(link: &oxus_kernel::Link, index: &mut BTreeMap<(usize, u32), usize>) -> Source {
    let mut at = |entity: u32| {
        let next = index.len();
        *index.entry((link.from, entity)).or_insert(next)
    };
    if link.largest {
        let largest = link.pairs.iter().map(|(_, list)| list.iter().map(|&(e, _)| at(e)).collect()).collect();
        return Source { largest, ..Source::default() };
    }
    let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
    for &(entity, weight) in link.pairs.iter().flat_map(|(_, list)| list) {
        *weights.entry(at(entity)).or_insert(0.0) += weight / link.pairs.len() as f64;
    }
    Source { weights: weights.into_iter().collect(), ..Source::default() }
}

impl Source {
    fn read(&self, month: &[f64], out: &mut [f64]) {
        let cell = |at: usize| &month[at * LANES..][..LANES];
        for &(at, weight) in &self.weights {
            out.iter_mut().zip(cell(at)).for_each(|(o, x)| *o += weight * x);
        }
        for list in &self.largest {
            for lane in 0..LANES {
                let largest = list.iter().map(|&at| cell(at)[lane]).fold(f64::NEG_INFINITY, f64::max);
                out[lane] += largest / self.largest.len() as f64;
            }
        }
    }
}
