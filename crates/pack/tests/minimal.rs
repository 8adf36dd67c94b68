//! What the minimal pack says, as data.

mod common;

use oxus_pack::lock::{content_hash, lock_files};
use oxus_pack::region::{Action, AtOrigin, Belief, Region, Sign, Status};
use oxus_pack::strength::of_claims;
use oxus_pack::{Memory, read};
use oxus_random::Distribution;
use oxus_units::{Month, Unit};

fn minimal() -> Region {
    read(&common::minimal()).region.unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

#[test]
fn numbers_inherit_unit_status_and_evidence() {
    let region = minimal();
    let trend = &region.parameters["finance.growth_trend"];
    assert!(trend.default.is_none());
    let aaa = &trend.entities["AAA"];
    assert_eq!(aaa.value, Distribution::Normal { mean: 0.05, sd: 0.01 });
    assert_eq!((aaa.status, &aaa.unit), (Status::Estimated, &Unit::parse("1/yr").unwrap()));
    assert_eq!(aaa.evidence.from.as_ref().unwrap().series[0].id, "growth");
    let contract = &region.networks["gas"].contracts["sale"];
    assert_eq!(contract.nominated[&2012].status, Status::Cited);
    assert_eq!(contract.nominated[&2012].unit, Unit::parse("bcm/yr").unwrap());
    assert_eq!(region.networks["gas"].edges["pipe"].length_km.as_ref().unwrap().unit, Unit::parse("km").unwrap());
    assert_eq!(region.links["benefit-builds-acceptance"].lag.as_ref().unwrap().unit, Unit::parse("month").unwrap());
}

#[test]
fn another_status_takes_evidence_of_its_own() {
    let mut files = common::minimal();
    let text = String::from_utf8(files.remove("parameters/finance.toml").unwrap()).unwrap();
    let old = "value = { normal = { mean = 0.05, sd = 0.01 } }";
    let assumed = |reason: &str| text.replace(old, &format!("value = 0.05\nstatus = \"assumed\"\n{reason}"));
    files.insert("parameters/finance.toml", assumed("reason = \"r\""));
    let region = read(&files).region.unwrap();
    let number = &region.parameters["finance.growth_trend"].entities["AAA"];
    assert!(number.evidence.from.is_none(), "it is not estimated from the data of the others");
    files.insert("parameters/finance.toml", assumed(""));
    let found = read(&files);
    assert_eq!(found.diagnostics.iter().map(|problem| problem.code.id()).collect::<Vec<_>>(), ["P016"]);
}

#[test]
fn money_without_a_year_takes_the_packs_in_numbers_only() {
    let region = minimal();
    let price = region.networks["gas"].contracts["sale"].price.as_ref().unwrap();
    assert_eq!(price.unit, Unit::parse("USD@2012/(1000 m3)").unwrap());
    assert_eq!(region.parameters["finance.exports"].default.as_ref().unwrap().unit, Unit::parse("bn USD@2012/yr").unwrap());
}

#[test]
fn a_series_at_the_origin_gives_each_entity_its_last_value_in_the_parameters_unit() {
    let region = minimal();
    let start = &region.parameters["finance.growth_start"];
    assert_eq!(start.entities["AAA"].value, Distribution::Normal { mean: 6.2 * 0.01, sd: 0.002 });
    assert_eq!(start.entities["BBB"].value, Distribution::Normal { mean: 3.5 * 0.01, sd: 0.002 });
    assert!(start.default.is_none(), "two entities: neither is the value for all");
    let AtOrigin { series, scale, .. } = &start.at_origin[""];
    assert_eq!((series.id.as_str(), *scale), ("growth", 0.01));
}

#[test]
fn a_price_of_a_series_is_in_the_prices_of_its_year() {
    let with = |year: u16| {
        let mut files = common::minimal();
        let sidecar = String::from_utf8(files.remove("series/growth.toml").unwrap()).unwrap();
        let priced = sidecar.replace("%/yr", "USD/bbl").replace("\"rate\"", "\"price\"");
        files.insert("series/oil.toml", priced);
        files.insert("series/growth.toml", sidecar);
        files.insert("series/oil.csv", format!("entity,period,value\nOIL,{year},100\n"));
        let start = "value = { series = \"oil\", at = \"origin\" }\nunit = \"USD/bbl\"\nstatus = \"estimated\"\n";
        let from = "from = { series = \"oil\", method = \"last value\" }\n";
        files.insert("parameters/drivers.toml", format!("[oil_start]\n{start}{from}"));
        read(&files)
    };
    let region = with(2012).region.unwrap();
    let start = &region.parameters["drivers.oil_start"];
    assert_eq!(start.default.as_ref().unwrap().value, Distribution::Fixed(100.0), "one entity: the value for all");
    let found = with(2011);
    assert_eq!(found.diagnostics.iter().map(|problem| problem.code.id()).collect::<Vec<_>>(), ["U003"]);
}

#[test]
fn the_same_pack_starts_at_an_earlier_origin() {
    let mut files = common::minimal();
    let pack = String::from_utf8(files.remove("pack.toml").unwrap()).unwrap();
    files.insert("pack.toml", pack.replace("origin = \"2012-12\"", "origin = \"2011-12\""));
    let region = read(&files).region.unwrap();
    let start = &region.parameters["finance.growth_start"];
    assert_eq!(start.entities["AAA"].value, Distribution::Normal { mean: 4.0 * 0.01, sd: 0.002 });
}

#[test]
fn observations_have_three_dates() {
    let region = minimal();
    let series = &region.series["growth"];
    let last = series.values["AAA"].last().unwrap();
    assert_eq!((last.period.last(), last.observable_from), (month("2012-12"), month("2013-04")));
    assert_eq!(series.vintage, "2013 edition");
    assert_eq!(last.value, 6.2);
}

#[test]
fn claims_links_views_and_scenarios() {
    let region = minimal();
    let link = &region.links["growth-and-unrest"];
    assert_eq!(link.contested["officials"].sign, Sign::Minus);
    assert!(link.sign.is_none());
    let claim = &region.claims[&region.links["benefit-builds-acceptance"].claims[0].id];
    let prior = of_claims(&[claim]).unwrap();
    // likely x one named source is .65; one further source adds 0.3 to its logit: 1/(1+exp(-(ln(.65/.35)+0.3))), by Python's math module.
    assert!((prior.exists - 0.714_846_297_350_209_7).abs() < 1e-12, "{}", prior.exists);
    assert_eq!(prior.size, Distribution::LogNormal { median: 0.15, sigma: 0.8 });
    let view = &region.views["officials"];
    assert_eq!((view.believes["officials"], view.others, view.denied), (Belief::Exists(0.9), Belief::Pooled, Some(0.05)));
    let changes = &region.scenarios["S001"].interventions;
    let Action::Path(path) = &changes[0].action else { panic!("a path is read as a path") };
    assert_eq!(path.iter().map(|(&m, &v)| (m, v)).collect::<Vec<_>>(), [(month("2013-06"), 0.0), (month("2013-12"), 1.0)]);
    assert!(matches!(&changes[1].action, Action::Draw(number) if number.value == Distribution::Normal { mean: 0.02, sd: 0.01 }));
}

#[test]
fn spans_point_at_what_was_written() {
    let found = read(&common::minimal());
    let region = found.region.unwrap();
    assert_eq!(found.sources.snippet(region.sites["south-mine"].company.as_ref().unwrap().span), "digco");
    assert_eq!(found.sources.snippet(region.claims["M003"].span), "[M003]");
    let kinship = &region.kinship[0];
    assert_eq!(kinship.reason.as_deref(), Some("villages on both banks of the river, close kin"));
    assert_eq!(found.sources.snippet(kinship.sources[0].work.span), "atlas");
    let cited = &region.states["BBB"].sources[0];
    assert_eq!((cited.work.id.as_str(), cited.at.as_deref()), ("atlas", Some("p.2")));
}

#[test]
fn a_lock_written_now_fits_and_an_edit_is_noticed() {
    let mut files = common::minimal();
    let text = lock_files(&files).unwrap();
    files.insert("lock.toml", text.clone());
    let found = read(&files);
    assert!(found.diagnostics.is_empty(), "{text}");
    assert_eq!(found.region.unwrap().content_hash, content_hash(files.iter()));
    files.insert("questions.toml", "");
    let found = read(&files);
    assert_eq!(found.diagnostics.iter().map(|problem| problem.code.id()).collect::<Vec<_>>(), ["P040"]);
}

#[test]
fn an_empty_pack_is_not_a_pack() {
    let found = read(&Memory::default());
    assert_eq!(found.diagnostics[0].code.id(), "P001");
    assert!(found.region.is_none());
}

#[test]
fn the_shipped_pack_reads_without_errors() {
    let folder = common::root().join("packs/central-asia");
    let found = read(&oxus_pack::Folder::new(folder));
    let text = oxus_diag::render(&found.diagnostics.clone().into_sorted(), &found.sources, oxus_diag::Style::plain());
    assert!(!found.diagnostics.has_errors(), "{text}");
}
