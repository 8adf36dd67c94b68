//! `oxus method prim` and `cart`: regions of a table's columns in which an outcome is common.

use std::path::Path;

use oxus_analysis::scenario_discovery::cart::{self, Question, Tree, grow};
use oxus_analysis::scenario_discovery::prim::{Objective, Search, Settings, Step};
use oxus_analysis::scenario_discovery::support::{choose, quasi_p, reproduced, simplify};
use oxus_analysis::scenario_discovery::{Column, DiscoveryError, Inputs, Limit};
use oxus_diag::{Diagnostic, codes};

use super::{Csv, print_table};
use crate::args::{Cart, Common, Interest, Prim};
use crate::output::failure::Failure;

/// Quasi-p value above which a restriction is dropped.
const LEVEL: f64 = 0.05;

/// Prints boxes, or their trajectories.
pub fn prim(args: &Prim, common: &Common) -> Result<(), Failure> {
    let path = args.interest.rows.as_path();
    let (inputs, y) = table(&args.interest)?;
    let objective = if args.mean { Objective::Mean } else { Objective::GainByRow };
    let settings = Settings { peel: args.peel, paste: args.paste, mass_min: args.mass, objective, pass_over_small: args.pass_over_small };
    let mut search = Search::new(&inputs, &y, settings).map_err(|e| refused(path, e))?;
    let mut rows = Vec::new();
    for number in 1..=args.boxes {
        let trajectory = search.trajectory();
        if args.trajectory {
            rows.extend(trajectory.iter().enumerate().map(|(at, step)| step_row(&search, number, at, step)));
        }
        let last = if args.density >= 1.0 { trajectory.last() } else { None };
        let Some(chosen) = last.or_else(|| choose(&search, &trajectory, args.density)) else { break };
        let step = if args.keep_all { chosen.clone() } else { simplify(&search, chosen, LEVEL) };
        if step.restricted(search.all()).is_empty() {
            eprintln!("no box {number}: nothing restricts the rows that are left");
            break;
        }
        if !args.trajectory {
            let like = (search.coverage(chosen), chosen.density());
            let again = reproduced(&inputs, &y, settings, like, args.resamples, args.seed).map_err(|e| refused(path, e))?;
            rows.extend(box_rows(&search, number, &step, &again));
        }
        search.exclude(&step);
    }
    if args.trajectory {
        print_table(&["box", "step", "rows", "of_interest", "coverage", "density", "mass", "restricted"], &rows, common);
    } else {
        print_table(&BOX, &rows, common);
    }
    Ok(())
}

const BOX: [&str; 13] = [
    "box",
    "rows",
    "coverage",
    "density",
    "mass",
    "input",
    "from",
    "to",
    "among",
    "quasi_p_from",
    "quasi_p_to",
    "reproduced_coverage",
    "reproduced_density",
];

fn step_row(search: &Search<'_>, number: u32, at: usize, step: &Step) -> Vec<String> {
    let mass = step.n as f64 / search.inputs().rows() as f64;
    let shares = [search.coverage(step), step.density(), mass].map(|x| x.to_string());
    let [coverage, density, mass] = shares;
    let restricted = step.restricted(search.all()).len().to_string();
    vec![number.to_string(), at.to_string(), step.n.to_string(), step.k.to_string(), coverage, density, mass, restricted]
}

/// One row for each restricted column.
fn box_rows(search: &Search<'_>, number: u32, step: &Step, again: &[(f64, f64)]) -> Vec<Vec<String>> {
    let inputs = search.inputs();
    let mass = step.n as f64 / inputs.rows() as f64;
    let row = |r: &oxus_analysis::scenario_discovery::support::Restriction| {
        let (from, to, among) = limits(&inputs.columns[r.column], &step.limits[r.column]);
        let p = r.quasi_p.map(|p| p.map_or_else(String::new, |p| if p < 1e-4 { format!("{p:e}") } else { p.to_string() }));
        let mut cells = vec![number.to_string(), step.n.to_string()];
        cells.extend([search.coverage(step), step.density(), mass].map(|x| x.to_string()));
        cells.extend([inputs.names[r.column].clone(), from, to, among]);
        cells.extend(p);
        cells.extend([again[r.column].0.to_string(), again[r.column].1.to_string()]);
        cells
    };
    quasi_p(search, step).iter().map(row).collect()
}

/// Lower and upper end, or the categories.
fn limits(column: &Column, limit: &Limit) -> (String, String, String) {
    match (column, limit) {
        (_, Limit::Range(low, high)) => (low.to_string(), high.to_string(), String::new()),
        (Column::Categorical { names, .. }, Limit::Among(allowed)) => {
            let names: Vec<&str> = names.iter().zip(allowed).filter(|(_, a)| **a).map(|(n, _)| n.as_str()).collect();
            (String::new(), String::new(), names.join(" "))
        }
        _ => Default::default(),
    }
}

