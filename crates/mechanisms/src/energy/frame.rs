//! What the region fixes: networks, lines, calendar, who sells to whom.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, codes};
use oxus_kernel::{AxisId, Map, Ports, World};
use oxus_random::{hash64, mix64};

use super::dispatch::{Deal, Shape};
use super::ports::Commodity;

/// What the price of a contract follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    Oil,
    Russia,
    Nothing,
}

/// One commodity's network as the region describes it. Positions are those of the axes.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub shape: Shape,
    pub state_of: Vec<Option<usize>>,
    pub seller: Vec<Option<usize>>,
    pub buyer: Vec<Option<usize>>,
    /// Index of the buyer among all buyers of the region, states or not.
    pub buyer_name: Vec<usize>,
    pub border: Vec<Option<usize>>,
    pub follows: Vec<Follows>,
    /// Corridor of each edge, and the edge of which it is the other direction.
    pub corridor: Vec<Option<usize>>,
    pub twin: Vec<Option<usize>>,
    pub valid: Profile,
    pub nominated: Profile,
    pub season: Profile,
    pub supply_season: Profile,
}

/// Values by month and entity.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    values: Vec<f64>,
    width: usize,
}

impl Profile {
    /// The values of all entities in month `t`.
    pub fn at(&self, t: usize) -> &[f64] {
        &self.values[t * self.width..][..self.width]
    }

    fn read(ports: &mut Ports<'_>, axis: AxisId, name: &str) -> Self {
        let months = ports.world().months();
        let width = ports.world().axis(axis).len();
        let Some(rows) = ports.world().profile(axis, name) else {
            missing(ports, axis, "profile", name);
            return Self { values: vec![0.0; months * width], width };
        };
        let values = (0..months).flat_map(|t| rows.iter().map(move |r| r.get(t).copied().unwrap_or(0.0))).collect();
        Self { values, width }
    }
}

fn missing(ports: &mut Ports<'_>, axis: AxisId, what: &str, name: &str) {
    let axis = ports.world().axis(axis).name.clone();
    let text = format!("mechanism `energy` needs the {what} `{name}` of `{axis}`, which the region does not give");
    ports.problem(Diagnostic::error(codes::C002, text));
}

fn texts(ports: &mut Ports<'_>, axis: AxisId, name: &str) -> Vec<String> {
    match ports.world().texts(axis, name).map(<[String]>::to_vec) {
        Some(texts) => texts,
        None => {
            missing(ports, axis, "attribute", name);
            vec![String::new(); ports.world().axis(axis).len()]
        }
    }
}

/// Node positions; one that is no position of the network is reported.
fn positions(ports: &mut Ports<'_>, axis: AxisId, name: &str, nodes: usize) -> Vec<usize> {
    let len = ports.world().axis(axis).len();
    let Some(values) = ports.world().numbers(axis, name).map(<[f64]>::to_vec) else {
        missing(ports, axis, "attribute", name);
        return vec![0; len];
    };
    let good = |x: f64| x >= 0.0 && x < nodes as f64;
    if let Some(bad) = values.iter().position(|x| !good(*x)) {
        let entity = ports.world().axis(axis).entities[bad].clone();
        let text = format!("`{entity}`: attribute `{name}` is not a node of its network");
        ports.problem(Diagnostic::error(codes::C007, text).found(values[bad].to_string()).expected(format!("a position below {nodes}")));
    }
    values.iter().map(|x| if good(*x) { *x as usize } else { 0 }).collect()
}

fn targets(world: &World, from: AxisId, into: AxisId) -> Vec<Option<usize>> {
    let map = world.map(from, into).unwrap_or_else(|| Map { to: vec![None; world.axis(from).len()], len: 0 });
    map.to.iter().map(|t| t.map(|t| t as usize)).collect()
}

impl Frame {
    /// Reads one commodity's network; problems are reported through the ports. `buyers` collects the names of buyers over commodities.
    pub fn read(ports: &mut Ports<'_>, c: &Commodity, buyers: &mut BTreeMap<String, usize>) -> Self {
        let [node, edge, contract] = [c.node, c.edge, c.contract].map(|a| ports.axis(a));
        let [state, corridor] = ["state", "corridor"].map(|a| ports.axis(a));
        let nodes = ports.world().axis(node).len();
        let states = ports.world().axis(state).len();
        let state_of = targets(ports.world(), node, state);
        let seller = targets(ports.world(), contract, state);
        let [edge_from, edge_to] = ["from", "to"].map(|end| positions(ports, edge, end, nodes));
        let [deal_from, deal_to] = ["from", "to"].map(|end| positions(ports, contract, end, nodes));
        let priority = ports.world().numbers(contract, "priority").map(<[f64]>::to_vec);
        let pool = |s: &Option<usize>| s.unwrap_or(states);
        let deals = (0..seller.len()).map(|k| Deal {
            from: deal_from[k],
            to: deal_to[k],
            pool: pool(&seller[k]),
            priority: priority.as_ref().map_or(5, |p| p[k] as i64),
        });
        let shape = Shape {
            ends: edge_from.into_iter().zip(edge_to).map(|(a, b)| [a, b]).collect(),
            pool_of: state_of.iter().map(pool).collect(),
            pools: states + 1,
            deals: deals.collect(),
            keys: [edge, node, contract].map(|a| ports.world().axis(a).keys.clone()),
        };
        let names = texts(ports, contract, "buyer");
        let buyer = names.iter().map(|n| ports.world().axis(state).position(n)).collect::<Vec<_>>();
        let buyer_name = names
            .into_iter()
            .map(|n| {
                let next = buyers.len();
                *buyers.entry(n).or_insert(next)
            })
            .collect();
        let follow = |f: &String| match f.as_str() {
            "oil" => Follows::Oil,
            "russia" => Follows::Russia,
            _ => Follows::Nothing,
        };
        Self {
            follows: texts(ports, contract, "indexed_to").iter().map(follow).collect(),
            border: seller.iter().zip(&buyer).map(|(s, b)| border(ports.world(), *s, *b)).collect(),
            corridor: targets(ports.world(), edge, corridor),
            twin: twins(&ports.world().axis(edge).entities),
            valid: Profile::read(ports, edge, "valid"),
            nominated: Profile::read(ports, contract, "nominated"),
            season: Profile::read(ports, node, "season"),
            supply_season: Profile::read(ports, node, "supply_season"),
            shape,
            state_of,
            seller,
            buyer,
            buyer_name,
        }
    }
}

