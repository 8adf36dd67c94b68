//! Cases, views and outcomes of questions and defaults.

use oxus_diag::{Diagnostic, Span, codes};

use super::Check;
use crate::case::Case;
use crate::region::Name;
use crate::walk::Kind;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    region.identity.defaults.scenarios.iter().for_each(|scenario| case(check, scenario));
    for question in region.questions.values() {
        question.cases.iter().for_each(|name| case(check, name));
        question.views.iter().for_each(|view| check.exists(Kind::View, view));
        question.outcomes.iter().for_each(|outcome| check.exists(Kind::Outcome, outcome));
        for (list, what) in [(&question.cases, "case"), (&question.outcomes, "outcome")] {
            if list.is_empty() {
                check.push(Diagnostic::error(codes::P042, format!("question `{}` has no {what}", question.id)).at(question.span, ""));
            }
        }
    }
}

fn case(check: &mut Check<'_>, name: &Name) {
    match Case::parse(&name.id) {
        Ok(case) => {
            for term in case.terms {
                let start = name.span.start as usize + 1 + term.at;
                let span = Span::new(name.span.source, start..start + term.scenario.len());
                check.exists(Kind::Scenario, &Name { id: term.scenario, span });
            }
        }
        Err(why) => check.push(
            Diagnostic::error(codes::P042, format!("`{name}` is not a case"))
                .at(name.span, why)
                .expected("`baseline`, or scenario ids joined by `+`, each with an optional strength: `S008+S064=0.5`"),
        ),
    }
}
