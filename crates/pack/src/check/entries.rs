//! What takes up something of the source exists, and what a tie or event names does too.

use oxus_diag::{Diagnostic, codes, did_you_mean};

use super::Check;
use crate::region::{Entry, EntryKind, HappeningKind};
use crate::walk::Kind;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    for (_, entry) in region.entries() {
        exists(check, entry);
    }
    for event in region.happenings.values() {
        event.places.iter().for_each(|place| check.exists_among(&[Kind::State, Kind::Province, Kind::Actor], place));
    }
    for tie in region.ties.values() {
        check.exists(Kind::Actor, &tie.from);
        check.exists(Kind::Actor, &tie.to);
    }
    region.uncertainties.values().flat_map(|open| &open.between).for_each(|claim| check.exists(Kind::Claim, claim));
    late(check);
}

fn exists(check: &mut Check<'_>, entry: &Entry) {
    let kind = match entry.kind {
        EntryKind::Parameter => return super::names::parameter(check, &entry.id),
        EntryKind::Proposal => return proposal(check, entry),
        // The engine's to know.
        EntryKind::Variable | EntryKind::Mechanism => return,
        EntryKind::Series => Kind::Series,
        EntryKind::State => Kind::State,
        EntryKind::Province => Kind::Province,
        EntryKind::Border => Kind::Border,
        EntryKind::Power => Kind::Power,
        EntryKind::Group => Kind::Group,
        EntryKind::Company => Kind::Company,
        EntryKind::Organisation => Kind::Organisation,
        EntryKind::Site => Kind::Site,
        EntryKind::Node => Kind::Node,
        EntryKind::Edge => Kind::Edge,
        EntryKind::Contract => Kind::Contract,
        EntryKind::Link => Kind::Link,
        EntryKind::Scenario => Kind::Scenario,
        EntryKind::View => Kind::View,
        EntryKind::Claim => Kind::Claim,
    };
    // The borders of the format are pairs in the order of their row; either order is understood here.
    let turned = entry.id.id.split_once('-').map(|(a, b)| format!("{b}-{a}"));
    if kind == Kind::Border && turned.is_some_and(|turned| check.ids.has(kind, &turned)) {
        return;
    }
    check.exists(kind, &entry.id);
}

/// A proposal before an organisation, `organisation.proposal`.
fn proposal(check: &mut Check<'_>, entry: &Entry) {
    let ids = || {
        let organisations = check.region.organisations.values();
        organisations.flat_map(|o| o.proposals.keys().map(move |proposal| format!("{}.{proposal}", o.id)))
    };
    if ids().any(|id| id == entry.id.id) {
        return;
    }
    let (id, all) = (&entry.id.id, ids().collect::<Vec<_>>());
    let near = did_you_mean(id, all.iter().map(String::as_str));
    check.push(Diagnostic::error(codes::P014, format!("there is no proposal `{id}`")).at(entry.id.span, "").help_maybe(near));
}

/// History ends at the as-of day; what is later is scheduled.
fn late(check: &mut Check<'_>) {
    let region = check.region;
    let as_of = region.identity.as_of;
    for event in region.happenings.values().filter(|event| event.kind != HappeningKind::Scheduled) {
        let Some(date) = event.date else { continue };
        let last = date.days.map_or(date.months.first() > as_of.month(), |(_, last)| last > as_of);
        if last {
            check.push(
                Diagnostic::error(codes::P022, format!("event `{}` is described for {date}, after the as-of day {as_of}", event.id))
                    .at(event.span, "")
                    .help("leave it out, or give it the kind `scheduled` when it was due then"),
            );
        }
    }
}
