//! `[inventory]` of `pack.toml`: what the source holds, by sort and section.

mod common;

use oxus_pack::region::Numbered;

const INVENTORY: &str = "\n[inventory]\nclaims = [\"M001\", \"M003\"]\nquantities = [\"Q01\", \"Q02\"]\nfutures = [\"S001\", \"S002\"]\n\
    outcomes = [\"O1\", \"O2\"]\nquestions = [\"q01\", \"q01\"]\n\
    sections = [{ id = \"I\", title = \"First\", notes = [1, 8] }, { id = \"II.A\", title = \"Second\", notes = [9, 9] }, { id = \"VI\", title = \"End\" }]\n";

fn with(text: &str) -> oxus_pack::Read {
    let mut files = common::minimal();
    let mut pack = String::from_utf8(files.remove("pack.toml").unwrap()).unwrap();
    pack.push_str(text);
    files.insert("pack.toml", pack.as_bytes());
    oxus_pack::read(&files)
}

#[test]
fn runs_of_ids_and_sections_are_read() {
    let found = with(INVENTORY);
    assert!(found.diagnostics.is_empty());
    let inventory = found.region.unwrap().identity.inventory.unwrap();
    assert_eq!(inventory.claims.ids().collect::<Vec<_>>(), ["M001", "M002", "M003"]);
    assert_eq!((inventory.quantities.count(), inventory.outcomes.count(), inventory.questions.count()), (2, 2, 1));
    let places = ["I", "II.A", "n.1", "n.8", "n.9", "n.10", "V", "n.x"].map(|place| inventory.section_of(place));
    assert_eq!(places, [Some(0), Some(1), Some(0), Some(0), Some(1), None, None, None]);
}

#[test]
fn what_is_no_run_of_ids_is_refused() {
    for (first, last) in [("M001", "Q003"), ("M01", "M003"), ("M003", "M001"), ("M", "M1"), ("M1", "M4294967296")] {
        assert_eq!(Numbered::between(first, last), None, "{first} to {last}");
        let found = with(&INVENTORY.replacen("[\"M001\", \"M003\"]", &format!("[\"{first}\", \"{last}\"]"), 1));
        let codes: Vec<&str> = found.diagnostics.iter().map(|d| d.code.id()).collect();
        assert_eq!(codes, ["P010"], "{first} to {last}");
    }
    let found = with(&INVENTORY.replacen("notes = [1, 8]", "notes = [8, 1]", 1));
    assert_eq!(found.diagnostics.iter().map(|d| d.code.id()).collect::<Vec<_>>(), ["P010"]);
    let found = with(&INVENTORY.replacen("sections", "parts", 1));
    assert_eq!(found.diagnostics.iter().map(|d| d.code.id()).collect::<Vec<_>>(), ["P009", "P008"]);
}
