//! Which parts between the shock and the outcome respond to the shock at all, and how far.

use oxus_kernel::{Followed, LANES, Model};

use super::arms::{Futures, Pair};
use super::paths::{Node, Paths, kind};
use crate::ensemble::{Design, Watch};

/// Members of the pilot that finds what responds.
const PILOT: u32 = 64;
/// Entities named of a part.
const NAMED: usize = 3;

/// A part that responds.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub node: Node,
    /// Root mean square of the change over members and months, at the entity where it is largest: deviations of a variable (over members and
    /// months), typical deviations of the modifier for a link, share of the events that are in one case alone for a kind.
    pub response: f64,
    /// Mean change there, in the variable's unit (a link: of its modifier; a kind: events a member).
    pub change: f64,
    /// Entities that change most, the first the most; of a link those that it reaches.
    pub entities: Vec<u32>,
    /// Joints from here to the outcome on the shortest way.
    pub distance: usize,
    /// Of a link: the part of its modifier's change that it carries, by regression over members, months and entities.
    pub carried: Option<f64>,
}

/// What was looked at.
pub(super) struct Screened {
    /// Parts that respond, strongest for their distance first.
    pub parts: Vec<Part>,
    /// Links that the shock reaches by ports and that reach the outcome, and yet do not respond.
    pub silent: Vec<usize>,
    /// Links from which nothing reaches the outcome, or which the shock does not reach.
    pub apart: Vec<usize>,
}

/// Finds what responds.
pub(super) fn screen(futures: &Futures<'_>, paths: &Paths, shock: &[Node], excluded: &[usize], outcome: usize, watch: &dyn Watch) -> Screened {
    let model = futures.model;
    let (down, up) = (paths.downstream(shock), paths.upstream(Node::Variable(outcome)));
    let between = |node: Node| (down.contains_key(&node) && up.contains_key(&node)).then(|| up[&node]);
    let carries = |v: usize| !(excluded.contains(&v) || v == outcome || (model.is_sum(v) && !paths.is_added_to(v)));
    let mut variables: Vec<usize> = (0..model.variable_names().count()).filter(|&v| carries(v) && between(Node::Variable(v)).is_some()).collect();
    let kinds = (0..model.kind_names().count()).filter(|&k| between(Node::Kind(k)).is_some()).filter_map(|k| kind(model, k)).collect();
    let (links, apart): (Vec<usize>, Vec<usize>) = (0..model.links().len()).partition(|&l| between(Node::Link(l)).is_some());
    // the modifiers of links are looked at to tell what each link carries of their change
    variables.extend(links.iter().map(|&l| model.links()[l].to));
    variables.sort_unstable();
    variables.dedup();
    let followed = Followed { variables, links, kinds };
    let sums = measure(futures, &followed, watch);
    let mut parts = parts(model, &followed, &sums);
    parts.retain(|part| !matches!(part.node, Node::Variable(v) if !carries(v)));
    for part in &mut parts {
        part.distance = between(part.node).unwrap_or(1).max(1);
    }
    let silent = followed.links.iter().copied().filter(|&l| !parts.iter().any(|p| p.node == Node::Link(l))).collect();
    parts.sort_by(|a, b| (b.response / b.distance as f64).total_cmp(&(a.response / a.distance as f64)).then(a.node.cmp(&b.node)));
    Screened { parts, silent, apart }
}

/// Sums over members and months for one cell.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    n: f64,
    change: f64,
    square: f64,
    base: [f64; 2],
    case: [f64; 2],
}

impl Cell {
    fn add(&mut self, base: f64, case: f64) {
        let d = case - base;
        self.n += 1.0;
        self.change += d;
        self.square += d * d;
        self.base[0] += base;
        self.base[1] += base * base;
        self.case[0] += case;
        self.case[1] += case * case;
    }

    fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.change += other.change;
        self.square += other.square;
        for i in 0..2 {
            self.base[i] += other.base[i];
            self.case[i] += other.case[i];
        }
    }

    fn root_mean_square(&self) -> f64 {
        (self.square / self.n.max(1.0)).sqrt()
    }

    /// The larger of the two cases' deviations over members and months.
    fn deviation(&self) -> f64 {
        let of = |[sum, square]: [f64; 2]| (square / self.n.max(1.0) - (sum / self.n.max(1.0)) * (sum / self.n.max(1.0))).max(0.0).sqrt();
        of(self.base).max(of(self.case))
    }
}

/// Sums of everything that is followed: variables and links by entity or row, kinds as events of the baseline, of the case, and of one alone.
#[derive(Default)]
struct Sums {
    variables: Vec<Vec<Cell>>,
    links: Vec<Vec<Cell>>,
    kinds: Vec<[f64; 3]>,
    /// Of each link: product of its change with its modifier's, and the square of the latter.
    carried: Vec<[f64; 2]>,
    members: f64,
}

fn measure(futures: &Futures<'_>, followed: &Followed, watch: &dyn Watch) -> Sums {
    let replicates = futures.design.replicates.max(1);
    let draws = PILOT.div_ceil(replicates).min(futures.design.draws);
    let pilot = Futures { design: Design { draws, ..futures.design }, ..*futures };
    let mut total = Sums::default();
    pilot.each_block(watch, |block, first, count| sums(futures.model, &pilot.pair(block, first, count, followed)), |sums| total.join(sums));
    total
}

