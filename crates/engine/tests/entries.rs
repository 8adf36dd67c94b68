//! What the source is said to enter exists in the model: variables and mechanisms, which the reader of packs cannot know.

mod common;

use common::region;
use oxus_diag::{Severity, codes};
use oxus_pack::region::{Entry, EntryKind};

#[test]
fn a_name_that_the_model_does_not_have_is_found_with_the_near_ones() {
    let mut region = region();
    common::model(&region);
    let (id, claim) = region.claims.iter_mut().next().expect("a claim");
    let id = id.clone();
    let mut at = region.scenarios.values().next().expect("a scenario").span;
    at = claim.enters.first().map_or(at, |entry| entry.id.span);
    for (kind, name) in [
        (EntryKind::Variable, "trade.totl"),
        (EntryKind::Mechanism, "finanze"),
        (EntryKind::Variable, "trade.total"),
        (EntryKind::Mechanism, "finance"),
    ] {
        claim.enters.push(Entry { kind, id: oxus_pack::region::Name { id: name.to_owned(), span: at } });
    }
    let problems = oxus_engine::model(&region).err().expect("two names are unknown").into_sorted();
    let said: Vec<(&str, String)> = problems.iter().map(|p| (p.headline.as_str(), p.help.join(" "))).collect();
    let expected = [
        (format!("claim `{id}` enters the variable `trade.totl`"), "`trade.total`"),
        (format!("claim `{id}` enters the mechanism `finanze`"), "`finance`"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for (headline, near) in &expected {
        let found = said.iter().find(|(said, _)| said.starts_with(headline.as_str())).unwrap_or_else(|| panic!("no `{headline}` in {said:?}"));
        assert!(found.1.contains(near), "{found:?}");
    }
    assert!(problems.iter().all(|p| p.code == codes::C007 && p.severity == Severity::Error && p.place() == Some(at)));
}
