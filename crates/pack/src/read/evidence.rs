//! Status and evidence of a number: read, inherited, and held to what the status requires.

use oxus_diag::{Diagnostic, Span, codes};

use crate::region::{Cite, CitedWork, Evidence, FromData, Status};
use crate::walk::{Context, Table, Value, cited};

/// Whether `from` belongs to the evidence, or means something else in this table (a node, a month, a variable).
#[derive(Clone, Copy, PartialEq)]
pub(super) enum From {
    Data,
    Other,
}

/// The keys `status`, `cites`, `sources`, `formula`, `reason` and, where it means data, `from`.
pub(super) fn read(table: &Table<'_>, from: From) -> (Option<Status>, Evidence) {
    let status = table.get("status").and_then(|v| v.word());
    let mut cites: Vec<Cite> = table.get("cites").and_then(|v| v.list()).unwrap_or_default().iter().filter_map(cite).collect();
    cites.extend(sources(table).into_iter().map(Cite::Work));
    let evidence = Evidence {
        cites,
        from: if from == From::Data { table.get("from").and_then(|v| data(&v)) } else { None },
        formula: table.get("formula").and_then(|v| v.name()),
        reason: table.get("reason").and_then(|v| v.words()),
    };
    (status, evidence)
}

/// The works of a `sources = ["id@locator", …]`.
pub(super) fn sources(table: &Table<'_>) -> Vec<CitedWork> {
    let items = table.get("sources").and_then(|v| v.list()).unwrap_or_default();
    items.iter().filter_map(|item| Some(cited(&item.text()?, item.span))).collect()
}

fn cite(item: &Value<'_>) -> Option<Cite> {
    let table = item.table("an entry of `cites`")?;
    let claim = table.get("claim").and_then(|v| v.name());
    let work = table.get("ref").and_then(|v| v.name());
    let at = table.get("at").and_then(|v| v.text());
    table.finish();
    match (claim, work) {
        (Some(claim), None) => Some(Cite::Claim(claim)),
        (None, Some(work)) => Some(Cite::Work(CitedWork { work, at })),
        _ => {
            item.wrong("an entry with both or neither", "an entry with either `claim` or `ref`");
            None
        }
    }
}

fn data(value: &Value<'_>) -> Option<FromData> {
    let table = value.table("`from`")?;
    let series = table.get("series").and_then(|v| if v.as_text().is_some() { Some(vec![v.name()?]) } else { v.names() });
    let from = FromData {
        series: series.unwrap_or_default(),
        years: table.get("years").and_then(|v| v.text()),
        method: table.need("method").and_then(|v| v.words())?,
        span: value.span,
    };
    table.finish();
    Some(from)
}

impl Evidence {
    /// This evidence, with what it leaves out taken from the table around it.
    pub(super) fn or(self, around: &Self) -> Self {
        Self {
            cites: if self.cites.is_empty() { around.cites.clone() } else { self.cites },
            from: self.from.or_else(|| around.from.clone()),
            formula: self.formula.or_else(|| around.formula.clone()),
            reason: self.reason.or_else(|| around.reason.clone()),
        }
    }
}

/// Reports a status without the evidence it requires.
pub(super) fn require(cx: &Context<'_>, what: &str, span: Span, status: Status, evidence: &Evidence) {
    let (cites, reason) = (!evidence.cites.is_empty(), evidence.reason.is_some());
    let (met, needs) = match status {
        Status::Cited | Status::Literature => (cites, "`cites` or `sources`: where it is stated"),
        Status::Derived => (cites && evidence.formula.is_some(), "`formula` and `cites`: how it is computed, and from what"),
        Status::Estimated => (evidence.from.is_some(), "`from = { series, years, method }`: the data and the method"),
        Status::Assumed => (reason, "`reason`: why it was judged so"),
    };
    if !met {
        let problem = Diagnostic::error(codes::P016, format!("{what} is `{status}` without the evidence that takes")).at(span, "").expected(needs);
        cx.push(if status == Status::Assumed || !reason { problem } else { problem.help("if the reason is all there is, the status is `assumed`") });
    }
}

/// Reports a number that stands without a status.
pub(super) fn bare(cx: &Context<'_>, what: &str, span: Span) {
    cx.push(
        Diagnostic::error(codes::P015, format!("{what} has no status"))
            .at(span, "a bare number")
            .expected("a status: `cited`, `derived`, `estimated`, `literature` or `assumed`")
            .help("write `{ value = …, status = \"assumed\", reason = \"…\" }`, or a stronger status with its evidence"),
    );
}
