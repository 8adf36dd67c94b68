//! Classification trees: binary splits that lower the Gini impurity most (Breiman, Friedman, Olshen and Stone 1984, chapters 2 and 4).

use super::data::usable;
use super::{Column, DiscoveryError, Inputs, Limit, Limits};

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Least rows of a leaf.
    pub leaf: usize,
    /// Most splits on the way to a leaf.
    pub depth: usize,
}

/// What a split asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Question {
    /// A number at most this goes left.
    AtMost(f64),
    /// Any other category than this goes left.
    IsNot(u32),
}

/// A node; the root is the first, children follow their parents.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Rows.
    pub n: usize,
    /// Rows of interest.
    pub k: f64,
    /// Column and question; `None` at a leaf.
    pub split: Option<(usize, Question)>,
    /// Nodes to the left and the right.
    pub children: Option<(usize, usize)>,
}

impl Node {
    /// Share of interest.
    pub fn density(&self) -> f64 {
        self.k / self.n as f64
    }

    /// Gini impurity, `1 - p^2 - (1 - p)^2`.
    pub fn impurity(&self) -> f64 {
        let p = self.density();
        1.0 - p * p - (1.0 - p) * (1.0 - p)
    }
}

/// A tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Nodes, depth first, left before right.
    pub nodes: Vec<Node>,
}

/// A leaf as a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Node.
    pub node: usize,
    /// What the questions on the way to it allow; a lower limit is itself not included.
    pub limits: Limits,
}

/// Grows a tree. Ties go to the first column and the lowest value.
///
/// # Errors
/// Outcomes outside 0 to 1, all 0 or all 1, or not one a row; leaves of no rows.
pub fn grow(inputs: &Inputs, y: &[f64], settings: Settings) -> Result<Tree, DiscoveryError> {
    usable(inputs, y)?;
    if settings.leaf == 0 {
        return Err(DiscoveryError::Shape("a leaf holds at least one row".into()));
    }
    let mut tree = Tree { nodes: Vec::new() };
    let sorted = inputs.columns.iter().map(|column| {
        let mut order: Vec<u32> = (0..inputs.rows() as u32).collect();
        if let Column::Numeric(values) = column {
            order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
        }
        order
    });
    let sorted = sorted.collect();
    Grower { inputs, y, settings }.add(&mut tree, sorted, 0);
    Ok(tree)
}

struct Grower<'d> {
    inputs: &'d Inputs,
    y: &'d [f64],
    settings: Settings,
}

impl Grower<'_> {
    /// Adds the node of these rows (by column in ascending order) and all below it; returns its place.
    fn add(&self, tree: &mut Tree, rows: Vec<Vec<u32>>, depth: usize) -> usize {
        let n = rows.first().map_or(0, Vec::len);
        let k = rows.first().map_or(0.0, |rows| rows.iter().map(|&r| self.y[r as usize]).sum());
        let at = tree.nodes.len();
        tree.nodes.push(Node { n, k, split: None, children: None });
        let pure = tree.nodes[at].impurity() <= f64::EPSILON;
        if pure || n < 2 * self.settings.leaf || depth == self.settings.depth {
            return at;
        }
        let Some((column, question)) = self.best(&rows, n as f64, k) else { return at };
        let goes_left = |row: u32| left(&self.inputs.columns[column], question, row as usize);
        let (lefts, rights): (Vec<Vec<u32>>, Vec<Vec<u32>>) =
            rows.into_iter().map(|order| order.into_iter().partition(|&row| goes_left(row))).unzip();
        tree.nodes[at].split = Some((column, question));
        let first = self.add(tree, lefts, depth + 1);
        let second = self.add(tree, rights, depth + 1);
        tree.nodes[at].children = Some((first, second));
        at
    }

    /// The split of least impurity, if any is allowed.
    fn best(&self, rows: &[Vec<u32>], n: f64, k: f64) -> Option<(usize, Question)> {
        let mut best: Option<(f64, usize, Question)> = None;
        let mut consider = |column: usize, question: Question, count: f64, interest: f64| {
            if count < self.settings.leaf as f64 || n - count < self.settings.leaf as f64 {
                return;
            }
            // the weighted impurity of both sides is n less this
            let purity = |n: f64, k: f64| (k * k + (n - k) * (n - k)) / n;
            let gain = purity(count, interest) + purity(n - count, k - interest);
            if best.is_none_or(|b| gain > b.0) {
                best = Some((gain, column, question));
            }
        };
        for (j, order) in rows.iter().enumerate() {
            match &self.inputs.columns[j] {
                Column::Numeric(values) => {
                    let (mut count, mut interest) = (0.0, 0.0);
                    for pair in order.windows(2) {
                        let (low, high) = (values[pair[0] as usize], values[pair[1] as usize]);
                        count += 1.0;
                        interest += self.y[pair[0] as usize];
                        if low < high {
                            consider(j, Question::AtMost(between(low, high)), count, interest);
                        }
                    }
                }
                Column::Categorical { of, names } => {
                    for category in 0..names.len() as u32 {
                        let others = order.iter().filter(|&&row| of[row as usize] != category);
                        let (count, interest) = others.fold((0.0, 0.0), |(c, s), &row| (c + 1.0, s + self.y[row as usize]));
                        consider(j, Question::IsNot(category), count, interest);
                    }
                }
            }
        }
        best.map(|(_, column, question)| (column, question))
    }
}

/// The middle, or the lower value where the middle rounds to the upper.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if middle >= high { low } else { middle }
}

fn left(column: &Column, question: Question, row: usize) -> bool {
    match (column, question) {
        (Column::Numeric(values), Question::AtMost(limit)) => values[row] <= limit,
        (Column::Categorical { of, .. }, Question::IsNot(category)) => of[row] != category,
        _ => false,
    }
}

impl Tree {
    /// The leaf that a row of inputs falls into.
    pub fn leaf_of(&self, inputs: &Inputs, row: usize) -> usize {
        let mut at = 0;
        while let (Some((column, question)), Some((first, second))) = (self.nodes[at].split, self.nodes[at].children) {
            at = if left(&inputs.columns[column], question, row) { first } else { second };
        }
        at
    }

    /// Every leaf as a box within the box of all rows.
    pub fn leaves(&self, inputs: &Inputs) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        let mut open = vec![(0, inputs.all())];
        while let Some((at, limits)) = open.pop() {
            let (Some((column, question)), Some((first, second))) = (self.nodes[at].split, self.nodes[at].children) else {
                leaves.push(Leaf { node: at, limits });
                continue;
            };
            let (mut below, mut above) = (limits.clone(), limits);
            match (question, &mut below[column], &mut above[column]) {
                (Question::AtMost(value), Limit::Range(_, high), Limit::Range(low, _)) => (*high, *low) = (value, value),
                (Question::IsNot(c), Limit::Among(rest), Limit::Among(one)) => {
                    rest[c as usize] = false;
                    one.iter_mut().enumerate().for_each(|(i, allowed)| *allowed &= i == c as usize);
                }
                _ => {}
            }
            open.push((second, above));
            open.push((first, below));
        }
        leaves
    }
}