/// Prints the leaves of a tree, densest first, or its nodes.
pub fn cart(args: &Cart, common: &Common) -> Result<(), Failure> {
    let path = args.interest.rows.as_path();
    let (inputs, y) = table(&args.interest)?;
    // as scikit-learn's wrapper counts: the whole part of the share of the rows
    let leaf = ((args.leaf * inputs.rows() as f64) as usize).max(1);
    let tree = grow(&inputs, &y, cart::Settings { leaf, depth: args.depth as usize }).map_err(|e| refused(path, e))?;
    let total: f64 = y.iter().sum();
    if args.nodes {
        print_nodes(&tree, &inputs, common);
        return Ok(());
    }
    let mut leaves = tree.leaves(&inputs);
    leaves.sort_by(|a, b| tree.nodes[b.node].density().total_cmp(&tree.nodes[a.node].density()));
    let all = inputs.all();
    let rows: Vec<Vec<String>> = leaves
        .iter()
        .map(|leaf| {
            let node = &tree.nodes[leaf.node];
            let rule: Vec<String> = (0..all.len()).filter_map(|j| rule(&inputs, j, &leaf.limits[j], &all[j])).collect();
            vec![node.n.to_string(), node.k.to_string(), node.density().to_string(), (node.k / total).to_string(), rule.join(" and ")]
        })
        .collect();
    print_table(&["rows", "of_interest", "density", "coverage", "rule"], &rows, common);
    Ok(())
}

fn rule(inputs: &Inputs, column: usize, limit: &Limit, all: &Limit) -> Option<String> {
    let name = &inputs.names[column];
    match (limit, all) {
        (limit, all) if limit == all => None,
        (Limit::Range(low, high), Limit::Range(lowest, highest)) => match (low > lowest, high < highest) {
            (true, true) => Some(format!("{low} < {name} <= {high}")),
            (true, false) => Some(format!("{name} > {low}")),
            _ => Some(format!("{name} <= {high}")),
        },
        (limit, _) => Some(format!("{name} among {}", limits(&inputs.columns[column], limit).2)),
    }
}

fn print_nodes(tree: &Tree, inputs: &Inputs, common: &Common) {
    let row = |(at, node): (usize, &cart::Node)| {
        let (input, at_most, is_not) = match node.split {
            None => Default::default(),
            Some((j, Question::AtMost(value))) => (inputs.names[j].clone(), value.to_string(), String::new()),
            Some((j, Question::IsNot(category))) => {
                let Column::Categorical { names, .. } = &inputs.columns[j] else { return Vec::new() };
                (inputs.names[j].clone(), String::new(), names[category as usize].clone())
            }
        };
        let child = |of: &dyn Fn((usize, usize)) -> usize| node.children.map_or_else(String::new, |c| of(c).to_string());
        let counts = [node.n.to_string(), node.k.to_string(), node.impurity().to_string()];
        [vec![at.to_string()], counts.to_vec(), vec![input, at_most, is_not, child(&|c| c.0), child(&|c| c.1)]].concat()
    };
    let rows: Vec<Vec<String>> = tree.nodes.iter().enumerate().map(row).collect();
    print_table(&["node", "rows", "of_interest", "gini", "input", "left_if_at_most", "left_if_not", "left", "right"], &rows, common);
}

/// The refusal of a method, about a file.
fn refused(path: &Path, error: DiscoveryError) -> Failure {
    match &error {
        DiscoveryError::Shape(_) => Failure::file(path, error),
        DiscoveryError::OneSided(_) => Failure::of(
            Diagnostic::error(codes::A012, format!("{}: {error}", path.display()))
                .expected("some rows of interest and some that are not")
                .help("move `--above` or `--below` into the range of the outcome"),
        ),
    }
}

/// Inputs and, for each row, whether it is of interest.
fn table(args: &Interest) -> Result<(Inputs, Vec<f64>), Failure> {
    let path = args.rows.as_path();
    let file = Csv::read(path)?;
    let last = file.header.last().map_or("", String::as_str);
    let outcome = args.outcome.as_deref().unwrap_or(last);
    let values = file.finite(outcome)?;
    let of_interest = |v: f64| match (args.above, args.below) {
        (Some(limit), _) => f64::from(u8::from(v > limit)),
        (_, Some(limit)) => f64::from(u8::from(v < limit)),
        _ => v,
    };
    let names = file.header.iter().filter(|h| *h != outcome);
    let columns = names.map(|name| Ok((name.clone(), column(&file, name)?))).collect::<Result<Vec<_>, Failure>>()?;
    let inputs = Inputs::new(columns).map_err(|e| refused(path, e))?;
    Ok((inputs, values.into_iter().map(of_interest).collect()))
}

/// Numbers where every cell is one, else categories in alphabetical order.
fn column(file: &Csv<'_>, name: &str) -> Result<Column, Failure> {
    let texts = file.texts(name)?;
    if let Ok(numbers) = texts.iter().map(|t| t.parse::<f64>()).collect::<Result<Vec<_>, _>>() {
        return Ok(Column::Numeric(numbers));
    }
    let mut names = texts.clone();
    names.sort();
    names.dedup();
    let of = texts.iter().filter_map(|t| names.binary_search(t).ok()).map(|at| at as u32).collect();
    Ok(Column::Categorical { of, names })
}
