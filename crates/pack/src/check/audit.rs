//! Reckonings refer to figures that are there, and their sentences to values that are.

use oxus_diag::{Diagnostic, codes, did_you_mean};

use super::Check;
use super::formulas::inside;
use crate::formula::Formula;
use crate::region::{Name, Reckoning};

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    for reckoning in region.reckonings.values() {
        for (at, value) in reckoning.values.iter().enumerate() {
            formula(check, reckoning, &value.formula, at);
        }
        let all = reckoning.values.len();
        if let Some(expect) = &reckoning.expect {
            formula(check, reckoning, &expect.to, all);
            known(check, reckoning, &expect.value.id, expect.value.span);
        }
        for text in [&reckoning.finds, &reckoning.holds, &reckoning.fails].into_iter().flatten() {
            for name in placeholders(&text.id) {
                known(check, reckoning, name.split_once(':').map_or(name, |(name, _)| name), text.span);
            }
        }
    }
}

/// What stands between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn known(check: &mut Check<'_>, reckoning: &Reckoning, id: &str, span: oxus_diag::Span) {
    let names = || reckoning.values.iter().map(|v| v.id.id.as_str());
    if !names().any(|name| name == id) {
        let near = did_you_mean(id, names());
        check.push(Diagnostic::error(codes::P014, format!("reckoning `{}` has no value `{id}`", reckoning.id)).at(span, "").help_maybe(near));
    }
}

/// The formula is one, and every id is a number of a claim's figure or one of the first `earlier` values.
fn formula(check: &mut Check<'_>, reckoning: &Reckoning, text: &Name, earlier: usize) {
    let formula = match Formula::parse(&text.id) {
        Ok(formula) => formula,
        Err(error) => {
            check.push(Diagnostic::error(codes::P033, "a formula cannot be read").at(inside(text, error.at), error.message));
            return;
        }
    };
    let region = check.region;
    for (id, at) in formula.ids() {
        let own = reckoning.values[..earlier].iter().any(|v| v.id.id == id);
        if own || region.figure(id).is_some() {
            continue;
        }
        let (claim, part) = id.split_once('.').unwrap_or((id, ""));
        let quantity = region.claims.get(claim).and_then(|c| c.quantity.as_ref());
        let problem = match quantity {
            Some(_) if part.is_empty() => Diagnostic::error(codes::P014, format!("the figure of `{claim}` is no number"))
                .at(inside(text, at), "")
                .help(format!("a date is read as `{claim}.from` or `{claim}.to`")),
            Some(_) => Diagnostic::error(codes::P014, format!("the figure of `{claim}` has no `{part}`"))
                .at(inside(text, at), "")
                .expected("`low`, `high`, `year`, `from` or `to`, where the figure has one"),
            None => {
                let figures = region.claims.values().filter(|c| c.quantity.is_some()).map(|c| c.id.as_str());
                let values = reckoning.values[..earlier].iter().map(|v| v.id.id.as_str());
                Diagnostic::error(codes::P014, format!("`{id}` is neither a claim with a figure nor an earlier value"))
                    .at(inside(text, at), "")
                    .help_maybe(did_you_mean(claim, figures.chain(values)))
            }
        };
        check.push(problem);
    }
}
