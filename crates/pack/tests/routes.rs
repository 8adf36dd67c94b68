//! Ways of opiates: read as written, and every mistake shown at its place.

mod common;

use oxus_pack::{Memory, read};

fn with(rows: &str) -> Memory {
    let mut files = common::minimal();
    files.insert("places/routes.csv", format!("id,name,states,power,province,sources\n{rows}"));
    files
}

fn problems(rows: &str) -> Vec<(&'static str, String)> {
    read(&with(rows)).diagnostics.iter().map(|problem| (problem.code.id(), problem.headline.clone())).collect()
}

#[test]
fn ways_are_read_with_their_order_and_end() {
    let found = read(&with("east,East,AAA,BBB,BB-N,atlas@p.3\nout,Out,AAA;BBB,,,atlas\n"));
    let region = found.region.unwrap_or_else(|| panic!("{:?}", found.diagnostics.iter().map(|d| &d.headline).collect::<Vec<_>>()));
    let east = &region.routes["east"];
    assert_eq!(east.power.as_ref().map(|p| p.id.as_str()), Some("BBB"));
    assert_eq!(east.province.as_ref().map(|p| p.id.as_str()), Some("BB-N"));
    let out: Vec<&str> = region.routes["out"].states.iter().map(|s| s.id.as_str()).collect();
    assert_eq!((out, region.routes["out"].power.is_none()), (vec!["AAA", "BBB"], true));
}

#[test]
fn no_table_is_no_ways() {
    assert!(read(&common::minimal()).region.is_some_and(|region| region.routes.is_empty()));
}

#[test]
fn mistakes_have_their_codes() {
    let code = |rows: &str| problems(rows).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(code("x,X,AAA;BBB;AAA,,,atlas\n"), ["P025"], "passes a state twice");
    assert_eq!(code("x,X,AAB,,,atlas\n"), ["P014"], "unknown state");
    assert_eq!(code("x,X,AAA,CCC,,atlas\n"), ["P014"], "unknown power");
    assert_eq!(code("x,X,AAA,BBB,AA-N,atlas\n"), ["P039"], "province of another state");
    assert_eq!(code("x,X,AAA,,BB-N,atlas\n"), ["P039"], "province without a power");
    assert_eq!(code("x,X,,BBB,,atlas\n"), ["P009"], "no states");
    assert_eq!(code("x,X,AAA,BBB,,nowhere\n"), ["P014"], "unknown work");
}

#[test]
fn states_of_a_way_touch() {
    let mut files = with("x,X,AAA;BBB,,,atlas\n");
    files.insert("places/borders.csv", "a,b,length_km,sources\n");
    files.insert("places/adjacency.csv", "a,b,kind\nAA-N,AA-S,internal\n");
    let codes: Vec<&str> = read(&files).diagnostics.iter().map(|problem| problem.code.id()).collect();
    assert!(codes.contains(&"P026"), "{codes:?}");
}