/// For each edge, the edge of the same line in the other direction: `x-back` is the way back of `x`. Both fail together.
fn twins(edges: &[String]) -> Vec<Option<usize>> {
    let forth = |name: &String| edges.iter().position(|e| e == name.trim_end_matches("-back") && e != name);
    edges.iter().map(forth).collect()
}

/// The border between two states, if they touch.
fn border(world: &World, a: Option<usize>, b: Option<usize>) -> Option<usize> {
    let (a, b) = (a? as u32, b? as u32);
    let relation = world.relation("border-state")?;
    let touches = |row: u32, s: u32| relation.row(row as usize).iter().any(|e| e.1 == s);
    let rows = world.axis(relation.rows).len() as u32;
    (0..rows).find(|r| a != b && touches(*r, a) && touches(*r, b)).map(|r| r as usize)
}

/// A pipeline or power line as something that can fail: one or two edges.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Position of its network among those of the region.
    pub part: usize,
    pub edge: usize,
    pub corridor: Option<usize>,
    /// Stable key.
    pub key: u64,
    /// End nodes, the lower first: lines of one corridor with equal ends lie side by side.
    pub ends: [usize; 2],
}

/// All lines, and those that cross each province grouped by corridor.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub all: Vec<Line>,
    /// By province: groups of lines that lie together.
    pub groups: Vec<Vec<Vec<usize>>>,
    /// By network and edge: the line.
    pub of_edge: Vec<Vec<usize>>,
}

impl Lines {
    /// Collects the lines of the commodities' networks.
    pub fn read(ports: &mut Ports<'_>, networks: &[(&Frame, &'static str)]) -> Self {
        let province = ports.axis("province");
        let mut lines = Self { groups: vec![Vec::new(); ports.world().axis(province).len()], ..Self::default() };
        let mut crossed = Vec::new();
        for (part, (frame, axis)) in networks.iter().enumerate() {
            let relation = ports.world().relation(&format!("{axis}-province"));
            let mut of_edge = vec![0; frame.twin.len()];
            for e in (0..frame.twin.len()).filter(|e| frame.twin[*e].is_none()) {
                of_edge[e] = lines.all.len();
                let key = mix64(hash64(axis), frame.shape.keys[0][e]);
                let mut ends = frame.shape.ends[e];
                ends.sort_unstable();
                crossed.push(relation.map_or(Vec::new(), |r| r.row(e).iter().map(|x| x.1 as usize).collect::<Vec<_>>()));
                lines.all.push(Line { part, edge: e, corridor: frame.corridor[e], key, ends });
            }
            for e in 0..frame.twin.len() {
                if let Some(first) = frame.twin[e] {
                    of_edge[e] = of_edge[first];
                }
            }
            lines.of_edge.push(of_edge);
        }
        for p in 0..lines.groups.len() {
            lines.groups[p] = lines.together(|l| crossed[l].contains(&p));
        }
        lines
    }

    /// Lines that satisfy a condition, those of one corridor together.
    fn together(&self, which: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for l in (0..self.all.len()).filter(|l| which(*l)) {
            let corridor = self.all[l].corridor;
            match groups.iter_mut().find(|g| corridor.is_some() && self.all[g[0]].corridor == corridor) {
                Some(group) => group.push(l),
                None => groups.push(vec![l]),
            }
        }
        groups
    }
}

/// First day and number of days of every month of the run, days counted from its start.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    first: Vec<i64>,
    days: Vec<u32>,
}

impl Calendar {
    /// The calendar of a run.
    pub fn of(world: &World) -> Self {
        let days: Vec<u32> = (0..world.months()).map(|t| u32::from(world.first().plus(t as i32).days())).collect();
        let first = days.iter().scan(0, |sum, d| {
            let start = *sum;
            *sum += i64::from(*d);
            Some(start)
        });
        Self { first: first.collect(), days }
    }

    /// First day and length of month `t`.
    pub fn month(&self, t: usize) -> (i64, u32) {
        (self.first[t], self.days[t])
    }

    /// Day of a time given in months since the start, in month `t`.
    pub fn day(&self, t: usize, time: f64) -> i64 {
        let (first, days) = self.month(t);
        let within = (time - t as f64).clamp(0.0, 1.0) * f64::from(days);
        first + (within as i64).min(i64::from(days) - 1)
    }
}
