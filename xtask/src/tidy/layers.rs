//! The layers: which crate may use which, checked both ways against the manifests.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, reasons, table};
use crate::tree::Tree;

const POLICY: &str = "xtask/layers.toml";

/// A crate of the policy.
struct Rule {
    layer: i64,
    uses: BTreeSet<String>,
}

/// The dependencies of one crate on others of ours.
#[derive(Default)]
struct Edges {
    normal: BTreeSet<String>,
    dev: BTreeSet<String>,
}

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let policy = match rules(tree) {
        Ok(policy) => policy,
        Err(problem) => return vec![problem],
    };
    let planned: BTreeSet<String> = reasons(tree, POLICY, "planned", &mut problems).into_iter().collect();
    let crates = crates(tree, &mut problems);
    problems.extend(names(&policy, &crates, &planned));
    problems.extend(upward(&policy));
    for (name, edges) in &crates {
        if let Some(rule) = policy.get(name) {
            problems.extend(against(name, rule, edges, &policy, &planned));
        }
    }
    problems.extend(stale_plans(&crates, &planned));
    problems
}

fn rules(tree: &Tree) -> Result<BTreeMap<String, Rule>, Problem> {
    let wrong = |what: String| Problem::error(POLICY, 0, what);
    let all = table(tree, POLICY)?;
    let entries = all.get("crate").and_then(toml::Value::as_table);
    let mut rules = BTreeMap::new();
    for (name, entry) in entries.ok_or_else(|| wrong("there is no [crate.*] table".to_owned()))? {
        let layer = entry.get("layer").and_then(toml::Value::as_integer);
        let layer = layer.ok_or_else(|| wrong(format!("[crate.{name}] has no whole number `layer`")))?;
        let uses = entry.get("uses").and_then(toml::Value::as_array);
        let uses = uses.ok_or_else(|| wrong(format!("[crate.{name}] has no list `uses`")))?;
        let uses = uses.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect();
        rules.insert(name.clone(), Rule { layer, uses });
    }
    Ok(rules)
}

/// The crates under `crates/`, by folder, with their edges to each other.
fn crates(tree: &Tree, problems: &mut Vec<Problem>) -> BTreeMap<String, Edges> {
    let mut found = BTreeMap::new();
    for folder in tree.folders_in("crates/") {
        let path = format!("crates/{folder}/Cargo.toml");
        let manifest = match table(tree, &path) {
            Ok(manifest) => manifest,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let package = manifest.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
        if package != Some(&format!("oxus-{folder}")) {
            problems.push(Problem::error(&path, 0, format!("the package is to be named `oxus-{folder}` like its folder")));
        }
        let ours = |section: &str| -> BTreeSet<String> {
            let entries = manifest.get(section).and_then(toml::Value::as_table);
            let names = entries.into_iter().flat_map(|entries| entries.keys());
            names.filter_map(|name| name.strip_prefix("oxus-")).map(str::to_owned).collect()
        };
        let normal = ours("dependencies").union(&ours("build-dependencies")).cloned().collect();
        found.insert(folder.to_owned(), Edges { normal, dev: ours("dev-dependencies") });
    }
    found
}

/// Crates without a rule, and rules without a crate.
fn names(policy: &BTreeMap<String, Rule>, crates: &BTreeMap<String, Edges>, planned: &BTreeSet<String>) -> Vec<Problem> {
    let unruled = crates.keys().filter(|name| !policy.contains_key(*name));
    let unruled = unruled.map(|name| format!("crate `{name}` has no entry [crate.{name}]: say its layer and what it uses"));
    let absent = policy.keys().filter(|name| !crates.contains_key(*name) && !planned.contains(*name));
    let absent = absent.map(|name| format!("[crate.{name}] is stale: there is no such crate (or list it under [planned])"));
    unruled.chain(absent).map(|what| Problem::error(POLICY, 0, what)).collect()
}

/// Edges of the policy itself that point the wrong way. Inside a layer they are allowed; Cargo refuses cycles.
fn upward(policy: &BTreeMap<String, Rule>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, rule) in policy {
        for used in &rule.uses {
            match policy.get(used) {
                None => problems.push(Problem::error(POLICY, 0, format!("[crate.{name}] uses `{used}`, which has no entry"))),
                Some(other) if other.layer > rule.layer => {
                    let what = format!("[crate.{name}] of layer {} uses `{used}` of layer {}", rule.layer, other.layer);
                    problems.push(Problem::error(POLICY, 0, what));
                }
                Some(_) => {}
            }
        }
    }
    problems
}

/// One crate's edges against its rule, both ways. Tests may use any crate of a lower or the same layer.
fn against(name: &str, rule: &Rule, edges: &Edges, policy: &BTreeMap<String, Rule>, planned: &BTreeSet<String>) -> Vec<Problem> {
    let manifest = format!("crates/{name}/Cargo.toml");
    let mut problems = Vec::new();
    for used in edges.normal.difference(&rule.uses) {
        let what = format!("`{name}` may not use `{used}`: the edge is not in {POLICY}");
        problems.push(Problem::error(&manifest, 0, what));
    }
    for used in edges.dev.difference(&rule.uses) {
        if policy.get(used).is_none_or(|other| other.layer > rule.layer) {
            let what = format!("the tests of `{name}` use `{used}`, which is not below it");
            problems.push(Problem::error(&manifest, 0, what));
        }
    }
    for unused in rule.uses.iter().filter(|used| !edges.normal.contains(*used) && !edges.dev.contains(*used)) {
        if !planned.contains(&format!("{name} -> {unused}")) {
            let what = format!("[crate.{name}] uses `{unused}` is stale: {manifest} has no such dependency");
            problems.push(Problem::error(POLICY, 0, what));
        }
    }
    problems
}

/// Plans that have come true.
fn stale_plans(crates: &BTreeMap<String, Edges>, planned: &BTreeSet<String>) -> Vec<Problem> {
    let done = planned.iter().filter(|plan| match plan.split_once(" -> ") {
        Some((from, to)) => crates.get(from).is_some_and(|edges| edges.normal.contains(to)),
        None => crates.contains_key(*plan),
    });
    done.map(|plan| Problem::warning(POLICY, 0, format!("[planned] \"{plan}\" exists now: drop the plan"))).collect()
}
