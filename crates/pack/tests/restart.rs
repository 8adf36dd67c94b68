//! `backtest.toml`, and the minimal pack started earlier.

mod common;

use oxus_pack::read;
use oxus_pack::region::Statistic;
use oxus_random::Distribution;
use oxus_units::Month;

const RULES: &str = "\
output = \"growth\"

[without]
BBB = \"no numbers so early\"

[parameters.\"finance.growth_trend\"]
series = \"growth\"
statistic = \"mean\"
years = 5
scale = 0.01
error = 1.0
reason = \"as the pack's own\"

[strict]
\"finance.growth_trend\" = { value = 0.04, reason = \"without the paper\" }
";

#[test]
fn rules_are_read() {
    let mut files = common::minimal();
    files.insert("backtest.toml", RULES);
    let found = read(&files);
    let region = found.region.unwrap_or_else(|| panic!("{}", oxus_diag::to_json(&found.diagnostics.into_sorted(), &found.sources)));
    let rule = &region.restart.parameters["finance.growth_trend"];
    assert_eq!((rule.statistic, rule.years, rule.scale), (Statistic::Mean, 5, 0.01));
    assert_eq!(region.restart.strict["finance.growth_trend"].value, Distribution::Fixed(0.04));
    assert_eq!(region.restart.without["BBB"], "no numbers so early");
}

#[test]
fn what_does_not_fit_is_reported() {
    let codes = |old: &str, new: &str| {
        let mut files = common::minimal();
        assert!(RULES.contains(old));
        files.insert("backtest.toml", RULES.replace(old, new));
        read(&files).diagnostics.iter().map(|problem| problem.code.id().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes("series = \"growth\"", "series = \"growht\""), ["P014"]);
    assert_eq!(codes("BBB", "BBBB"), ["P014"]);
    assert_eq!(codes("[parameters.\"finance.growth_trend\"]", "[parameters.\"finance.growth_trends\"]"), ["P014"]);
    assert_eq!(codes("reason = \"as the pack's own\"\n", ""), ["P009"]);
    assert!(!codes("\"mean\"", "\"men\"").is_empty());
    assert!(!codes("years = 5", "year = 5").is_empty());
}

#[test]
fn an_earlier_region_is_cut_and_estimated_anew() {
    let mut files = common::minimal();
    files.insert("backtest.toml", RULES);
    let region = read(&files).region.unwrap();
    let list = &region.series["growth"].values["AAA"];
    let origin = list[list.len() - 2].period.last();
    let earlier = region.earlier(origin, region.identity.last);
    assert_eq!(earlier.region.series["growth"].values["AAA"].len(), list.len() - 1);
    assert_eq!(earlier.region.identity.origin, origin);
    // two values are too few for a mean with an error: the pack's own number stays, and it is said that its data reach further
    assert!(earlier.anew.is_empty());
    assert_eq!(earlier.later, ["finance.growth_trend"]);
    let start = &earlier.region.parameters["finance.growth_start"];
    assert_eq!(start.entities["AAA"].value, Distribution::Normal { mean: 0.04, sd: 0.002 });
    let none = region.earlier(Month::new(1900, 12).unwrap(), region.identity.last);
    assert!(none.region.series["growth"].values.is_empty());
}
