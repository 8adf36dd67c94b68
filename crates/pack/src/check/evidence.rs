//! Rows of tables that carry a status: the evidence it takes.

use oxus_diag::{Diagnostic, Span, codes};

use super::Check;
use crate::region::{CitedWork, Status};

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    for tie in &region.kinship {
        let what = format!("the tie of `{}` and `{}`", tie.a, tie.b);
        row(check, &what, tie.span, tie.status, tie.reason.as_deref(), &tie.sources);
    }
    for site in region.sites.values() {
        row(check, &format!("site `{}`", site.id), site.span, site.status, site.reason.as_deref(), &site.sources);
    }
}

/// In a row, `reason` carries what a table spreads over `reason`, `formula` and `from`; `sources` carries the citations.
fn row(check: &mut Check<'_>, what: &str, span: Span, status: Status, reason: Option<&str>, sources: &[CitedWork]) {
    let (met, needs) = match status {
        Status::Cited | Status::Literature => (!sources.is_empty(), "`sources`: where it is stated"),
        Status::Derived => (!sources.is_empty() && reason.is_some(), "`sources`, and in `reason` how it is computed"),
        Status::Estimated => (reason.is_some(), "`reason`: the data and the method"),
        Status::Assumed => (reason.is_some(), "`reason`: why it was judged so"),
    };
    if !met {
        check.push(Diagnostic::error(codes::P016, format!("{what} is `{status}` without the evidence that takes")).at(span, "").expected(needs));
    }
}