impl Sums {
    fn join(&mut self, other: Self) {
        if self.members == 0.0 {
            *self = other;
            return;
        }
        self.members += other.members;
        let cells = |mine: &mut Vec<Vec<Cell>>, others: Vec<Vec<Cell>>| {
            for (mine, other) in mine.iter_mut().flatten().zip(others.iter().flatten()) {
                mine.join(other);
            }
        };
        cells(&mut self.variables, other.variables);
        cells(&mut self.links, other.links);
        for (mine, other) in self.kinds.iter_mut().zip(other.kinds) {
            (0..3).for_each(|i| mine[i] += other[i]);
        }
        for (mine, other) in self.carried.iter_mut().zip(other.carried) {
            (0..2).for_each(|i| mine[i] += other[i]);
        }
    }
}

/// What a link carries of its modifier's change, over the entities that it reaches.
fn carried(model: &Model, pair: &Pair, lanes: &[usize], at: usize) -> [f64; 2] {
    let followed = pair.base.followed();
    let link = &model.links()[followed.links[at]];
    let Ok(sum) = followed.variables.binary_search(&link.to) else { return [0.0; 2] };
    let (rows, width) = (link.pairs.len(), model.axis_of(link.to).len());
    let mut found = [0.0; 2];
    for month in 0..pair.months {
        for (row, &(entity, _)) in link.pairs.iter().enumerate() {
            // the first values of a variable are those of the origin
            let (of_link, of_sum) = ((month * rows + row) * LANES, ((month + 1) * width + entity as usize) * LANES);
            for &lane in lanes {
                let change = pair.case.variable(sum)[of_sum + lane] - pair.base.variable(sum)[of_sum + lane];
                found[0] += change * (pair.case.link(at)[of_link + lane] - pair.base.link(at)[of_link + lane]);
                found[1] += change * change;
            }
        }
    }
    found
}

fn sums(model: &Model, pair: &Pair) -> Sums {
    let followed = pair.base.followed();
    let lanes: Vec<usize> = (0..LANES).filter(|&lane| pair.lanes[lane]).collect();
    let cells = |base: &[f64], case: &[f64], width: usize| {
        let mut cells = vec![Cell::default(); width];
        for (base, case) in base.chunks_exact(width * LANES).zip(case.chunks_exact(width * LANES)) {
            for (cell, (base, case)) in cells.iter_mut().zip(base.chunks_exact(LANES).zip(case.chunks_exact(LANES))) {
                lanes.iter().for_each(|&lane| cell.add(base[lane], case[lane]));
            }
        }
        cells
    };
    let width = |len: usize, steps: usize| len / (steps * LANES).max(1);
    let steps = pair.months;
    let variables = (0..followed.variables.len()).map(|at| {
        let (base, case) = (pair.base.variable(at), pair.case.variable(at));
        cells(base, case, width(base.len(), steps + 1).max(1))
    });
    let links = (0..followed.links.len()).map(|at| {
        let (base, case) = (pair.base.link(at), pair.case.link(at));
        cells(base, case, width(base.len(), steps).max(1))
    });
    let kinds = (0..followed.kinds.len()).map(|at| {
        let mut counts = [0.0; 3];
        for (base, case) in pair.base.kind(at).iter().zip(pair.case.kind(at)) {
            for &lane in &lanes {
                let alone = |a: &[oxus_kernel::Event], b: &[oxus_kernel::Event]| a.iter().filter(|e| !b.iter().any(|o| o.id == e.id)).count() as f64;
                counts[0] += base[lane].len() as f64;
                counts[1] += case[lane].len() as f64;
                counts[2] += alone(&base[lane], &case[lane]) + alone(&case[lane], &base[lane]);
            }
        }
        counts
    });
    let carried = (0..followed.links.len()).map(|at| carried(model, pair, &lanes, at)).collect();
    Sums { variables: variables.collect(), links: links.collect(), kinds: kinds.collect(), carried, members: lanes.len() as f64 }
}

fn parts(model: &Model, followed: &Followed, sums: &Sums) -> Vec<Part> {
    let mut parts = Vec::new();
    for (&variable, cells) in followed.variables.iter().zip(&sums.variables) {
        let size = |cell: &Cell| if cell.square == 0.0 { 0.0 } else { cell.root_mean_square() / cell.deviation().max(f64::MIN_POSITIVE) };
        parts.extend(part(Node::Variable(variable), cells, size, |at| at as u32));
    }
    for ((&link, cells), [product, square]) in followed.links.iter().zip(&sums.links).zip(&sums.carried) {
        let link_of = &model.links()[link];
        let typical = model.spec(link_of.to).typical;
        let found = part(Node::Link(link), cells, |cell| cell.root_mean_square() / typical, |row| link_of.pairs[row].0);
        parts.extend(found.map(|part| Part { carried: (*square > 0.0).then(|| product / square), ..part }));
    }
    for (kind, [base, case, alone]) in followed.kinds.iter().zip(&sums.kinds) {
        if *alone > 0.0 {
            let (response, change) = (alone / (base + case), (case - base) / sums.members.max(1.0));
            parts.push(Part { node: Node::Kind(kind.index()), response, change, entities: Vec::new(), distance: 1, carried: None });
        }
    }
    parts
}

fn part(node: Node, cells: &[Cell], size: impl Fn(&Cell) -> f64, entity: impl Fn(usize) -> u32) -> Option<Part> {
    let moved = cells.iter().enumerate().filter(|(_, cell)| cell.square > 0.0);
    let mut list: Vec<(usize, f64)> = moved.map(|(at, cell)| (at, size(cell))).collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let &(first, response) = list.first()?;
    let named = list.iter().filter(|x| x.1 >= 0.5 * response).take(NAMED);
    Some(Part {
        node,
        response,
        change: cells[first].change / cells[first].n.max(1.0),
        entities: named.map(|x| entity(x.0)).collect(),
        distance: 1,
        carried: None,
    })
}
