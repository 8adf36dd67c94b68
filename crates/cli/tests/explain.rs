//! `oxus explain` for everything that has an id in the pack: on 80 columns, as JSON, and for names that are nearly right.

use std::process::{Command, Output};

fn oxus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(std::env::temp_dir()).output().expect("the program starts")
}

/// The page of a name, without line breaks; checks its width and its JSON.
fn page(name: &str) -> String {
    let output = oxus(&["explain", name]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "explain {name}: {}", String::from_utf8_lossy(&output.stderr));
    for line in text.lines() {
        // a word longer than the page stays whole, and pages of codes are Markdown as written
        assert!(
            line.chars().count() <= 80 || line.split_whitespace().any(|word| word.chars().count() > 58) || name.starts_with("codes."),
            "{name}: longer than 80 columns: {line}"
        );
    }
    let json: serde_json::Value = serde_json::from_slice(&oxus(&["explain", name, "--json"]).stdout).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(json.as_array().is_some_and(|list| !list.is_empty() && list[0]["id"].is_string()), "{name}: {json}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shows(name: &str, parts: &[&str]) {
    let page = page(name);
    for part in parts {
        assert!(page.contains(part), "explain {name}: no `{part}` in\n{page}");
    }
}

#[test]
fn events_ties_actors_and_open_questions() {
    shows("E003", &["Event E003: 1991", "Soviet Union", "part background", "why before the first month", "(`oxus explain codes.E003`"]);
    shows("T005", &["Tie T005: Xinjiang", "Kyrgyzstan", "sign helps", "taken up by variable trade.re_exports"]);
    shows("N003", &["Actor N003 (KG): Kyrgyzstan", "taken up by state KGZ", "T005 from XJ, helps"]);
    shows("KG", &["Actor N003 (KG): Kyrgyzstan"]);
    shows("U01", &["Uncertainty U01", "between Q117:", "held spread", "migration.chinese_workers"]);
}

#[test]
fn figures_with_value_unit_date_and_what_contradicts_them() {
    shows("Q025", &["Quantity Q025", "value 0.527 bn USD", "date 1992", "taken up by series trade_with_china", "told of event E008", "tie T001"]);
    shows("Q027", &["value almost 30.0 bn USD", "date 2010", "left open U0"]);
    shows("Q117", &["Quantity Q117", "left open U01", "(held: spread)"]);
}

#[test]
fn organisations_proposals_and_routes() {
    shows("sco", &["Organisation sco: Shanghai", "decisions by consensus", "members CHN since 2001-06", "observers MNG", "sco.development-fund:"]);
    shows("sco.development-fund", &["Proposal sco.development-fund: Pay out", "RUS 0.100, weight of the matter 0.700 (assumed)", "reason announced"]);
    shows("tajik-china", &["Route tajik-china: Through Tajikistan", "Afghanistan (AFG), then Tajikistan (TJK)", "(CN-XJ)", "sources icg-244"]);
}

#[test]
fn the_rest_of_the_pack_and_the_model() {
    shows("M041", &["Claim M041", "said by", "role"]);
    shows("S001", &["Scenario S001: NATO", "does variable drivers.foreign_forces", "(`oxus explain codes.S001`"]);
    shows("growth", &["Outcome growth", "of finance.growth"]);
    shows("series.gdp_growth", &["publisher", "values AFG:", "KAZ: 20, 1993 to 2012"]);
    shows("parameters.finance.growth_trend", &["precedence", "values"]);
    shows("trade.total", &["Variable trade.total", "owned by trade", "takes up claim Q025"]);
    shows("chinese-public", &["View chinese-public", "believes"]);
    shows("codes.E003", &["E003"]);
    for list in
        ["events", "ties", "actors", "uncertainties", "quantities", "organisations", "proposals", "routes", "claims", "links", "parameters", "codes"]
    {
        page(list);
    }
}

#[test]
fn names_that_are_nearly_right() {
    for (name, near) in [
        ("E1001", "E10"),
        ("T0055", "T005"),
        ("N0033", "N003"),
        ("U011", "U01"),
        ("sco.development-fnd", "sco.development-fund"),
        ("tajik-chna", "tajik-china"),
    ] {
        let output = oxus(&["explain", name]);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && text.contains("[E010]") && text.contains("did you mean") && text.contains(near), "{name}: {text}");
    }
}
