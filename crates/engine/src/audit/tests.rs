//! The shipped pack's findings are what an inventory of the report worked out by hand.

use std::path::PathBuf;

use oxus_pack::{Folder, Memory, Region};

use super::*;

fn region() -> Region {
    let read = oxus_pack::read(&Folder::new(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia")));
    let text = oxus_diag::render(&read.diagnostics, &read.sources, oxus_diag::Style::plain());
    read.region.unwrap_or_else(|| panic!("the shipped region does not read:\n{text}"))
}

/// Values as the inventory prints them: (reckoning, value, printed, decimals). The tolerance is half a unit of the last digit printed; "about"
/// and "near" in the inventory are one unit.
const BY_HAND: &[(&str, &str, f64, f64)] = &[
    ("D01", "factor", 56.9, 0.05),
    ("D01", "rate", 25.2, 0.05),
    ("D02", "rate", 8.3, 0.05),
    ("D03", "rate", 40.5, 0.05),
    ("D04", "joint", 856.0, 0.5),
    ("D04", "each", 868.0, 0.5),
    ("D05", "tajik", 66.7, 0.05),
    ("D05", "kyrgyz", 33.3, 0.05),
    ("D06", "persons", 26.2, 0.05),
    ("D07", "share", 20.0, 0.5),
    ("D08", "annualised", 41.3, 0.05),
    ("D08", "growth", 23.9, 0.05),
    ("D09", "ratio", 579.0, 0.5),
    ("D09", "aid", 1.9, 0.05),
    ("D10", "ratio", 13.0, 0.5),
    ("D10", "a-year", 0.94, 0.005),
    ("D11", "sum", 6.985, 0.0005),
    ("D12", "ratio", 22.0, 0.5),
    ("D13", "rate", 13.2, 0.05),
    ("D14", "rate", 7.5, 0.05),
    ("D14", "last", 8.5, 0.05),
    ("D15", "overtaking", 2025.0, 0.5),
    ("D15", "american", 5.5, 0.1), // "near"
    ("D15", "chinese", 7.4, 0.05),
    ("D16", "american", 1734.0, 0.5),
    ("D16", "chinese", 1573.0, 0.5),
    ("D16", "russian", 1561.0, 0.5),
    ("D17", "nominal", 1.9, 0.05),
    ("D17", "fall", 1.2, 0.05),
    ("D18", "least", 3.0, 0.05),
    ("D18", "most", 4.3, 0.05),
    ("D19", "a-year", 77.5, 0.05),
    ("D19", "ratio", 1.2, 0.05),
    ("D20", "apart", 100.0, 0.5),
];

#[test]
fn the_numbers_are_those_worked_out_by_hand() {
    let found = findings(&region());
    for (id, name, printed, within) in BY_HAND {
        let finding = found.iter().find(|f| f.id == *id).unwrap_or_else(|| panic!("no reckoning {id}"));
        let value = finding.values.iter().find(|v| v.id == *name).unwrap_or_else(|| panic!("{id} has no value {name}"));
        assert!((value.value - printed).abs() <= within * (1.0 + 1e-9), "{id} {name}: {} {} instead of {printed}", value.value, value.unit);
    }
}

#[test]
fn what_the_source_says_holds_or_not_as_its_figures_have_it() {
    let found = findings(&region());
    let verdict = |id: &str| found.iter().find(|f| f.id == id).map(|f| f.verdict);
    for id in ["trade-thirty-fold", "D05", "D08", "U10", "arms-of-2012"] {
        assert_eq!(verdict(id), Some(Verdict::Holds), "{id}");
    }
    for id in ["D03", "D04", "D15", "D16", "D17", "D18", "U06", "U07", "U08"] {
        assert_eq!(verdict(id), Some(Verdict::DoesNotHold), "{id}");
    }
    let overtaking = found.iter().find(|f| f.id == "D15").expect("D15");
    assert!(overtaking.finding.contains("2035 cannot be true without American growth near 5.4 %"), "{}", overtaking.finding);
    assert_eq!(overtaking.rests_on, ["Q071", "Q070", "Q077", "Q072"]);
    for f in &found {
        assert!(!f.finding.contains(['{', '}']), "{}: {}", f.id, f.finding);
        assert!(!f.at.is_empty() && !f.rests_on.is_empty(), "{} rests on nothing", f.id);
        assert_ne!(f.verdict, Verdict::CannotBeTold, "{}", f.id);
    }
}

/// The shipped pack with one text of one file replaced.
fn altered(path: &str, from: &str, to: &str) -> oxus_pack::Read {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia");
    let mut memory = Memory::default();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let file = entry.path();
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let name = file.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
            let mut content = std::fs::read(&file).expect("a file");
            if name == path {
                let text = String::from_utf8(content).expect("text");
                assert!(text.contains(from), "{path} has no `{from}`");
                content = text.replacen(from, to, 1).into_bytes();
            }
            memory.insert(name, content);
        }
    }
    oxus_pack::read(&memory)
}

