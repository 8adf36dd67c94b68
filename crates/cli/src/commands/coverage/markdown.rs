//! The page of the book that lists the source claim by claim.

use std::fmt::Write as _;

use oxus_engine::coverage::{Item, Sort};
use oxus_pack::Region;

use super::Shown;

/// The page.
pub(super) fn page(region: &Region, shown: &Shown<'_>) -> String {
    let title = region.references.get(&region.identity.source.id).map_or(region.identity.title.as_str(), |work| work.title.as_str());
    let mut out = String::from("# The report, claim by claim\n\n");
    out += "<!-- Made by `oxus coverage --markdown > docs/book/claims.md`; a test compares the two. Change the pack, not this page. -->\n\n";
    let _ = writeln!(
        out,
        "What of *{title}* is in the pack `{}`, in the order of its sections. Each item stands once, under the first place it names;\n\
         all texts are paraphrases. The role says what becomes of it: a **link** between variables that can be switched off, a **parameter**, part of\n\
         a **mechanism**'s equations, a **scenario** or **lever**, an **observation** against which the model is held, or **background**, which\n\
         the model does not compute, with the reason. An arrow `a -(+)-> b` is a link from variable a that raises b. A test says what is raised and\n\
         what must then be seen; whether it is seen in the whole model is told by `oxus coverage --directions`.\n",
        region.identity.id
    );
    out += "| | in the source | with a role | in the model | with a test | by role |\n|---|---|---|---|---|---|\n";
    for count in &shown.coverage.counts {
        let roles: Vec<String> = count.roles.iter().map(|(role, n)| format!("{role} {n}")).collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            count.sort.many(),
            count.of,
            count.with_role,
            count.computable,
            count.tested,
            roles.join(", ")
        );
    }
    for section in &shown.inventory.sections {
        let items = shown.of(Some(&section.id));
        let notes = section.notes.map_or_else(String::new, |(first, last)| format!(" (notes {first} to {last})"));
        table(&mut out, &format!("{} {}{notes}", section.id, section.title), &items);
    }
    for sort in Sort::ALL {
        let items: Vec<&Item> = shown.of(None).into_iter().filter(|i| i.sort == sort).collect();
        table(&mut out, &format!("{} of no one section", capital(sort.many())), &items);
    }
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn table(out: &mut String, heading: &str, items: &[&Item]) {
    if items.is_empty() {
        return;
    }
    let _ = write!(out, "\n## {heading}\n\n| id | what | who, where | role | in the model |\n|---|---|---|---|---|\n");
    for item in items {
        let by = item.claimant.as_ref().map_or_else(String::new, |who| format!("{who}; {}", item.at.join(", ")));
        let mut model = Vec::new();
        let code = |list: &[String]| list.iter().map(|x| format!("`{x}`")).collect::<Vec<_>>().join(", ");
        if !item.carried_by.is_empty() {
            model.push(format!("by {}", item.carried_by.join(", ")));
        }
        if !item.moves.is_empty() {
            model.push(format!("moves {}", code(&item.moves)));
        }
        model.extend(item.test.iter().map(|t| format!("test: {t}")));
        model.extend(item.why.iter().map(|w| format!("*{w}*")));
        let cells = [item.id.as_str(), &item.says, &by, item.role.as_deref().unwrap_or("**none**"), &model.join("; ")];
        let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|").replace('\n', " ")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}
