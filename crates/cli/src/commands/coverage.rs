//! `oxus coverage`: every claim, figure, future, outcome and question of the source with its part in the model, section by section.

mod directions;
mod markdown;
mod text;

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_engine::coverage::{Coverage, Item};
use oxus_pack::Region;
use oxus_pack::region::{Inventory, Role};

use crate::args::{Common, Coverage as Args};
use crate::output::failure::{Failure, print};
use crate::pack;

/// What is shown of the coverage.
struct Shown<'c> {
    inventory: &'c Inventory,
    coverage: &'c Coverage,
    /// Section asked for.
    section: Option<&'c str>,
    /// Role asked for; `none` for what has no role.
    role: Option<&'c str>,
}

impl Shown<'_> {
    /// Items of a section in order: those that stand under it, or, when it was asked for, all that it says.
    fn of(&self, section: Option<&str>) -> Vec<&Item> {
        let under = |item: &&Item| item.section.as_deref() == section;
        let says = |item: &&Item| {
            let places = item.at.iter().filter_map(|at| self.inventory.section_of(at));
            places.map(|s| self.inventory.sections[s].id.as_str()).any(|id| Some(id) == section)
        };
        let role = |item: &&Item| self.role.is_none_or(|role| item.role.as_deref().unwrap_or("none") == role);
        let items = self.coverage.items.iter().filter(|item| if self.section.is_some() { says(item) } else { under(item) });
        items.filter(role).collect()
    }
}

/// Prints the coverage, its Markdown page, or the directions of all tested claims.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    if args.directions {
        return directions::run(args, &region, sources, common);
    }
    let (Some(inventory), Some(coverage)) = (&region.identity.inventory, Coverage::of(&region)) else {
        return Err(Failure::of(Diagnostic::error(codes::E011, "the pack does not say what its source holds").help(
            "add `[inventory]` to pack.toml: the first and last id of claims, quantities, futures, outcomes and questions, and the sections",
        )));
    };
    let shown = Shown { inventory, coverage: &coverage, section: args.section.as_deref(), role: args.role.as_deref() };
    asked(&shown)?;
    if args.markdown {
        print!("{}", markdown::page(&region, &shown));
    } else if common.json {
        json(&region, &shown);
    } else {
        text::print(&region, &shown);
    }
    if common.strict { complete(&coverage) } else { Ok(()) }
}

/// Refuses sections and roles that do not exist.
fn asked(shown: &Shown<'_>) -> Result<(), Failure> {
    let unknown = |what: &str, found: &str, known: &[&str]| {
        Failure::of(
            Diagnostic::error(codes::E010, format!("there is no {what} `{found}`"))
                .expected(format!("one of {}", known.join(", ")))
                .help_maybe(did_you_mean(found, known.iter().copied())),
        )
    };
    let sections: Vec<&str> = shown.inventory.sections.iter().map(|s| s.id.as_str()).collect();
    if let Some(section) = shown.section.filter(|s| !sections.contains(s)) {
        return Err(unknown("section", section, &sections));
    }
    let roles = [Role::Link, Role::Parameter, Role::Mechanism, Role::Scenario, Role::Lever, Role::Observation, Role::Background].map(Role::word);
    let roles = [&roles[..], &["outcome", "question", "none"]].concat();
    match shown.role.filter(|r| !roles.contains(r)) {
        Some(role) => Err(unknown("role", role, &roles)),
        None => Ok(()),
    }
}

fn json(region: &Region, shown: &Shown<'_>) {
    let sections = shown.inventory.sections.iter().map(|s| Some(s.id.as_str())).chain([None]);
    let sections = sections.filter(|s| shown.section.is_none() || *s == shown.section);
    let items: Vec<&Item> = sections.flat_map(|section| shown.of(section)).collect();
    let document = serde_json::json!({
        "pack": region.identity.id, "source": region.identity.source.id, "counts": shown.coverage.counts, "items": items,
        "without_role": shown.coverage.without_role().map(|i| i.id.as_str()).collect::<Vec<_>>(),
        "unknown_places": shown.coverage.unknown_places,
    });
    println!("{document:#}");
}

/// Under `--strict`: everything has a role and a place.
fn complete(coverage: &Coverage) -> Result<(), Failure> {
    let missing: Vec<&str> = coverage.without_role().map(|item| item.id.as_str()).collect();
    if missing.is_empty() && coverage.unknown_places.is_empty() {
        return Ok(());
    }
    let mut problem = Diagnostic::error(codes::E011, format!("{} items of the source have no role", missing.len()))
        .expected("every item of the inventory in the pack, with a role (background needs its reason)");
    if !missing.is_empty() {
        problem = problem.found(format!("without: {}", ranges(&missing)));
    }
    for (id, place) in &coverage.unknown_places {
        problem = problem.note(format!("`{id}` stands at `{place}`, which is in no section of the inventory"));
    }
    Err(Failure::of(problem.help("add the claim to claims/, the outcome's `source_outcome` to outcomes.toml, or the question to questions.toml")))
}

/// Ids that follow one another as runs: `Q001 to Q135`.
fn ranges(ids: &[&str]) -> String {
    let follows = |a: &str, b: &str| {
        let number = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().ok();
        a.chars().next() == b.chars().next() && number(a).and_then(|n| n.checked_add(1)) == number(b)
    };
    let runs = ids.chunk_by(|a, b| follows(a, b));
    let text = |run: &[&str]| match run {
        [one] => (*one).to_owned(),
        [first, second] => format!("{first}, {second}"),
        [first, .., last] => format!("{first} to {last}"),
        [] => String::new(),
    };
    runs.map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn runs_of_ids_are_short() {
        assert_eq!(ranges(&["M001", "Q001", "Q002", "Q003", "Q007", "O08", "O09"]), "M001, Q001 to Q003, Q007, O08, O09");
        assert_eq!(ranges(&[]), "");
    }
}
