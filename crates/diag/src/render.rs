//! Diagnostics for people.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::collect::Counts;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{SourceId, Sources};

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub color: bool,
    /// Columns of the terminal; long source lines are cut to it.
    pub width: usize,
    /// How many diagnostics to print in full; what is left over is counted.
    pub limit: usize,
}

impl Style {
    /// No colours, 100 columns, at most 50 diagnostics: what tests and pipes get.
    #[must_use]
    pub fn plain() -> Self {
        Self { color: false, width: 100, limit: 50 }
    }

    /// Colours, for a terminal of `width` columns.
    #[must_use]
    pub fn terminal(width: usize) -> Self {
        Self { color: true, width, ..Self::plain() }
    }

    /// Prints at most `limit` diagnostics.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }
}

/// The diagnostics as text, one after the other with an empty line between, then a line of counts.
///
/// Empty for an empty slice. Sort first ([`crate::Diagnostics::into_sorted`]).
#[must_use]
pub fn render(list: &[Diagnostic], sources: &Sources, style: Style) -> String {
    if list.is_empty() {
        return String::new();
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width.max(40));
    let mut out = String::new();
    for diagnostic in list.iter().take(style.limit) {
        out.push_str(&renderer.render(&[group(diagnostic, sources)]));
        out.push_str("\n\n");
    }
    out.push_str(&summary(list, style.limit));
    out.push('\n');
    out
}

/// `3 errors, 1 warning (2 more not shown)`.
fn summary(list: &[Diagnostic], limit: usize) -> String {
    let counts = Counts::of(list);
    let mut parts = Vec::new();
    for (n, word) in [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")] {
        if n > 0 {
            parts.push(format!("{n} {word}{}", if n == 1 { "" } else { "s" }));
        }
    }
    let hidden = list.len().saturating_sub(limit);
    let more = if hidden > 0 { format!(" ({hidden} more not shown)") } else { String::new() };
    format!("{}{more}", parts.join(", "))
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level
        .primary_title(diagnostic.headline.as_str())
        .id(diagnostic.code.id())
        .elements(sources_in_order(diagnostic).into_iter().map(|id| snippet(id, &diagnostic.labels, sources)));
    if let Some(found) = &diagnostic.found {
        group = group.element(Level::NOTE.with_name("found").message(normalize_untrusted_str(found)));
    }
    if let Some(expected) = &diagnostic.expected {
        group = group.element(Level::NOTE.with_name("expected").message(normalize_untrusted_str(expected)));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(normalize_untrusted_str(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    group
}

/// The files of the labels: that of the problem first, the others as they come.
fn sources_in_order(diagnostic: &Diagnostic) -> Vec<SourceId> {
    let mut order: Vec<SourceId> = diagnostic.place().map(|span| span.source).into_iter().collect();
    for label in &diagnostic.labels {
        if !order.contains(&label.span.source) {
            order.push(label.span.source);
        }
    }
    order
}

/// The labelled lines of one file. Only the lines from the first to the last label are handed over: packs hold tables of
/// many thousand lines, and the renderer reads all the text it is given. Names and labels quote the user's files, and the
/// renderer cleans only titles and source text, so control characters are made visible here.
fn snippet<'a>(id: SourceId, labels: &'a [Label], sources: &'a Sources) -> Snippet<'a, Annotation<'a>> {
    let here: Vec<_> = labels.iter().filter(|label| label.span.source == id).map(|label| (label, sources.valid(label.span))).collect();
    let first = here.iter().map(|(_, range)| range.start).min().unwrap_or(0);
    let last = here.iter().map(|(_, range)| range.end).max().unwrap_or(0);
    let (window, line) = sources.whole_lines(id, first..last);
    let offset = window.start;
    let shown = &sources.text(id)[window];
    Snippet::source(shown).path(normalize_untrusted_str(sources.name(id))).line_start(line).annotations(here.into_iter().map(|(label, range)| {
        let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let message = (!label.message.is_empty()).then(|| normalize_untrusted_str(&label.message));
        kind.span(range.start - offset..range.end - offset).label(message)
    }))
}
