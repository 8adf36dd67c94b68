//! `oxus explain plan`: the schedule as a table.

use oxus_kernel::Model;

use crate::args::Common;
use crate::output::rows::wrap;

/// Prints mechanisms in execution order with what they own, read and feed.
pub fn print(model: &Model, common: &Common) {
    if common.json {
        let rows = model.plan_rows().iter().map(|r| {
            serde_json::json!({ "order": r.order, "mechanism": r.mechanism, "about": r.about, "owns": r.owns, "sums": r.sums,
                "now": r.now, "prev": r.prev, "adds": r.adds })
        });
        println!("{:#}", serde_json::Value::Array(rows.collect()));
        return;
    }
    println!("A step is a month. First the links, from the values of the month before; then, in this order:\n");
    for row in model.plan_rows() {
        println!("{:>2}  {}: {}", row.order, row.mechanism, row.about);
        for (label, names) in [("owns", &row.owns), ("sums", &row.sums), ("reads now", &row.now), ("reads before", &row.prev), ("feeds", &row.adds)] {
            if names.is_empty() {
                continue;
            }
            // the owner's prefix is said above
            let own = format!("{}.", row.mechanism);
            let list: Vec<&str> = names.iter().map(|n| n.strip_prefix(&own).unwrap_or(n)).collect();
            for (i, line) in wrap(&list.join(", "), 60).iter().enumerate() {
                println!("    {:<14}{line}", if i == 0 { label } else { "" });
            }
        }
    }
    println!("\n{} links from {} variables to {} modifiers.", model.links().len(), distinct(model, |l| l.from), distinct(model, |l| l.to));
}

fn distinct(model: &Model, of: impl Fn(&oxus_kernel::Link) -> usize) -> usize {
    model.links().iter().map(of).collect::<std::collections::BTreeSet<_>>().len()
}