#[test]
fn another_figure_gives_another_finding() {
    // had the report stated 2025, its arithmetic would hold
    let read = altered("claims/quantities-spending.toml", "is = \"2035\", date = \"2035\"", "is = \"2025\", date = \"2025\"");
    let region = read.region.expect("reads");
    let finding = findings(&region).into_iter().find(|f| f.id == "D15").expect("D15");
    assert_eq!(finding.verdict, Verdict::Holds, "{}", finding.finding);
}

#[test]
fn a_wrong_formula_is_shown_where_it_stands() {
    for (from, to, code, part) in [
        ("Q027 / Q025\"", "Q027 / Q825\"", "P014", "neither a claim with a figure nor an earlier value"),
        ("Q027 / Q025\"", "Q027 / Q025.hight\"", "P014", "no `hight`"),
        ("Q027 / Q025\"", "Q027 /\"", "P033", "cannot be read"),
        ("Q072.from\"", "Q072\"", "P014", "is no number"),
        ("{factor:1} times", "{facto:1} times", "P014", "no value `facto`"),
        ("is = \"equal\", to = \"Q028\", within = 3,", "is = \"equal\", to = \"Q028\",", "P009", "`within`"),
        ("finds  = \"{factor:1}", "fails  = \"{factor:1}", "P009", "`finds`"),
        ("at     = [\"III.B\", \"n.18\", \"n.81\"]", "att    = [\"III.B\"]", "P008", "`att`"),
    ] {
        let read = altered("audit.toml", from, to);
        let text = oxus_diag::render(&read.diagnostics, &read.sources, oxus_diag::Style::plain());
        assert!(read.region.is_none() && text.contains(code) && text.contains(part) && text.contains("audit.toml"), "{from} -> {to}:\n{text}");
    }
}

#[test]
fn contradictions_are_listed_once_with_both_places() {
    let region = region();
    let found = contradictions(&region);
    let pair = |a: &str, b: &str| found.pairs.iter().filter(|p| p.sides[0].claim == a && p.sides[1].claim == b).count();
    assert_eq!(pair("Q117", "Q118"), 1);
    assert_eq!(pair("Q118", "Q117"), 0);
    assert!(found.pairs.iter().flat_map(|p| &p.sides).all(|s| !s.at.is_empty() && !s.says.is_empty()));
    let growth = found.pairs.iter().find(|p| p.sides[0].claim == "M001" && p.sides[1].claim == "M219").expect("growth calms, or does not");
    assert_eq!(growth.contested_in.as_deref(), Some("growth-calms-the-region"));
    assert_eq!(found.open.len(), region.uncertainties.len());
    assert!(found.open.iter().all(|o| !o.at.is_empty()));
}

#[test]
fn a_strength_set_by_hand_is_a_departure() {
    let shipped = departures(&region());
    assert_eq!(shipped.links, region().links.len());
    let before = shipped.hand_set.len();
    let set = "strength  = { value = 0.2, status = \"assumed\", reason = \"a test\" }";
    let read = altered("links/core.toml", "strength  = \"claims\"", set);
    let text = oxus_diag::render(&read.diagnostics, &read.sources, oxus_diag::Style::plain());
    let departed = departures(&read.region.unwrap_or_else(|| panic!("{text}")));
    assert_eq!(departed.hand_set.len(), before + 1);
    let found = departed.hand_set.iter().find(|h| h.reason.as_deref() == Some("a test")).expect("the link");
    assert_eq!((found.set, found.source_in_time, found.status.as_str()), (0.2, false, "assumed"));
    assert!(found.by_words.is_some_and(|s| s > 0.0));
}
