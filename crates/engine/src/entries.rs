//! What the source is said to enter, and only the mechanisms can tell whether it exists: variables and mechanisms.

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::Model;
use oxus_pack::region::{EntryKind, Region};

/// Reports each variable and mechanism that a claim, event, tie or uncertainty names in `enters` and the model does not have (`C007`).
#[must_use]
pub fn unknown(region: &Region, model: &Model) -> Diagnostics {
    let mechanisms: Vec<&str> = oxus_mechanisms::MECHANISMS.iter().map(|definition| definition.name).collect();
    let mut problems = Diagnostics::new();
    for (what, entry) in region.entries() {
        let name = entry.id.id.as_str();
        let (sort, near) = match entry.kind {
            EntryKind::Variable if model.variable(name).is_none() => ("variable", did_you_mean(name, model.variable_names())),
            EntryKind::Mechanism if !mechanisms.contains(&name) => ("mechanism", did_you_mean(name, mechanisms.iter().copied())),
            _ => continue,
        };
        problems.push(
            Diagnostic::error(codes::C007, format!("{what} enters the {sort} `{name}`, which does not exist")).at(entry.id.span, "").help_maybe(near),
        );
    }
    problems
}
