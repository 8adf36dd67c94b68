//! What the product does not model: a propensity of an ethnic or religious group.
//!
//! The rule. No id of a parameter, group, company, organisation or entity of a parameter may contain one of [`WORDS`] as a
//! whole word (ids are cut at `.`, `-` and `_`), and no table may be named `propensity` or start with that word.
//! Behaviour is tied to places, offices, organisations and events; communal violence is an event between people of a place,
//! not a trait of a people.

use oxus_diag::{Diagnostic, Span, codes};

use crate::walk::Context;

/// Words for groups of birth or belief, and the names of the large religions.
const WORDS: &[&str] = &[
    "ethnic",
    "ethnicity",
    "ethnicities",
    "ethnos",
    "race",
    "races",
    "racial",
    "tribe",
    "tribes",
    "tribal",
    "clan",
    "clans",
    "caste",
    "religion",
    "religions",
    "religious",
    "religiosity",
    "faith",
    "creed",
    "sect",
    "sects",
    "sectarian",
    "denomination",
    "muslim",
    "muslims",
    "islam",
    "islamic",
    "sunni",
    "shia",
    "christian",
    "christians",
    "orthodox",
    "jewish",
    "jews",
    "hindu",
    "hindus",
    "buddhist",
    "buddhists",
];

/// Reports a name that the rule refuses.
pub(super) fn segment(cx: &Context<'_>, name: &str, span: Span) {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(['.', '-', '_']).collect();
    let refused = words.iter().find(|word| WORDS.contains(word));
    let propensity = words.first().is_some_and(|word| matches!(*word, "propensity" | "propensities"));
    let Some(word) = refused.copied().or(propensity.then_some("propensity")) else {
        return;
    };
    cx.push(
        Diagnostic::error(codes::P030, format!("`{name}` would give a group of birth or belief a propensity"))
            .at(span, format!("`{word}` is refused here"))
            .help("tie behaviour to a place, an office, an organisation or a kind of event")
            .note("no parameter of Oxus gives an ethnic or religious group a propensity; `oxus explain P030` says why"),
    );
}
