//! The coverage as text of 80 columns.

use oxus_engine::coverage::{Item, Sort};
use oxus_pack::Region;

use super::{Shown, ranges};
use crate::output::rows::wrap;

/// Columns of an item: id, role, text.
const ID: usize = 6;
const ROLE: usize = 13;

/// Prints the sections with their items, what stands in no section, and the counts.
pub(super) fn print(region: &Region, shown: &Shown<'_>) {
    let title = region.references.get(&region.identity.source.id).map_or(region.identity.title.as_str(), |work| work.title.as_str());
    for line in wrap(&format!("What of \"{title}\" is in the model of {}", region.identity.id), 78) {
        println!("{line}");
    }
    println!("Each item stands once, at the first place it names; `--section` shows all that");
    println!("a section says.");
    for section in &shown.inventory.sections {
        if shown.section.is_some_and(|s| s != section.id) {
            continue;
        }
        let items = shown.of(Some(&section.id));
        let notes = section.notes.map_or_else(String::new, |(first, last)| format!(" (notes {first} to {last})"));
        if !items.is_empty() {
            heading(&format!("{}  {}{notes}", section.id, section.title));
            items.into_iter().for_each(one);
        }
    }
    if shown.section.is_none() {
        let rest = shown.of(None);
        for sort in Sort::ALL {
            let (known, missing): (Vec<&Item>, Vec<&Item>) = rest.iter().filter(|i| i.sort == sort).partition(|i| i.role.is_some());
            if !known.is_empty() {
                heading(&format!("{} of no one section", sort.many()));
                known.into_iter().for_each(one);
            }
            if !missing.is_empty() {
                heading(&format!("{} without a role", sort.many()));
                let ids: Vec<&str> = missing.iter().map(|i| i.id.as_str()).collect();
                wrap(&ranges(&ids), 78).iter().for_each(|l| println!("{l}"));
            }
        }
    }
    counts(shown);
}

fn heading(text: &str) {
    println!();
    let lines = wrap(text, 78);
    lines.iter().for_each(|line| println!("{line}"));
    println!("{}", "-".repeat(lines.iter().map(|l| l.chars().count()).max().unwrap_or(0)));
}

fn one(item: &Item) {
    let role = item.role.as_deref().unwrap_or("none");
    let by = item.claimant.as_ref().map_or_else(String::new, |who| format!(" ({who}; {})", item.at.join(", ")));
    let lines = wrap(&format!("{}{by}", item.says), 78 - ID - ROLE);
    for (i, line) in lines.iter().enumerate() {
        if i == 0 {
            println!("{:<ID$}{role:<ROLE$}{line}", item.id);
        } else {
            println!("{:width$}{line}", "", width = ID + ROLE);
        }
    }
    detail("why", &item.why.clone().into_iter().collect::<Vec<_>>());
    detail("by", &item.carried_by);
    detail("moves", &item.moves);
    detail("test", &item.test.clone().into_iter().collect::<Vec<_>>());
}

fn detail(label: &str, list: &[String]) {
    if list.is_empty() {
        return;
    }
    let indent = ID + ROLE;
    for (i, line) in wrap(&list.join("; "), 78 - indent - 6).iter().enumerate() {
        println!("{:indent$}{:<6}{line}", "", if i == 0 { label } else { "" });
    }
}

fn counts(shown: &Shown<'_>) {
    println!();
    println!("{:<24}{:>10}{:>13}{:>14}{:>12}", "", "in source", "with a role", "in the model", "with test");
    for count in &shown.coverage.counts {
        println!("{:<24}{:>10}{:>13}{:>14}{:>12}", count.sort.many(), count.of, count.with_role, count.computable, count.tested);
        let roles: Vec<String> = count.roles.iter().map(|(role, n)| format!("{role} {n}")).collect();
        if roles.len() > 1 {
            wrap(&roles.join(", "), 74).iter().for_each(|line| println!("    {line}"));
        }
    }
    println!("\nIn the model: any role but background. Whether a claim's effect comes out as it");
    println!("says is another matter: `oxus coverage --directions`.");
}
