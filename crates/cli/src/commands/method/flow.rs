//! `oxus method flow`: minimum-cost flow by the network simplex; outages of single pipes.

use std::collections::BTreeMap;
use std::path::Path;

use oxus_numerics::network_simplex::{Arc, MaxFlow, Solver};

use super::{Csv, print_table};
use crate::args::Common;
use crate::output::failure::Failure;

/// Solves the base case, and each single outage of an arc of kind `pipe`.
pub fn run(nodes: &Path, arcs: &Path, outages: bool, common: &Common) -> Result<(), Failure> {
    let (node_file, arc_file) = (Csv::read(nodes)?, Csv::read(arcs)?);
    let ids: Vec<i64> = node_file.numbers("id")?;
    let supplies: Vec<i64> = node_file.numbers("supply")?;
    let index: BTreeMap<i64, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let names: Vec<i64> = arc_file.numbers("id")?;
    let kinds = arc_file.texts("kind")?;
    let (from, to): (Vec<i64>, Vec<i64>) = (arc_file.numbers("from")?, arc_file.numbers("to")?);
    let (caps, costs): (Vec<i64>, Vec<i64>) = (arc_file.numbers("cap")?, arc_file.numbers("cost")?);
    let lowers: Vec<i64> = if arc_file.header.iter().any(|h| h == "lower") { arc_file.numbers("lower")? } else { vec![0; caps.len()] };
    let node = |id: i64| index.get(&id).copied().ok_or_else(|| Failure::file(arcs, format!("an arc joins the unknown node {id}")));
    let mut list = Vec::new();
    for i in 0..names.len() {
        list.push(Arc { from: node(from[i])?, to: node(to[i])?, lower: lowers[i], upper: caps[i], cost: costs[i] });
    }
    let mut solver = Solver::new(&supplies, &list).map_err(|e| Failure::file(arcs, e))?;
    let base = solver.solve().map_err(|e| Failure::file(nodes, e))?;
    if !outages {
        let mut rows = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let reduced = solver.reduced_cost(i).map_err(|e| Failure::file(arcs, e))?;
            rows.push(vec![name.to_string(), solver.flows()[i].to_string(), reduced.to_string()]);
        }
        print_table(&["arc", "flow", "reduced_cost"], &rows, common);
        eprintln!("cost {}", base.cost);
        return Ok(());
    }
    let (source, sink) = (supplies.iter().position(|s| *s > 0), supplies.iter().position(|s| *s < 0));
    let (Some(source), Some(sink)) = (source, sink) else { return Err(Failure::file(nodes, "outages need a node of supply and one of demand")) };
    let is_shed = |i: usize| kinds[i] == "shed";
    let without_shed: Vec<Arc> = list.iter().enumerate().map(|(i, a)| if is_shed(i) { Arc { upper: 0, ..*a } } else { *a }).collect();
    let mut largest = MaxFlow::new(supplies.len(), &without_shed).map_err(|e| Failure::file(arcs, e))?;
    let mut rows = Vec::new();
    for i in (0..list.len()).filter(|i| kinds[*i] == "pipe") {
        solver.set_bounds(i, 0, 0).map_err(|e| Failure::file(arcs, e))?;
        let cost = solver.solve().map_err(|e| Failure::file(arcs, e))?.cost;
        let shed: i64 = (0..list.len()).filter(|k| is_shed(*k)).map(|k| solver.flows()[k]).sum();
        largest.set_capacity(i, 0).map_err(|e| Failure::file(arcs, e))?;
        let delivery = largest.solve(source, sink).map_err(|e| Failure::file(arcs, e))?;
        rows.push(vec![names[i].to_string(), cost.to_string(), shed.to_string(), delivery.to_string()]);
        solver.set_bounds(i, list[i].lower, list[i].upper).map_err(|e| Failure::file(arcs, e))?;
        largest.set_capacity(i, list[i].upper).map_err(|e| Failure::file(arcs, e))?;
    }
    print_table(&["outage_arc", "cost", "shed", "max_delivery"], &rows, common);
    Ok(())
}
