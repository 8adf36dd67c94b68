//! Dates that fit: nothing described after the as-of day, no end before its start, nothing outside the run.

use oxus_diag::{Diagnostic, Span, codes};
use oxus_units::{Month, Period};

use super::Check;
use crate::region::Action;

pub(super) fn check(check: &mut Check<'_>) {
    run(check);
    described(check);
    validity(check);
    scenarios(check);
}

fn run(check: &mut Check<'_>) {
    let identity = &check.region.identity;
    let (origin, last, span) = (identity.origin, identity.last, identity.span);
    if last <= origin {
        check.push(
            Diagnostic::error(codes::P023, format!("the run ends in {last}, before its first month"))
                .at(span, "")
                .expected(format!("`last` after the origin {origin}")),
        );
    }
    if origin > identity.as_of.month() {
        let as_of = identity.as_of;
        check.push(
            Diagnostic::error(codes::P023, format!("the origin {origin} is later than the as-of day {as_of}"))
                .at(span, "")
                .help("the initial state is a fact: it cannot be later than what the pack knows"),
        );
    }
    let defaults = &check.region.identity.defaults;
    for &horizon in &defaults.horizons {
        if horizon <= origin || horizon > last {
            check.push(
                Diagnostic::error(codes::P024, format!("the horizon {horizon} is outside the run"))
                    .at(defaults.span, "")
                    .expected(format!("months from {} to {last}", origin.next())),
            );
        }
    }
    if defaults.horizons.windows(2).any(|pair| pair[0] >= pair[1]) {
        check.push(
            Diagnostic::error(codes::P024, "the horizons are not in order").at(defaults.span, "").expected("months in ascending order, each once"),
        );
    }
}

/// Facts and data end at the as-of day.
fn described(check: &mut Check<'_>) {
    let region = check.region;
    let as_of = region.identity.as_of;
    let late = |what: String, when: Month, span: Span| {
        Diagnostic::error(codes::P022, format!("{what} is described for {when}, after the as-of day {as_of}"))
            .at(span, "")
            .help("leave it out, or move `as_of` of `pack.toml`")
    };
    for series in region.series.values() {
        let mut after = series
            .values
            .iter()
            .flat_map(|(entity, list)| list.iter().filter(|seen| seen.period.last() > as_of.month()).map(move |seen| (entity, seen)));
        if let Some((entity, seen)) = after.next() {
            let problem = late(format!("series `{}` of `{entity}`", series.id), seen.period.last(), seen.span);
            let more = after.count();
            check.push(if more > 0 { problem.note(format!("{more} more values of the series are later too")) } else { problem });
        }
    }
    for organisation in region.organisations.values() {
        for member in &organisation.members {
            if let Some(from) = member.valid_from.filter(|&from| from > as_of.month()) {
                check.push(late(format!("the membership of `{}` in `{}`", member.id, organisation.id), from, member.span));
            }
        }
    }
    let mut found = Vec::new();
    region.each_number(&mut |what, number| {
        let Some(from) = &number.evidence.from else {
            return;
        };
        match from.years.as_deref().map(Period::parse) {
            Some(Ok(years)) if years.last() > as_of.month() => {
                found.push(late(format!("the data of {what}"), years.last(), from.span));
            }
            Some(Err(error)) => found.push(Diagnostic::error(codes::U004, error.to_string()).at(from.span, "")),
            _ => {}
        }
    });
    // Entities share the evidence of their parameter: once is enough.
    found.dedup_by_key(|problem| problem.place());
    check.problems.extend(found);
}

fn validity(check: &mut Check<'_>) {
    let region = check.region;
    let mut spans: Vec<(String, Option<Month>, Option<Month>, Span)> = Vec::new();
    spans.extend(region.sites.values().map(|s| (format!("site `{}`", s.id), s.valid_from, s.valid_to, s.span)));
    for network in region.networks.values() {
        spans.extend(network.edges.values().map(|e| (format!("edge `{}`", e.id), e.valid_from, e.valid_to, e.span)));
        spans.extend(network.contracts.values().map(|c| (format!("contract `{}`", c.id), c.valid_from, c.valid_to, c.span)));
    }
    for organisation in region.organisations.values() {
        let named = |id: &str| format!("the membership of `{id}` in `{}`", organisation.id);
        spans.extend(organisation.members.iter().map(|m| (named(&m.id.id), m.valid_from, m.valid_to, m.span)));
    }
    for (what, from, to, span) in spans {
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            check.push(backwards(&what, from, to, span));
        }
    }
    let origin = region.identity.origin;
    for site in region.sites.values().filter(|site| site.producing == Some(true)) {
        let there = site.valid_from.is_none_or(|from| from <= origin) && site.valid_to.is_none_or(|to| to >= origin);
        if !there {
            check.push(
                Diagnostic::error(codes::P023, format!("site `{}` produces in the origin month without existing", site.id))
                    .at(site.span, "")
                    .expected(format!("`producing` = 0, or a validity that includes {origin}")),
            );
        }
    }
}

fn backwards(what: &str, from: Month, to: Month, span: Span) -> Diagnostic {
    Diagnostic::error(codes::P023, format!("{what} ends in {to}, before it starts in {from}"))
        .at(span, "")
        .help("exchange the dates, or leave out the one that is not known")
}

fn scenarios(check: &mut Check<'_>) {
    let region = check.region;
    let (first, last) = (region.identity.origin.next(), region.identity.last);
    for scenario in region.scenarios.values() {
        let what = format!("a change of scenario `{}`", scenario.id);
        for change in &scenario.interventions {
            if let (Some(from), Some(to)) = (change.from, change.to)
                && from > to
            {
                check.push(backwards(&what, from, to, change.span));
            }
            let begins = change.from.is_some_and(|from| from > last);
            let ends = change.to.is_some_and(|to| to < first);
            if begins || ends {
                check.push(
                    Diagnostic::warning(codes::P024, format!("{what} lies outside the run"))
                        .at(change.span, "it has no effect")
                        .expected(format!("months from {first} to {last}")),
                );
            }
            if let Action::Path(path) = &change.action
                && let Some(&late) = path.keys().find(|&&month| month > last)
            {
                check.push(
                    Diagnostic::warning(codes::P024, format!("the path of {what} goes on to {late}"))
                        .at(change.span, "")
                        .note(format!("the run ends in {last}; what is later has no effect but through the line that leads there")),
                );
            }
        }
    }
}
