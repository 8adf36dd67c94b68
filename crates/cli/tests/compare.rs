//! `oxus compare`, `oxus tripwires` and `--until` as a user types them.

use std::path::Path;
use std::process::{Command, Output};

fn oxus(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(folder).output().expect("the program starts")
}

fn printed(arguments: &[&str], folder: &Path) -> String {
    let output = oxus(arguments, folder);
    assert!(output.status.success(), "oxus {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    if !arguments.contains(&"--json") {
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
        }
    }
    text
}

fn json(arguments: &[&str], folder: &Path) -> serde_json::Value {
    serde_json::from_str(&printed(&[arguments, &["--json"]].concat(), folder)).expect("JSON")
}

fn refused(arguments: &[&str], folder: &Path) -> String {
    let output = oxus(arguments, folder);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && !text.contains("X001"), "oxus {}: {text}", arguments.join(" "));
    text
}

#[test]
fn saved_runs_stand_side_by_side() {
    let here = tempfile::tempdir().expect("a folder");
    let at = here.path();
    let outcomes = ["--outcome", "irregular-exit", "--outcome", "deaths"];
    for (case, out) in [("S001", "a"), ("S008", "b")] {
        printed(&[&["run", "--scenario", case, "--members", "24", "--out", out][..], &outcomes].concat(), at);
    }
    let text = printed(&["compare", "a", "b"], at);
    assert!(text.contains("S001") && text.contains("S008") && text.contains("runs: a, b"), "{text}");
    let both = json(&["compare", "a", "b", "--outcome", "deaths"], at);
    assert_eq!(both["cases"].as_array().map(Vec::len), Some(3));
    let rows = both["rows"].as_array().expect("rows");
    assert_eq!(rows.iter().map(|r| r["case"].as_str().expect("a case")).collect::<Vec<_>>(), ["S001", "S008"]);
    // what a run shows, compare shows of it
    let run = json(&["run", "--scenario", "S008", "--members", "24", "--no-save", "--outcome", "deaths"], at);
    assert_eq!(run["rows"][0]["difference"], rows[1]["difference"]);
    // the other way round
    let turned = json(&["compare", "a", "b", "--against", "S008", "--outcome", "deaths"], at);
    let baseline = turned["rows"].as_array().expect("rows").iter().find(|r| r["case"] == "baseline").expect("the baseline");
    assert_eq!(baseline["difference"].as_f64(), rows[1]["difference"].as_f64().map(|x| -x));
    // six draws are too few for an interval over draws
    let told = String::from_utf8_lossy(&oxus(&["compare", "a"], at).stderr).into_owned();
    assert!(told.contains("A045") && told.contains("24 more") && told.contains("--members 120"), "{told}");
    for (arguments, parts) in [
        (vec!["compare", "a", "--outcome", "irregular-exits"], vec!["E003", "did you mean `irregular-exit`"]),
        (vec!["compare", "a", "--outcome", "irregular-exit[KGS]"], vec!["E003", "did you mean `KGZ`"]),
        (vec!["compare", "a", "--outcome", "protests"], vec!["E003", "run again with `--outcome protests`"]),
        (vec!["compare", "a", "--horizon", "2015-12"], vec!["U004", "2016-12"]),
        (vec!["compare", "a", "--against", "S002"], vec!["E001", "one of baseline, S001"]),
        (vec!["compare", "nowhere"], vec!["E009", "nowhere"]),
    ] {
        let text = refused(&arguments, at);
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    }
}

#[test]
fn levers_in_scenarios_and_views_are_run_and_compared() {
    let here = tempfile::tempdir().expect("a folder");
    let at = here.path();
    let arguments =
        ["compare", "--scenarios", "S001", "--levers", "S066", "--views", "authors", "--members", "16", "--outcome", "deaths", "--out", "run"];
    let document = json(&arguments, at);
    assert_eq!(
        document["cases"].as_array().expect("cases").iter().map(|c| c.as_str().expect("a case")).collect::<Vec<_>>(),
        ["baseline", "baseline@authors", "S001@authors", "S001+S066@authors"]
    );
    let references: Vec<&str> = document["rows"].as_array().expect("rows").iter().map(|r| r["reference"].as_str().expect("a case")).collect();
    assert_eq!(references, ["baseline", "baseline@authors", "baseline@authors"], "a view's cases are set against the view's baseline");
    assert!(at.join("run/outcomes.parquet").is_file());
    let text = refused(&["compare", "--levers", "S001", "--members", "8"], at);
    assert!(text.contains("S001` is a scenario, not a lever"), "{text}");
}

#[test]
fn regret_names_the_least() {
    let here = tempfile::tempdir().expect("a folder");
    let at = here.path();
    let arguments = [
        "compare",
        "--regret",
        "--levers",
        "S064,S067",
        "--scenarios",
        "S008,S001",
        "--outcome",
        "gas-to-china-lost",
        "--draws",
        "32",
        "--replicates",
        "1",
        "--out",
        "run",
    ];
    let text = printed(&arguments, at);
    assert!(text.contains("Least largest regret: S064") && text.contains("no lever"), "{text}");
    let document = json(&["compare", "run", "--regret"], at);
    let table = &document["tables"][0];
    assert_eq!(table["levers"].as_array().map(Vec::len), Some(3));
    assert_eq!(table["least_largest_first"][0], "S064");
    for lever in table["levers"].as_array().expect("levers") {
        assert!(lever["largest"].as_f64() >= lever["mean"].as_f64() && lever["mean"].as_f64() >= Some(0.0), "{lever}");
    }
}

#[test]
fn a_tornado_and_tripwires_are_told_on_a_page() {
    let here = tempfile::tempdir().expect("a folder");
    let at = here.path();
    let arguments =
        ["compare", "--tornado", "--outcome", "irregular-exit[KGZ]", "--horizon", "2014-12", "--draws", "32", "--replicates", "1", "--top", "3"];
    let text = printed(&arguments, at);
    assert!(text.contains("swing") && text.contains('|'), "{text}");
    // as many bars as are asked for, or as groups of inputs move the outcome at all
    assert!(json(&arguments, at)["bars"].as_array().is_some_and(|bars| (1..=3).contains(&bars.len())));
    let text = refused(&["compare", "--tornado", "--outcome", "irregular-exit"], at);
    assert!(text.contains("E003") && text.contains("irregular-exit[KGZ]"), "{text}");
    assert!(refused(&["compare", "--tornado"], at).contains("a tornado is of one outcome"));
    let arguments = ["tripwires", "--outcome", "deaths", "--horizon", "2014-06", "--members", "512"];
    let text = printed(&arguments, at);
    assert!(text.contains("Tripwires for") && text.contains("searched on 256 futures"), "{text}");
    assert!(json(&arguments, at)["tripwires"].is_array());
    assert!(refused(&["tripwires", "--outcome", "death"], at).contains("did you mean `deaths`"));
}

#[test]
fn a_run_stops_when_its_interval_is_narrow() {
    let here = tempfile::tempdir().expect("a folder");
    let at = here.path();
    let rule = ["--until", "mc interval of gas-interruption < 30 pt", "--at-most", "400", "--outcome", "gas-interruption"];
    let document = json(&[&["run", "--out", "stopped"][..], &rule].concat(), at);
    assert_eq!((document["members"].as_u64(), document["draws"].as_u64(), document["stopped"]["met"].as_bool()), (Some(256), Some(64), Some(true)));
    assert!(printed(&["run", "--verify", "stopped"], at).contains("the same bit for bit"));
}
