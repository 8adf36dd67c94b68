use oxus_diag::Span;

/// A work cited (`references.json`, CSL-JSON).
#[derive(Clone, Debug)]
pub struct Work {
    /// Reference id.
    pub id: String,
    /// CSL type (`article-journal`, `report`, …).
    pub kind: String,
    /// Title; empty where the entry has none.
    pub title: String,
    /// Year of issue, where stated.
    pub year: Option<i32>,
    /// The whole entry as JSON text, for the bibliography.
    pub csl: String,
    /// The entry.
    pub span: Span,
}
