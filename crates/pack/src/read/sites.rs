use std::collections::BTreeMap;

use super::places::{keyed, real, sources, text};
use crate::region::Site;
use crate::walk::{Context, Kind, Row};

const NEEDED: &[&str] = &[
    "id",
    "name",
    "kind",
    "state",
    "province",
    "owner",
    "company",
    "commodity",
    "value_usd_mn",
    "employees",
    "foreign_staff_share",
    "producing",
    "valid_from",
    "valid_to",
    "status",
    "reason",
    "sources",
];

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Site> {
    keyed(cx, "sites/sites.csv", NEEDED, &[], Kind::Site, site)
}

fn site(row: &Row<'_>, id: String) -> Option<Site> {
    // Everything is asked for before the first `?`, so that one pass reports every empty cell.
    let (name, kind, status) = (text(row, "name"), row.need("kind"), row.need("status"));
    let (state, province) = (row.need("state"), row.need("province"));
    let value = real(row, "value_usd_mn", 0.0, f64::INFINITY);
    let employees = real(row, "employees", 0.0, f64::INFINITY);
    let foreign = real(row, "foreign_staff_share", 0.0, 1.0);
    let optional = |column| row.get(column).and_then(|cell| cell.name());
    let month = |column| row.get(column).and_then(|cell| cell.month());
    Some(Site {
        id,
        name: name?,
        kind: kind?.word()?,
        state: state?.name()?,
        province: province?.name()?,
        owner: optional("owner"),
        company: optional("company"),
        commodity: row.get("commodity").map(|cell| cell.text.to_owned()),
        value_usd_mn: value?,
        employees: employees?,
        foreign_staff_share: foreign?,
        producing: row.get("producing").and_then(|cell| cell.flag()),
        valid_from: month("valid_from"),
        valid_to: month("valid_to"),
        status: status?.word()?,
        reason: row.get("reason").map(|cell| cell.text.to_owned()),
        sources: sources(row),
        span: row.span,
    })
}
