use oxus_random::Distribution;

use super::Origin;
use crate::files::Memory;
use crate::region::{Region, Status};

/// A region with one parameter, `m.x`, and layers over it; `extra` is put behind the parameter's table.
fn region() -> Region {
    let number = |value: &str| format!("value = {value}\nunit = \"1\"\nstatus = \"assumed\"\nreason = \"r\"\n");
    let set = |parameter: &str, rest: &str| format!("[[do]]\nparameter = \"{parameter}\"\n{rest}\nstatus = \"assumed\"\nreason = \"r\"\n");
    let scenario = |id: &str, changes: &str| format!("id = \"{id}\"\ntitle = \"t\"\nclaims = []\nnarrative = \"n\"\n{changes}");
    let files = [
        (
            "pack.toml",
            "id = \"p\"\ntitle = \"t\"\nversion = \"1\"\nschema = 1\norigin = \"2012-12\"\nlast = \"2013-12\"\nas_of = \"2013-02-27\"\n\
             currency = \"USD\"\nprice_year = 2012\nsource = \"r\"\n[defaults]\ndraws = 1\nreplicates = 1\nseed = 1\nhorizons = [\"2013-12\"]\n"
                .to_owned(),
        ),
        ("references.json", "[{\"id\": \"r\"}]".to_owned()),
        ("places/states.csv", "id,alpha2,name,role,population_mn,gdp_usd_bn,sources\nAAA,AA,A,state,,,\nBBB,BB,B,state,,,\n".to_owned()),
        ("parameters/m.toml", format!("[x]\n{}[x.AAA]\nvalue = 2\n", number("1"))),
        ("views/v.toml", format!("id = \"v\"\ntitle = \"V\"\n[parameters.m.x]\n{}[parameters.m.x.BBB]\nvalue = 4\n", number("3"))),
        ("scenarios/s.toml", scenario("s", &(set("m.x", "entities = [\"AAA\"]\nset = 5") + &set("m.x", "add = 9")))),
        ("scenarios/t.toml", scenario("t", &set("m.x.BBB", "set = { uniform = { low = 6, high = 7 } }"))),
        ("scenarios/u.toml", scenario("u", &set("m.x", "set = 8\nfrom = \"2013-06\""))),
    ];
    let found = crate::read(&Memory::from_pairs(&files));
    assert!(found.diagnostics.is_empty(), "{:?}", found.diagnostics);
    found.region.unwrap()
}

fn fixed(layer: &super::Layer) -> f64 {
    match layer.value {
        Distribution::Fixed(value) => value,
        _ => f64::NAN,
    }
}

/// Who wins, and with what.
fn winner(region: &Region, entity: Option<&str>, view: Option<&str>, scenarios: &[&str]) -> (Origin, f64) {
    let schema = Distribution::Fixed(0.0);
    let layer = region.resolve("m.x", entity, view, scenarios, Some(&schema)).unwrap();
    let value = fixed(&layer);
    (layer.origin, value)
}

#[test]
fn every_layer_beats_the_ones_before() {
    let region = region();
    let (v, s) = (Some("v"), ["s"]);
    assert_eq!(winner(&region, None, None, &[]), (Origin::Pack, 1.0));
    assert_eq!(winner(&region, Some("AAA"), None, &[]), (Origin::PackEntity, 2.0));
    assert_eq!(winner(&region, Some("BBB"), None, &[]), (Origin::Pack, 1.0));
    assert_eq!(winner(&region, None, v, &[]), (Origin::View("v".to_owned()), 3.0));
    assert_eq!(winner(&region, Some("BBB"), v, &[]), (Origin::ViewEntity("v".to_owned()), 4.0));
    assert_eq!(winner(&region, Some("AAA"), v, &s), (Origin::Scenario("s".to_owned()), 5.0));
    assert_eq!(winner(&region, Some("BBB"), v, &s), (Origin::ViewEntity("v".to_owned()), 4.0), "s is about AAA");
    let schema = Distribution::Fixed(0.5);
    let unknown = region.resolve("m.y", None, None, &[], Some(&schema)).unwrap();
    assert_eq!((unknown.origin.clone(), fixed(&unknown)), (Origin::Schema, 0.5));
    assert!(region.resolve("m.y", None, None, &[], None).is_none());
}

