//! Fits refer to data, entities and parameters that are there, and no number is written twice.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes, did_you_mean};

use super::Check;
use crate::region::{Fit, FitTarget, Method, Name, Parameter};
use crate::walk::Kind;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    let mut written: BTreeMap<(&str, String), Span> = BTreeMap::new();
    for fit in region.fits.values() {
        data(check, fit);
        for target in &fit.writes {
            let names = fit.method.estimates();
            if !names.contains(&target.estimate.id.as_str()) {
                let known: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                check.push(
                    Diagnostic::error(codes::P014, format!("fit `{}` gives no estimate `{}`", fit.id, target.estimate))
                        .at(target.estimate.span, "")
                        .expected(format!("one of {}", known.join(", ")))
                        .help_maybe(did_you_mean(&target.estimate.id, names.iter().copied())),
                );
            }
            check.exists(Kind::Parameter, &target.parameter);
            target.entity.iter().for_each(|entity| check.is_entity(entity));
            for one in &target.only {
                among(check, fit, &one.id, one.span);
            }
            for entity in target.times.keys().filter(|entity| !entity.is_empty()) {
                among(check, fit, entity, target.span);
            }
            if target.compare {
                continue;
            }
            for entity in entities(fit, target, region.parameters.get(&target.parameter.id)) {
                if let Some(first) = written.insert((&target.parameter.id, entity.clone()), target.span) {
                    let of = if entity.is_empty() { String::new() } else { format!(" of `{entity}`") };
                    check.push(
                        Diagnostic::error(codes::A062, format!("two fits write `{}`{of}", target.parameter))
                            .at(target.span, "again here")
                            .and_at(first, "first here")
                            .help("give one of them `only = […]`, or `compare = true` where it is to be shown and not written"),
                    );
                }
            }
        }
    }
}

/// Entities of the parameter that a target may write; the empty string for the value for all.
fn entities(fit: &Fit, target: &FitTarget, parameter: Option<&Parameter>) -> Vec<String> {
    if !fit.method.by_entity(&target.estimate.id) {
        return vec![fit.place(target, parameter, "")];
    }
    let chosen: &[Name] = if target.only.is_empty() { &fit.entities } else { &target.only };
    chosen.iter().map(|name| fit.place(target, parameter, &name.id)).collect()
}

fn data(check: &mut Check<'_>, fit: &Fit) {
    let region = check.region;
    for variable in fit.method.measured() {
        for name in &variable.series {
            check.exists(Kind::Series, name);
            let Some(series) = region.series.get(&name.id) else { continue };
            let wanted: Vec<&Name> = variable.entity.as_ref().map_or_else(|| fit.entities.iter().collect(), |one| vec![one]);
            for entity in wanted.into_iter().filter(|entity| !series.values.contains_key(&entity.id)) {
                check.push(
                    Diagnostic::error(codes::P014, format!("series `{name}` has no entity `{entity}`"))
                        .at(entity.span, "")
                        .and_at(series.table, "the series")
                        .help_maybe(did_you_mean(&entity.id, series.values.keys().map(String::as_str)))
                        .help("take the entity out of the fit, or take a series that has it"),
                );
            }
        }
    }
    let Method::Hazard { panel: name, exposure, event, on, .. } = &fit.method else { return };
    check.exists(Kind::Panel, name);
    let Some(panel) = region.panels.get(&name.id) else { return };
    for column in on.iter().map(|x| &x.column).chain([exposure, event]) {
        if !panel.columns.contains_key(&column.id) {
            check.push(
                Diagnostic::error(codes::P014, format!("panel `{name}` has no column `{column}`"))
                    .at(column.span, "")
                    .help_maybe(did_you_mean(&column.id, panel.columns.keys().map(String::as_str))),
            );
        }
    }
}

fn among(check: &mut Check<'_>, fit: &Fit, entity: &str, span: Span) {
    if !fit.entities.iter().any(|name| name.id == entity) {
        check.push(
            Diagnostic::error(codes::P014, format!("fit `{}` has no entity `{entity}`", fit.id))
                .at(span, "")
                .help_maybe(did_you_mean(entity, fit.entities.iter().map(|name| name.id.as_str()))),
        );
    }
}
