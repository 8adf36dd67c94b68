//! Each direct effect moves what it should, the way it should.

use super::*;

const MONTHS: usize = 96;

/// Total of `watch` over entities with the patch, less that without.
fn change(p: &Patch, watch: &str) -> f64 {
    let sum = |v: Vec<f64>| v.iter().sum::<f64>();
    sum(totals(|| harness(MONTHS).patch(p.clone()), watch, 8)) - sum(totals(|| harness(MONTHS), watch, 8))
}

fn more(variable: &str) -> Patch {
    add(variable, &[], 0.3, MONTHS)
}

#[test]
fn acceptance_lowers_incidents_and_their_cost() {
    for watch in ["communities.incident_rate", "communities.incidents", "communities.days_lost"] {
        assert!(change(&more("communities.acceptance.target"), watch) < 0.0, "{watch}");
        assert!(change(&add("communities.incident.log_rate", &[], 0.5, MONTHS), watch) > 0.0, "{watch}");
    }
    assert!(change(&add("communities.incident.log_rate", &[], 0.5, MONTHS), "communities.staff_harmed") > 0.0);
    assert!(change(&add("communities.incident.log_rate", &[], 0.5, MONTHS), "communities.acceptance") < 0.0, "incidents cost acceptance");
    assert!(change(&add("communities.incident.log_rate", &[], 0.5, MONTHS), "communities.output") < 0.0);
}

#[test]
fn targets_move_their_indices() {
    for name in ["local_benefit", "environment_harm", "opacity", "outreach", "tied_labour", "wage_gap", "elite_capture", "acceptance"] {
        assert!(change(&more(&format!("communities.{name}.target")), &format!("communities.{name}")) > 0.0, "{name}");
    }
}

#[test]
fn tied_labour_widens_the_gap_and_costs_acceptance() {
    let tied = more("communities.tied_labour.target");
    assert!(change(&tied, "communities.wage_gap") > 0.0 && change(&tied, "communities.acceptance") < 0.0);
}

#[test]
fn family_rule_captures_sites() {
    assert!(change(&more("regimes.family_capture"), "communities.elite_capture") > 0.0);
}

#[test]
fn dearer_materials_raise_conflict_where_licences_are_opaque() {
    let dear = patch(Target::Variable("drivers.oil_price".into()), Op::Scale, &[], 2.0, 1, MONTHS - 1, MONTHS);
    let rate = |opacity: f64, p: Option<&Patch>| {
        let build = || p.into_iter().fold(harness(MONTHS).parameter("communities.opacity_at_origin", opacity), |h, p| h.patch(p.clone()));
        totals(build, "communities.incident_rate", 4).iter().sum::<f64>()
    };
    let (open, hidden) = (rate(0.0, Some(&dear)) / rate(0.0, None), rate(1.0, Some(&dear)) / rate(1.0, None));
    assert!(hidden > open && open > 1.0, "{hidden} {open}");
}

#[test]
fn producing_sites_see_more_conflict() {
    let rates = totals(|| harness(MONTHS), "communities.incident_rate", 4);
    assert!(rates[1] > rates[0] && rates[3] > rates[2], "x1 and c1 produce, x0 and c0 do not");
}

#[test]
fn the_image_of_a_power_follows_its_sites() {
    for (name, up) in [("environment_harm", false), ("opacity", false), ("elite_capture", false), ("outreach", true), ("local_benefit", true)] {
        // an index remembers what is added to it, so it is set, not raised month by month
        let high = patch(Target::Variable(format!("communities.{name}")), Op::Set, &[], 0.8, 1, MONTHS - 1, MONTHS);
        let moved = change(&high, "communities.image");
        assert!(if up { moved > 0.0 } else { moved < 0.0 }, "{name}: {moved}");
    }
    assert!(change(&add("communities.incidents", &[], 1.0, MONTHS), "communities.image") < 0.0);
    assert!(change(&more("communities.image.target"), "communities.image") > 0.0);
}

#[test]
fn the_hazard_of_licences_follows_its_shift() {
    let at_risk = add("communities.licence_loss.log_hazard", &[], 1.5, MONTHS);
    assert!(change(&at_risk, "communities.licence") < 0.0 && change(&at_risk, "communities.output") < 0.0);
}

#[test]
fn differences_between_sites_make_differences_of_acceptance() {
    let base = totals(|| harness(12), "communities.acceptance", 1);
    for (name, up) in
        [("local_benefit", true), ("environment_harm", false), ("opacity", false), ("outreach", true), ("wage_gap", false), ("elite_capture", false)]
    {
        let other = totals(|| harness(12).parameter_of(&format!("communities.{name}_at_origin"), "c0", 0.8), "communities.acceptance", 1);
        assert!(if up { other[2] > base[2] } else { other[2] < base[2] }, "{name}");
    }
    assert!(base[2] > base[0], "fewer foreign staff, more acceptance");
}