#[test]
fn the_stack_is_in_order_with_sources() {
    let region = region();
    let schema = Distribution::Fixed(0.0);
    let stack = region.stack("m.x", Some("AAA"), Some("v"), &["s"], Some(&schema));
    let values: Vec<f64> = stack.iter().map(fixed).collect();
    assert_eq!(values, [0.0, 1.0, 2.0, 3.0, 5.0]);
    assert!(stack.iter().is_sorted_by_key(|layer| layer.origin.clone()));
    assert!(stack[0].span.is_none() && stack[1..].iter().all(|layer| layer.span.is_some()));
    assert_eq!(stack[2].status, Some(Status::Assumed), "an entity inherits the status");
}

#[test]
fn scenarios_set_entities_by_path_and_months_do_not_define_the_run() {
    let region = region();
    let layer = region.resolve("m.x", Some("BBB"), None, &["t"], None).unwrap();
    assert_eq!(layer.value, Distribution::Uniform { low: 6.0, high: 7.0 });
    assert_eq!(winner(&region, Some("AAA"), None, &["t"]), (Origin::PackEntity, 2.0));
    assert_eq!(winner(&region, None, None, &["u"]), (Origin::Pack, 1.0), "u holds from June only");
    let stack = region.stack("m.x", None, None, &["u"], None);
    assert_eq!(stack.last().map(fixed), Some(8.0), "but it is shown");
}

#[test]
fn statuses_go_from_strong_to_weak() {
    assert_eq!(Status::Cited.weakest(Status::Literature), Status::Literature);
    assert_eq!(Status::weakest_of([Status::Derived, Status::Assumed, Status::Cited]), Some(Status::Assumed));
    assert_eq!(Status::weakest_of([]), None);
    assert!(Status::ALL.is_sorted());
}

#[test]
fn numbers_of_organisations_are_parameters() {
    let files = [
        (
            "pack.toml",
            "id = \"p\"\ntitle = \"t\"\nversion = \"1\"\nschema = 1\norigin = \"2012-12\"\nlast = \"2013-12\"\nas_of = \"2013-02-27\"\n\
             currency = \"USD\"\nprice_year = 2012\nsource = \"r\"\n[defaults]\ndraws = 1\nreplicates = 1\nseed = 1\nhorizons = [\"2013-12\"]\n"
                .to_owned(),
        ),
        ("references.json", "[{\"id\": \"r\"}]".to_owned()),
        ("places/states.csv", "id,alpha2,name,role,population_mn,gdp_usd_bn,sources\nAAA,AA,A,state,,,\nBBB,BB,B,state,,,\n".to_owned()),
        (
            "actors/organisations.toml",
            "[o]\nname = \"O\"\nrule = \"consensus\"\nsources = [\"r\"]\nmembers = [{ id = \"AAA\" }, { id = \"BBB\" }]\n\
             [o.proposals.fund]\ntitle = \"F\"\npositions = { AAA = 0.7, BBB = 0.1 }\nsalience = { AAA = 0.4, BBB = 0.5 }\n\
             status = \"assumed\"\nreason = \"r\"\nsources = [\"r\"]\n"
                .to_owned(),
        ),
        (
            "scenarios/s.toml",
            "id = \"s\"\ntitle = \"t\"\nclaims = []\nnarrative = \"n\"\n[[do]]\nparameter = \"organisation.position\"\n\
             entities = [\"o.fund.BBB\"]\nset = 0.6\nstatus = \"assumed\"\nreason = \"r\"\n"
                .to_owned(),
        ),
    ];
    let found = crate::read(&Memory::from_pairs(&files));
    assert!(found.diagnostics.is_empty(), "{:?}", found.diagnostics);
    let region = found.region.unwrap();
    let number = |id: &str, entity: &str| region.organisation_number(id, entity).map(|n| n.value.mean());
    assert_eq!(number("organisation.position", "o.fund.BBB"), Some(0.1));
    assert_eq!(number("organisation.salience", "o.fund.AAA"), Some(0.4));
    for (id, entity) in [
        ("organisation.position", "o.fund.CCC"),
        ("organisation.position", "o.bank.AAA"),
        ("organisation.quota", "o"),
        ("organisation.weight", "o.AAA"),
        ("organisation.size", "o"),
    ] {
        assert_eq!(number(id, entity), None, "{id} of {entity}");
    }
    let set = region.resolve("organisation.position", Some("o.fund.BBB"), None, &["s"], None).unwrap();
    assert_eq!((set.origin.clone(), fixed(&set)), (Origin::Scenario("s".to_owned()), 0.6));
}
