//! Derived numbers equal their formulas; formulas refer to what exists, and not to themselves.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes, did_you_mean};
use oxus_random::Distribution;

use super::Check;
use crate::formula::Formula;
use crate::region::{Figure, Name, Number};
use crate::walk::Kind;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    let mut numbers: Vec<(String, &Number)> = Vec::new();
    region.each_number(&mut |what, number| numbers.push((what, number)));
    let mut seen: Option<Span> = None;
    for (what, number) in numbers {
        let Some(text) = &number.evidence.formula else {
            continue;
        };
        let formula = match Formula::parse(&text.id) {
            Ok(formula) => formula,
            Err(error) => {
                // Entities share the formula of their parameter: once is enough.
                if seen != Some(text.span) {
                    let problem = Diagnostic::error(codes::P033, "a formula cannot be read");
                    check.push(
                        problem
                            .at(inside(text, error.at), error.message)
                            .help("a formula is arithmetic; words stand behind a colon, and a method makes a number `estimated`, with `from`"),
                    );
                }
                seen = Some(text.span);
                continue;
            }
        };
        if seen != Some(text.span) {
            resolve(check, &formula, text);
        }
        seen = Some(text.span);
        value(check, &what, number, &formula, text);
    }
    cycles(check);
}

/// A place inside the formula's text; the quote stands before it.
pub(super) fn inside(text: &Name, at: std::ops::Range<usize>) -> Span {
    let start = text.span.start as usize + 1;
    Span::new(text.span.source, start + at.start..start + at.end)
}

fn resolve(check: &mut Check<'_>, formula: &Formula, text: &Name) {
    for (id, at) in formula.ids() {
        let of_entity = || id.match_indices('.').any(|(dot, _)| check.region.number(&id[..dot], &id[dot + 1..]).is_some());
        if check.ids.has(Kind::Parameter, id) || check.ids.has(Kind::Claim, id) || of_entity() {
            continue;
        }
        let known = check.ids.of(Kind::Parameter).chain(check.ids.of(Kind::Claim));
        let near = did_you_mean(id, known);
        check.push(
            Diagnostic::error(codes::P014, format!("the formula refers to `{id}`, which is no parameter or claim"))
                .at(inside(text, at), "")
                .help_maybe(near),
        );
    }
}

/// Where every id is a known number, so is the formula, and the value has to be it.
fn value(check: &mut Check<'_>, what: &str, number: &Number, formula: &Formula, text: &Name) {
    let region = check.region;
    let figure = |id: &str| match region.claims.get(id)?.quantity.as_ref()?.figure {
        Figure::Value(value) => Some(value),
        _ => None,
    };
    let known = |id: &str| match region.parameter_number(id).map(|number| &number.value) {
        Some(&Distribution::Fixed(value)) => Some(value),
        Some(_) => None,
        None => figure(id),
    };
    let (Some(computed), &Distribution::Fixed(stated)) = (formula.eval(&known), &number.value) else {
        return;
    };
    // Written so that NaN counts as different.
    let equal = (computed - stated).abs() <= rounding(stated);
    if !equal {
        check.push(
            Diagnostic::error(codes::P034, format!("{what} is not what its formula gives"))
                .at(number.span, format!("{stated} is stated"))
                .and_at(text.span, format!("{computed} is computed"))
                .expected(format!("{computed}, rounded as the value is written")),
        );
    }
}

/// Half a unit of the last digit that is not zero, and at most 5 % of the value, so that 100 is not taken for 60.
fn rounding(stated: f64) -> f64 {
    let text = format!("{:e}", stated.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let unit = 10_f64.powi(exponent - i32::try_from(decimals).unwrap_or(0));
    // The last term covers the rounding of the arithmetic itself.
    (0.5 * unit).min(0.05 * stated.abs()) * (1.0 + 1e-9) + 1e-12 * stated.abs()
}

/// Formulas that lead back to where they started.
fn cycles(check: &mut Check<'_>) {
    let mut uses: BTreeMap<&str, (Vec<String>, Span)> = BTreeMap::new();
    for (id, parameter) in &check.region.parameters {
        let numbers = parameter.default.iter().chain(parameter.entities.values());
        for text in numbers.filter_map(|number| number.evidence.formula.as_ref()) {
            let Ok(formula) = Formula::parse(&text.id) else {
                continue;
            };
            let entry = uses.entry(id).or_insert_with(|| (Vec::new(), text.span));
            entry.0.extend(formula.ids().filter_map(|(used, _)| check.region.parameter_of(used)).map(str::to_owned));
        }
    }
    for (&start, &(_, span)) in &uses {
        if let Some(path) = way_back(start, &uses) {
            // Each cycle is reported from its first id only.
            if path.iter().all(|id| id.as_str() >= start) {
                let listed: Vec<String> = path.iter().map(|id| format!("`{id}`")).collect();
                check.push(
                    Diagnostic::error(codes::P035, format!("the formula of `{start}` leads back to itself"))
                        .at(span, "")
                        .note(format!("the way: {}", listed.join(" uses ")))
                        .help("state one of them as a number of its own"),
                );
            }
        }
    }
}

/// The ids on the shortest way from `start` back to it, both ends included.
fn way_back(start: &str, uses: &BTreeMap<&str, (Vec<String>, Span)>) -> Option<Vec<String>> {
    let mut ways = std::collections::VecDeque::from([vec![start.to_owned()]]);
    let mut seen = std::collections::BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let here = way.last().map(String::as_str).unwrap_or(start);
        for next in uses.get(here).into_iter().flat_map(|(used, _)| used) {
            let mut longer = way.clone();
            longer.push(next.clone());
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push_back(longer);
            }
        }
    }
    None
}
