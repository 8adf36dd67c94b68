//! `oxus coverage` and `oxus compare` as a user types them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn oxus(arguments: &[&str]) -> Output {
    let here = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(here.path()).output().expect("the program starts")
}

fn printed(arguments: &[&str]) -> String {
    let output = oxus(arguments);
    assert!(output.status.success(), "oxus {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&printed(arguments)).expect("JSON")
}

fn narrow(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
    }
}

#[test]
fn the_page_of_the_book_is_what_the_pack_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/book/claims.md");
    let kept = std::fs::read_to_string(&page).unwrap_or_default();
    let made = printed(&["coverage", "--markdown"]);
    let first = kept.lines().zip(made.lines()).find(|(a, b)| a != b);
    assert!(
        kept == made,
        "docs/book/claims.md is not what the pack says now; write it anew: `oxus coverage --markdown > docs/book/claims.md`; first difference: {first:?}"
    );
}

#[test]
fn the_whole_source_is_listed_section_by_section() {
    let text = printed(&["coverage"]);
    narrow(&text);
    let places: Vec<usize> = ["\nES Exec", "\nII.A China", "\nIII.C The", "\nVI Concl"].iter().filter_map(|s| text.find(s)).collect();
    assert!(places.len() == 4 && places.is_sorted(), "sections in the order of the report: {places:?}");
    let counts = &json(&["coverage", "--json"])["counts"];
    assert_eq!(counts[0]["of"], 230);
    assert_eq!(counts[0]["with_role"], 230);
}

#[test]
fn a_section_and_a_role_can_be_asked_for() {
    let text = printed(&["coverage", "--section", "III.C", "--role", "link"]);
    narrow(&text);
    assert!(text.contains("\nIII.C The") && !text.contains("\nII.A China"), "{text}");
    let items = json(&["coverage", "--section", "III.C", "--json"]);
    let items = items["items"].as_array().expect("a list");
    assert!(items.len() > 10);
    let background = json(&["coverage", "--role", "background", "--json"]);
    for item in background["items"].as_array().expect("a list") {
        assert!(item["role"] == "background" && item["why"].is_string(), "{item}");
    }
    for (arguments, part) in [(["coverage", "--section", "III.D"], "III.A"), (["coverage", "--role", "links"], "did you mean `link`")] {
        let output = oxus(&arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && text.contains("E010") && text.contains(part), "{text}");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").filter_map(Result::ok) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn strict_names_what_has_no_role() {
    let here = tempfile::tempdir().expect("a folder");
    let root = here.path().join("pack");
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia"), &root);
    let file = root.join("questions.toml");
    let text = std::fs::read_to_string(&file).expect("a file");
    std::fs::write(&file, text.replacen("[q07]", "[q97]", 1)).expect("written");
    let output = oxus(&["coverage", &root.to_string_lossy(), "--strict"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && text.contains("E011") && text.contains("q07"), "{text}");
}

#[test]
fn directions_are_told_with_their_false_discovery_rate() {
    let text = printed(&["coverage", "--directions", "--role", "mechanism", "--members", "16"]);
    narrow(&text);
    let rows = json(&["coverage", "--directions", "--role", "mechanism", "--members", "16", "--json"]);
    let rows = rows["directions"].as_array().expect("a list");
    assert!(rows.len() > 20);
    for row in rows {
        assert!(row["q"].as_f64() >= row["p"].as_f64(), "{row}");
    }
}

#[test]
fn views_are_compared_on_the_same_futures() {
    let arguments = ["compare", "--views", "pooled,chinese-public,authors", "--case", "S001", "--members", "24"];
    let text = printed(&arguments);
    narrow(&text);
    assert!(text.contains("Where the views disagree most") && text.contains("chinese-public"), "{text}");
    let document = json(&[&arguments[..], &["--json"]].concat());
    let rows = document["rows"].as_array().expect("a list");
    assert!(!rows.is_empty());
    for row in rows {
        let views = row["views"].as_array().expect("a list");
        assert_eq!(views.iter().map(|v| v["view"].as_str().expect("a name")).collect::<Vec<_>>(), ["pooled", "chinese-public", "authors"]);
    }
    // what a view shows here is what it shows alone
    let alone = json(&["run", "--view", "authors", "--members", "24", "--no-save", "--json"]);
    for row in alone["rows"].as_array().expect("a list") {
        let same = rows.iter().find(|r| r["outcome"] == row["outcome"] && r["entity"] == row["entity"]).expect("the same outcomes");
        assert_eq!(same["views"][2]["difference"], row["difference"], "{}", row["outcome"]);
    }
    let output = oxus(&["compare", "--views", "chinese-publik"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && text.contains("did you mean `chinese-public`"), "{text}");
    assert!(!oxus(&["compare"]).status.success(), "nothing to compare");
}
